from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.catalogue.offers import FieldProblem, offer_kinds


def codes_of(problems: list[FieldProblem]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems]


def clean(slug: str, values: Mapping[str, Any]) -> dict[str, Any]:
    details, problems = offer_kinds()[slug].clean(values)
    assert problems == []
    return details


def test_clean_patent() -> None:
    details = clean(
        "patent",
        {
            "application_no": "ZL 2017 1 0601862.3",
            "publication_no": "cn107390376b",
            "legal_status": "in_examination",
            "ipc": "G01J 3/28",
            "license_kinds": "普通许可；exclusive",
            "price_wan": "面议",
        },
    )

    assert details == {
        "application_no": "201710601862.3",
        "publication_no": "CN107390376B",
        "legal_status": "examination",
        "ipc": "G01J 3/28",
        "license_kinds": ["exclusive", "plain"],
    }


def test_clean_text_list_is_joined() -> None:
    assert clean("pilot_line", {"services": ["工艺放大", " 试制 "]}) == {"services": "工艺放大、试制"}


@pytest.mark.parametrize(
    ("given_price", "fen"),
    [
        (180, 180_000_000),
        (180.5, 180_500_000),
        ("180.5万元", 180_500_000),
        ("3 万", 3_000_000),
        ("0.000001", 1),
        (0, 0),
    ],
)
def test_clean_money_becomes_fen(given_price: object, fen: int) -> None:
    assert clean("achievement", {"price_wan": given_price}) == {"price_fen": fen}


@pytest.mark.parametrize("nothing", [None, "", "  ", [], (), "面议"])
def test_clean_empty_values_are_left_out(nothing: object) -> None:
    assert clean("achievement", {"price_wan": nothing}) == {}


def test_clean_stored_details_changes_nothing() -> None:
    details = clean("finance_product", {"amount_min_wan": 50, "amount_max_wan": 3000, "rate_percent": 4.35})

    assert clean("finance_product", details) == details
    assert details["amount_max_fen"] == 3_000_000_000


def test_form_values_are_in_the_unit_of_the_form() -> None:
    kind = offer_kinds()["finance_product"]

    values = kind.form_values({"amount_min_fen": 500_000, "amount_max_fen": 3_000_000_000, "term_months": 36})

    assert values == {"amount_min_wan": Decimal("0.5"), "amount_max_wan": Decimal(3000), "term_months": 36}
    assert str(values["amount_max_wan"]) == "3000"


@pytest.mark.parametrize(
    ("slug", "values", "expected"),
    [
        ("achievement", {"colour": "red"}, [("colour", "unknown_field")]),
        ("achievement", {"stage": "moon"}, [("stage", "choice")]),
        ("achievement", {"stage": {}}, []),
        ("achievement", {"transfer_modes": ["license", "gift"]}, [("transfer_modes", "choice")]),
        ("achievement", {"transfer_modes": 3}, [("transfer_modes", "type")]),
        ("achievement", {"transfer_modes": [3]}, [("transfer_modes", "choice")]),
        ("achievement", {"price_wan": -1}, [("price_wan", "range")]),
        ("achievement", {"price_wan": "0.0000001"}, [("price_wan", "precision")]),
        ("achievement", {"price_wan": "很贵"}, [("price_wan", "type")]),
        ("achievement", {"price_wan": True}, [("price_wan", "type")]),
        ("achievement", {"price_wan": [1]}, [("price_wan", "type")]),
        ("achievement", {"price_wan": float("nan")}, [("price_wan", "type")]),
        ("achievement", {"price_wan": "1e999999999"}, [("price_wan", "range")]),
        ("achievement", {"price_wan": 10**10}, [("price_wan", "range")]),
        ("achievement", {"price_wan": 1, "price_fen": 1}, [("price_wan", "twice")]),
        ("achievement", {"price_fen": 1.5}, [("price_wan", "type")]),
        ("achievement", {"price_fen": -1}, [("price_wan", "range")]),
        ("achievement", {"registration_no": "0" * 21}, [("registration_no", "length")]),
        ("achievement", {"registration_no": 5}, [("registration_no", "type")]),
        ("patent", {}, [("application_no", "required")]),
        ("patent", {"application_no": "201710601862.4"}, [("application_no", "identifier_check")]),
        ("patent", {"application_no": 2017}, [("application_no", "type")]),
        ("finance_product", {"amount_min_wan": 2, "amount_max_wan": 1}, [("amount_max_wan", "order")]),
        ("finance_product", {"term_months": 0}, [("term_months", "range")]),
        ("finance_product", {"term_months": 1.5}, [("term_months", "type")]),
        ("finance_product", {"rate_percent": "40%"}, [("rate_percent", "range")]),
    ],
)
def test_clean_names_the_problem(slug: str, values: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    details, problems = offer_kinds()[slug].clean(values)

    assert codes_of(problems) == (expected or [("stage", "choice")])
    assert all(problem.message.startswith(f"{problem.field}: ") for problem in problems)
    assert not {field for field, _ in expected} & set(details)


def test_clean_does_not_change_its_argument() -> None:
    values = {"transfer_modes": ["license"], "price_wan": 3}
    offer_kinds()["achievement"].clean(values)

    assert values == {"transfer_modes": ["license"], "price_wan": 3}


def test_field_by_either_name() -> None:
    kind = offer_kinds()["instrument_service"]

    assert kind.field("price_fen_per_hour") is kind.field("price_yuan_per_hour")
    with pytest.raises(KeyError, match="has no field 'colour'"):
        kind.field("colour")


def test_text_of_choices_and_of_nothing() -> None:
    field = offer_kinds()["patent"].field("license_kinds")

    assert field.text(["exclusive", "plain"]) == "独占许可、普通许可"
    assert field.text(["exclusive", "plain"], language="en-gb") == "exclusive, plain"
    assert field.text(["gone"]) == "gone"
    assert field.text(None) == ""
    assert offer_kinds()["patent"].field("legal_status").text("granted") == "授权"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(sorted(offer_kinds())), st.data())
def test_clean_any_json_gives_details_that_stay_clean(slug: str, data: st.DataObject) -> None:
    kind = offer_kinds()[slug]
    names = [name for field in kind.fields for name in (field.id, field.key)]
    values = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=4))

    details, _ = kind.clean(values)

    assert kind.clean(details)[0] == details
    assert kind.clean(kind.form_values(details))[0] == details


def test_clean_list_of_nothing_is_nothing_given() -> None:
    details, problems = offer_kinds()["pilot_line"].clean({"capacity": ["", " "]})

    assert details == {}
    assert "capacity" not in {problem.field for problem in problems if problem.code != "required"}


@given(st.integers(0, 10**15))
def test_money_comes_back_exactly(fen: int) -> None:
    kind = offer_kinds()["achievement"]

    assert kind.clean(kind.form_values({"price_fen": fen})) == ({"price_fen": fen}, [])
