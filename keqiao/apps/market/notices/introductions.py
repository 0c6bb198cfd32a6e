"""What is told about an introduction: to its two sides, to whoever is in charge, to those above when it is late."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import permissions
from keqiao.apps.market.models import OPEN_STATES, DeclineReason, Introduction
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, Station, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from .words import once, title_of

TOPICS = (
    Topic(
        "introduction.new",
        gettext_lazy("新的对接"),
        gettext_lazy("请双方答复，请工作站认领。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "introduction.moved",
        gettext_lazy("对接的进展"),
        gettext_lazy("答复、洽谈、达成、结束。"),
        email=Mode.INSTANT,
    ),
    Topic("introduction.message", gettext_lazy("对接中的留言"), email=Mode.INSTANT),
    Topic(
        "introduction.owner",
        gettext_lazy("对接的负责人"),
        gettext_lazy("认领和移交。"),
        email=Mode.DAILY,
    ),
    Topic(
        "introduction.late",
        gettext_lazy("对接逾期"),
        gettext_lazy("发给负责人和分市场负责人。"),
        email=Mode.INSTANT,
        roles=(Role.BROKER, Role.COORDINATOR, Role.OFFICER),
    ),
)


def introduction_of(entry: Entry) -> Introduction:
    """The introduction that an entry is about; DoesNotExist if it is gone."""
    rows = Introduction.objects.select_related(
        "need__organization", "need__author", "offer__organization", "offer__author", "owner", "station__parent"
    )
    return rows.get(key=entry.subject.partition(":")[2])


def sides(entry: Entry) -> list[User]:
    """Those who may speak for either side."""
    row = introduction_of(entry)
    bodies = (row.need.organization_id, row.offer.organization_id)
    return list(parties.people_with(Role.EDITOR, Role.MANAGER, on=localdate(entry.at), organization__in=bodies))


def in_charge(entry: Entry) -> list[User]:
    """The owner; while there is none, everybody at the station who could take it."""
    row = introduction_of(entry)
    if row.owner is not None:
        return [row.owner]
    return _staff(row.station, Role.BROKER, Role.COORDINATOR, entry=entry)


def above(entry: Entry) -> list[User]:
    """Coordinators of the station and of its branch market."""
    station = introduction_of(entry).station
    found = _staff(station, Role.COORDINATOR, entry=entry)
    return found + (_staff(station.parent, Role.COORDINATOR, entry=entry) if station else [])


def _staff(station: Station | None, *roles: str, entry: Entry) -> list[User]:
    return list(parties.people_with(*roles, on=localdate(entry.at), station=station)) if station else []


def everybody(entry: Entry) -> list[User]:
    return once([*sides(entry), *in_charge(entry)])


def responsible(entry: Entry) -> list[User]:
    return once([*in_charge(entry), *above(entry)])


def may_see(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_introduction(actor, introduction_of(entry)).allowed


def may_read_messages(actor: Actor, entry: Entry) -> bool:
    return permissions.can_read_messages(actor, introduction_of(entry)).allowed


def may_act(actor: Actor, entry: Entry) -> bool:
    """What is settled meanwhile is not late any more."""
    row = introduction_of(entry)
    return row.state in OPEN_STATES and permissions.can_see_introduction(actor, row).allowed


def _pair(row: Introduction) -> str:
    return _("%(need)s ↔ %(offer)s") % {"need": title_of(row.need), "offer": title_of(row.offer)}


def _text(title: str, entry: Entry, text: str = "") -> Text:
    row = introduction_of(entry)
    return Text(title % {"pair": _pair(row)}, text, link=link_to("desk:introduction", row.key))


def asked(entry: Entry, actor: Actor) -> Text:
    text = _("请看看是否合适，并答复“愿意”或“不愿意”。")
    return _text(_("有一项新对接：%(pair)s"), entry, text)


def to_take(entry: Entry, actor: Actor) -> Text | None:
    if introduction_of(entry).owner is not None:
        return None
    return _text(_("有一项对接等待认领：%(pair)s"), entry)


def answered(entry: Entry, actor: Actor) -> Text:
    return _text(_("一方已答复愿意：%(pair)s"), entry)


def promised(entry: Entry, actor: Actor) -> Text:
    return _text(_("一方已确认保密：%(pair)s"), entry)


def talking(entry: Entry, actor: Actor) -> Text:
    return _text(_("双方开始洽谈：%(pair)s"), entry)


def agreed(entry: Entry, actor: Actor) -> Text:
    return _text(_("对接达成：%(pair)s"), entry)


def resumed(entry: Entry, actor: Actor) -> Text:
    return _text(_("对接重新开始：%(pair)s"), entry)


def declined(entry: Entry, actor: Actor) -> Text:
    known = entry.reason in DeclineReason.values
    reason = _("原因：%(reason)s。") % {"reason": DeclineReason(entry.reason).label} if known else ""
    return _text(_("对接结束，未成：%(pair)s"), entry, reason)


def written(entry: Entry, actor: Actor) -> Text:
    """That there is a message, not what it says: that is read on the page."""
    return _text(_("新留言：%(pair)s"), entry)


def late(entry: Entry, actor: Actor) -> Text:
    is_answer = entry.reason == "answer_late"
    text = _("服务时限已过，还没有人答复。") if is_answer else _("“下一步”的日期已过。")
    return _text(_("对接逾期：%(pair)s"), entry, text)


def handed_over(entry: Entry, actor: Actor) -> Text:
    row = introduction_of(entry)
    mine = row.owner is not None and actor.key == f"user:{row.owner.key}"
    return _text(_("移交给您的对接：%(pair)s") if mine else _("对接已更换负责人：%(pair)s"), entry)


NOTICES = (
    Notice("introduction.new", ("introduction.create",), recipients=sides, text=asked, may=may_see),
    Notice("introduction.new", ("introduction.create",), recipients=in_charge, text=to_take, may=may_act),
    Notice("introduction.moved", ("introduction.answer",), recipients=everybody, text=answered, may=may_see),
    Notice("introduction.moved", ("introduction.promise_secrecy",), recipients=everybody, text=promised, may=may_see),
    Notice("introduction.moved", ("introduction.talk",), recipients=everybody, text=talking, may=may_see),
    Notice("introduction.moved", ("introduction.agree",), recipients=everybody, text=agreed, may=may_see),
    Notice(
        "introduction.moved",
        ("introduction.resume", "introduction.reopen"),
        recipients=everybody,
        text=resumed,
        may=may_see,
    ),
    Notice("introduction.moved", ("introduction.decline",), recipients=everybody, text=declined, may=may_see),
    Notice(
        "introduction.message", ("introduction.message",), recipients=everybody, text=written, may=may_read_messages
    ),
    Notice(
        "introduction.late", ("introduction.escalate",), recipients=responsible, text=late, may=may_act, is_urgent=True
    ),
    Notice(
        "introduction.owner",
        ("introduction.hand_over", "introduction.take"),
        recipients=everybody,
        text=handed_over,
        may=may_see,
    ),
)
