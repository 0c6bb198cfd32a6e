"""What is told about events: invitations, changes, the plan of meetings, a call to the panel."""

from collections.abc import Iterable

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import permissions
from keqiao.apps.market.models import Event, EventState, InvitationState, PlaceState
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from .words import once, title_of, value_of

TOPICS = (
    Topic(
        "event.invited",
        gettext_lazy("活动邀请"),
        gettext_lazy("请单位参加，请专家评审。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "event.changed",
        gettext_lazy("已报名活动的变动"),
        gettext_lazy("时间地点变更、会见安排、取消。"),
        email=Mode.INSTANT,
    ),
)
# What people who come have to know of.
TELLING = frozenset({"starts_at", "ends_at", "place", "online_link"})
AHEAD = (EventState.PUBLISHED, EventState.RUNNING)


def event_of(entry: Entry) -> Event:
    return Event.objects.select_related("station__parent", "owner").get(key=entry.subject.partition(":")[2])


def invited(entry: Entry) -> Iterable[User]:
    """Writers of the bodies asked at that moment; when the event is published, of all that were asked before."""
    rows = event_of(entry).invitations.filter(state=InvitationState.SENT)
    rows = rows.filter(invited_at=entry.at) if entry.kind == "event.invite" else rows
    bodies = rows.values("organization")
    return parties.people_with(Role.EDITOR, Role.MANAGER, on=localdate(entry.at), organization__in=bodies)


def coming(entry: Entry) -> Iterable[User]:
    rows = event_of(entry).registrations.exclude(state=PlaceState.WITHDRAWN).select_related("user")
    return once(row.user for row in rows)


def placed(entry: Entry) -> Iterable[User]:
    """Those who had waited and got a place by what this entry did."""
    rows = event_of(entry).registrations.filter(state=PlaceState.IN, placed_at=entry.at)
    return [row.user for row in rows.exclude(registered_at=entry.at).select_related("user")]


def concerned(entry: Entry) -> Iterable[User]:
    rows = event_of(entry).panel.select_related("user")
    return once([*coming(entry), *(row.user for row in rows)])


def called(entry: Entry) -> Iterable[User]:
    rows = event_of(entry).panel.select_related("user")
    return [row.user for row in rows if str(row.user.key) == value_of(entry, "panelist")]


def may_come(actor: Actor, entry: Entry) -> bool:
    event = event_of(entry)
    return event.state == EventState.PUBLISHED and permissions.events.can_see_event(actor, event).allowed


def may_know(actor: Actor, entry: Entry) -> bool:
    event = event_of(entry)
    return event.state in AHEAD and permissions.events.can_see_event(actor, event).allowed


def was_to_come(actor: Actor, entry: Entry) -> bool:
    return event_of(entry).published_at is not None


def is_called(actor: Actor, entry: Entry) -> bool:
    event = event_of(entry)
    on_panel = any(actor.key == f"user:{row.user.key}" for row in event.panel.select_related("user"))
    return on_panel and event.state != EventState.CANCELLED


def _text(title: str, entry: Entry) -> Text:
    event = event_of(entry)
    when = localtime(event.starts_at).strftime("%Y-%m-%d %H:%M") if event.starts_at else ""
    where = " · ".join(part for part in (when, event.place) if part)
    link = link_to("public:event", event.key) if event.published_at else link_to("desk:events")
    return Text(title % {"title": title_of(event)}, where, link=link)


def ask(entry: Entry, actor: Actor) -> Text:
    return _text(_("邀请参加活动：%(title)s"), entry)


def changed(entry: Entry, actor: Actor) -> Text | None:
    if not TELLING & set(entry.facts.get("fields", {})):
        return None
    return _text(_("活动时间或地点有变：%(title)s"), entry)


def has_place(entry: Entry, actor: Actor) -> Text:
    return _text(_("候补转正，您有名额了：%(title)s"), entry)


def planned(entry: Entry, actor: Actor) -> Text:
    return _text(_("会见安排已排定：%(title)s"), entry)


def cancelled(entry: Entry, actor: Actor) -> Text:
    return _text(_("活动已取消：%(title)s"), entry)


def to_panel(entry: Entry, actor: Actor) -> Text:
    return _text(_("请您担任评审：%(title)s"), entry)


NOTICES = (
    Notice("event.invited", ("event.invite", "event.publish"), recipients=invited, text=ask, may=may_come),
    Notice("event.invited", ("event.add_panelist",), recipients=called, text=to_panel, may=is_called),
    Notice("event.changed", ("event.withdraw", "event.edit"), recipients=placed, text=has_place, may=may_know),
    Notice("event.changed", ("event.edit",), recipients=concerned, text=changed, may=may_know, is_urgent=True),
    Notice("event.changed", ("event.plan",), recipients=coming, text=planned, may=may_know),
    Notice("event.changed", ("event.cancel",), recipients=concerned, text=cancelled, may=was_to_come, is_urgent=True),
)
