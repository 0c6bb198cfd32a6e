"""The rows of the load tests: distinct, repeatable, well formed, and of the fields they claim."""

import doctest
import tomllib
from collections import Counter
from itertools import islice
from typing import Any

import pytest

from keqiao.catalogue.codes import codes
from keqiao.demo import generator
from keqiao.demo.generator import DATA, MOST, generate_needs, generate_offers

Row = dict[str, Any]
KINDS = {
    "achievement", "patent", "expert_service", "instrument_service", "pilot_line", "finance_product", "talent",
}  # fmt: skip
NEED_KINDS = {
    "product", "process", "material", "equipment", "quality", "test", "software", "talent", "instrument",
}  # fmt: skip
REGIONS = {f"22990{number}" for number in range(1, 7)}


@pytest.fixture(scope="module")
def offers() -> list[Row]:
    return list(generate_offers(2000, seed=3))


@pytest.fixture(scope="module")
def needs() -> list[Row]:
    return list(generate_needs(2000, seed=3))


def words(name: str) -> dict[str, set[str]]:
    """The words of one list by field."""
    return {
        path.stem: {word for theme in tomllib.loads(path.read_text("utf-8"))["themes"] for word in theme[name].split()}
        for path in DATA.glob("*.toml")
        if path.name != generator.COMMON
    }


def numbers(row: Row) -> list[str]:
    values = [line["value"] for line in row["indicators"]]
    return [str(number) for value in values for number in (value if isinstance(value, list) else [value])]


@pytest.mark.slow
@pytest.mark.parametrize(("make", "body"), [(generate_offers, "text"), (generate_needs, "problem")])
def test_rows_are_distinct(make: Any, body: str) -> None:
    titles, bodies, keys = set(), set(), set()
    for row in make(20_000, seed=11):
        titles.add(row["title"])
        bodies.add(row[body])
        keys.add(row["key"])
    assert (len(titles), len(bodies), len(keys)) == (20_000, 20_000, 20_000)


@pytest.mark.parametrize("make", [generate_offers, generate_needs])
def test_same_seed_gives_the_same_rows_whatever_the_number(make: Any) -> None:
    few = list(make(20, seed=5))
    assert few == list(islice(make(MOST, seed=5), 20))
    assert few != list(make(20, seed=6))


@pytest.mark.parametrize("n", [-1, MOST + 1])
def test_number_out_of_range_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="choose between 0 and"):
        generate_offers(n, seed=1)


def test_no_rows_when_none_are_asked_for() -> None:
    assert list(generate_needs(0, seed=1)) == []


def test_offers_have_the_format_of_the_demo_data(offers: list[Row]) -> None:
    names = {"key", "kind", "title", "abstract", "text", "keywords", "field", "trl", "region", "indicators"}
    assert {frozenset(row) for row in offers} == {frozenset(names)}
    assert {row["kind"] for row in offers} == KINDS
    assert {row["region"] for row in offers} == REGIONS
    assert {row["field"] for row in offers} == set(codes("fields").entries)
    assert {row["trl"] for row in offers} <= {None, *range(1, 10)}
    assert [row["key"] for row in offers if not 150 <= len(row["text"]) <= 350] == []
    assert [row["key"] for row in offers if not 2 <= len(row["keywords"]) <= 6] == []
    assert max(len(row["title"]) for row in offers) <= 60


def test_needs_have_the_format_of_the_demo_data(needs: list[Row]) -> None:
    names = {
        "key", "title", "abstract", "problem", "field", "need_kind", "indicators", "budget_min_wan", "budget_max_wan",
        "deadline_months", "keywords",
    }  # fmt: skip
    assert {frozenset(row) for row in needs} == {frozenset(names)}
    assert {row["need_kind"] for row in needs} == NEED_KINDS
    assert {row["field"] for row in needs} == set(codes("fields").entries)
    assert [row["key"] for row in needs if not 100 <= len(row["problem"]) <= 250] == []
    assert [row["key"] for row in needs if not 0 < row["budget_min_wan"] < row["budget_max_wan"]] == []
    assert [row["key"] for row in needs if not row["indicators"][0]["must"]] == []


def test_today_is_worse_than_wanted(needs: list[Row]) -> None:
    lines = [line for row in needs for line in row["indicators"] if "current_value" in line]
    signs = {"ge": 1, "le": -1}
    better = [line for line in lines if signs[line["op"]] * (line["current_value"] - line["value"]) > 0]
    assert better == []


def test_no_slot_is_left_open(offers: list[Row], needs: list[Row]) -> None:
    assert [row["key"] for row in (*offers, *needs) if "{" in str(list(row.values())[1:4])] == []


def test_numbers_of_indicators_stand_in_the_text(offers: list[Row], needs: list[Row]) -> None:
    texts = [(row, row.get("text") or row["problem"]) for row in (*offers, *needs)]
    assert [row["key"] for row, text in texts if any(number not in text for number in numbers(row))] == []


def test_indicators_are_distinct_and_in_the_quantities_of_their_field(offers: list[Row]) -> None:
    for row in offers:
        names = [line["name"] for line in row["indicators"]]
        assert 2 <= len(names) == len(set(names)), row["key"]
        assert all(line["sense"] in {"ge", "le", "cover"} for line in row["indicators"]), row["key"]


def test_row_speaks_of_its_own_field(offers: list[Row], needs: list[Row]) -> None:
    objects = words("object")
    wrong = [
        row["key"]
        for row in (*offers, *needs)
        if not any(word in row["title"] + row["abstract"] for word in objects[row["field"]])
    ]
    assert wrong == []


def test_few_words_are_common_and_most_are_rare(offers: list[Row]) -> None:
    found = Counter(keyword for row in offers for keyword in row["keywords"])
    counts = sorted(found.values(), reverse=True)
    assert sum(counts[: len(counts) // 10]) > sum(counts) / 3


@pytest.mark.parametrize(("name", "least"), [("object", 40), ("method", 25), ("problem", 20)])
def test_every_field_has_enough_words(name: str, least: int) -> None:
    assert {field: len(found) for field, found in words(name).items() if len(found) < least} == {}


def test_every_quantity_can_be_read() -> None:
    found = Counter(theme.field for theme in generator._source().themes for _ in theme.quantities)
    assert set(found) == set(codes("fields").entries)
    assert min(found.values()) >= 12
    for theme in generator._source().themes:
        for quantity in theme.quantities:
            assert quantity.op in {"ge", "le", "range"}, quantity
            assert quantity.low < quantity.high, quantity
            assert quantity.rounded(quantity.low) or quantity.low == 0, quantity


def test_patterns_are_many() -> None:
    patterns = generator._source().patterns
    recipes = generator._source().recipes
    said = {role.rstrip("?") for kind, roles in recipes.items() if kind != "need" for role in roles}
    asked = {role for role in patterns if role.startswith("wish_")} | {"situation", "worry", "tries", "terms_need"}
    assert sum(len(patterns[role].terms) for role in said) >= 30
    assert sum(len(patterns[role].terms) for role in asked) >= 20


def test_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(generator).failed == 0
