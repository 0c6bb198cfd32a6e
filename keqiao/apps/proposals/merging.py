"""Corrections laid over a parse. Pure: what the parser read, the text and the corrections in, both together out.

A correction is found again by the words it speaks of, never by the parser's numbering, so that it holds whatever the
parser reads next time. Each one ends in a state: applied, superseded by a later one, moot (nothing is left for it to
do), or lost. None is dropped.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .models.reply import CorrectionKind, CorrectionState, Op, Origin

Thing = dict[str, Any]
LISTS = {CorrectionKind.FIGURE: "figures", CorrectionKind.PROMISE: "promises"}
_SENTENCE_END = re.compile(r"[。！？；\n]")
_BLANK_FIGURE: Thing = {
    "value": None, "value_max": None, "unit": "", "unit_raw": "", "quantity_kind": "other", "modality": "done",
    "year_or_period": None, "period_source": "none", "indicator": "", "programme": None, "organisations": [],
    "approx": None, "suggestion": None, "department": None, "in_table": False, "subset": False, "tier": "core",
}  # fmt: skip
_BLANK_PROMISE: Thing = {
    "anchor": "", "suggestion": None, "department": None, "action": "", "horizon": None, "specificity": "concrete",
    "in_next_steps": True, "tier": "core",
}  # fmt: skip


class Fix(Protocol):
    """What a correction says, as its row does."""

    @property
    def pk(self) -> Any: ...
    @property
    def kind(self) -> str: ...
    @property
    def op(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def occurrence(self) -> int: ...
    @property
    def value(self) -> Any: ...


@dataclass
class Merged:
    """A parse with the corrections over it. Things have `origin`, and under `set` which correction set which field."""

    meta: Thing
    suggestions: list[Thing]
    figures: list[Thing]
    promises: list[Thing]
    states: dict[Any, CorrectionState] = field(default_factory=dict)

    def things(self, kind: str) -> list[Thing]:
        if kind == CorrectionKind.FIGURE:
            return self.figures
        if kind == CorrectionKind.PROMISE:
            return self.promises
        if kind == CorrectionKind.SUGGESTION:
            return self.suggestions
        return [answer for suggestion in self.suggestions for answer in suggestion["answers"]]


def occurrence_of(text: str, start: int, end: int) -> int:
    """Which of the places where the same words stand this one is, from 0."""
    quote = text[start:end]
    return sum(1 for place in _places(text, quote) if place < start)


def place_of(text: str, quote: str, occurrence: int) -> tuple[int, int] | None:
    """Where the words stand, None where the text has no such place."""
    for number, start in enumerate(_places(text, quote)):
        if number == occurrence:
            return start, start + len(quote)
    return None


def _places(text: str, quote: str) -> Iterator[int]:
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds a piece of the text."""
    before = [match.end() for match in _SENTENCE_END.finditer(text, 0, start)]
    after = _SENTENCE_END.search(text, end)
    first = before[-1] if before else 0
    last = (after.start() if after and after[0] == "\n" else after.end()) if after else len(text)
    while first < start and text[first].isspace():
        first += 1
    return first, max(last, end)


def merge(parsed: Mapping[str, Any], *, text: str, fixes: Iterable[Fix]) -> Merged:
    """Lay corrections, in the order they were made, over what the parser read (`keqiao.reply.gold/1`)."""
    found = Merged(
        meta=copy.deepcopy(dict(parsed.get("meta", {}))) | {"set": {}},
        suggestions=_fresh(parsed.get("suggestions", ())),
        figures=_fresh(parsed.get("figures", ())),
        promises=_fresh(parsed.get("commitments", ())),
    )
    for suggestion in found.suggestions:
        suggestion["answers"] = _fresh(suggestion.get("answers", ()))
    for fix in fixes:
        found.states[fix.pk] = _apply(found, fix, text)
    for name in LISTS.values():
        getattr(found, name).sort(key=lambda thing: (thing["span"][0], thing["span"][1]))
    return found


def _fresh(things: Iterable[Mapping[str, Any]]) -> list[Thing]:
    return [copy.deepcopy(dict(thing)) | {"origin": str(Origin.PARSED), "set": {}} for thing in things]


def _apply(found: Merged, fix: Fix, text: str) -> CorrectionState:
    if fix.kind == CorrectionKind.META:
        _set(found, found.meta, fix)
        return CorrectionState.APPLIED
    place = place_of(text, fix.quote, fix.occurrence)
    if place is None:
        return CorrectionState.LOST
    target = best(found.things(fix.kind), place)
    if fix.op == Op.SET:
        if target is None:
            return CorrectionState.LOST
        _set(found, target, fix)
        return CorrectionState.APPLIED
    if fix.op == Op.REMOVE:
        return _remove(found, fix, target)
    if fix.op == Op.ADD:
        _add(found, fix, target, place, text)
    else:
        _split(found, fix, target, place, text)
    return CorrectionState.APPLIED


def extent(thing: Mapping[str, Any]) -> tuple[int, int]:
    """The words a thing is found by: a suggestion by its heading, an answer with the marker before it."""
    span = thing.get("heading_span") or thing["span"]
    marker = thing.get("marker_span")
    return (min(span[0], marker[0]) if marker else span[0]), span[1]


def best(things: Sequence[Thing], place: tuple[int, int]) -> Thing | None:
    """The thing that shares most of the place: at least half of the shorter of the two."""
    chosen, most = None, 0.0
    for thing in things:
        start, end = extent(thing)
        shared = min(end, place[1]) - max(start, place[0])
        shorter = min(end - start, place[1] - place[0])
        if shared > 0 and 2 * shared >= shorter:
            # Of two that share as much, the one that is more like the place itself.
            rank = shared + 1 / (2 + abs(end - start - (place[1] - place[0])))
            if rank > most:
                chosen, most = thing, rank
    return chosen


def _set(found: Merged, thing: Thing, fix: Fix) -> None:
    _supersede(found, thing, fix.field)
    thing[fix.field] = fix.value
    thing["set"][fix.field] = fix.pk
    if thing.get("origin") == Origin.PARSED:
        thing["origin"] = str(Origin.CORRECTED)


def _supersede(found: Merged, thing: Thing, name: str) -> None:
    earlier = thing["set"].get(name)
    if earlier is not None:
        found.states[earlier] = CorrectionState.SUPERSEDED


def _remove(found: Merged, fix: Fix, target: Thing | None) -> CorrectionState:
    """Take a thing out; what the parser does not find any more needs no taking out."""
    if target is None or fix.kind not in LISTS:
        return CorrectionState.MOOT
    for name in list(target["set"]):
        _supersede(found, target, name)
    _drop(found, fix.kind, target)
    return CorrectionState.APPLIED


def _drop(found: Merged, kind: str, target: Thing) -> None:
    name = LISTS[CorrectionKind(kind)]
    setattr(found, name, [thing for thing in getattr(found, name) if thing is not target])


def _add(found: Merged, fix: Fix, target: Thing | None, place: tuple[int, int], text: str) -> None:
    """A thing that the parser did not see; where it sees it by now, the values given still hold."""
    given = dict(fix.value or {})
    if target is None:
        thing = _made(fix.kind, place, text) | given | {"origin": str(Origin.ADDED)}
        thing["set"] = dict.fromkeys(("", *given), fix.pk)
        found.things(fix.kind).append(thing)
        return
    for name, value in given.items():
        _supersede(found, target, name)
        target[name] = value
        target["set"][name] = fix.pk
    target["origin"] = str(Origin.CORRECTED)


def _split(found: Merged, fix: Fix, target: Thing | None, place: tuple[int, int], text: str) -> None:
    """Several things in place of one. Each part names its words within the quote and what is its own."""
    things = found.things(fix.kind)
    inside = [thing for thing in things if place[0] <= thing["span"][0] and thing["span"][1] <= place[1]]
    whole = target or (inside[0] if inside else None)
    kept = {name: value for name, value in (whole or {}).items() if name in _blank(fix.kind)}
    for thing in {id(one): one for one in ([whole] if whole else []) + inside}.values():
        _drop(found, fix.kind, thing)
    for part in fix.value or ():
        span = place[0] + part["start"], place[0] + part["end"]
        own = {name: value for name, value in part.items() if name not in ("start", "end")}
        thing = _made(fix.kind, span, text) | kept | own | {"origin": str(Origin.SPLIT)}
        thing["set"] = dict.fromkeys(("", *own), fix.pk)
        found.things(fix.kind).append(thing)


def _blank(kind: str) -> Thing:
    return _BLANK_FIGURE if kind == CorrectionKind.FIGURE else _BLANK_PROMISE


def _made(kind: str, span: tuple[int, int], text: str) -> Thing:
    thing = copy.deepcopy(_blank(kind)) | {"span": list(span), "sentence_span": list(sentence_around(text, *span))}
    words = text[span[0] : span[1]]
    thing["raw" if kind == CorrectionKind.FIGURE else "text"] = words
    return thing
