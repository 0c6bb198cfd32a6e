"""Preparing, publishing, correcting and withdrawing figures. One person prepares, another publishes."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger import hashing
from keqiao.apps.ledger.actions import Actor, Draft, Refused, Verdict
from keqiao.apps.ledger.models import EndReason, FigureRow, FigureState, Grade, Measure, PublishedFigure

from . import freezing, queries
from .checking import draft_problem, safety_problem
from .definitions import Definition, Row, definition, definitions
from .keepers import may_keep
from .readiness import says_the_same

ENTERED = ("code", "name_zh", "name_en", "unit_zh", "unit_en", "scope_zh", "scope_en", "meaning_zh", "meaning_en",
           "sentence", "source", "about", "printed_growth", "theme", "owner", "kind", "note")  # fmt: skip


def prepare_figure(code: str, *, year: int, as_of: date, by: Actor, at: datetime, note: str = "") -> PublishedFigure:
    """Freeze a figure with its rows as a draft. If one stands for the same period, this will correct it.

    Refused where the value or what is left of it beside other published figures would give a few rows away.
    """
    known = definition(code)
    period = known.period(year, as_of=as_of)
    with ledger.action("figure.prepare", by=by, at=at, subject=f"figure:{code}") as entry:
        entry.require(may_keep(by, known.owner))
        if PublishedFigure.objects.filter(code=code, year=year, as_of=as_of, state=FigureState.DRAFT).exists():
            raise Refused("figure_draft_exists")
        rows = freezing.rows_of(known, period)
        before = queries.published(internal=True, year=year).filter(code=code, as_of=as_of).first()
        figure = _draft(known, rows, year=year, as_of=as_of, by=by, at=at)
        figure.replaces, figure.note = before, note.strip()
        frozen = list(freezing.frozen(rows, alg=figure.alg))
        figure.digest = freezing.figure_digest(figure, frozen)
        if before and says_the_same(known, rows, before):
            raise Refused("figure_unchanged")
        _require_safe(known, rows, figure)
        _save(figure)
        for row in frozen:
            row.figure = figure
        FigureRow.objects.bulk_create(frozen, batch_size=2000)
        _note(entry, figure)
    return figure


def state_figure(
    *, code: str, name_zh: str, unit_zh: str, value: str, year: int, as_of: date, sentence: str, source: str,
    by: Actor, at: datetime, may: Verdict | None = None, state: str = FigureState.PUBLISHED, **more: Any,
) -> PublishedFigure:  # fmt: skip
    """Keep a figure that stands in a sentence and nowhere else, at once published or, as a draft, for another's eyes.

    `value` are the digits as printed. `may` is the decision of an app above; without one, keepers of figures may.
    Raises ValidationError for a value that is no number or a code that an app declares.
    """
    given = {"code": code, "name_zh": name_zh, "unit_zh": unit_zh, "sentence": sentence, "source": source} | more
    if unknown := given.keys() - set(ENTERED):
        raise TypeError(f"a stated figure has no {', '.join(sorted(unknown))}")
    figure = PublishedFigure(
        grade=Grade.SENTENCE, measure=Measure.TEXT, value=_number(value), year=year, as_of=as_of, state=state,
        alg=hashing.DEFAULT_ALGORITHM, prepared_by=by.key, prepared_at=at,
        **{name: text.strip() for name, text in ({"kind": "flow"} | given).items()},
    )  # fmt: skip
    for field in ("sentence", "source"):
        if not given[field].strip():
            raise ValidationError({field: _("请填写原句和出处：只有原句的数字，没有它们就无从核对。")})
    if code in definitions():
        raise ValidationError({"code": _("这个代码是平台自己计算的数字，请换一个。")})
    with ledger.action("figure.state", by=by, at=at, subject=f"figure:{code}") as entry:
        entry.require(may or may_keep(by, figure.owner))
        if state == FigureState.PUBLISHED:
            figure.published_by, figure.published_at = by.key, at
        figure.digest = freezing.figure_digest(figure, ())
        _save(figure)
        _note(entry, figure)
    return figure


def publish_figure(figure: PublishedFigure, *, by: Actor, at: datetime) -> None:
    """Publish a draft that somebody else has prepared; what it corrects ends."""
    with ledger.action("figure.publish", by=by, at=at, subject=figure.subject) as entry:
        figure = PublishedFigure.objects.select_for_update(of=("self",)).select_related("replaces").get(pk=figure.pk)
        entry.require(may_keep(by, figure.owner))
        if figure.state != FigureState.DRAFT:
            raise Refused(f"figure_is_{figure.state}")
        if figure.prepared_by == by.key and not by.key.startswith("system:"):
            raise Refused("own_figure")
        _require_current(figure)
        if before := figure.replaces:
            _end(before, FigureState.CORRECTED, reason=EndReason.ROWS_CORRECTED, by=by, at=at)
        figure.state, figure.published_by, figure.published_at = FigureState.PUBLISHED, by.key, at
        figure.save(update_fields=["state", "published_by", "published_at"])
        entry.change(value=figure.value, digest=figure.digest)


def drop_figure(figure: PublishedFigure, *, by: Actor, at: datetime) -> None:
    """Let a draft go. It stays on record, unpublished."""
    _close(figure, FigureState.DRAFT, FigureState.DROPPED, kind="figure.drop", reason="", note="", by=by, at=at)


def withdraw_figure(figure: PublishedFigure, *, reason: str, by: Actor, at: datetime, note: str = "") -> None:
    """Take a published figure back. Its page stays and says so, with the reason."""
    if reason not in EndReason.values:
        raise ValidationError({"reason": _("请选择撤回原因。")})
    _close(figure, FigureState.PUBLISHED, FigureState.WITHDRAWN, kind="figure.withdraw", reason=reason, note=note,
           by=by, at=at)  # fmt: skip


def forget_rows(subject: str, *, by: Actor, at: datetime, reason: str) -> int:
    """Erase what frozen rows say of one subject. Amounts and digests stay, so every figure still recomputes.

    Whether it may be done is decided by the action of the app above that calls it.
    """
    with ledger.action("figure.forget", by=by, at=at, subject=subject) as entry:
        entry.reason = reason
        entry.count = FigureRow.objects.filter(subject=subject).update(subject="", salt="", facts={})
    return entry.count


def _close(
    figure: PublishedFigure, source: str, target: str, *, kind: str, reason: str, note: str, by: Actor, at: datetime
) -> None:
    with ledger.action(kind, by=by, at=at, subject=figure.subject) as entry:
        figure = PublishedFigure.objects.select_for_update().get(pk=figure.pk)
        entry.require(may_keep(by, figure.owner))
        if figure.state != source:
            raise Refused(f"figure_is_{figure.state}")
        entry.reason = reason
        figure.note = note.strip()[:300] or figure.note
        _end(figure, target, reason=reason, by=by, at=at)


def _end(figure: PublishedFigure, state: str, *, reason: str, by: Actor, at: datetime) -> None:
    figure.state, figure.end_reason, figure.ended_by, figure.ended_at = state, reason, by.key, at
    figure.save(update_fields=["state", "end_reason", "ended_by", "ended_at", "note"])


def _draft(known: Definition, rows: list[Row], *, year: int, as_of: date, by: Actor, at: datetime) -> PublishedFigure:
    words: dict[str, str] = {}
    for language, short in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            words |= {f"{name}_{short}": str(getattr(known, name)) for name in ("name", "meaning", "unit", "scope")}
    tables = freezing.tables_of(known, rows)
    return PublishedFigure(
        code=known.code, version=known.version, grade=known.grade, kind=known.kind, measure=known.measure,
        theme=known.theme, owner=known.owner, year=year, as_of=as_of, value=str(freezing.value_of(known, rows)),
        row_count=len(rows), alg=hashing.DEFAULT_ALGORITHM, tables=tables,
        matrix=freezing.matrix(known, rows, tables),
        is_masked=known.is_masked, is_internal=known.is_internal, prepared_by=by.key, prepared_at=at, **words,
    )  # fmt: skip


def _require_safe(known: Definition, rows: list[Row], figure: PublishedFigure) -> None:
    if problem := safety_problem(known, rows, year=figure.year, as_of=figure.as_of, replaces=figure.replaces):
        raise Refused(problem)


def _require_current(figure: PublishedFigure) -> None:
    """Refuse a draft that was tampered with, or that others have overtaken since it was prepared."""
    if problem := draft_problem(figure):
        raise Refused(problem)


def _save(figure: PublishedFigure) -> None:
    """Give the edition its key and write it; another one that was begun at the same moment stands in its way."""
    span = str(figure.year) if figure.is_whole else figure.as_of.isoformat()
    number = PublishedFigure.objects.filter(code=figure.code, year=figure.year, as_of=figure.as_of).count() + 1
    figure.key = f"{figure.code}-{span}-{number}"
    figure.full_clean(exclude=["replaces", "digest"], validate_constraints=False)
    try:
        with ledger.attempt():
            figure.save()
    except IntegrityError as error:
        raise Refused("figure_draft_exists") from error


def _note(entry: Draft, figure: PublishedFigure) -> None:
    entry.subject, entry.count = figure.subject, figure.row_count
    entry.change(value=figure.value, digest=figure.digest, version=figure.version)


def _number(text: str) -> str:
    """The digits of a value as printed, without the commas between them."""
    plain = text.strip().replace(",", "").replace("，", "")
    try:
        if Decimal(plain).is_finite():
            return plain
    except InvalidOperation:
        pass
    raise ValidationError({"value": _("“%(value)s”不是数字，请只填数字，单位另填。") % {"value": text}})
