"""What replies tell of as being there: figures, cited documents, and clauses that say that something was done."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keqiao.engines.replies._entries import are_apart, level_of, plain, where_of
from keqiao.engines.replies._model import Figure, Reply, Span
from keqiao.engines.replies._vocabulary import Vocabulary
from keqiao.engines.text import fold

SHORTEST = 4  # characters that tell a name
_LOOKED = 60  # places looked at for each four characters of a name
_LONGEST = 400  # characters of a sentence whose end is not marked
_SENTENCE = re.compile(r"[^。！？；]+")
_CLAUSE = re.compile(r"[^，：。！？；]+")


@dataclass(frozen=True)
class Told:
    """Something a reply tells of: a figure with its phrase, a cited document with its title, or a clause.

    clause: the words around it as printed, without blanks; empty where the text is not at hand. core: the name of its
    programme without the sort of programme. level: of the office that says it (province, city), where it is known.
    """

    source: int
    figure: Figure | None
    is_document: bool
    span: Span
    phrase: str
    core: str
    quote: str
    clause: str
    level: str


class Library:
    """All replies by date, and what they tell of by every four characters of it that some promise names."""

    def __init__(
        self, replies: Mapping[str, Reply], texts: Mapping[str, str], wanted: set[str], vocabulary: Vocabulary
    ) -> None:
        self.docs = in_order(replies)
        self._number = {doc: number for number, doc in enumerate(self.docs)}
        self.dates = [replies[doc].meta.date or "" for doc in self.docs]
        self._wanted, self._words = wanted, vocabulary.lists
        self._told: list[Told] = []
        self._grams: dict[str, list[int]] = defaultdict(list)
        self._making: list[int] = []
        self._framed: list[int] = []
        self._of_doc: dict[int, list[int]] = defaultdict(list)
        self._offices: list[set[str]] = []
        self._where = [where_of(replies[doc]) for doc in self.docs]
        self._later: dict[tuple[str, str, str], int] = {}
        self._by_office: dict[str, list[int]] = defaultdict(list)
        self._sorts = re.compile("(?:" + "|".join(vocabulary.plain["follow.sorts"]) + ")$")
        self._frames = [re.compile(".{0,6}".join(one.split("…"))) for one in vocabulary.plain["follow.frames"]]
        for number, doc in enumerate(self.docs):
            self._take(number, replies[doc], texts.get(doc, ""))

    def _take(self, number: int, reply: Reply, text: str) -> None:
        offices = {one.department for one in reply.figures if one.department}
        offices |= {answer.department for part in reply.suggestions for answer in part.answers if answer.department}
        self._offices.append(offices)
        for office in offices:
            self._by_office[office].append(number)
        promised = sorted(one.span for one in reply.commitments)
        for one in reply.figures:
            if one.modality == "done":
                name, said = _own(one, text)
                phrase, core = plain(name + said), self._sorts.sub("", plain(name))
                clause = _compact(text[slice(*_clause_of(text, one.span, one.sentence_span))]) if text else ""
                raw = "".join(one.raw.split())
                self._add(Told(number, one, False, one.span, phrase, core, raw, clause, level_of(one.department)))
        for cited in reply.documents_cited:
            if not _lies_in(cited.span, promised):
                clause = _compact(text[slice(*_clause_of(text, cited.span, None))]) if text else ""
                self._add(Told(number, None, True, cited.span, plain(cited.title), "", cited.title, clause, ""))
        if text:
            self._clauses(number, reply, text, promised)

    def _clauses(self, number: int, reply: Reply, text: str, promised: list[Span]) -> None:
        """Clauses of the answers that tell of a deed: not headings, not promises, not what is planned next."""
        for part in reply.suggestions:
            for answer in part.answers:
                ahead = [one.span for one in answer.sections if one.kind == "next_steps"]
                level = level_of(answer.department)
                for found in _CLAUSE.finditer(text, *answer.span):
                    if found.end() - found.start() < SHORTEST or found.end() - found.start() > _LONGEST:
                        continue
                    inside = any(a <= found.start() < b for a, b in (*ahead, part.heading_span))
                    if not inside and not _meets(found.span(), promised):
                        self._clause(number, text, found.span(), level)

    def _clause(self, number: int, text: str, span: Span, level: str) -> None:
        clause = _compact(text[slice(*span)])
        if not any(self._words[f"deed.{one}"].found(clause) for one in ("made", "run", "under_way")):
            return
        if self._words["modality.requested"].found(clause) or self._words["modality.context"].found(clause):
            return
        lead = len(text[slice(*span)]) - len(text[slice(*span)].lstrip())
        self._add(Told(number, None, False, (span[0] + lead, span[1]), plain(clause), "", clause, clause, level))

    def _add(self, told: Told) -> None:
        at, phrase = len(self._told), told.phrase
        grams = {phrase[start : start + SHORTEST] for start in range(len(phrase) - SHORTEST + 1)} & self._wanted
        makes = told.figure is None and not told.is_document and self._words["alike.making"].found(told.clause)
        framed = told.figure is not None and any(one.search(phrase) for one in self._frames)
        if not (grams or makes or framed):
            return
        self._told.append(told)
        self._of_doc[told.source].append(at)
        for gram in grams:
            self._grams[gram].append(at)
        if makes:
            self._making.append(at)
        if framed:
            self._framed.append(at)

    def within(self, doc: str) -> Iterator[Told]:
        """What a reply itself tells."""
        return (self._told[at] for at in self._of_doc[self._number[doc]])

    def later(self, office: str | None, doc: str, after: str) -> int:
        """How many replies of an office, and of the place of `doc`, are dated behind `after`."""
        asked = (office or "", self._where[self._number[doc]], after)
        if asked not in self._later:
            numbers = self._by_office.get(asked[0], [])
            first = bisect_right(numbers, after, key=lambda number: self.dates[number])
            self._later[asked] = sum(1 for number in numbers[first:] if not are_apart(asked[1], self._where[number]))
        return self._later[asked]

    def about(self, name: str, office: str | None, doc: str, after: str) -> Iterator[Told]:
        """What later replies of an office tell that shares four characters with a name."""
        seen: set[int] = set()
        for start in range(len(name) - SHORTEST + 1):
            for at in self._behind(self._grams.get(name[start : start + SHORTEST], []), after):
                if at not in seen and self._is_of(at, office, doc):
                    seen.add(at)
                    yield self._told[at]

    def made(self, office: str | None, doc: str, after: str) -> Iterator[Told]:
        """Later clauses in which something was newly made."""
        return (self._told[at] for at in self._behind(self._making, after) if self._is_of(at, office, doc))

    def framed(self, office: str | None, doc: str, after: str) -> Iterator[Told]:
        """Later figures of programmes whose names follow one of the frames."""
        return (self._told[at] for at in self._behind(self._framed, after) if self._is_of(at, office, doc))

    def _behind(self, places: list[int], after: str) -> list[int]:
        first = bisect_right(places, after, key=lambda at: self.dates[self._told[at].source])
        return places[first : first + _LOOKED]

    def _is_of(self, at: int, office: str | None, doc: str) -> bool:
        """Whether an office speaks in that reply, and what is told is told by one of its level and place."""
        told = self._told[at]
        level = level_of(office)
        if (office or "") not in self._offices[told.source] or (told.level and level and told.level != level):
            return False
        return not are_apart(self._where[self._number[doc]], self._where[told.source])


def _own(one: Figure, text: str) -> tuple[str, str]:
    """The programme and the phrase of a figure; without a programme that only a sentence before names."""
    name, said = one.programme or "", one.indicator
    if name and text and _compact(name) not in _compact(text[slice(*one.sentence_span)]):
        return "", said.removeprefix(re.sub(r"[“”\s]", "", name))
    return name, said


def in_order(replies: Mapping[str, Reply]) -> list[str]:
    """The names of replies by date, those of one day by name."""
    return sorted(replies, key=lambda doc: (replies[doc].meta.date or "", doc))


def _compact(text: str) -> str:
    return "".join(fold(text).split())


def _clause_of(text: str, span: Span, sentence: Span | None) -> Span:
    """From the comma before to the comma behind; a bracket or a list stays whole."""
    start = max(sentence[0] if sentence else 0, span[0] - _LONGEST)
    end = min(sentence[1] if sentence else len(text), span[1] + _LONGEST)
    marks = "，：。！？；"
    first = max(text.rfind(mark, start, span[0]) for mark in marks) + 1
    last = min((at for mark in marks if (at := text.find(mark, span[1], end)) >= 0), default=end)
    return max(first, start), last


def _lies_in(span: Span, spans: list[Span]) -> bool:
    return any(a <= span[0] < b for a, b in spans)


def _meets(span: Span, spans: list[Span]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in spans)
