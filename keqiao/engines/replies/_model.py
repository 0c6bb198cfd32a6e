"""What a parsed reply consists of. Spans are half-open index pairs into the text as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

Span = tuple[int, int]
SCHEMA = "keqiao.reply.gold/1"


@dataclass(frozen=True)
class Figure:
    """One number with its row. `value` is exact and in the base unit; money in yuan.

    subset: it stands behind 其中; totals: behind 合计; listed: how many names are listed right before it (甲、乙等7家);
    compared: of a growth, the words that say against what (同比, 较上年, 年均).
    """

    id: str
    span: Span
    raw: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    unit_raw: str | None
    quantity_kind: str
    modality: str
    year_or_period: str | None
    period_source: str
    indicator: str
    programme: str | None
    organisations: tuple[str, ...]
    approx: str | None
    suggestion: int | None
    department: str | None
    in_table: bool = False
    subset: bool = False
    totals: bool = False
    listed: int | None = None
    sentence_span: Span = (0, 0)
    tier: str = "core"
    compared: str | None = None


@dataclass(frozen=True)
class Trap:
    """A numeral that is no figure, and why; listed: how many names stand before it (甲厅、乙厅等7部门)."""

    span: Span
    raw: str
    reason: str
    listed: int | None = None


@dataclass(frozen=True)
class Commitment:
    """A promise with the words that made it; `anchor` is what it is about."""

    id: str
    span: Span
    text: str
    anchor: str
    anchor_span: Span
    sentence_span: Span
    suggestion: int | None
    department: str | None
    action: str
    horizon: str | None
    specificity: str
    in_next_steps: bool
    tier: str = "core"


@dataclass(frozen=True)
class Item:
    """One entry of an enumeration: its ordinal as printed and the headline behind it."""

    ordinal: str
    headline: str | None
    span: Span


@dataclass(frozen=True)
class Section:
    """A part of an answer: plain, measures, results or next_steps."""

    kind: str
    heading: str | None
    span: Span
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Answer:
    """What one department says to one suggestion; `explicit` where a marker names it."""

    department: str | None
    explicit: bool
    marker_span: Span | None
    span: Span
    disposition: str | None
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Suggestion:
    """A numbered part of the reply: a suggestion it answers, or a section of its own."""

    n: int
    heading: str
    quoted_title: str
    quoted: bool
    heading_kind: str
    span: Span
    heading_span: Span
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Name:
    """A programme or an organisation with every place that names it."""

    name: str
    kind: str
    aliases: tuple[str, ...]
    mentions: tuple[Span, ...]


@dataclass(frozen=True)
class CitedDocument:
    """A document the reply cites by its title."""

    title: str
    number: str | None
    kind: str
    issuer: str | None
    span: Span
    number_span: Span | None


@dataclass(frozen=True)
class Meta:
    """The head and foot of the reply. Dates are ISO; phone numbers are held as spans only."""

    title: str | None = None
    doc_number: str | None = None
    index_number: str | None = None
    category: str | None = None
    proposal_id: str | None = None
    proposal_id_as_printed: str | None = None
    proposal_kind: str | None = None
    body: str | None = None
    session: dict[str, Any] | None = None
    year: int | None = None
    proposer: tuple[str, ...] = ()
    proposer_kind: str | None = None
    proposal_title: str | None = None
    lead_department: str | None = None
    signed_by: str | None = None
    co_departments: tuple[str, ...] = ()
    date: str | None = None
    published: str | None = None
    contacts: tuple[dict[str, Span | None], ...] = ()
    spans: dict[str, Span] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """A sentence by its place and a digest of its plain text: equal digests are copied words."""

    span: Span
    digest: str


@dataclass(frozen=True)
class Reply:
    """A public reply as rows, each with its place in the text."""

    meta: Meta
    suggestions: tuple[Suggestion, ...]
    figures: tuple[Figure, ...]
    traps: tuple[Trap, ...]
    commitments: tuple[Commitment, ...]
    programmes: tuple[Name, ...]
    organisations: tuple[Name, ...]
    documents_cited: tuple[CitedDocument, ...]
    sentences: tuple[Sentence, ...]
    chars: int

    def to_dict(self, *, file: str | None = None) -> dict[str, Any]:
        """The reply in the form `keqiao.reply.gold/1`, ready for JSON: spans as lists, numbers as int or float."""
        body = {one.name: _plain(getattr(self, one.name)) for one in fields(self) if one.name != "chars"}
        return {"schema": SCHEMA, "source": {"file": file, "chars": self.chars}} | body


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


def reply_from_dict(data: Mapping[str, Any]) -> Reply:
    """The reply of a file in the form `keqiao.reply.gold/1`; keys that are not ours are left out.

    Raises KeyError or TypeError, naming what is missing, for a file that is none.
    """
    return Reply(
        meta=_of(Meta, data["meta"]),
        suggestions=tuple(_suggestion_of(one) for one in data["suggestions"]),
        figures=tuple(_figure_of(one) for one in data["figures"]),
        traps=tuple(_of(Trap, one) for one in data.get("traps", ())),
        commitments=tuple(_of(Commitment, one) for one in data["commitments"]),
        programmes=tuple(_of(Name, one) for one in data.get("programmes", ())),
        organisations=tuple(_of(Name, one) for one in data.get("organisations", ())),
        documents_cited=tuple(_of(CitedDocument, one) for one in data.get("documents_cited", ())),
        sentences=tuple(_of(Sentence, one) for one in data.get("sentences", ())),
        chars=int(data.get("source", {}).get("chars") or 0),
    )


def _of(kind: type[Any], data: Mapping[str, Any]) -> Any:
    known = {one.name for one in fields(kind)}
    return kind(**{key: _frozen(value) for key, value in data.items() if key in known})


def _frozen(value: Any) -> Any:
    """Lists as tuples all the way down, so that spans of a file compare with spans of a parse."""
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def _figure_of(data: Mapping[str, Any]) -> Figure:
    figure: Figure = _of(Figure, data)
    top = data.get("value_max")
    return replace(figure, value=Decimal(str(data["value"])), value_max=None if top is None else Decimal(str(top)))


def _suggestion_of(data: Mapping[str, Any]) -> Suggestion:
    answers = []
    for answer in data["answers"]:
        sections = []
        for one in answer["sections"]:
            items = tuple(_of(Item, item) for item in one["items"])
            sections.append(_of(Section, {**one, "items": ()}))
            sections[-1] = replace(sections[-1], items=items)
        answers.append(_of(Answer, {"disposition": None, **answer, "sections": ()}))
        answers[-1] = replace(answers[-1], sections=tuple(sections))
    suggestion: Suggestion = _of(Suggestion, {**data, "answers": ()})
    return replace(suggestion, answers=tuple(answers))
