"""Scores: one from each person, none for one's own, panel and audience apart."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import event_guests, event_scores, events
from keqiao.apps.market.models import Event, EventItem, EventScore
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties.actors import Actor, Grant
from keqiao.apps.parties.models import Role, User
from tests.apps.acting import officer, person
from tests.factories.base import MOMENT
from tests.factories.events import (
    EventCriterionFactory,
    EventFactory,
    EventItemFactory,
    EventRegistrationFactory,
    PanelMemberFactory,
)
from tests.factories.parties import MembershipFactory, SiteRoleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

RUNNER = officer("229901")


@pytest.fixture
def show() -> Event:
    return EventFactory(kind="roadshow", state="running", has_audience=True)


def expert(user: User) -> Actor:
    return person(user, Grant(Role.EXPERT))


def give(item: EventItem, *points: int, now: datetime, user: User | None = None) -> EventScore:
    """A panel member's score, the same points for each criterion in turn."""
    user = user or PanelMemberFactory(event=item.event).user
    keys = item.event.criteria.values_list("pk", flat=True)
    values = dict(zip(keys, points, strict=True))
    return event_scores.score(item, values=values, user=user, by=expert(user), at=now)


def test_total_is_weighted(show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show, weight=2)
    EventCriterionFactory(event=show, weight=1)

    assert give(EventItemFactory(event=show), 80, 91, now=now).total == 8367


def test_person_counts_once_and_may_think_again(show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)
    item, user = EventItemFactory(event=show), PanelMemberFactory(event=show).user

    give(item, 50, now=now, user=user)
    give(item, 70, now=now, user=user)

    assert list(EventScore.objects.values_list("total", flat=True)) == [7000]


@pytest.mark.parametrize("points", [(-1,), (101,)])
def test_points_out_of_range_are_refused(points: tuple[int], show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)

    with pytest.raises(ValidationError):
        give(EventItemFactory(event=show), *points, now=now)


def test_own_body_is_not_judged(show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)
    item, user = EventItemFactory(event=show), PanelMemberFactory(event=show).user
    own = person(user, Grant(Role.EXPERT), Grant(Role.MEMBER, item.need.organization.key))
    values = dict.fromkeys(show.criteria.values_list("pk", flat=True), 90)

    with pytest.raises(Refused, match="own_item"):
        event_scores.score(item, values=values, user=user, by=own, at=now)


def test_audience_judges_when_it_has_come(show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)
    item = EventItemFactory(event=show)
    row = EventRegistrationFactory(event=show)
    values = dict.fromkeys(show.criteria.values_list("pk", flat=True), 90)

    with pytest.raises(Refused, match="not_checked_in"):
        event_scores.score(item, values=values, user=row.user, by=person(row.user), at=now)
    event_guests.check_in(row, here=True, by=RUNNER, at=now)
    found = event_scores.score(item, values=values, user=row.user, by=person(row.user), at=now)

    assert found.jury == "audience"
    guest = EventRegistrationFactory(event=show, organization=item.need.organization, checked_in_at=MOMENT)
    with pytest.raises(Refused, match="own_item"):
        event_scores.score(item, values=values, user=guest.user, by=person(guest.user), at=now)


@pytest.mark.parametrize("state", ["published", "done"])
def test_scores_are_given_while_the_event_runs(state: str, show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)
    item = EventItemFactory(event=show)
    Event.objects.update(state=state)
    item.event.refresh_from_db()

    with pytest.raises(Refused, match="scoring_is_closed"):
        give(item, 50, now=now)


def test_results_keep_the_juries_apart_and_share_ranks(show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)
    good, equal, poor, unseen = EventItemFactory.create_batch(4, event=show)
    for item, points in ((good, 90), (good, 70), (equal, 80), (poor, 10)):
        give(item, points, now=now)

    found = queries.results(show, "panel")

    assert [(row.item, row.count, row.mean, row.rank) for row in found] == [
        (good, 2, 80.0, 1), (equal, 1, 80.0, 1), (poor, 1, 10.0, 3), (unseen, 0, None, None),
    ]  # fmt: skip
    assert (found[0].spread, found[1].spread) == (14.14, None)
    assert [row.count for row in queries.results(show, "audience")] == [0, 0, 0, 0]


def test_extremes_are_dropped_where_there_are_three(show: Event, now: datetime) -> None:
    EventCriterionFactory(event=show)
    item = EventItemFactory(event=show)
    for points in (0, 60, 100):
        give(item, points, now=now)
    Event.objects.update(drops_extremes=True)
    show.refresh_from_db()

    assert [(row.count, row.mean) for row in queries.results(show, "panel")] == [(3, 60.0)]


def test_panel_is_made_of_experts(show: Event, now: datetime) -> None:
    user = SiteRoleFactory(role=Role.EXPERT).user

    events.add_panelist(show, user=user, by=RUNNER, at=now)

    assert [row.user for row in show.panel.all()] == [user]
    with pytest.raises(Refused, match="not_an_expert"):
        events.add_panelist(show, user=MembershipFactory(user=UserFactory()).user, by=RUNNER, at=now)


def test_criteria_are_fixed_once_scores_are_given(show: Event, now: datetime) -> None:
    events.set_criteria(show, rows=[("先进性", "Merit", 60), ("前景", "", 40)], by=RUNNER, at=now)
    give(EventItemFactory(event=show), 50, 60, now=now)

    with pytest.raises(Refused, match="scores_given"):
        events.set_criteria(show, rows=[("别的", "", 1)], by=RUNNER, at=now)
    assert [row.name for row in show.criteria.all()] == ["先进性", "前景"]


@pytest.mark.parametrize("rows", [[], [("", "", 1)], [("甲", "", 1), ("甲", "", 2)], [("甲", "", 0)]])
def test_impossible_criteria_are_refused(rows: list, show: Event, now: datetime) -> None:
    with pytest.raises(ValidationError):
        events.set_criteria(show, rows=rows, by=RUNNER, at=now)

    assert show.criteria.count() == 0
