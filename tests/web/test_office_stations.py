"""Branch markets and stations, set up by the office that serves the whole region."""

import pytest
from django.test import Client
from django.utils import timezone

from keqiao.apps.parties.models import Membership, Station
from tests.web import world as worlds
from tests.web.conftest import SignIn
from tests.web.world import World


@pytest.fixture
def region(world: World, sign_in: SignIn) -> Client:
    return sign_in("region")


def test_station_is_set_up_below_its_branch(region: Client, world: World) -> None:
    branch = world.stations["branch"]
    data = {
        "kind": "station", "name": "光电园工作站", "name_en": "Optics Park", "area": "229902", "parent": branch.pk,
        "organization": world.organizations["school"].key, "is_active": "on",
    }  # fmt: skip
    answer = region.post("/office/stations/new/", data)

    assert answer.status_code == 302
    row = Station.objects.get(name="光电园工作站")
    assert (row.parent, row.organization, row.area, row.is_active) == (
        branch, world.organizations["school"], "229902", True,
    )  # fmt: skip
    assert "光电园工作站" in region.get("/office/stations/").content.decode()


def test_station_is_changed_and_closed(region: Client) -> None:
    page = region.get("/office/stations/station/").content.decode()
    region.post("/office/stations/station/", {"kind": "station", "name": "高新区新站", "area": "229901"})

    row = Station.objects.get(key="station")
    assert 'value="高新区工作站"' in page
    assert (row.name, row.is_active) == ("高新区新站", False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "必填"),
        ({"area": "110000"}, "229901"),
        ({"organization": "nothing"}, "没有登记这个代码的单位。"),
        ({"kind": "branch", "parent": "branch"}, "分市场不隶属于别的分市场，请留空。"),
    ],
)
def test_station_form_says_what_is_wrong(change: dict[str, str], said: str, region: Client, world: World) -> None:
    if change.get("parent"):
        change = change | {"parent": str(world.stations["branch"].pk)}
    before = Station.objects.count()
    answer = region.post("/office/stations/new/", {"kind": "station", "name": "站", "area": "229901"} | change)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Station.objects.count() == before


def test_stations_are_not_for_officers_of_a_place(sign_in: SignIn) -> None:
    assert sign_in("officer").get("/office/stations/").status_code == 403


def test_list_makes_the_same_queries_for_more_stations(
    region: Client, world: World, django_assert_num_queries: object, django_assert_max_num_queries: object
) -> None:
    from django.db import connection  # noqa: PLC0415 - counted here alone
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    region.get("/office/stations/")
    with CaptureQueriesContext(connection) as few:
        region.get("/office/stations/")
    for number in range(2):
        worlds.parties.add_station(
            key=f"x{number}", kind="branch", name=f"站{number}", area="229901", by=worlds.BY, at=world.at
        )
    with CaptureQueriesContext(connection) as many:
        region.get("/office/stations/")
    assert len(few) == len(many) <= 12


def test_coordinator_is_granted_with_a_station(world: World, sign_in: SignIn) -> None:
    client, user = sign_in("security"), world.users["outsider"]
    station = world.stations["branch"]
    path = f"/office/users/{user.key}/"

    missing = client.post(path, {"do": "grant", "role": "coordinator"})
    surplus = client.post(path, {"do": "grant", "role": "auditor", "station": station.pk})
    client.post(path, {"do": "grant", "role": "coordinator", "station": station.pk})

    assert (missing.status_code, surplus.status_code) == (422, 422)
    row = Membership.objects.get(user=user)
    assert (row.role, row.station, row.from_date <= timezone.localdate()) == ("coordinator", station, True)
    assert "甲市分市场" in client.get(path).content.decode()
