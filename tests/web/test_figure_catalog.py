"""The catalogue of figures is DCAT: read by a reader of linked data, checked against shapes."""

import json
import warnings
from pathlib import Path

import pytest
from django.test import Client

from keqiao.apps.ledger.figures import queries
from tests.web.world import World

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyshacl
    from rdflib import Graph, Namespace

SHAPES = Path(__file__).parent / "shapes" / "dcat.ttl"
DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def graph(text: str) -> Graph:
    return Graph().parse(data=text, format="json-ld")


def faults(found: Graph) -> str:
    """What the shapes say; empty if the graph conforms."""
    conforms, _report, text = pyshacl.validate(found, shacl_graph=Graph().parse(SHAPES))
    return "" if conforms else str(text)


def test_catalogue_conforms_to_the_shapes(visitor: Client) -> None:
    answer = visitor.get("/figures/catalog.jsonld")
    assert answer["Content-Type"].startswith("application/ld+json")
    assert faults(graph(answer.content.decode())) == ""


def test_catalogue_names_each_public_figure_once(visitor: Client, world: World) -> None:
    found = graph(visitor.get("/figures/catalog.jsonld").content.decode())
    named = {str(value) for value in found.objects(None, DCT.identifier)}
    assert named == {row.key for row in queries.published()}
    assert world.things["figure offers_published"].key not in named


def test_addresses_of_the_catalogue_answer(visitor: Client) -> None:
    found = graph(visitor.get("/figures/catalog.jsonld").content.decode())
    addresses = [*found.objects(None, DCAT.downloadURL), *found.objects(None, DCAT.accessURL)]
    assert {visitor.get(str(one).removeprefix("http://testserver")).status_code for one in addresses} == {200}


@pytest.mark.parametrize("left_out", ["dct:title", "dct:publisher", "dcat:distribution", "dct:issued"])
def test_shapes_miss_what_is_left_out(visitor: Client, left_out: str) -> None:
    data = json.loads(visitor.get("/figures/catalog.jsonld").content)
    for one in (data, *data["dcat:dataset"]):
        one.pop(left_out, None)
    assert left_out.partition(":")[2] in faults(graph(json.dumps(data)))
