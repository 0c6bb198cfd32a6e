"""Where a position lies: sentence, clause, block, suggestion, department, and whether promises stand there."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from keqiao.engines.replies._departments import Speakers, short
from keqiao.engines.replies._structure import Answer, Outline, Suggestion
from keqiao.engines.replies._vocabulary import Vocabulary

_FAR = 1600  # characters: a sentence longer than this is a list that never ends
_SENTENCE = re.compile(r"[。！？\n][”）]?")
_CLAUSE = re.compile(r"[，；：。！？\n]|——")
_SELF = re.compile(r"[我本该咱](?:厅|局|委|办|部|们|署|院|行|会|省|市|县|区|单位|中心)$")
_BLOCK = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]，)"
)


@dataclass(frozen=True)
class Place:
    """The surroundings of a figure or a promise in flat positions."""

    sentence: tuple[int, int]
    clause: tuple[int, int]
    block: int
    suggestion: Suggestion | None
    answer: Answer | None
    department: str | None
    is_next: bool


class Places:
    """Answers `at(position)` in the logarithm of the length."""

    def __init__(self, flat: str, outline: Outline, vocabulary: Vocabulary, *, lead: str | None) -> None:
        self._flat, self._outline, self._vocabulary = flat, outline, vocabulary
        self._lead = short(lead, vocabulary)
        self._speakers = Speakers(vocabulary)
        self._sentences = [0, *(found.end() for found in _SENTENCE.finditer(flat)), len(flat)]
        self._clauses = [0, *(found.end() for found in _CLAUSE.finditer(flat)), len(flat)]
        self._paragraphs = [start for start, _ in outline.paragraphs]
        self._suggestions = [one.start for one in outline.suggestions]
        self._zones = [start for start, _ in outline.next_steps]
        self._items = sorted(
            item.start
            for one in outline.suggestions
            for answer in one.answers
            for section in answer.sections
            for item in section.items
        )

    def at(self, position: int, end: int | None = None) -> Place:
        """Where flat[position] lies."""
        sentence, clause = self._near(position)
        suggestion = self._suggestion(position)
        answer = self._answer(suggestion, position)
        block = self._block(position, suggestion)
        is_next = self.zone(position) is not None
        department = self._department(answer, sentence, block, position)
        return Place(sentence, clause, block, suggestion, answer, department, is_next)

    def _near(self, position: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Sentence and clause; of a sentence without end only what is near, so that reading stays linear."""
        sentence = _around(self._sentences, position)
        clause = _around(self._clauses, position)
        if sentence[1] - sentence[0] > _FAR:
            start = max(sentence[0], _around(self._clauses, max(0, position - _FAR // 2))[0], position - _FAR)
            sentence = (start, min(sentence[1], position + _FAR // 2))
        if clause[1] - clause[0] > _FAR:
            clause = (max(clause[0], sentence[0]), min(clause[1], sentence[1]))
        return sentence, clause

    def zone(self, position: int, end: int | None = None) -> tuple[int, int] | None:
        """The zone of next steps that a position lies in, or the first that begins before `end`."""
        zones = self._outline.next_steps
        at = bisect_right(self._zones, position) - 1
        if at >= 0 and position < zones[at][1]:
            return zones[at]
        if end is not None and at + 1 < len(zones) and zones[at + 1][0] < end:
            return zones[at + 1]
        return None

    def _suggestion(self, position: int) -> Suggestion | None:
        at = bisect_right(self._suggestions, position) - 1
        return self._outline.suggestions[at] if at >= 0 and position < self._outline.suggestions[at].end else None

    @staticmethod
    def _answer(suggestion: Suggestion | None, position: int) -> Answer | None:
        if suggestion is None:
            return None
        at = bisect_right(suggestion.answers, position, key=lambda answer: answer.start) - 1
        return suggestion.answers[at] if at >= 0 else None

    def _block(self, position: int, suggestion: Suggestion | None) -> int:
        at = bisect_right(self._paragraphs, position) - 1
        paragraph = self._paragraphs[at] if at >= 0 else 0
        at = bisect_right(self._items, position) - 1
        item = self._items[at] if at >= 0 else 0
        floor = suggestion.heading[1] if suggestion else 0
        floor = max(floor, position - 2 * _FAR)
        if item >= floor and item > 0:
            return max(item, paragraph) if _BLOCK.match(self._flat, paragraph) else item
        return max(paragraph, floor)

    def _department(self, answer: Answer | None, sentence: tuple[int, int], block: int, position: int) -> str | None:
        if answer is not None and answer.marker is not None:
            return short(answer.marker.name, self._vocabulary)
        return self._acting(sentence, block, position) or self._lead

    def speaking(self, place: Place, name: str) -> str | None:
        """The short name of the office that says `name` of who acts; 我厅 is the one whose answer it is."""
        marker = place.answer.marker if place.answer else None
        own = short(marker.name, self._vocabulary) if marker else self._lead
        brief = short(name, self._vocabulary) or ""
        if _SELF.search(name) or name.endswith(("方", "当局")) or name in ("政府", "特区政府"):
            return own
        return own if own and own.endswith(brief) else brief

    def _acting(self, sentence: tuple[int, int], block: int, position: int) -> str | None:
        """Without a marker: the office that the sentence, else the block up to here, names as the one who acts."""
        for start in (sentence[0], block):
            found = self._speakers.subject(self._flat, start, position)
            if found is not None:
                return found or self._lead
        return None


def _around(bounds: list[int], position: int) -> tuple[int, int]:
    at = bisect_right(bounds, position)
    return bounds[at - 1], bounds[at] if at < len(bounds) else bounds[-1]
