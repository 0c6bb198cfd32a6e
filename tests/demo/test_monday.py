"""A broker's Monday: twelve live matters in all states, two overdue, one event tomorrow, contracts on their way."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from keqiao.apps.market import queries
from keqiao.apps.market.models import Agreement, Event, Introduction, PricingNotice, Registration
from keqiao.apps.market.queries import events as event_queries
from keqiao.apps.market.queries import funnel
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import Organization, User
from keqiao.apps.programmes import queries as programmes
from keqiao.apps.programmes.models import StandingChange, StandingVerdict
from keqiao.demo import loader
from keqiao.engines.matching import agreement
from tests.factories.base import MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def demo(request: pytest.FixtureRequest) -> Iterator[None]:
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        loader.load(at=MOMENT)
        yield
        transaction.set_rollback(True)


def mine() -> list[Introduction]:
    broker = User.objects.get(email="broker-a@demo.invalid")
    return list(queries.mine(actor_of(broker, on=localdate(MOMENT))))


def test_twelve_matters_stand_on_the_board_in_every_live_state() -> None:
    assert Counter(row.state for row in mine()) == {
        "proposed": 2, "contacted": 3, "interested": 2, "talking": 3, "agreed": 2,
    }  # fmt: skip


def test_two_of_them_are_overdue() -> None:
    rows = Introduction.objects.filter(pk__in=[row.pk for row in mine()])

    assert sorted(rows.filter(pk__in=queries.late(rows, at=MOMENT)).values_list("key", flat=True)) == [
        "D-monday-02",
        "D-monday-04",
    ]


def test_one_event_is_tomorrow_and_nobody_is_in_two_places_at_once() -> None:
    event = Event.objects.get(kind="matchmaking")
    meetings = list(event.meetings.values_list("slot", "table", "seeker_id", "provider_id"))
    seats = Counter((slot, body) for slot, _, *bodies in meetings for body in bodies)

    assert localdate(event.starts_at) == localdate(MOMENT) + timedelta(days=1)
    assert (len(meetings), max(seats.values())) == (7, 1)
    assert len({(slot, table) for slot, table, *_ in meetings}) == 7


def test_contracts_are_on_every_step_of_their_way() -> None:
    assert set(Agreement.objects.values_list("state", flat=True)) == {"draft", "signed"}
    assert PricingNotice.objects.get().agreement.key == "A-monday-08"
    assert Registration.objects.get(key="R-monday-12").state == "registered"


def test_funnel_narrows_from_step_to_step_to_the_register() -> None:
    counts = funnel.funnel_total(funnel.published_needs()).counts

    assert list(counts) == sorted(counts, reverse=True)
    assert counts[-1] > 0


def test_ranking_has_been_graded_by_two_people_and_measured_soon() -> None:
    assert len(queries.grades_by_pair()) > 20
    assert 0.5 < (agreement(queries.grades_by_pair()) or 0) < 1
    assert [run.made_at for run in queries.quality_runs()] == [None]
    assert len(queries.thesaurus_entries()) == 2


def test_a_roadshow_has_been_judged_by_three_experts() -> None:
    event = Event.objects.get(kind="roadshow")
    results = event_queries.results(event, "panel")

    assert (event.state, event.shows_scores, len(results)) == ("done", True, 4)
    assert [result.count for result in results] == [3, 3, 3, 3]
    assert not User.objects.filter(email__startswith="judge-", is_active=True).exists()


def test_firms_stand_somewhere_and_something_has_changed() -> None:
    firm = Organization.objects.get(memberships__user__email="editor-a@demo.invalid")
    rows = programmes.standings(firm)

    assert {row.verdict for row in rows} == set(StandingVerdict.values)
    assert StandingChange.objects.count() > 5
