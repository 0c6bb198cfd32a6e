"""The broker's daily work on an introduction: log, next action, messages, hand-over, what is late."""

from contextlib import suppress
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    OPEN_STATES,
    Contact,
    ContactKind,
    HandOverReason,
    Introduction,
    Message,
    Side,
)
from keqiao.apps.market.queries.introductions import is_in_charge
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor, actor_of
from keqiao.apps.parties.models import Role, User

from .introductions import lock, set_due, subject_of, touch_by_handler

LONGEST_TEXT = 2000
# What one writes down by hand; a hand-over writes its own line.
LOGGED = (
    ContactKind.CALL,
    ContactKind.VISIT,
    ContactKind.MEETING,
    ContactKind.MESSAGE,
    ContactKind.NOTE,
)


def log_contact(
    introduction: Introduction,
    *,
    kind: str,
    text: str,
    held_date: date,
    by: Actor,
    at: datetime,
    side: str = "",
    person: str = "",
    next_action: str = "",
    next_action_date: date | None = None,
) -> Contact:
    """Write down a call, a visit or a note, and what is to follow. All but a note count as the market's answer."""
    with ledger.action("introduction.log", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_handle(by, introduction))
        if kind not in LOGGED:
            raise ValidationError({"kind": _("请选择联系方式。")})
        if held_date > localdate(at):
            raise ValidationError({"held_date": _("联系日期不能晚于今天；将来的事请写在“下一步”。")})
        row = Contact(
            introduction=introduction, kind=kind, side=side, person=person.strip(), text=text.strip(),
            held_date=held_date, author=_user_of(by), at=at,
        )  # fmt: skip
        row.full_clean(exclude=["introduction", "author"])
        row.save(force_insert=True)
        if kind != ContactKind.NOTE:
            touch_by_handler(introduction, at=at)
        introduction.updated_at = at
        introduction.save()
        # Who was spoken to and what was said stays in the row, which can be erased.
        entry.change(kind=str(kind), side=str(side), state=str(introduction.state))
        if next_action.strip() or next_action_date is not None:
            plan(introduction, next_action=next_action, next_action_date=next_action_date, by=by, at=at)
    return row


def plan(
    introduction: Introduction, *, next_action: str, next_action_date: date | None, by: Actor, at: datetime
) -> None:
    """Say what is to be done next and by which day; both empty: nothing is planned."""
    text = next_action.strip()
    with ledger.action("introduction.plan", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_handle(by, introduction))
        if introduction.state not in OPEN_STATES:
            raise ledger.Refused(f"introduction_is_{introduction.state}")
        if bool(text) != bool(next_action_date):
            raise ValidationError({"next_action": _("下一步要同时写明做什么和哪一天。")})
        if next_action_date is not None and next_action_date < localdate(at):
            raise ValidationError({"next_action_date": _("下一步的日期已经过去，请选择今天或以后。")})
        introduction.next_action, introduction.next_action_date = text, next_action_date
        introduction.action_escalated_at, introduction.updated_at = None, at
        introduction.full_clean(exclude=["need", "offer", "station", "owner"], validate_constraints=False)
        introduction.save()
        entry.change(next_action_date=next_action_date.isoformat() if next_action_date else "")


def write_message(introduction: Introduction, *, text: str, by: Actor, at: datetime) -> Message:
    """Write to all who take part. A side's message waits for a person's answer, the broker's is one."""
    with ledger.action("introduction.message", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_write_message(by, introduction))
        if not text.strip():
            raise ValidationError({"text": _("请写下留言的内容。")})
        if len(text) > LONGEST_TEXT:
            what = _("留言太长：最多 %(most)d 字。较长的内容请作为附件上传。")
            raise ValidationError({"text": what % {"most": LONGEST_TEXT}})
        mine = permissions.sides_of(by, introduction, writing=True)
        side = Side.SEEKER if Side.SEEKER in mine else Side.PROVIDER if mine else Side.BROKER
        row = Message.objects.create(
            introduction=introduction, side=side, author=_user_of(by), text=text.strip(), at=at
        )
        if introduction.state in OPEN_STATES:
            if side == Side.BROKER:
                touch_by_handler(introduction, at=at)
            else:
                set_due(introduction, at=at)
        introduction.updated_at = at
        introduction.save()
        entry.change(side=str(side))
    return row


def take(introduction: Introduction, *, by: Actor, at: datetime) -> None:
    """Take charge of a matter that nobody is in charge of."""
    with ledger.action("introduction.take", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_take(by, introduction))
        if is_in_charge(introduction, on=localdate(at)):
            raise ledger.Refused("somebody_in_charge")
        user = _user_of(by)
        if user is None:
            raise ledger.Refused("cannot_be_in_charge")
        _give(introduction, to=user, reason=HandOverReason.TAKEN, by=by, at=at)
        entry.change(owner=str(user.key))


def hand_over(introduction: Introduction, *, to: User, reason: str, by: Actor, at: datetime) -> None:
    """Give a matter to another broker; if that one works at another station, the matter moves there."""
    _check_reason(reason)
    with ledger.action("introduction.hand_over", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_hand_over(by, introduction))
        receiver = actor_of(to, on=localdate(at))
        entry.require(permissions.can_receive(by, introduction, to, as_actor=receiver))
        stations = receiver.stations(Role.BROKER, Role.COORDINATOR)
        if stations and (introduction.station is None or introduction.station.key not in stations):
            introduction.station = parties.stations().get(key=min(stations))
        _give(introduction, to=to, reason=reason, by=by, at=at)
        entry.reason = reason
        entry.change(owner=str(to.key), station=introduction.station.key if introduction.station else "")


def hand_over_all(*, owner: User, to: User, reason: str, by: Actor, at: datetime) -> int:
    """Give all open matters of a person to another, all or none; returns how many."""
    _check_reason(reason)
    with ledger.action("user.hand_over", by=by, at=at, subject=f"user:{owner.key}") as entry:
        rows = list(Introduction.objects.filter(owner=owner, state__in=OPEN_STATES).order_by("pk"))
        if not rows:
            raise ledger.Refused("nothing_to_hand_over")
        for row in rows:
            hand_over(row, to=to, reason=reason, by=by, at=at)
        entry.reason, entry.count = reason, len(rows)
        entry.change(to=str(to.key))
    return len(rows)


def _check_reason(reason: str) -> None:
    if reason not in HandOverReason.values or reason == HandOverReason.TAKEN:
        raise ValidationError({"reason": _("请选择移交原因。")})


def _give(introduction: Introduction, *, to: User, reason: str, by: Actor, at: datetime) -> None:
    introduction.owner, introduction.updated_at = to, at
    introduction.save()
    Contact.objects.create(
        introduction=introduction, kind=ContactKind.HAND_OVER, person=str(to)[:60],
        text=HandOverReason(reason).value, held_date=localdate(at), author=_user_of(by), at=at,
    )  # fmt: skip


def _user_of(by: Actor) -> User | None:
    if not by.key.startswith("user:"):
        return None
    return parties.users().filter(key=by.key.removeprefix("user:")).first()


def escalate_due(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Put what is late before the coordinator, once each; returns how many. Run by the worker."""
    today = localdate(at)
    late_answer = Q(due_at__lte=at, escalated_at=None)
    late_action = Q(next_action_date__lt=today, action_escalated_at=None)
    rows = Introduction.objects.filter(late_answer | late_action, state__in=OPEN_STATES)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    done = 0
    for pk in keys:
        # One that somebody answers in this moment is refused, noted, and does not stop the others.
        with suppress(ledger.Refused):
            _escalate(pk, by=by, at=at)
            done += 1
    return done


def _escalate(pk: int, *, by: Actor, at: datetime) -> None:
    row = Introduction.objects.get(pk=pk)
    with ledger.action("introduction.escalate", by=by, at=at, subject=subject_of(row)) as entry:
        lock(row)
        entry.require(permissions.can_escalate(by))
        is_answer = row.due_at is not None and row.due_at <= at and row.escalated_at is None
        day = row.next_action_date
        is_action = day is not None and day < localdate(at) and row.action_escalated_at is None
        if row.state not in OPEN_STATES or not (is_answer or is_action):
            raise ledger.Refused("not_late")
        row.escalated_at = at if is_answer else row.escalated_at
        row.action_escalated_at = at if is_action else row.action_escalated_at
        row.save(update_fields=["escalated_at", "action_escalated_at"])
        entry.reason = "answer_late" if is_answer else "action_late"
