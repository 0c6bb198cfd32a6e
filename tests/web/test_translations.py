"""Chinese texts are the keys, English is complete, and no text escapes translation."""

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.db.models import F
from django.test import Client
from django.utils import timezone

from keqiao.apps.market import indexing
from keqiao.apps.market.models import Need, Offer, Registration
from keqiao.apps.market.names import MODELS
from keqiao.apps.parties.models import Organization, Person
from tests.conftest import ROOT
from tests.web.conftest import SignIn, english
from tests.web.html import CHINESE_MARKS, HAN, texts
from tests.web.pages import all_pages
from tests.web.world import World

TEMPLATES = ROOT / "keqiao" / "web" / "templates"
TRANSLATED = re.compile(
    r"\{% (?:blocktranslate|comment).*?\{% end(?:blocktranslate|comment) %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S
)
# The language names itself; the page for a broken server has no translation machinery and says both.
MEANT_SO = {"base.html": "中文"}
WITHOUT_MACHINERY = "500.html"


@cache
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


@cache
def stored() -> Catalog:
    with tool().PO.open("rb") as file:
        return read_po(file, locale="en")


def keys(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in catalog if m.id}


@pytest.mark.slow
def test_collected_texts_are_the_stored_ones() -> None:
    fresh, kept = keys(tool().collect()), keys(stored())

    assert sorted(fresh - kept, key=str) == [], "run `make translations` and translate these"
    assert sorted(kept - fresh, key=str) == [], "these texts are gone: run `make translations`"


def test_every_text_has_english() -> None:
    assert [m.id for m in stored() if m.id and not all(m.string if isinstance(m.string, tuple) else [m.string])] == []


def test_english_holds_no_chinese() -> None:
    assert [
        m.string for m in stored() if m.id and (HAN.search(str(m.string)) or CHINESE_MARKS.search(str(m.string)))
    ] == []


def test_placeholders_agree() -> None:
    def names(text: object) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", str(text)))

    assert [m.id for m in stored() if m.id and names(m.id) != names(m.string)] == []


def test_compiled_file_is_up_to_date() -> None:
    with tool().PO.open("rb") as file:
        expected = tool().mo_bytes(read_po(file, locale="en"))

    assert tool().PO.with_suffix(".mo").read_bytes() == expected, "run `make translations`"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_template_holds_no_bare_chinese(path: Path) -> None:
    if path.name == WITHOUT_MACHINERY:
        return
    bare = TRANSLATED.sub("", path.read_text(encoding="utf-8")).replace(MEANT_SO.get(path.name, "\0"), "")

    assert HAN.findall(bare) + CHINESE_MARKS.findall(bare) == []


@pytest.fixture
def english_data(world: World, own_index: None) -> None:
    """The market with English in place of every Chinese value, so that only the product's own texts can be Chinese."""
    for model in (Need, Offer):
        model.objects.update(title=F("title_en"), abstract=F("abstract_en"), text=F("text_en"), keywords=["laser"])
    Need.objects.update(background="")
    Organization.objects.update(name=F("name_en"), summary=F("summary_en"))
    Person.objects.update(title=F("title_en"), expertise=F("expertise_en"))
    Registration.objects.update(seller_name="Seller Ltd", buyer_name="Buyer Ltd")
    for listing in MODELS:
        indexing.rebuild(listing, at=timezone.now())


@pytest.mark.slow
@pytest.mark.usefixtures("english_data")
@pytest.mark.parametrize(
    "name", ["", "manager", "officer", "auditor", "security", "administrator", "scholar", "broker"]
)
def test_english_pages_show_no_chinese(name: str, world: World, sign_in: SignIn) -> None:
    client = english(sign_in(name))
    found = {}
    for page in all_pages(world):
        if page.status_for(name) == 200 and "q=激光" not in page.path:
            shown = [text for text in texts(client.get(page.path)) if HAN.search(text) or CHINESE_MARKS.search(text)]
            found |= {page.path: shown} if shown else {}

    assert found == {}


def test_english_answers_show_no_chinese(english_data: None, visitor: Client) -> None:
    response = english(visitor).post("/ask/", {"problem": "our fibre laser loses power"})

    assert "Why it is suggested" in texts(response)
    assert [text for text in texts(response) if HAN.search(text) or CHINESE_MARKS.search(text)] == []
