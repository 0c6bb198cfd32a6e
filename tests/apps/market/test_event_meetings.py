"""Wishes, planning without clashes, moves by hand, outcomes that become introductions."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import event_guests as guests
from keqiao.apps.market.actions import event_meetings as meetings
from keqiao.apps.market.actions import events
from keqiao.apps.market.models import Event, Introduction, Meeting, MeetingSeat
from keqiao.apps.market.queries import event_meetings as queries
from keqiao.apps.market.queries import events as event_queries
from keqiao.apps.parties.models import Organization
from tests.apps.acting import editor, officer
from tests.factories.events import EventFactory, EventRegistrationFactory, MeetingFactory
from tests.factories.market import NeedFactory, OfferFactory
from tests.factories.parties import OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

RUNNER = officer("229901")


def coming(event: Event, count: int, **values) -> list[Organization]:
    return [EventRegistrationFactory(event=event, **values).organization for _ in range(count)]


def seats(event: Event) -> dict[tuple[str, str], tuple[int, int]]:
    rows = event.meetings.all()
    return {(row.seeker.key, row.provider.key): (row.slot, row.table) for row in rows}


def test_everybody_who_wished_meets_without_a_clash(now: datetime) -> None:
    event = EventFactory(tables=3)
    firms, schools = coming(event, 3), coming(event, 3)
    for firm, school in product(firms, schools):
        meetings.wish(event, seeker=firm, provider=school, side="seeker", by=editor(firm), at=now)

    planned = meetings.plan_meetings(event, by=RUNNER, at=now)

    assert (planned.meetings, planned.left) == (9, ())
    found = list(MeetingSeat.objects.values_list("organization", "slot"))
    assert len(found) == len(set(found)) == 18
    assert list(ledger.verify()) == []


def test_wish_of_both_sides_goes_before_a_better_match(now: datetime) -> None:
    event = EventFactory(tables=1, ends_at=EventFactory.build().starts_at + timedelta(minutes=20))
    firm, liked, matched = coming(event, 3)
    meetings.wish(event, seeker=firm, provider=matched, side="seeker", score=0.9, by=editor(firm), at=now)
    meetings.wish(event, seeker=firm, provider=liked, side="seeker", by=editor(firm), at=now)
    meetings.wish(event, seeker=firm, provider=liked, side="provider", by=editor(liked), at=now)

    planned = meetings.plan_meetings(event, by=RUNNER, at=now)

    assert list(seats(event)) == [(firm.key, liked.key)]
    assert [(pair.provider, reason) for pair, reason in planned.left] == [(matched, "full")]


def test_busy_times_are_kept_unless_a_colleague_has_time(now: datetime) -> None:
    event = EventFactory()
    firm, school = coming(event, 2)
    row = event.registrations.get(organization=firm)
    guests.set_busy(row, slots=[0, 1], by=RUNNER, at=now)
    meetings.wish(event, seeker=firm, provider=school, side="seeker", by=editor(firm), at=now)

    meetings.plan_meetings(event, by=RUNNER, at=now)
    late = seats(event)[firm.key, school.key]
    EventRegistrationFactory(event=event, organization=firm, busy=[1])
    meetings.plan_meetings(event, by=RUNNER, at=now)

    assert (late, seats(event)[firm.key, school.key]) == ((2, 0), (0, 0))


def test_wish_needs_both_to_come(now: datetime) -> None:
    event = EventFactory()
    (firm,) = coming(event, 1)
    (waits,) = coming(event, 1, state="waiting")
    absent = OrganizationFactory()

    def wish(seeker: Organization, provider: Organization, side: str = "seeker") -> None:
        asker = seeker if side == "seeker" else provider
        meetings.wish(event, seeker=seeker, provider=provider, side=side, by=editor(asker), at=now)

    with pytest.raises(Refused, match="counterpart_not_coming"):
        wish(firm, absent)
    with pytest.raises(Refused, match="counterpart_not_coming"):
        wish(firm, waits)
    with pytest.raises(Refused, match="not_registered_for_event"):
        wish(waits, firm)
    with pytest.raises(Refused, match="not_of_organization"):
        meetings.wish(event, seeker=firm, provider=waits, side="seeker", by=editor(absent), at=now)
    with pytest.raises(Refused, match="same_organization"):
        wish(firm, firm)
    assert event.wishes.count() == 0


def test_move_that_would_clash_is_refused(now: datetime) -> None:
    event = EventFactory()
    first = MeetingFactory(event=event, slot=0, table=0)
    second = MeetingFactory(event=event, slot=1, table=0, seeker=first.seeker)

    with pytest.raises(Refused, match="in_another_meeting"):
        meetings.move_meeting(second, slot=0, table=1, by=RUNNER, at=now)
    with pytest.raises(Refused, match="table_taken"):
        meetings.move_meeting(second, slot=0, table=0, by=RUNNER, at=now)
    meetings.move_meeting(second, slot=2, table=1, by=RUNNER, at=now)

    second.refresh_from_db()
    assert (second.slot, second.table, second.is_fixed) == (2, 1, True)
    assert set(second.seats.values_list("slot", flat=True)) == {2}


def test_moved_meeting_stays_when_planned_again(now: datetime) -> None:
    event = EventFactory()
    firm, school, other = coming(event, 3)
    for provider in (school, other):
        meetings.wish(event, seeker=firm, provider=provider, side="seeker", by=editor(firm), at=now)
    meetings.plan_meetings(event, by=RUNNER, at=now)
    moved = Meeting.objects.get(provider=school)
    meetings.move_meeting(moved, slot=2, table=1, by=RUNNER, at=now)

    meetings.plan_meetings(event, by=RUNNER, at=now)

    assert seats(event)[firm.key, school.key] == (2, 1)
    assert event.meetings.count() == 2


def test_database_itself_refuses_a_clash() -> None:
    meeting = MeetingFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(event=meeting.event, seeker=OrganizationFactory(), provider=meeting.seeker, slot=0, table=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(event=meeting.event, slot=0, table=0)


def test_body_that_nobody_comes_for_loses_its_meetings(now: datetime) -> None:
    event = EventFactory()
    firm, school = coming(event, 2)
    meetings.wish(event, seeker=firm, provider=school, side="seeker", by=editor(firm), at=now)
    meetings.plan_meetings(event, by=RUNNER, at=now)

    guests.withdraw(event.registrations.get(organization=school), by=RUNNER, at=now)

    assert (event.meetings.count(), event.wishes.count(), MeetingSeat.objects.count()) == (0, 0, 0)


def test_grid_does_not_change_under_planned_meetings(now: datetime) -> None:
    event = MeetingFactory().event

    with pytest.raises(Refused, match="meetings_planned"):
        events.edit_event(event, slot_minutes=30, by=RUNNER, at=now)


def held(**values) -> Meeting:
    need, offer = NeedFactory(), OfferFactory()
    event = EventFactory(state="running")
    return MeetingFactory(
        event=event,
        seeker=need.organization,
        provider=offer.organization,
        need=need,
        offer=offer,
        **values,
    )


def test_both_want_more_and_are_introduced(now: datetime) -> None:
    meeting = held(score=0.4)

    nothing = meetings.say_wanted(meeting, side="seeker", wanted="follow_up", by=editor(meeting.seeker), at=now)
    found = meetings.say_wanted(meeting, side="provider", wanted="follow_up", by=editor(meeting.provider), at=now)

    assert nothing is None
    assert found == Introduction.objects.get()
    assert (found.source, found.state, found.score) == ("event", "interested", 0.4)
    figures = event_queries.report(meeting.event)
    assert [figures[name] for name in ("met", "follow_up", "introduced", "willing", "agreed")] == [1, 1, 1, 1, 0]
    assert list(ledger.verify()) == []


def test_no_is_kept_with_its_reason(now: datetime) -> None:
    meeting = held()

    meetings.say_wanted(
        meeting, side="seeker", wanted="declined", reason="too_early", by=editor(meeting.seeker), at=now
    )
    meetings.say_wanted(meeting, side="provider", wanted="follow_up", by=editor(meeting.provider), at=now)

    meeting.refresh_from_db()
    assert (meeting.result, meeting.closed_side, meeting.reason) == ("met", "seeker", "too_early")
    assert Introduction.objects.count() == 0
    assert event_queries.decline_reasons(meeting.event) == [("too_early", 1)]


def test_side_does_not_speak_for_the_other(now: datetime) -> None:
    meeting = held()

    with pytest.raises(Refused, match="not_editor_of_side"):
        meetings.say_wanted(meeting, side="provider", wanted="follow_up", by=editor(meeting.seeker), at=now)


def test_pair_that_is_introduced_already_is_linked(now: datetime) -> None:
    first = held()
    for side in ("seeker", "provider"):
        meetings.say_wanted(first, side=side, wanted="follow_up", by=RUNNER, at=now)
    second = MeetingFactory(event=EventFactory(state="running"), seeker=first.seeker, provider=first.provider,
                            need=first.need, offer=first.offer)  # fmt: skip

    for side in ("seeker", "provider"):
        meetings.say_wanted(second, side=side, wanted="follow_up", by=RUNNER, at=now)

    assert second.introduction == first.introduction
    assert Introduction.objects.count() == 1


def test_listings_named_later_complete_the_introduction(now: datetime) -> None:
    meeting = held()
    need, offer = meeting.need, meeting.offer
    Meeting.objects.update(offer=None)
    for side in ("seeker", "provider"):
        meetings.say_wanted(meeting, side=side, wanted="follow_up", by=RUNNER, at=now)
    with pytest.raises(Refused, match="listing_of_another_body"):
        meetings.name_listings(meeting, need=need, offer=OfferFactory(), by=RUNNER, at=now)

    found = meetings.name_listings(meeting, need=need, offer=offer, by=RUNNER, at=now)

    assert (found, found.source) == (Introduction.objects.get(), "event")


def test_seeker_that_is_kept_back_is_named_only_to_whom_it_asked_for(now: datetime) -> None:
    event = EventFactory()
    firm, school = coming(event, 2)
    need = NeedFactory(organization=firm, secrecy="introduction")
    meetings.wish(event, seeker=firm, provider=school, need=need, side="provider", by=editor(school), at=now)
    meetings.plan_meetings(event, by=RUNNER, at=now)

    (before,) = queries.programme(event, school, wishes=queries.wishes_of(event))
    meetings.wish(event, seeker=firm, provider=school, need=need, side="seeker", by=editor(firm), at=now)
    (after,) = queries.programme(event, school, wishes=queries.wishes_of(event))

    assert (before.counterpart, after.counterpart) == (None, firm)
    assert [row.counterpart for row in queries.programme(event, firm, wishes=queries.wishes_of(event))] == [school]
