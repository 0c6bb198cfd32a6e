"""What a person knows better than the parser: kept beside the parse, laid over it each time it is read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import merging, names, permissions
from keqiao.apps.proposals.models import Correction, CorrectionKind, CorrectionState, Op, Reply, ReplyState
from keqiao.catalogue import proposals as rulebook

from ._common import lock, require_state
from .reading import decimal_of, refresh
from .stating import state_figures

Check = Callable[[Any], bool]
LONGEST_TEXT = 300
MODALITIES = ("done", "planned", "previous", "rule", "requested", "context")
QUANTITIES = (
    "amount", "count", "percent", "growth", "delta", "duration", "rate", "area", "volume", "rank", "other",
)  # fmt: skip
DISPOSITIONS = ("addressed", "declined", "deferred", "not_addressed")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _is_text_or_none(value: Any) -> bool:
    return value is None or _is_text(value)


def _is_number(value: Any) -> bool:
    return decimal_of(value) is not None


def _is_number_or_none(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_place_or_none(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and parse_date(value) is not None


def _is_horizon(value: Any) -> bool:
    if value in (None, "every_year"):
        return True
    parts = str(value).split("-")
    return len(parts[0]) == 4 and all(part.isdigit() for part in parts) and len(parts) <= 3


def _one_of(*values: str | None) -> Check:
    return lambda value: value in values


FIELDS: Mapping[str, Mapping[str, Check]] = {
    CorrectionKind.META: {
        "title": _is_text, "doc_number": lambda value: bool(rulebook.document_number(str(value))), "date": _is_day,
        "lead_department": _is_text, "signed_by": _is_text, "proposal_id": _is_text, "proposal_title": _is_text,
        "category": _is_text_or_none, "published": _is_day,
    },
    CorrectionKind.FIGURE: {
        "value": _is_number, "value_max": _is_number_or_none, "unit": _is_text, "year_or_period": _is_text_or_none,
        "modality": _one_of(*MODALITIES), "quantity_kind": _one_of(*QUANTITIES), "indicator": _is_text,
        "programme": _is_text_or_none, "department": _is_text_or_none, "approx": _is_text_or_none,
        "subset": _is_flag, "suggestion": _is_place_or_none, "tier": _one_of("core", "optional"),
    },
    CorrectionKind.PROMISE: {
        "department": _is_text_or_none, "horizon": _is_horizon, "specificity": _one_of("concrete", "soft"),
        "anchor": _is_text, "action": _is_text, "suggestion": _is_place_or_none,
        "tier": _one_of("core", "optional"),
    },
    CorrectionKind.SUGGESTION: {"quoted_title": _is_text, "heading_kind": _one_of("suggestion", "section")},
    CorrectionKind.ANSWER: {"department": _is_text_or_none, "disposition": _one_of(None, *DISPOSITIONS)},
}  # fmt: skip
SPLITTABLE = (CorrectionKind.FIGURE, CorrectionKind.PROMISE)
FEWEST_PARTS = 2


def correct(
    reply: Reply,
    *,
    kind: str,
    reason: str,
    by: Actor,
    at: datetime,
    op: str = Op.SET,
    field: str = "",
    start: int = 0,
    end: int = 0,
    value: Any = None,
) -> Correction:
    """Correct what was read at a place of the text (`start`, `end`; not needed for the heading), with the reason.

    `set` puts a value into a field; `add` names something that was not seen, with the fields of `value`; `remove` takes
    it out; `split` puts the parts of `value` in its place, each with start and end counted from the place's own.
    """
    with ledger.action("reply.correct", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, ReplyState.IMPORTED, ReplyState.CHECKED, ReplyState.PUBLISHED)
        _require_sound(reply, kind=kind, op=op, field=field, place=(start, end), value=value)
        if not reason.strip():
            raise ValidationError({"reason": _("请写明更正的理由。")})
        quote = reply.text[start:end] if kind != CorrectionKind.META else ""
        row = Correction.objects.create(
            reply=reply, kind=kind, op=op, field=field if op == Op.SET else "", quote=quote,
            occurrence=merging.occurrence_of(reply.text, start, end) if quote else 0, value=value,
            before=_before(reply, kind, field, (start, end)), reason=reason.strip()[:500], by=by.key, at=at,
        )  # fmt: skip
        refresh(reply, at=at)
        state_figures(reply, by=by, at=at)
        row.refresh_from_db()
        if row.state in (CorrectionState.LOST, CorrectionState.MOOT):
            raise ValidationError({"start": _("这里没有读出可以更正的内容，请重新选取原文。")})
        entry.change(correction=row.pk, kind=kind, op=op, field=field)
    return row


def withdraw_correction(correction: Correction, *, by: Actor, at: datetime) -> None:
    """Let the parser's reading, or the correction before, stand again. The row stays as a trace."""
    reply = correction.reply
    with ledger.action("reply.uncorrect", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        correction.refresh_from_db(from_queryset=Correction.objects.select_for_update())
        if correction.withdrawn_at is not None:
            raise ledger.Refused("correction_withdrawn")
        correction.withdrawn_at, correction.withdrawn_by = at, by.key
        correction.state = CorrectionState.WITHDRAWN
        correction.save()
        refresh(reply, at=at)
        state_figures(reply, by=by, at=at)
        entry.change(correction=correction.pk)


def _before(reply: Reply, kind: str, field: str, place: tuple[int, int]) -> Any:
    """What stood there until now, for whoever reads the trace."""
    fixes = reply.corrections.filter(withdrawn_at=None).order_by("pk")
    found = merging.merge(reply.parsed, text=reply.text, fixes=fixes)
    thing = found.meta if kind == CorrectionKind.META else merging.best(found.things(kind), place)
    return thing.get(field) if thing and field else None


def _require_sound(reply: Reply, *, kind: str, op: str, field: str, place: tuple[int, int], value: Any) -> None:
    if kind not in FIELDS or op not in Op.values:
        raise ValidationError({"kind": _("不能这样更正。")})
    if kind != CorrectionKind.META and not 0 <= place[0] < place[1] <= len(reply.text):
        raise ValidationError({"start": _("请先选取原文中的一段。")})
    if kind != CorrectionKind.META and not reply.text[slice(*place)].strip():
        raise ValidationError({"start": _("请先选取原文中的一段。")})
    if op != Op.SET and kind not in SPLITTABLE:
        raise ValidationError({"op": _("只有数字和承诺可以增补、去除或拆分。")})
    if op == Op.SET:
        _require_values(kind, {field: value})
    elif op == Op.ADD:
        _require_values(kind, value if isinstance(value, dict) else {"": None} if value is not None else {})
    elif op == Op.SPLIT:
        _require_parts(kind, value, place)


def _require_values(kind: str, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        check = FIELDS[kind].get(name)
        if check is None:
            raise ValidationError({"field": _("这一项不能更正：%(name)s") % {"name": name}})
        if not check(value):
            raise ValidationError({"value": _("这个值不对：%(value)s") % {"value": value}})


def _require_parts(kind: str, value: Any, place: tuple[int, int]) -> None:
    parts = value if isinstance(value, list) else []
    if len(parts) < FEWEST_PARTS or not all(isinstance(part, dict) for part in parts):
        raise ValidationError({"value": _("拆分至少要有两部分。")})
    last = 0
    for part in sorted(parts, key=lambda one: int(one.get("start", -1))):
        start, end = int(part.get("start", -1)), int(part.get("end", -1))
        if not last <= start < end <= place[1] - place[0]:
            raise ValidationError({"value": _("各部分须在原文之内，且不重叠。")})
        last = end
        _require_values(kind, {name: one for name, one in part.items() if name not in ("start", "end")})
