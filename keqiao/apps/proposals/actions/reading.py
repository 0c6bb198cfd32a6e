"""From the parse and the corrections to the rows that lists and figures are made of."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import indicators, masking, merging, names, parsing, permissions, units
from keqiao.apps.proposals.models import (
    CorrectionState,
    DueBasis,
    Promise,
    PromiseState,
    Reply,
    ReplyFigure,
    ReplyUnit,
    Specificity,
)
from keqiao.catalogue import proposals as rulebook

from ._common import lock
from .stating import state_figures

Thing = Mapping[str, Any]
# A row of before is the same thing if it shares half of its words with what is read now.
PROMISE_FIELDS = ("due_date", "unit", "indicator", "target_value", "target_unit", "direction", "next_look_date")
LONGEST_LINK = 20


def parse_into(reply: Reply, *, at: datetime) -> None:
    """Read the text with today's program and vocabulary; the rows are rebuilt by `refresh`."""
    reply.parsed, reply.parser, reply.parsed_at = parsing.read(reply.text), parsing.stamp(), at


def refresh(reply: Reply, *, at: datetime) -> merging.Merged:
    """Rebuild what is kept of a reply from its parse with the corrections over it. The reply is saved with it."""
    fixes = list(reply.corrections.filter(withdrawn_at=None).order_by("pk"))
    found = merging.merge(reply.parsed, text=reply.text, fixes=fixes)
    for fix in fixes:
        if fix.state != found.states[fix.pk]:
            fix.state = found.states[fix.pk]
            fix.save(update_fields=["state"])
    _take_heading(reply, found.meta)
    reply.updated_at = at
    reply.save()
    shown = masking.masked(reply.text, contacts=reply.parsed.get("meta", {}).get("contacts", ()))
    _write_figures(reply, found.figures)
    _write_promises(reply, found.promises, shown, at=at)
    _write_units(reply, found)
    return found


def _take_heading(reply: Reply, meta: Thing) -> None:
    """Number, title, day and issuer follow the heading as far as it says them; what it leaves open stays."""
    number = rulebook.document_number(str(meta.get("doc_number") or ""))
    reply.doc_number = number or reply.doc_number
    reply.title = str(meta.get("title") or reply.title)[:300]
    if day := parse_date(str(meta.get("date") or "")):
        reply.signed_date = day
    signed = str(meta.get("signed_by") or meta.get("lead_department") or "")
    if signed:
        reply.issuer_name, reply.issuer = signed[:100], units.resolve(signed)


def decimal_of(value: Any) -> Decimal | None:
    """An exact number from what JSON keeps of it; None for what is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found.adjusted() <= LONGEST_LINK else None


def _text(thing: Thing, name: str, length: int) -> str:
    return str(thing.get(name) or "")[:length]


def _write_figures(reply: Reply, things: Iterable[Thing]) -> None:
    """The rows anew; which published figure one is stays with the words it stands in."""
    known = {(row.start, row.end): row for row in reply.figures.exclude(figure_key="")}
    reply.figures.all().delete()
    rows = {}
    for thing in things:
        start, end = thing["span"]
        before = known.get((start, end))
        department = _text(thing, "department", 60)
        rows[start, end] = ReplyFigure(
            reply=reply, start=start, end=end, raw=_text(thing, "raw", 120), value=decimal_of(thing.get("value")),
            value_max=decimal_of(thing.get("value_max")), unit=_text(thing, "unit", 40),
            unit_raw=_text(thing, "unit_raw", 40), quantity_kind=_text(thing, "quantity_kind", 12),
            modality=_text(thing, "modality", 10), period=_text(thing, "year_or_period", 40),
            period_source=_text(thing, "period_source", 10), indicator=_text(thing, "indicator", 300),
            programme=_text(thing, "programme", 200), organisations=list(thing.get("organisations") or ()),
            approx=_text(thing, "approx", 10), suggestion=thing.get("suggestion"), department=department,
            unit_code=units.resolve(department), in_table=bool(thing.get("in_table")), subset=bool(thing.get("subset")),
            sentence_start=(thing.get("sentence_span") or thing["span"])[0],
            sentence_end=(thing.get("sentence_span") or thing["span"])[1], tier=_text(thing, "tier", 10),
            origin=thing["origin"], figure_key=before.figure_key if before else "",
            figure_grade=before.figure_grade if before else "",
        )  # fmt: skip
    ReplyFigure.objects.bulk_create(rows.values())


def _write_units(reply: Reply, found: merging.Merged) -> None:
    speaking = {reply.issuer}
    for suggestion in found.suggestions:
        speaking |= {units.resolve(str(answer.get("department") or "")) for answer in suggestion["answers"]}
    speaking |= {units.resolve(str(thing.get("department") or "")) for thing in found.promises}
    reply.units.all().delete()
    ReplyUnit.objects.bulk_create(ReplyUnit(reply=reply, unit=unit) for unit in sorted(speaking - {""}))


def _write_promises(reply: Reply, things: Iterable[Thing], shown: str, *, at: datetime) -> None:
    """Match what is read now with the rows of before, for people follow those; what is gone is marked, not deleted."""
    before = list(reply.promises.all())
    free = [{"span": (row.start, row.end), "row": row} for row in before]
    removed = _removed_places(reply)
    kept: set[int] = set()
    pairs: list[tuple[Thing, Promise | None]] = []
    for thing in things:
        match = merging.best(free, tuple(thing["span"]))
        if match is not None:
            free = [one for one in free if one is not match]
            kept.add(match["row"].pk)
        pairs.append((thing, match["row"] if match is not None else None))
    for row in before:
        if row.pk not in kept:
            row.is_lost, row.is_removed = True, (row.start, row.end) in removed
            row.save(update_fields=["is_lost", "is_removed"])
    # Rows that move onto each other's places would meet halfway: they step aside first.
    reply.promises.filter(pk__in=kept).update(is_lost=True)
    for thing, known in pairs:
        _write_promise(reply, thing, known, shown, at=at)


def _removed_places(reply: Reply) -> set[tuple[int, int]]:
    """The places of promises that a correction in force took out."""
    rows = reply.corrections.filter(
        kind="promise", op__in=("remove", "split"), withdrawn_at=None, state=CorrectionState.APPLIED
    )
    places = (merging.place_of(reply.text, row.quote, row.occurrence) for row in rows)
    return {place for place in places if place is not None}


def _write_promise(reply: Reply, thing: Thing, row: Promise | None, shown: str, *, at: datetime) -> None:
    start, end = thing["span"]
    first, last = thing.get("sentence_span") or thing["span"]
    first, last = min(first, start), max(last, end)
    department = _text(thing, "department", 60)
    due, is_stated = parsing.last_day_of(thing.get("horizon"), signed=reply.signed_date or localdate(at))
    if row is None:
        row = Promise(
            key=names.promise_key(), reply=reply, state=PromiseState.NOT_DUE, since_at=at, created_at=at,
            is_demo=reply.is_demo,
        )  # fmt: skip
    given: dict[str, Any] = {
        "start": start, "end": end, "text": shown[start:end], "sentence_start": first, "sentence_end": last,
        "sentence": shown[first:last], "anchor": _text(thing, "anchor", 200), "suggestion": thing.get("suggestion"),
        "department": department, "unit": units.resolve(department) or ("" if department else reply.issuer),
        "action": _text(thing, "action", 60), "horizon": _text(thing, "horizon", 20), "due_date": due,
        "due_basis": DueBasis.STATED if is_stated else DueBasis.ASSUMED,
        "specificity": Specificity.SOFT if thing.get("specificity") == "soft" else Specificity.CONCRETE,
        "in_next_steps": bool(thing.get("in_next_steps")), "tier": _text(thing, "tier", 10),
        "origin": thing["origin"], "next_look_date": next_look(reply.signed_date or localdate(at), due),
        "is_lost": False, "is_removed": False,
    }  # fmt: skip
    for name, value in given.items():
        if name not in row.set_by_hand:
            setattr(row, name, value)
    proposed = indicators.propose(f"{row.anchor}{row.text}", indicators.declared())
    row.proposed_indicator, row.proposed_because = (proposed[0].code, proposed[1][:200]) if proposed else ("", "")
    row.checked_on = None
    row.save()


def next_look(signed: date, due: date) -> date:
    """A year after it was made, or on its day if that comes first."""
    return min(due, rulebook.add_months(signed, 12))


def read_again(reply: Reply, *, by: Actor, at: datetime) -> merging.Merged:
    """Parse the text anew; corrections hold, or are listed as having lost their place."""
    with ledger.action("reply.parse", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        parse_into(reply, at=at)
        found = refresh(reply, at=at)
        state_figures(reply, by=by, at=at)
        lost = [str(pk) for pk, state in found.states.items() if state == CorrectionState.LOST]
        entry.change(parser=reply.parser, figures=len(found.figures), promises=len(found.promises), lost=lost)
    return found


def read_again_due(*, by: Actor, at: datetime, limit: int = 5) -> int:
    """Read again what another edition of program or vocabulary has read; returns how many. Run by the worker."""
    rows = Reply.objects.exclude(parser=parsing.stamp()).order_by("pk")[:limit]
    for reply in rows:
        read_again(reply, by=by, at=at)
    return len(rows)


def require_sound_number(number: str) -> None:
    if not number:
        what = _("文中没有找到发文字号，请手工填写，例如 ×科发〔2026〕12号。")
        raise ValidationError({"doc_number": ValidationError(what, code="no_number")})
