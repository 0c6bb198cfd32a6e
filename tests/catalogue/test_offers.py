from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.offers import FIELD_TYPES, FieldProblem, OfferKind, discover, offer_kinds

KIND = """
slug = "drone_service"
name = "无人机服务"
name_en = "Drone service"
plural = "无人机服务"
plural_en = "Drone services"
description = "植保、巡检和测绘飞行。"
description_en = "Spraying, inspection and survey flights."
icon = "飞"
needs_trl = false
orders = [["area_from", "area_to"]]

[weights]
region = 1.5

[[fields]]
id = "licence_day"
type = "date"
name = "经营许可日期"
name_en = "Date of the licence"
privacy = "P1"

[[fields]]
id = "area_from"
type = "number"
name = "最小面积"
name_en = "Smallest area"
unit = "公顷"
unit_en = "ha"
minimum = 0
maximum = 1000
privacy = "P0"

[[fields]]
id = "area_to"
type = "number"
name = "最大面积"
name_en = "Largest area"
unit = "公顷"
unit_en = "ha"
privacy = "P0"

[[fields]]
id = "operator"
type = "identifier"
identifier = "uscc"
name = "运营单位"
name_en = "Operator"
required = true
privacy = "P0"

[[fields]]
id = "price_yuan_per_ha"
type = "money_yuan"
name = "单价"
name_en = "Price"
unit = "元/公顷"
unit_en = "per ha"
privacy = "P2"

[[fields]]
id = "share"
type = "percent"
name = "占比"
name_en = "Share"
privacy = "P0"
"""
OPERATOR = "91110000600037341L"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drone_service.toml").write_text(KIND, encoding="utf-8")
    return tmp_path


@pytest.fixture
def drone(folder: Path) -> OfferKind:
    return offer_kinds((folder,))["drone_service"]


def codes_of(problems: list[FieldProblem]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems]


def clean(slug: str, values: Mapping[str, Any]) -> dict[str, Any]:
    details, problems = offer_kinds()[slug].clean(values)
    assert problems == []
    return details


def test_offer_kinds_in_their_order() -> None:
    assert list(offer_kinds()) == [
        "achievement",
        "patent",
        "expert_service",
        "instrument_service",
        "pilot_line",
        "finance_product",
        "talent",
    ]


@pytest.mark.parametrize("slug", sorted(offer_kinds()))
def test_offer_kind_is_complete_in_both_languages(slug: str) -> None:
    kind = offer_kinds()[slug]
    labelled = [kind, *kind.fields, *(choice for field in kind.fields for choice in field.choices)]

    assert all(item.name and item.name_en for item in labelled)
    assert all(bool(field.help) is bool(field.help_en) for field in kind.fields)
    assert kind.states == ("draft", "submitted", "screened", "published", "expired", "withdrawn")


def test_offer_kinds_result_can_be_changed_without_harm() -> None:
    offer_kinds().clear()

    assert len(offer_kinds()) == 7


def test_a_kind_that_exists_only_in_another_folder(drone: OfferKind) -> None:
    details, problems = drone.clean(
        {
            "operator": " 9111 0000 6000 37341l ",
            "licence_day": "2026年3月1日",
            "area_from": "0.5 公顷",
            "area_to": 80,
            "price_yuan_per_ha": "1,200.5",
            "share": "12.5%",
        }
    )

    assert problems == []
    assert details == {
        "licence_day": "2026-03-01",
        "area_from": 0.5,
        "area_to": 80,
        "operator": OPERATOR,
        "price_fen_per_ha": 120050,
        "share": 12.5,
    }
    assert [text for _, text in drone.rows(details)] == [
        "2026-03-01",
        "0.5 公顷",
        "80 公顷",
        OPERATOR,
        "1,200.5 元/公顷",
        "12.5%",
    ]
    assert [text for _, text in drone.rows(details, language="en")][4:] == ["CNY 1,200.5 per ha", "12.5%"]
    assert (drone.weights["region"], drone.weights["prior"]) == (1.5, 1.0)
    assert [field.id for field in drone.fields if not field.privacy.is_public] == ["licence_day", "price_yuan_per_ha"]
    assert [field.id for field in drone.fields if not field.privacy.is_exportable] == ["price_yuan_per_ha"]


def test_a_new_kind_lists_after_the_shipped_ones(folder: Path) -> None:
    assert list(discover(folder)) == [*offer_kinds(), "drone_service"]


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


@pytest.mark.parametrize(
    ("given_day", "stored"),
    [(date(2026, 3, 1), "2026-03-01"), (datetime(2026, 3, 1, 9), "2026-03-01"), ("2026/3/1", "2026-03-01")],  # noqa: DTZ001
)
def test_clean_days(drone: OfferKind, given_day: object, stored: str) -> None:
    assert drone.clean({"operator": OPERATOR, "licence_day": given_day})[0]["licence_day"] == stored


@pytest.mark.parametrize("given_day", ["2026-02-30", "March", 20260301])
def test_clean_no_day(drone: OfferKind, given_day: object) -> None:
    assert codes_of(drone.clean({"operator": OPERATOR, "licence_day": given_day})[1]) == [("licence_day", "date")]


def test_clean_number_outside_its_limits(drone: OfferKind) -> None:
    _, problems = drone.clean({"operator": OPERATOR, "area_from": -1, "area_to": 10**15})

    assert codes_of(problems) == [("area_from", "range"), ("area_to", "range")]


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


@given(st.integers(0, 10**15))
def test_money_comes_back_exactly(fen: int) -> None:
    kind = offer_kinds()["achievement"]

    assert kind.clean(kind.form_values({"price_fen": fen})) == ({"price_fen": fen}, [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('slug = "drone_service"', 'slug = "drone"', "drone_service.toml: the slug is 'drone'; name it like the file"),
        ('icon = "飞"', 'icon = "飞机"', "the icon is '飞机'; give one letter"),
        ('name_en = "Drone service"\n', "", "the key 'name_en' is missing"),
        ("needs_trl = false", "needs_trl = 0", "'needs_trl' is 0; write a value of type bool"),
        ("region = 1.5", "region = 3", "weights: 'region' is 3.0; keep weights between 0 and 2"),
        ("region = 1.5", "place = 1.5", "weights: unknown keys place"),
        ('type = "date"', 'type = "day"', "field 'licence_day': the type is 'day'; use one of text"),
        ('id = "share"', 'id = "Share"', "field 'Share': the id is 'Share'; use small letters"),
        ('id = "share"', 'id = "area_to"', "the field 'area_to' occurs twice"),
        ('id = "share"', 'id = "price_fen_per_ha"', "the field 'price_fen_per_ha' occurs twice"),
        ('id = "price_yuan_per_ha"', 'id = "price"', "lacks _yuan; add it, as in price_wan"),
        ('privacy = "P2"', 'privacy = "P9"', "privacy is 'P9'; use one of P0, P1"),
        ('identifier = "uscc"', 'identifier = "passport"', "identifier is 'passport'; use one of orcid"),
        ('"area_from", "area_to"', '"area_from", "share"', "the fields area_from and share differ in type"),
        ('"area_from", "area_to"', '"area_from"', "orders holds .'area_from'.; name two fields"),
        ('type = "percent"', 'type = "percent"\nhint = "x"', "field 'share': unknown keys hint"),
        ('type = "percent"', 'type = "choice"', "field 'share': the key 'choices' is missing"),
        ('type = "percent"', 'type = "choice"\nchoices = []', "field 'share': there are no choices"),
        ('type = "percent"', 'type = "choice"\nchoices = ["a"]', "choices holds 'a'; write"),
        (
            'type = "percent"',
            'type = "choice"\nchoices = ['
            '{code="a", name="甲", name_en="A"}, {code="b", name="乙", name_en="B", also=["a"]}]',
            "the choice 'b' occurs twice",
        ),
        ("orders = [", "states = [1]\norders = [", "'states' holds something that is not text"),
        ("orders = [", "position = true\norders = [", "'position' is True; write a value of type int"),
    ],
)
def test_discover_malformed_kind(folder: Path, old: str, new: str, message: str) -> None:
    assert old in KIND
    (folder / "drone_service.toml").write_text(KIND.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(CatalogueError, match=message):
        discover(folder)


def test_discover_fields_that_are_no_tables(folder: Path) -> None:
    text = KIND[: KIND.index("[weights]")] + "fields = [1]\n"
    (folder / "drone_service.toml").write_text(text, encoding="utf-8")

    with pytest.raises(CatalogueError, match="field 1 is 1; write it as a table"):
        discover(folder)


def test_discover_slug_that_exists(tmp_path: Path) -> None:
    text = KIND.replace('slug = "drone_service"', 'slug = "patent"')
    (tmp_path / "patent.toml").write_text(text, encoding="utf-8")

    with pytest.raises(CatalogueError, match="the offer kind patent exists already"):
        discover(tmp_path)


def test_discover_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="this folder of offer kinds is missing"):
        discover(tmp_path / "nowhere")


def test_every_field_type_is_used_or_tested() -> None:
    used = {field.type for kind in offer_kinds().values() for field in kind.fields}

    assert used | {"date", "number"} == set(FIELD_TYPES)
