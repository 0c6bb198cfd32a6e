"""A reply that was read, put together for a page: its rows, what answers what, how much there is of each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keqiao.apps.proposals import masking
from keqiao.engines.replies import Reply
from keqiao.web.parts import reply_words
from keqiao.web.parts.reply_marks import Span, anchor_of

# An answer without department, figure and promise that is shorter than this says nothing of the suggestion.
FEWEST_LETTERS = 60


@dataclass(frozen=True, kw_only=True)
class SaidRow:
    """One thing that a reply says: its number on the page, its words, its sentence, the stored row behind it if any."""

    number: int
    thing: Any
    text: str
    sentence: str
    record: Any = None

    @property
    def id(self) -> str:
        return str(self.thing.id)

    @property
    def anchor(self) -> str:
        return anchor_of(self.thing.span)


@dataclass(frozen=True, kw_only=True)
class FigureRow(SaidRow):
    """A figure with the words of its codes, and the findings it takes part in."""

    findings: tuple[int, ...] = ()

    @property
    def figure(self) -> Any:
        return self.thing

    @property
    def indicator(self) -> str:
        return self.figure.indicator or ""

    @property
    def value(self) -> str:
        return reply_words.value(self.figure)

    @property
    def kind(self) -> str:
        return reply_words.word(reply_words.KINDS, self.figure.quantity_kind)

    @property
    def modality(self) -> str:
        return reply_words.word(reply_words.MODALITIES, self.figure.modality)

    @property
    def period_source(self) -> str:
        return reply_words.word(reply_words.PERIOD_SOURCES, self.figure.period_source)


class PromiseRow(SaidRow):
    """A promise with the words of its codes."""

    @property
    def promise(self) -> Any:
        return self.thing

    @property
    def horizon(self) -> str:
        return reply_words.horizon(self.promise.horizon)

    @property
    def specificity(self) -> str:
        return reply_words.word(reply_words.SPECIFICITIES, self.promise.specificity)


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """Who answers a suggestion, how it stands to it, and how much of substance the answer has."""

    id: str
    answer: Any
    figures: int
    promises: int
    length: int  # letters, blanks not counted

    @property
    def state(self) -> str:
        """What the answer says of itself; one that only thanks is none."""
        if self.answer.disposition:
            return str(self.answer.disposition)
        is_bare = not self.answer.explicit and not self.figures and not self.promises and self.length < FEWEST_LETTERS
        return "not_addressed" if is_bare else "answered"

    @property
    def state_name(self) -> str:
        return reply_words.word(reply_words.ANSWERED, self.state)

    @property
    def tag(self) -> str:
        return reply_words.ANSWER_TAGS.get(self.state, "")

    @property
    def anchor(self) -> str:
        return anchor_of(self.answer.span)


@dataclass(frozen=True, kw_only=True)
class SuggestionRow:
    id: str
    suggestion: Any
    heading: str
    answers: Sequence[AnswerRow]

    @property
    def is_suggestion(self) -> bool:
        """Some headings part the reply itself and ask for no answer."""
        return self.suggestion.heading_kind != "section"

    @property
    def state(self) -> str:
        states = {row.state for row in self.answers}
        if not states or states == {"not_addressed"}:
            return "unanswered" if self.is_suggestion else ""
        if len(states) == 1:
            return next(iter(states))
        return "part" if "declined" in states else "answered"

    @property
    def state_name(self) -> str:
        return reply_words.word(reply_words.ANSWERED, self.state)

    @property
    def tag(self) -> str:
        return reply_words.ANSWER_TAGS.get(self.state, "")

    @property
    def anchor(self) -> str:
        return anchor_of(self.suggestion.heading_span or self.suggestion.span)


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    number: int
    id: str
    text: str
    spans: Sequence[Span]

    @property
    def anchor(self) -> str:
        return anchor_of(self.spans[0]) if self.spans else ""


class Sheet:
    """Everything a page says of a reply. `text` is masked already: nothing here holds a telephone or a given name."""

    def __init__(
        self, reply: Reply, *, text: str, findings: Sequence[tuple[str, Sequence[Span]]] = (),
        masked: Sequence[Span] = (), records: tuple[Sequence[Any], Sequence[Any]] = ((), ()),
        cited: Span | None = None,
    ) -> None:  # fmt: skip
        """`records` are the stored rows behind the figures and the promises, where the reply is one of ours; `cited`
        is the passage that somebody was sent to."""
        self.cited = cited
        self.reply = reply
        self._records = records
        self.text = text
        self.masked = masked
        self.findings = [
            FindingRow(number=number, id=f"k{number:03}", text=said, spans=spans)
            for number, (said, spans) in enumerate(findings, 1)
        ]

    def cut(self, span: Span | None) -> str:
        """A passage of the shown text in one line."""
        return "".join(self.text[span[0] : span[1]].split()) if span else ""

    @cached_property
    def figures(self) -> list[FigureRow]:
        found: dict[Span, list[int]] = {}
        for row in self.findings:
            for span in row.spans:
                found.setdefault((span[0], span[1]), []).append(row.number)
        return [
            FigureRow(**said, findings=tuple(found.get(said["thing"].span, ())))
            for said in self._said(self.reply.figures, self._records[0])
        ]

    @cached_property
    def promises(self) -> list[PromiseRow]:
        return [PromiseRow(**said) for said in self._said(self.reply.commitments, self._records[1])]

    def _said(self, things: Iterable[Any], records: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """What figures and promises have in common, in the order of the text."""
        for number, one in enumerate(things, 1):
            yield {
                "number": number, "thing": one, "text": self.cut(one.span), "sentence": self.cut(one.sentence_span),
                "record": _at(records, number),
            }  # fmt: skip

    @cached_property
    def suggestions(self) -> list[SuggestionRow]:
        return [
            SuggestionRow(id=f"g{one.n}", suggestion=one, heading=self.cut(one.heading_span) or one.heading,
                          answers=[self._answer(one.n, place, row) for place, row in enumerate(one.answers, 1)])
            for one in self.reply.suggestions
        ]  # fmt: skip

    def _answer(self, n: int, place: int, answer: Any) -> AnswerRow:
        start, end = answer.span
        return AnswerRow(
            id=f"a{n}-{place}", answer=answer, length=len(self.cut((start, end))),
            figures=sum(start <= row.figure.span[0] < end for row in self.figures),
            promises=sum(start <= row.promise.span[0] < end for row in self.promises),
        )  # fmt: skip

    @property
    def refusals(self) -> list[tuple[SuggestionRow, AnswerRow]]:
        refused = ("declined", "deferred")
        return [(row, answer) for row in self.suggestions for answer in row.answers if answer.state in refused]

    @property
    def unanswered(self) -> list[SuggestionRow]:
        return [row for row in self.suggestions if row.state == "unanswered"]

    @property
    def is_recorded(self) -> bool:
        """Whether the reply stands here, so that figures open and promises are followed."""
        return bool(self._records[0] or self._records[1])

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a reply was found in the text."""
        return not (self.figures or self.promises or self.suggestions)

    @cached_property
    def counts(self) -> dict[str, int]:
        return {
            "figure": len(self.figures), "promise": len(self.promises), "refusal": len(self.refusals),
            "unanswered": len(self.unanswered), "finding": len(self.findings), "trap": len(self.reply.traps),
        }  # fmt: skip

    @cached_property
    def modalities(self) -> list[tuple[str, str, int]]:
        counted = Counter(row.figure.modality for row in self.figures)
        return [(code, str(name), counted[code]) for code, name in reply_words.MODALITIES.items() if counted[code]]


def _at(records: Sequence[Any], number: int) -> Any:
    return records[number - 1] if number <= len(records) else None


def masked_spans(reply: Reply, text: str) -> tuple[list[Span], list[Span]]:
    """The given names and the numbers of a text that nobody else may see: those the reply names as its contacts, and
    whatever else has the form of a personal number."""
    contacts = reply.meta.contacts or ()
    names = [span for one in contacts if (span := one.get("name_span"))]
    numbers = {span for one in contacts if (span := one.get("phone_span"))}
    numbers.update(masking.personal(text, figures=[one.span for one in reply.figures]))
    return names, sorted(numbers)
