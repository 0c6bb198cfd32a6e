"""From a reply's text to its rows: the order of the steps, and the rows filled in."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keqiao.engines.replies import _model as model
from keqiao.engines.replies._candidates import Candidate, Trapped, judge
from keqiao.engines.replies._commitments import Promise, Promises
from keqiao.engines.replies._dated import ENTRY
from keqiao.engines.replies._dates import Periods
from keqiao.engines.replies._departments import Speakers, short
from keqiao.engines.replies._indicator import Indicators, Said, titled
from keqiao.engines.replies._lists import Item
from keqiao.engines.replies._manner import Manner
from keqiao.engines.replies._meta import read_meta
from keqiao.engines.replies._names import Mention, Names, collect, documents, organisations
from keqiao.engines.replies._places import Places
from keqiao.engines.replies._structure import Answer, Outline, Section, Suggestion, outline
from keqiao.engines.replies._tables import CellFigure, read_tables
from keqiao.engines.replies._topic import Topics
from keqiao.engines.replies._view import View, view
from keqiao.engines.replies._vocabulary import Vocabulary

_GRANT = re.compile("(?!共|累计|已|全年)[^，兑]{2,16}(?:奖励|补助|补贴|资助|给予|不低于|不超过|不高于)$")
_TOTAL = re.compile(r"(?:合计|总计|共计)[^，]{0,6}$")
_COMPARED = re.compile(r"年均|同比|环比|(?:较|比)(?:上年度?|去年|上一年度?|20\d\d年)?")
_SUBSET = re.compile(r"其中|含(?!量|义)")


def parse(text: str, *, vocabulary: Vocabulary) -> model.Reply:
    """Read a public reply (答复) to a proposal or suggestion: every number, promise and part of it with its span.

    Text: as decoded, newlines untouched; spans are half-open Python indices into it. Values are exact decimals in
    the base unit: money in yuan with 万 and 亿 multiplied out, shares in percent. Never raises for the sake of what
    a text says: what is not there stays None, and an empty text gives a reply without rows. No network, model, clock.

    Method: (1) a flat view in one spelling, lines that the page broke joined, page numbers and tables set aside,
    each character traced to its source; (2) head, foot and outline by numbering in order; (3) each numeral judged
    once, a trap (date, number of a document, name, phrase) or a quantity with a unit; (4) per figure the period by
    the last word of time in its sentence, else of its block; modality, growth or share by the words around; the
    indicator from the phrase on both sides under the programme named nearest; (5) promises by the main verb of each
    clause of the next steps. Linear in the length: no nested quantifiers, every look-ahead bounded.

    >>> from keqiao.catalogue.replies import shipped_reply_vocabulary
    >>> reply = parse("一、关于人才的建议\\n2024年，我省选派科创专员1\\n012名。", vocabulary=shipped_reply_vocabulary())
    >>> [(figure.span, figure.value, figure.unit, figure.year_or_period) for figure in reply.figures]
    [((24, 30), Decimal('1012'), 'count:人', '2024')]
    """
    page = view(text)
    frame = read_meta(page)
    lead = frame.meta.lead_department
    body = outline(page, vocabulary, body=frame.body, title=frame.asked)
    periods = Periods(page.flat, year=frame.meta.year)
    places = Places(page.flat, body, vocabulary, lead=lead)
    names = Names(page.flat, vocabulary)
    bodies = organisations(page.flat, Speakers(vocabulary), vocabulary)
    judged = list(judge(page, periods, vocabulary))
    rows = _Rows(page, frame.body, places, periods, names, bodies, vocabulary, frame.meta)
    figures = rows.figures([one for one in judged if isinstance(one, Candidate)], list(read_tables(page, vocabulary)))
    promises = Promises(page.flat, body, places, periods, vocabulary, year=frame.meta.year)
    return model.Reply(
        meta=frame.meta,
        suggestions=tuple(_suggestion(page, one, vocabulary, lead=lead) for one in body.suggestions),
        figures=figures,
        traps=_traps(page, [one for one in judged if isinstance(one, Trapped)]),
        commitments=tuple(_commitment(page, number, one) for number, one in enumerate(promises.read(), 1)),
        programmes=collect(page, list(names.programmes)),
        organisations=collect(page, bodies),
        sentences=tuple(_sentences(page, frame.body)),
        documents_cited=documents(page, vocabulary, body=frame.body[0]),
        chars=len(text),
    )


@dataclass(frozen=True)
class _Last:
    """The figure before: its sentence, its end and kind, and what the figures of its sentence said."""

    sentence: int
    end: int
    said: Said
    kind: str
    modality: str


class _Rows:
    """Fills in the rows of the figures, in the order of the text."""

    def __init__(
        self, page: View, body: tuple[int, int], places: Places, periods: Periods, names: Names,
        bodies: Sequence[Mention], vocabulary: Vocabulary, meta: model.Meta,
    ) -> None:  # fmt: skip
        self._page, self._body, self._places, self._names, self._bodies = page, body, places, names, bodies
        month = int(meta.date[5:7]) if meta.date else None
        self._manner = Manner(page.flat, periods, vocabulary, year=meta.year, month=month)
        self._indicators, self._topics = Indicators(page.flat, vocabulary), Topics(page.flat, names, vocabulary)

    def figures(self, candidates: list[Candidate], cells: list[CellFigure]) -> tuple[model.Figure, ...]:
        found: list[tuple[int, model.Figure]] = []
        last: _Last | None = None
        for one in candidates:
            if not self._body[0] <= one.start < self._body[1]:
                continue
            row, state = self._row(one, last)
            last = last if one.optional else state
            found.append((one.start, row))
        found += [(one.start, self._cell(one)) for one in cells if self._body[0] <= one.start]
        found.sort(key=lambda pair: pair[0])
        return tuple(_numbered(row, number) for number, (_, row) in enumerate(found, 1))

    def _row(self, one: Candidate, last: _Last | None) -> tuple[model.Figure, _Last]:
        place = self._places.at(one.start)
        divided = Said()
        if last is not None and last.sentence != place.sentence[0]:
            if self._page.flat.startswith("其中", place.sentence[0]):
                divided = last.said.divided()
            last = None
        if last is not None and ENTRY.search(self._page.flat, last.end, one.start):
            last = None  # ；②: the next of a list inside one sentence has its own subject
        page = self._page
        said = last.said if last else divided
        since = last.end if last and last.end > place.clause[0] else place.clause[0]
        kind = self._manner.kind(one, place, last.kind if last else None)
        modality = self._manner.modality(one, place)
        if modality == "done" and last and last.modality == "rule" and one.unit.kind == "amount":
            modality = "rule" if _GRANT.match(page.flat[place.clause[0] : one.start]) else modality
        dated = self._manner.dated(one, place, modality)
        programme = self._topics.programme(one, place)
        phrase = self._indicators.phrase(one, place, kind, said, since)
        row = model.Figure(
            id="", span=page.span(one.start, one.end), raw=page.raw(one.start, one.end), value=one.value,
            value_max=one.value_max, unit=one.unit.code, unit_raw=one.unit_raw, quantity_kind=kind, modality=modality,
            year_or_period=dated.label, period_source=dated.source,
            indicator=titled(programme.name if programme else None, phrase, one.unit.kind, kind),
            programme=page.text(programme.start, programme.end) if programme else None,
            organisations=self._organisations(place.sentence, one), approx=self._manner.approx(one),
            suggestion=place.suggestion.n if place.suggestion else None, department=place.department,
            subset=bool(_SUBSET.search(page.flat, _since(page.flat, place.sentence[0], one.start), one.start)),
            totals=bool(_TOTAL.search(page.flat[place.clause[0] : one.start])),
            listed=_listed(page.flat, one, place.sentence[0]),
            sentence_span=page.span(*place.sentence),
            tier="optional" if one.optional else "core",
            compared=_compared(page.flat[place.clause[0] : one.start]) if kind in ("growth", "delta") else None,
        )  # fmt: skip
        if not one.optional:
            part = "其中" in page.flat[place.clause[0] : one.start]
            said.add(phrase, kind, one.unit.code, one.start if part else None)
        return row, _Last(place.sentence[0], one.end, said, kind, modality)

    def _organisations(self, sentence: tuple[int, int], one: Candidate) -> tuple[str, ...]:
        first = bisect_left(self._bodies, sentence[0], key=lambda body: body.start)
        last = bisect_left(self._bodies, min(sentence[1], one.end + 60), key=lambda body: body.start)
        near = self._bodies[max(first, last - 16) : last]
        return tuple(dict.fromkeys(self._page.text(body.start, body.end) for body in near))[:8]

    def _cell(self, one: CellFigure) -> model.Figure:
        place, page = self._places.at(one.start), self._page
        programme = self._names.last(place.block, one.start)
        kind = one.unit.kind
        return model.Figure(
            id="", span=page.span(one.start, one.end), raw=page.raw(one.start, one.end), value=one.value,
            value_max=None, unit=one.unit.code, unit_raw=None, quantity_kind=kind, modality="done",
            year_or_period=one.period,
            period_source="stated" if one.period else "none",
            indicator=titled(programme.name if programme else None, one.indicator, kind, kind),
            programme=page.text(programme.start, programme.end) if programme else None, organisations=(), approx=None,
            suggestion=place.suggestion.n if place.suggestion else None, department=place.department,
            in_table=True, sentence_span=page.span(*place.sentence),
        )  # fmt: skip


def _since(flat: str, start: int, end: int) -> int:
    """Where what 其中 narrows can begin: a semicolon ends it."""
    return max(start, flat.rfind("；", start, end) + 1)


def _compared(before: str) -> str | None:
    """The last words of a clause that say what something grew against."""
    found = None
    for found in _COMPARED.finditer(before):  # noqa: B007 - the last one is wanted
        pass
    return found.group() if found else None


def _listed(flat: str, one: Candidate, start: int) -> int | None:
    """How many names are listed before 等7家: joined by 、 or each in its quotation marks; None where it is no list."""
    before = flat[one.start - 1 : one.start]
    if one.unit.kind != "count" or one.value > 40 or before not in ("等", "”"):
        return None
    text = flat[max(start, one.start - 400) : one.start - (before == "等")]
    if text.endswith("”"):
        quoted = re.search(r"(?:“[^“”]{1,60}”[、和及与]?){2,40}$", text)
        return quoted.group().count("“") if quoted else None
    listed = re.split("[，；：。]", text)[-1]
    return listed.count("、") + 1 if listed.count("、") >= 2 and "“" not in listed and "（" not in listed else None


def _issuers(flat: str, one: Trapped) -> int | None:
    """How many offices are listed before 等7部门; the one that leads them (甲会同乙、丙) counts where it has to."""
    if one.reason != "structural" or flat[one.start - 1 : one.start] != "等" or not flat[one.start : one.end].isdigit():
        return None
    listed = re.split("[，；：。]", flat[max(0, one.start - 400) : one.start - 1])[-1]
    if listed.count("、") < 2 or "（" in listed:
        return None
    count = listed.count("、") + 1
    led = re.search(".(?:会同|联合|牵头)", listed.split("、", 1)[0]) is not None
    return count + 1 if led and count < int(flat[one.start : one.end]) else count


def _sentences(page: View, body: tuple[int, int]) -> Iterator[model.Sentence]:
    """The sentences of the body that are long enough to be told from phrases everybody uses."""
    start = body[0]
    for stop in re.compile("[。！？\n]").finditer(page.flat, *body):
        text = page.flat[start : stop.start()]
        if len(text) >= 24:
            digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
            yield model.Sentence(page.span(start, stop.start()), digest)
        start = stop.end()


def _numbered(row: model.Figure, number: int) -> model.Figure:
    return model.Figure(**{**row.__dict__, "id": f"f{number:03d}"})


def _suggestion(page: View, one: Suggestion, vocabulary: Vocabulary, *, lead: str | None) -> model.Suggestion:
    title = one.title or one.heading
    return model.Suggestion(
        n=one.n,
        heading=page.text(*one.heading),
        quoted_title=page.text(*title),
        quoted=one.quoted,
        heading_kind="suggestion" if one.is_suggestion else "section",
        span=page.span(one.start, one.end),
        heading_span=page.span(*one.heading),
        answers=tuple(_answer(page, answer, vocabulary, lead=lead) for answer in one.answers),
    )


def _answer(page: View, one: Answer, vocabulary: Vocabulary, *, lead: str | None) -> model.Answer:
    marker = one.marker
    return model.Answer(
        department=short(marker.name if marker else lead, vocabulary),
        explicit=marker is not None,
        marker_span=page.span(marker.start, marker.end) if marker else None,
        span=page.span(one.start, one.end),
        disposition=_disposition(page.flat[one.start : one.end], vocabulary),
        sections=tuple(_section(page, section) for section in one.sections),
    )


def _disposition(text: str, vocabulary: Vocabulary) -> str | None:
    if vocabulary.lists["structure.declined"].found(text):
        return "declined"
    return "deferred" if vocabulary.lists["structure.deferred"].found(text) else None


def _section(page: View, one: Section) -> model.Section:
    return model.Section(
        kind=one.kind,
        heading=page.text(*one.heading) if one.heading else None,
        span=page.span(one.start, one.end),
        items=tuple(_item(page, item) for item in one.items),
    )


def _item(page: View, one: Item) -> model.Item:
    headline = page.text(*one.headline) if one.headline else None
    return model.Item(page.text(*one.ordinal), headline, page.span(one.start, one.end))


def _traps(page: View, judged: list[Trapped]) -> tuple[model.Trap, ...]:
    found = [
        model.Trap(page.span(one.start, one.end), page.raw(one.start, one.end), one.reason, _issuers(page.flat, one))
        for one in judged
    ]
    found += [model.Trap(span, page.source[span[0] : span[1]], "page_number") for span in page.pages]
    return tuple(sorted(found, key=lambda trap: trap.span))


def _commitment(page: View, number: int, one: Promise) -> model.Commitment:
    place = one.place
    return model.Commitment(
        id=f"c{number:03d}", span=page.span(one.start, one.end), text=page.text(one.start, one.end),
        anchor=page.text(*one.anchor), anchor_span=page.span(*one.anchor), sentence_span=page.span(*one.sentence),
        suggestion=place.suggestion.n if place.suggestion else None, department=one.department, action=one.action,
        horizon=one.horizon, specificity="concrete" if one.concrete else "soft", in_next_steps=one.is_next,
        tier="optional" if one.optional else "core",
    )  # fmt: skip


__all__ = ["Outline", "parse"]
