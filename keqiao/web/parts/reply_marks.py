"""What a reply says, marked in its own text: figures, promises, what was not taken up, what does not add up.

The text stays as it is typeset, line by line. Marks of different kinds may lie inside each other, a figure inside a
promise inside an answer that declines; they are nested in the order of `LAYERS`, the outermost first.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

Span = tuple[int, int]
LAYERS = ("cited", "answer", "promise", "finding", "figure", "trap", "contact")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A passage of the text. `id` names the row and the card it leads to, `flag` is the short label it carries."""

    kind: str
    span: Span
    id: str = ""
    flag: str = ""
    style: str = ""  # a class of its own: the modality of a figure, the disposition of an answer
    title: str = ""  # said to those who cannot see the mark


@dataclass(frozen=True)
class Node:
    """A piece of a line: plain text, or a mark with what lies inside it."""

    text: str = ""
    mark: Mark | None = None
    inside: tuple["Node", ...] = ()
    is_first: bool = True  # a mark over several lines has its flag and its anchor once


@dataclass(frozen=True)
class Line:
    """One line of the text. `style` says what it is: title, number, heading, sign or nothing of these."""

    span: Span
    nodes: tuple[Node, ...]
    style: str = ""
    id: str = ""
    flags: tuple[Mark, ...] = field(default=())

    @property
    def is_blank(self) -> bool:
        return not any(node.mark or node.text.strip() for node in self.nodes)

    @property
    def html(self) -> SafeString:
        return format_html_join("", "{}", ((render(node),) for node in self.nodes))


class Marking:
    """The marks of a text by layer, to be cut into lines. Of two that overlap in one layer the later yields.

    >>> marking = Marking("前 12 家后", [Mark(kind="figure", span=(2, 6), id="f001")])
    >>> [(node.text, node.mark is not None) for node in marking.lines()[0].nodes]
    [('前 ', False), ('', True), ('后', False)]
    """

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        self.text = text
        self._layers: list[list[Mark]] = []
        for kind in LAYERS:
            end, kept = -1, []
            for mark in sorted((one for one in marks if one.kind == kind), key=lambda one: one.span):
                if mark.span[0] >= end and mark.span[0] < mark.span[1]:
                    kept.append(mark)
                    end = mark.span[1]
            self._layers.append(kept)
        self._starts = [[mark.span[0] for mark in layer] for layer in self._layers]

    def lines(self) -> list[Line]:
        found, start = [], 0
        for part in self.text.splitlines(keepends=True):
            text = part.rstrip("\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029")
            span = (start, start + len(text))
            found.append(Line(span, tuple(self._cut(*span, 0))))
            start += len(part)
        return found

    def _cut(self, start: int, end: int, layer: int) -> Iterator[Node]:
        """The nodes of text[start:end], by this layer and those within."""
        if start >= end:
            return
        if layer == len(LAYERS):
            yield Node(self.text[start:end])
            return
        place = start
        for mark in self._touching(start, end, layer):
            first, last = max(mark.span[0], start), min(mark.span[1], end)
            yield from self._cut(place, first, layer + 1)
            inside = tuple(self._cut(first, last, layer + 1))
            yield Node(mark=mark, inside=inside, is_first=first == mark.span[0])
            place = last
        yield from self._cut(place, end, layer + 1)

    def _touching(self, start: int, end: int, layer: int) -> Iterator[Mark]:
        marks = self._layers[layer]
        place = max(0, bisect_left(self._starts[layer], start) - 1)
        for mark in marks[place:]:
            if mark.span[0] >= end:
                return
            if mark.span[1] > start:
                yield mark


def render(node: Node) -> SafeString:
    """A node as HTML: links lead to the rows, which work without any script; a script opens the cards instead."""
    if node.mark is None:
        return conditional_escape(node.text)
    mark = node.mark
    inside = format_html_join("", "{}", ((render(one),) for one in node.inside))
    anchor = anchor_of(mark.span) if node.is_first else ""
    if mark.kind == "figure":
        return _link(mark, inside, anchor)
    if mark.kind in ("trap", "contact"):
        return format_html('<span class="m {} {}" title="{}">{}</span>', mark.kind, mark.style, mark.title, inside)
    flag = flag_of(mark) if node.is_first and mark.flag else ""
    where = format_html(' id="{}"', anchor) if anchor and mark.kind in ("promise", "cited") else ""
    return format_html('<span class="m {} {}"{}>{}{}</span>', mark.kind, mark.style, where, flag, inside)


def _link(mark: Mark, inside: SafeString, anchor: str) -> SafeString:
    where = format_html(' id="{}" data-n="{}"', anchor, mark.flag) if anchor else ""
    return format_html(
        '<a class="m {} {}" href="#{}" data-card="card-{}" aria-haspopup="dialog"{}>{}</a>',
        mark.kind, mark.style, mark.id, mark.id, where, inside,
    )  # fmt: skip


def flag_of(mark: Mark) -> SafeString:
    """The label a mark carries; it is a link, so that the keyboard reaches what the mark says."""
    return format_html(
        '<a class="flag {} {}" href="#{}" data-card="card-{}" aria-haspopup="dialog" aria-label="{}">'
        "<span>{}</span></a>",
        mark.kind, mark.style, mark.id, mark.id, mark.title or mark.flag, mark.flag,
    )  # fmt: skip


def anchor_of(span: Span) -> str:
    """The address of a passage within its page: #s120-168.

    >>> anchor_of((120, 168))
    's120-168'
    """
    return f"s{span[0]}-{span[1]}"
