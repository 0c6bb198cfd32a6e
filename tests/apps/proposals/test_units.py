"""Units by the names that texts print."""

import pytest
from django.test import override_settings

from keqiao.apps.parties.actors import Actor, Grant, system
from keqiao.apps.parties.models import Role
from keqiao.apps.proposals import units
from tests.apps.acting import person

from .people import hand_over_office, officer_of


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("演示省工业和信息化厅", "industry"),
        ("省工信厅", "industry"),
        ("省科技厅", "science"),
        ("省发改委", "development"),
        ("省人社厅", "human_resources"),
        ("省国资委", "state_assets"),
        ("省市场监管厅", "market_regulation"),
        ("省税务局", "tax"),
        ("省政府办公厅", "general_office"),
        ("我省财政厅", "finance"),
        ("省民政厅", ""),  # its letters stand in another department's name, but it is none of them
        ("省厅", ""),
        ("省自然资源厅", ""),
        ("", ""),
    ],
)
@override_settings(REGION="229999")
def test_printed_name_means_one_unit_or_none(printed: str, code: str) -> None:
    assert units.resolve(printed) == code


@override_settings(REGION="22")
def test_government_of_a_place_is_a_unit() -> None:
    city = next(code for code in units.units() if code.startswith("area:") and units.label(code).endswith("市人民政府"))
    assert units.resolve(units.label(city)) == city
    assert units.resolve(units.label(city).replace("人民政府", "政府")) == city
    assert units.label(city, "en").startswith("Government of ")


def test_officer_works_for_the_department_of_the_whole_region_only() -> None:
    of_city = person(None, Grant(Role.OFFICER, department="science", area="229901"))
    government = person(None, Grant(Role.OFFICER, department="general_office", area="229901"))

    assert [units.of(actor) for actor in (officer_of("science"), of_city, government)] == [
        {"science"}, frozenset(), {"area:229901"},
    ]  # fmt: skip


def test_hand_over_office_is_that_of_the_region_or_the_product() -> None:
    actors = (hand_over_office(), system("loader"), officer_of("science"), Actor(key="visitor"))
    assert [units.is_hand_over(actor) for actor in actors] == [True, True, False, False]
