"""A published reply as a sheet: its corrected rows in the form the page for a dropped reply has, with what stands
behind them here: the published figure a number is, the promise that is followed."""

from dataclasses import replace

from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import queries
from keqiao.apps.proposals.models import Promise, Reply, ReplyFigure
from keqiao.apps.proposals.queries import board
from keqiao.engines import replies as engine
from keqiao.web.parts.reply_findings import findings
from keqiao.web.parts.reply_marks import Span
from keqiao.web.parts.reply_sheet import Sheet


def sheet_of(reply: Reply, *, actor: Actor, cited: Span | None = None) -> Sheet:
    """Everything the reader may see of a reply; contacts are masked by the queries."""
    found = queries.corrected(reply)
    figures = list(reply.figures.all())
    promises = list(board.promises_of(reply))
    known = {"figures": (), "commitments": (), "meta": {**found.meta, "contacts": (), "spans": {}}}
    read = engine.reply_from_dict({**reply.parsed, "suggestions": found.suggestions, **known})
    read = replace(
        read,
        figures=tuple(_figure(row, number) for number, row in enumerate(figures, 1)),
        commitments=tuple(_commitment(row, number) for number, row in enumerate(promises, 1)),
    )
    text = queries.shown_text(reply, actor=actor)
    return Sheet(read, text=text, findings=findings(read), records=(figures, promises), cited=cited)


def _figure(row: ReplyFigure, number: int) -> engine.Figure:
    return engine.Figure(
        id=f"f{number:03}", span=(row.start, row.end), raw=row.raw, value=row.value, value_max=row.value_max,  # type: ignore[arg-type] # a value can be taken out by hand
        unit=row.unit, unit_raw=row.unit_raw, quantity_kind=row.quantity_kind, modality=row.modality,
        year_or_period=row.period or None, period_source=row.period_source, indicator=row.indicator,
        programme=row.programme or None, organisations=tuple(row.organisations), approx=row.approx or None,
        suggestion=row.suggestion, department=row.department or None, in_table=row.in_table, subset=row.subset,
        sentence_span=(row.sentence_start, row.sentence_end), tier=row.tier,
    )  # fmt: skip


def _commitment(row: Promise, number: int) -> engine.Commitment:
    return engine.Commitment(
        id=f"c{number:03}", span=(row.start, row.end), text=row.text, anchor=row.anchor,
        anchor_span=(row.start, row.end),
        sentence_span=(row.sentence_start, row.sentence_end), suggestion=row.suggestion,
        department=row.department or None, action=row.action, horizon=row.horizon or None,
        specificity=row.specificity, in_next_steps=row.in_next_steps, tier=row.tier,
    )  # fmt: skip
