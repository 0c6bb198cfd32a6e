"""What is set and said about a promise by hand: its measure, its evidence, people's views, who follows it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.files import queries as files
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.proposals import indicators, masking, names, permissions
from keqiao.apps.proposals.models import (
    Direction,
    DueBasis,
    Evidence,
    EvidenceKind,
    Follow,
    Promise,
    Proposal,
    Reply,
    Stance,
    Supports,
    Voice,
    VoiceRole,
)

from ._common import assign_fields, lock, plain, require_unit, user_of

FIELDS = frozenset({"indicator", "target_value", "target_unit", "direction", "due_date", "unit", "next_look_date"})
LONGEST_VOICE = 5000


def edit_promise(promise: Promise, *, by: Actor, at: datetime, **values: Any) -> None:
    """Set the measure, the target, the day or the unit by hand; a later parse leaves these as they are."""
    with ledger.action("promise.edit", by=by, at=at, subject=names.subject_of(promise)) as entry:
        lock(promise)
        entry.require(permissions.can_keep_promise(by, promise))
        _require_live(promise)
        changed = assign_fields(promise, values, FIELDS)
        _check(promise, changed)
        if "due_date" in changed:
            promise.due_basis = DueBasis.SET
        promise.set_by_hand = sorted(
            {*promise.set_by_hand, *changed, *(["due_basis"] if "due_date" in changed else [])}
        )
        promise.checked_on = None
        promise.save()
        entry.change(**plain(changed))


def accept_indicator(promise: Promise, *, by: Actor, at: datetime) -> None:
    """Take the indicator that was proposed from the promise's own words."""
    if not promise.proposed_indicator:
        raise ValidationError({"indicator": _("没有建议的指标，请从列表中选择。")})
    edit_promise(promise, indicator=promise.proposed_indicator, by=by, at=at)


def _check(promise: Promise, changed: dict[str, Any]) -> None:
    problems: dict[str, str] = {}
    if changed.get("indicator") and promise.indicator not in indicators.known():
        problems["indicator"] = _("没有这个指标，请从列表中选择。")
    if "unit" in changed:
        require_unit(promise.unit)
    if promise.direction not in Direction.values:
        problems["direction"] = _("请选择不少于或不多于。")
    if promise.target_value is not None and not (
        isinstance(promise.target_value, Decimal | int) and Decimal(promise.target_value).is_finite()
    ):
        problems["target_value"] = _("目标值应为数字。")
    signed = promise.reply.signed_date
    if not isinstance(promise.due_date, date) or (signed is not None and promise.due_date < signed):
        problems["due_date"] = _("到期日不能早于答复的日期。")
    if problems:
        raise ValidationError(problems)


def _require_live(promise: Promise) -> None:
    if not promise.is_live:
        raise ledger.Refused("promise_not_live")


def add_evidence(
    promise: Promise,
    *,
    kind: str,
    supports: str,
    by: Actor,
    at: datetime,
    figure_key: str = "",
    later: Reply | None = None,
    start: int = 0,
    end: int = 0,
    attachment: str = "",
    note: str = "",
) -> Evidence:
    """Cite what shows that it is kept, in whole or in part: a figure's edition, a sentence of a later reply, a file."""
    with ledger.action("promise.evidence", by=by, at=at, subject=names.subject_of(promise)) as entry:
        lock(promise)
        entry.require(permissions.can_keep_promise(by, promise))
        _require_live(promise)
        if supports not in Supports.values:
            raise ValidationError({"supports": _("请选择这条依据说明了什么。")})
        row = Evidence(
            promise=promise, kind=kind, supports=supports, note=note.strip()[:500], by=by.key, at=at,
        )  # fmt: skip
        if kind == EvidenceKind.REPLY:
            _cite_reply(row, later, start, end, by=by)
        elif kind == EvidenceKind.FIGURE:
            _cite_figure(row, figure_key)
        elif kind == EvidenceKind.FILE:
            _cite_file(row, promise, attachment)
        else:
            raise ValidationError({"kind": _("请选择依据的种类。")})
        _require_new(row)
        row.save()
        promise.checked_on = None
        promise.save(update_fields=["checked_on"])
        entry.change(evidence=row.pk, kind=kind, supports=supports)
    return row


def _cite_reply(row: Evidence, later: Reply | None, start: int, end: int, *, by: Actor) -> None:
    made = row.promise.reply
    if later is None or later.pk == made.pk or not permissions.can_see_whole_reply(by, later).allowed:
        raise ValidationError({"later": _("请选择一份后来的答复。")})
    if made.signed_date and later.signed_date and later.signed_date <= made.signed_date:
        raise ValidationError({"later": _("这份答复不晚于作出承诺的答复。")})
    if not 0 <= start < end <= len(later.text) or not later.text[start:end].strip():
        raise ValidationError({"start": _("请选取答复中的一句话。")})
    shown = masking.masked(later.text, contacts=later.parsed.get("meta", {}).get("contacts", ()))
    row.later, row.start, row.end, row.quote = later, start, end, shown[start:end]


def _cite_figure(row: Evidence, key: str) -> None:
    found = indicators.edition(key)
    if found is None:
        raise ValidationError({"figure_key": _("没有这个已发布的数据。")})
    row.figure_key, row.value = key, indicators.amount_of(found)


def _cite_file(row: Evidence, promise: Promise, key: str) -> None:
    """The file has to lie with the promise, so that what is cited stays where it is."""
    try:
        found = files.attachment(key)
    except Attachment.DoesNotExist:
        found = None
    if found is None or found.subject != names.subject_of(promise):
        raise ValidationError({"attachment": _("请先上传文件。")})
    row.attachment = key


def _require_new(row: Evidence) -> None:
    same = Evidence.objects.filter(promise=row.promise, kind=row.kind)
    if row.kind == EvidenceKind.REPLY:
        same = same.filter(later=row.later, start=row.start, end=row.end)
    elif row.kind == EvidenceKind.FIGURE:
        same = same.filter(figure_key=row.figure_key)
    else:
        same = same.filter(attachment=row.attachment)
    if same.exists():
        raise ValidationError(_("这条依据已经有了。"), code="twice")


def reject_evidence(evidence: Evidence, *, reason: str, by: Actor, at: datetime) -> None:
    """Say why something shows nothing; it stays to be seen, counts no more, and is not found again."""
    promise = evidence.promise
    with ledger.action("promise.reject_evidence", by=by, at=at, subject=names.subject_of(promise)) as entry:
        lock(promise)
        entry.require(permissions.can_keep_promise(by, promise))
        evidence.refresh_from_db(from_queryset=Evidence.objects.select_for_update())
        if evidence.rejected_at is not None:
            raise ledger.Refused("evidence_rejected")
        if not reason.strip():
            raise ValidationError({"reason": _("请写明不采用的理由。")})
        evidence.rejected_at, evidence.rejected_by, evidence.reject_reason = at, by.key, reason.strip()[:500]
        evidence.save()
        promise.checked_on = None
        promise.save(update_fields=["checked_on"])
        entry.change(evidence=evidence.pk)


def speak(promise: Promise, *, role: str, stance: str, text: str, by: Actor, at: datetime) -> Voice:
    """Say, in one's role and under one's name, how the promise stands. It changes no computed state."""
    with ledger.action("promise.speak", by=by, at=at, subject=names.subject_of(promise)) as entry:
        lock(promise)
        if role not in VoiceRole.values:
            raise ValidationError({"role": _("请选择以什么身份发表看法。")})
        entry.require(permissions.can_speak(by, promise, role=role))
        if stance not in Stance.values:
            raise ValidationError({"stance": _("请选择一种看法。")})
        if not text.strip() or len(text) > LONGEST_VOICE:
            raise ValidationError({"text": _("请写明依据和情况，不超过 5000 字。")})
        user = user_of(by)
        row = Voice.objects.create(
            promise=promise, role=role, stance=stance, text=masking.masked(text.strip()), author=user,
            author_name=user.name if user else by.name, by=by.key, at=at,
            unit=(promise.unit or promise.reply.issuer) if role == VoiceRole.DEPARTMENT else "",
        )  # fmt: skip
        entry.change(role=role, stance=stance)
    return row


def follow(thing: Proposal | Promise, *, by: Actor, at: datetime) -> None:
    """Be told when it moves. Who signed a proposal is told without asking for it."""
    _set_follow(thing, is_on=True, by=by, at=at)


def unfollow(thing: Proposal | Promise, *, by: Actor, at: datetime) -> None:
    """Not be told any more, signer or not."""
    _set_follow(thing, is_on=False, by=by, at=at)


def _set_follow(thing: Proposal | Promise, *, is_on: bool, by: Actor, at: datetime) -> None:
    with ledger.action(f"follow.{'on' if is_on else 'off'}", by=by, at=at, subject=names.subject_of(thing)) as entry:
        if is_on:
            entry.require(permissions.can_follow(by, thing))
        user = user_of(by)
        if user is None:
            raise ledger.Refused("sign_in_first")
        _write_follow(thing, user, is_on=is_on, at=at)


def _write_follow(thing: Proposal | Promise, user: User, *, is_on: bool, at: datetime) -> None:
    which = {"promise": thing} if isinstance(thing, Promise) else {"proposal": thing}
    Follow.objects.update_or_create(user=user, **which, defaults={"is_on": is_on, "at": at})
