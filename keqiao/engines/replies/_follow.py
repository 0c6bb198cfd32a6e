"""Promises followed into later replies: to a figure, a document or a clause that speaks of them, or to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from keqiao.engines.replies._arithmetic import interval
from keqiao.engines.replies._entries import family_of, places_of
from keqiao.engines.replies._linked import Evidence, Followed, Series
from keqiao.engines.replies._model import Figure, Reply
from keqiao.engines.replies._told import SHORTEST, Library, Told
from keqiao.engines.replies._vocabulary import Vocabulary
from keqiao.engines.replies._wanted import Reader, Wanted

_MOST = 6  # places cited for one promise
_WHOLE, _PART = 2, 1
_PAIRS, _COVERED = 5, 0.8  # pairs of a name, and how many of them a phrase has to hold
_QUALIFIED = 2  # characters before a name that narrow it
_NOTES = {
    "": "",
    "under_way": "under way",
    "name_part": "only a part of the name is spoken of later",
    "one_kind": "a narrower thing is spoken of",
    "not_made": "spoken of, not said to be made",
    "was_there": "it was there before the promise",
    "another_of_kind": "another of the kind, none of those named",
    "another_name": "another programme of the kind",
    "fewer": "fewer than promised: ",
    "no_number": "no number told against ",
    "some_names": "not spoken of later: ",
}
_YEAR = re.compile(r"20\d\d")


def follow(
    replies: Mapping[str, Reply],
    linked: Sequence[Series],
    *,
    vocabulary: Vocabulary,
    texts: Mapping[str, str] | None = None,
    on: str | None = None,
) -> Iterator[Followed]:
    """Look every promise up in the later replies of the same office, or of the same body where it names none.

    `on` is the day to judge by (ISO); without it the date of the last reply. A promise whose day is still to come, or
    with no later reply, is pending_at_date; a soft one without a name to look for is too_soft; else kept where
    everything it names is told of as done and every number reached, partly where some is, no_evidence where nothing
    is. Method: names in quotation marks, titles, and the object of the promise are looked up in what later figures
    count, in cited documents and, with `texts`, in the clauses that tell of a deed. What speaks of a thing must say
    the word that tells what it is (系统 of 申报系统), and nothing of an earlier year or of another level is taken.
    """
    return _Follower(replies, linked, vocabulary, texts or {}).all(on)


@dataclass(frozen=True)
class _Found:
    """A place that speaks of a promise: of the whole of a name or a part of it, and why only a part."""

    evidence: Evidence
    weight: int
    note: str
    figure: Figure | None


class _Follower:
    def __init__(
        self, replies: Mapping[str, Reply], linked: Sequence[Series], vocabulary: Vocabulary, texts: Mapping[str, str]
    ) -> None:
        self._replies, self._words, self._reader = replies, vocabulary.lists, Reader(vocabulary)
        self._wanted = {doc: [self._read(reply, one) for one in reply.commitments] for doc, reply in replies.items()}
        grams = {
            name[at : at + SHORTEST]
            for rows in self._wanted.values()
            for one in rows
            for name in (part.lstrip("《") for part in one.names)
            for at in range(len(name) - SHORTEST + 1)
        }
        self._library = Library(replies, texts, grams, vocabulary)
        self._grown = _grown(linked)
        self._before = _before(linked)

    def all(self, on: str | None) -> Iterator[Followed]:
        library = self._library
        last = on or (library.dates[-1] if library.dates else "")
        for date, doc in zip(library.dates, library.docs, strict=True):
            for wanted in self._wanted[doc]:
                promise = wanted.promise
                looked = library.later(promise.department, doc, _after(date))
                told = {"doc": doc, "id": promise.id, "text": promise.text, "department": promise.department}
                if not looked or _is_due_after(promise.horizon, last):
                    yield Followed(told, "pending_at_date", looked=looked)
                else:
                    yield self._followed(told, wanted, date, looked)

    def _read(self, reply: Reply, promise: Any) -> Wanted:
        start, end = promise.span
        targets = [
            one
            for one in reply.figures
            if start <= one.span[0] < end and one.quantity_kind in ("amount", "count", "area") and not one.subset
        ]
        return self._reader.read(promise, tuple(targets))

    def _followed(self, told: dict[str, Any], wanted: Wanted, date: str, looked: int) -> Followed:
        after, names = _after(date), wanted.names
        grew = self._growth(told["doc"], wanted)
        if wanted.promise.specificity == "soft" and not names and not grew:
            return Followed(told, "too_soft", looked=looked)
        if grew:
            return Followed(told, "kept", grew, looked, "the figure grew")
        spoken = {name: list(self._spoken_of(name, wanted, told["doc"], date, after)) for name in names}
        found = sorted((one for group in spoken.values() for one in group), key=lambda one: -one.weight)
        if not found:
            found = [*self._alike(wanted, told["doc"], after), *self._framed(wanted, told["doc"], after)]
        if not found:
            return Followed(told, "no_evidence", looked=looked, note=f"no later mention found in {looked} replies")
        return self._judged(told, wanted, found, spoken, date, looked)

    def _judged(
        self, told: dict[str, Any], wanted: Wanted, found: list[_Found], spoken: dict[str, list[_Found]], date: str,
        looked: int,
    ) -> Followed:  # fmt: skip
        missing = [name.lstrip("《") for name, group in spoken.items() if not group]
        whole = bool(spoken) and all(any(one.weight == _WHOLE for one in group) for group in spoken.values())
        whole = whole and not wanted.is_short and not wanted.is_open
        wholes = [one for one in found if one.weight == _WHOLE]
        short, numbers = self._short(wanted, wholes if whole else found, told["doc"], date)
        if whole and not short:
            shown = [one for one in wholes if _reaches(one, wanted)]
            return Followed(told, "kept", _cited(shown, ""), looked)
        some = "some_names" if (missing and len(missing) < len(spoken)) or wanted.is_short else ""
        why = some or short if whole or some else next((one.note for one in found if one.note), short)
        detail = "、".join(missing) if some else numbers if why == short else ""
        return Followed(told, "partly", _cited(found, why), looked, f"{_NOTES[why]}{detail}")

    def _spoken_of(self, name: str, wanted: Wanted, doc: str, date: str, after: str) -> Iterator[_Found]:
        """Places in later replies that speak of a name as of something that is there; whether of all of it."""
        is_title, text = name.startswith("《"), name.lstrip("《")
        families = {family_of(target.unit) for target in wanted.targets}
        was_there = wanted.is_made and not wanted.is_anew and not wanted.targets and self._was_there(text, doc)
        for one in self._library.about(text, wanted.promise.department, doc, after):
            if wanted.targets and not (one.figure and family_of(one.figure.unit) in families):
                continue  # a number is promised: a number of the same unit answers
            if self._is_undone(one) or (is_title and not one.is_document) or self._is_of_before(one, doc, date):
                continue
            if one.figure is not None and places_of(one.figure.indicator) - places_of(wanted.promise.text):
                continue
            note = self._is_part(one, text, wanted)
            if note is None:
                continue
            note = note or ("was_there" if was_there else self._is_on_its_way(one, wanted))
            evidence = Evidence(
                self._library.docs[one.source], one.figure.id if one.figure else None, one.span, one.quote
            )
            yield _Found(evidence, _PART if note else _WHOLE, note, one.figure)

    def _is_part(self, one: Told, name: str, wanted: Wanted) -> str | None:
        """Why what is told is a part of a name; "" where it is all of it, None where it speaks of another thing."""
        if one.is_document:
            is_old = wanted.is_anew and not self._words["deed.anew"].found(one.clause)
            return "" if name in one.phrase and not is_old else None
        if wanted.heads[name] not in (one.phrase + one.clause if one.figure else one.phrase):
            return None
        if name in one.phrase:
            return self._is_deed(one, wanted) if self._is_the_same(name, one.phrase) else "one_kind"
        if one.figure and wanted.targets and _covers(one.phrase, name):
            return self._is_deed(one, wanted)
        everyday = self._reader.is_everyday
        if one.figure and len(one.core) >= SHORTEST and not everyday(one.core):
            if name.endswith(one.core):
                return self._is_deed(one, wanted)
            if one.core in name:
                return "name_part"
        is_shared = one.figure is not None and _shares(name, one.phrase, everyday)
        return "name_part" if is_shared else None

    def _is_the_same(self, name: str, phrase: str) -> bool:
        """A name of common words alone is another thing where more stands before it: 知识产权公共服务平台."""
        if not self._reader.is_common(name):
            return True
        before = self._words["acts"].pattern.sub("", phrase.partition(name)[0])
        return len(before) < _QUALIFIED

    def _is_deed(self, one: Told, wanted: Wanted) -> str | None:
        """A thing that was to be made is made where the clause says so; else it is only spoken of."""
        said, words = one.phrase + one.clause, self._words
        if words["deed.made"].found(said) or (one.figure and words["deed.counted"].found(said)):
            return ""
        if not wanted.is_made and (one.figure or words["deed.run"].found(said)):
            return ""
        if words["deed.under_way"].found(one.clause):
            return "under_way"
        if one.figure is None:
            return None
        return "not_made" if one.clause else ""

    def _is_on_its_way(self, one: Told, wanted: Wanted) -> str:
        if wanted.is_begun:
            return ""
        begun = self._words["deed.begun"].found(one.clause)
        if self._words["deed.under_way"].found(one.clause):
            return "under_way"
        return "under_way" if begun and self._words["deed.work"].found(one.clause, begun.end()) else ""

    def _is_undone(self, one: Told) -> bool:
        if self._words["deed.undone"].found(one.clause):
            return True
        return one.figure is None and not one.is_document and bool(self._words["deed.talked"].found(one.clause))

    def _is_of_before(self, one: Told, doc: str, date: str) -> bool:
        """A figure of a year before the promise, or one the promising reply had already reached, is no evidence."""
        if one.figure is None:
            return False
        period = one.figure.year_or_period or ""
        year = _YEAR.search(period)
        if year and year.group() < date[:4] and not period.endswith("以来"):
            return True
        reached = self._before.get((self._library.docs[one.source], one.figure.id), {}).get(doc)
        return reached is not None and reached >= one.figure.value

    def _was_there(self, name: str, doc: str) -> bool:
        """Whether the promising reply itself tells of the thing as made."""
        return any(
            name in one.phrase
            and not self._is_undone(one)
            and not self._words["deed.under_way"].found(one.clause)
            and self._words["deed.made"].found(one.phrase + one.clause) is not None
            for one in self._library.within(doc)
        )

    def _short(self, wanted: Wanted, found: list[_Found], doc: str, date: str) -> tuple[str, str]:
        """Why a number of the promise is not reached by what is told, and the numbers; "" where all are.

        What the promising reply had reached already counts only where the promise says what it should come to in all.
        """
        in_all = self._words["follow.in_all"].found(wanted.promise.text) is not None
        for target in wanted.targets:
            family = family_of(target.unit)
            told = [one.figure for one in found if one.figure and family_of(one.figure.unit) == family]
            printed = "".join(target.raw.split())
            if not told:
                return "no_number", printed
            best = max(told, key=lambda one: one.value)
            top = interval(best).high
            year = _YEAR.fullmatch(best.year_or_period or "")
            if not in_all and not (year and year.group() > date[:4]):
                top -= self._reached(wanted, family, doc)
            if top < interval(target).low:
                return "fewer", f"{''.join(best.raw.split())} / {printed}"
        return "", ""

    def _reached(self, wanted: Wanted, family: str, doc: str) -> Decimal:
        values = [
            one.figure.value
            for one in self._library.within(doc)
            if one.figure and family_of(one.figure.unit) == family and any(name in one.phrase for name in wanted.names)
        ]
        return max(values, default=Decimal(0))

    def _alike(self, wanted: Wanted, doc: str, after: str) -> Iterator[_Found]:
        """Of a list that stays open (新设甲、乙等学科专业): another thing of the kind was made."""
        if not wanted.is_open:
            return
        kinds = self._words["alike.majors"]
        for one in self._library.made(wanted.promise.department, doc, after):
            if kinds.found(one.clause) and not self._is_undone(one):
                evidence = Evidence(self._library.docs[one.source], None, one.span, one.quote)
                yield _Found(evidence, _PART, "another_of_kind", None)

    def _framed(self, wanted: Wanted, doc: str, after: str) -> Iterator[_Found]:
        """Of a name that tells no more than a kind (重大产业关键技术攻关专项): another programme of the kind."""
        if wanted.frame is None:
            return
        pattern = re.compile(".{0,6}".join(wanted.frame.split("…")))
        for one in self._library.framed(wanted.promise.department, doc, after):
            if one.figure is not None and pattern.search(one.phrase) and not self._is_undone(one):
                evidence = Evidence(self._library.docs[one.source], one.figure.id, one.span, one.quote)
                yield _Found(evidence, _PART, "another_name", one.figure)

    def _growth(self, doc: str, wanted: Wanted) -> tuple[Evidence, ...]:
        """扩大选派规模: a figure of this reply about the same thing that a later reply states higher."""
        promise, reply = wanted.promise, self._replies[doc]
        if self._words["follow.more"].found(promise.text[:12]) is None or wanted.targets:
            return ()
        found = []
        for one in reply.figures:
            target = self._grown.get((doc, one.id))
            if target is None or one.suggestion != promise.suggestion or wanted.head not in one.indicator:
                continue
            figure = next(other for other in self._replies[target[0]].figures if other.id == target[1])
            found.append(Evidence(target[0], figure.id, figure.span, "".join(figure.raw.split())))
        return tuple(found)


def _reaches(one: _Found, wanted: Wanted) -> bool:
    """Whether a figure comes to the number that the promise names in its unit; true where it names none."""
    figure = one.figure
    return figure is None or all(
        interval(figure).high >= interval(target).low
        for target in wanted.targets
        if family_of(target.unit) == family_of(figure.unit)
    )


def _cited(found: list[_Found], why: str) -> tuple[Evidence, ...]:
    """The places, each with its own reason, else that of the whole."""
    places = (replace(one.evidence, why=one.note or why) for one in found)
    return tuple(dict.fromkeys(places))[:_MOST]


def _after(date: str) -> str:
    """Replies of one session are no later replies: half a year lies between."""
    if not date:
        return "9999"
    year, month = int(date[:4]), int(date[5:7]) + 5
    return f"{year + (month > 12)}-{(month - 1) % 12 + 1:02d}{date[7:]}"


def _is_due_after(horizon: str | None, last: str) -> bool:
    return bool(horizon and horizon[:4].isdigit() and horizon > last[: len(horizon)])


def _grown(linked: Sequence[Series]) -> dict[tuple[str, str], tuple[str, str]]:
    """Figures that grew: (doc, id) of the earlier one → (doc, id) of the later one."""
    grown = {}
    for one in linked:
        if one.relation.startswith("same"):
            for at, earlier in enumerate(one.points[:-1]):
                best = max(one.points[at + 1 :], key=lambda later: later.value)
                if best.value > earlier.value:
                    grown[earlier.doc, earlier.id] = (best.doc, best.id)
    return grown


def _before(linked: Sequence[Series]) -> dict[tuple[str, str], dict[str, Any]]:
    """What the same thing came to in other replies, done: (doc, id) → other doc → value."""
    return {
        (one.doc, one.id): {other.doc: other.value for other in series.points if other.modality == "done"}
        for series in linked
        if not series.relation.startswith("same_annual")
        for one in series.points
    }


def _covers(phrase: str, name: str) -> bool:
    """Whether a phrase holds nearly all pairs of characters of a name in whatever order: 技术经纪人培训结业."""
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    return len(pairs) >= _PAIRS and sum(pair in phrase for pair in pairs) >= _COVERED * len(pairs)


def _shares(name: str, phrase: str, is_everyday: Any) -> bool:
    """Whether a phrase holds a part of the name that is long enough and no everyday phrase."""
    need = max(6, len(name) * 2 // 5)
    return any(
        name[at : at + need] in phrase and not is_everyday(name[at : at + need]) for at in range(len(name) - need + 1)
    )
