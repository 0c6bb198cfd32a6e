from datetime import date, datetime
from pathlib import Path

import pytest

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


def test_the_guide_example_is_a_kind_that_works(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "add-an-offer-kind.md").read_text(encoding="utf-8")
    example = guide.split("```toml\n")[1].split("```")[0]
    (tmp_path / "drone_service.toml").write_text(example, encoding="utf-8")

    kind = discover(tmp_path)["drone_service"]

    assert kind.clean({"area_from": "0.5 公顷", "price_yuan_per_ha": 120}) == (
        {"area_from": 0.5, "price_fen_per_ha": 12000},
        [],
    )
