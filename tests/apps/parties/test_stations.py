"""Branch markets and stations: set up by the whole region's office, found by the place of a need."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import actions, queries
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Station
from tests.apps.acting import administrator, broker, last_entry, officer, person
from tests.factories.parties import BrokerFactory, StationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def add(now: datetime, **values: Any) -> Station:
    given: dict[str, Any] = {"kind": "branch", "name": "甲市分市场", "area": "229901", "by": system("test")} | values
    return actions.add_station(at=now, **given)


def test_station_is_added_by_the_regions_office(now: datetime) -> None:
    row = add(now, by=officer("229999"), key="a")

    assert Station.objects.get() == row
    assert last_entry()[0] == "station.add"
    assert Entry.objects.get().facts["fields"].keys() == {"kind", "name", "area"}


@pytest.mark.parametrize("who", ["place", "administrator", "broker", "person"])
def test_station_is_not_added_by_others(who: str, now: datetime) -> None:
    actor = {"place": officer("229901"), "administrator": administrator(), "broker": broker(), "person": person()}[who]

    with pytest.raises(Refused, match="not_officer_for_region"):
        add(now, by=actor)
    assert Station.objects.count() == 0


@pytest.mark.parametrize("values", [{"name": ""}, {"kind": "shop"}, {"area": "110000"}])
def test_station_says_what_is_wrong(values: dict[str, str], now: datetime) -> None:
    with pytest.raises(ValidationError) as error:
        add(now, **values)
    assert list(error.value.message_dict) == list(values)
    assert Station.objects.count() == 0


def test_branch_stands_below_no_other(now: datetime) -> None:
    with pytest.raises(ValidationError):
        add(now, parent=add(now))
    assert Station.objects.count() == 1


def test_station_is_changed_and_closed(now: datetime) -> None:
    row = add(now)

    actions.edit_station(row, name="甲市技术市场", is_active=False, by=officer("229999"), at=now)

    row.refresh_from_db()
    assert (row.name, row.is_active) == ("甲市技术市场", False)
    assert last_entry()[0] == "station.edit"


def test_station_fields_are_a_closed_list(now: datetime) -> None:
    with pytest.raises(ValueError, match="key"):
        actions.edit_station(add(now), key="other", by=system("test"), at=now)


def test_station_for_a_place_is_the_nearest_open_one(now: datetime) -> None:
    region = StationFactory(kind="branch", area="229999")
    branch = StationFactory(kind="branch", area="229901")
    StationFactory(area="229901")
    StationFactory(kind="branch", area="229902", is_active=False)

    assert [queries.station_for(area) for area in ("229901", "229902", "", "110000")] == [branch, region, None, None]


def test_stations_count_the_people_who_work_there_today() -> None:
    station = StationFactory()
    BrokerFactory(station=station)
    BrokerFactory(station=station, to_date=date(2026, 11, 20))

    assert [row.people for row in queries.stations_with_people(on=date(2026, 11, 21))] == [1]
