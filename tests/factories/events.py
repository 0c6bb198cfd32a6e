from datetime import timedelta

import factory

from keqiao.apps.market.models import (
    Event,
    EventCriterion,
    EventInvitation,
    EventItem,
    EventRegistration,
    Meeting,
    MeetingSeat,
    PanelMember,
)

from .base import MOMENT, Factory
from .market import NeedFactory
from .parties import OrganizationFactory, UserFactory

START = MOMENT + timedelta(days=7)


class EventFactory(Factory):
    """A published event of three slots of twenty minutes at two tables, a week from now."""

    class Meta:
        model = Event

    key = factory.Sequence(lambda n: f"E{n:09d}")
    title = factory.Sequence(lambda n: f"丝束粘连对接会 {n}")
    starts_at = START
    ends_at = START + timedelta(hours=1)
    closes_at = START - timedelta(days=1)
    capacity = 10
    slot_minutes = 20
    tables = 2
    area = "229901"
    state = "published"
    published_at = created_at = updated_at = MOMENT - timedelta(days=1)


class EventItemFactory(Factory):
    class Meta:
        model = EventItem

    event = factory.SubFactory(EventFactory)
    need = factory.SubFactory(NeedFactory)
    position = factory.Sequence(lambda n: n)


class EventInvitationFactory(Factory):
    class Meta:
        model = EventInvitation

    event = factory.SubFactory(EventFactory)
    organization = factory.SubFactory(OrganizationFactory)
    invited_at = MOMENT


class EventRegistrationFactory(Factory):
    class Meta:
        model = EventRegistration

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    state = "in"
    registered_at = factory.Sequence(lambda n: MOMENT - timedelta(hours=12) + timedelta(seconds=n))


class MeetingFactory(Factory):
    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"M{n:09d}")
    event = factory.SubFactory(EventFactory)
    seeker = factory.SubFactory(OrganizationFactory)
    provider = factory.SubFactory(OrganizationFactory)
    slot = table = 0

    @factory.post_generation
    def seats(meeting: Meeting, create: bool, extracted: object) -> None:
        for body in (meeting.seeker, meeting.provider):
            MeetingSeat.objects.create(meeting=meeting, event=meeting.event, organization=body, slot=meeting.slot)


class EventCriterionFactory(Factory):
    class Meta:
        model = EventCriterion

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"评审项{n}")
    weight = 1
    position = factory.Sequence(lambda n: n)


class PanelMemberFactory(Factory):
    class Meta:
        model = PanelMember

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
