"""A reply as it lies on the desk of whoever corrects it: its text in runs, and the rows that were read in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as Words
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from keqiao.apps.proposals.models import Origin, Promise, ReplyFigure
from keqiao.apps.proposals.queries import Piece

DOUBTS: dict[str, Words] = {
    "optional": _("可能不是指标"),
    "no_indicator": _("没有读出指标"),
    "no_value": _("没有读出数值"),
    "no_period": _("没有时间"),
    "other_kind": _("性质不明"),
    "no_owner": _("不知道是哪个单位"),
    "no_anchor": _("没有核对用词"),
}
SHOWN: dict[str, Words] = {
    "all": _("全部"), "doubtful": _("只看存疑"), "figure": _("数字"), "promise": _("承诺"), "corrected": _("改过的"),
}  # fmt: skip


def doubts(row: ReplyFigure | Promise) -> list[str]:
    """Why a row that nobody has looked at yet may be wrong; empty once a person has corrected or accepted it."""
    if row.origin != Origin.PARSED:
        return []
    found = {"optional": row.tier == "optional"}
    if isinstance(row, ReplyFigure):
        found |= {
            "no_value": row.value is None,
            "no_indicator": not row.indicator and row.modality in ("done", "planned"),
            "no_period": row.period_source == "none" and row.modality in ("done", "previous"),
            "other_kind": row.quantity_kind in ("", "other"),
        }
    else:
        found |= {"no_owner": not row.unit, "no_anchor": not row.anchor}
    return [code for code, holds in found.items() if holds]


@dataclass(frozen=True)
class Item:
    """One row of the desk: a figure or a promise at its place."""

    kind: str
    row: Any
    doubts: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.row.start}-{self.row.end}"

    @property
    def mark(self) -> str:
        """How the pieces of the text name it."""
        return str(self.row.key) if self.kind == "promise" else f"{self.row.start}-{self.row.end}"

    @property
    def words(self) -> str:
        return str(self.row.raw if self.kind == "figure" else self.row.text)

    @property
    def is_touched(self) -> bool:
        return self.row.origin != Origin.PARSED


def items(figures: Iterable[ReplyFigure], promises: Iterable[Promise]) -> list[Item]:
    """All rows in the order of the text."""
    found = [Item("figure", row, tuple(doubts(row))) for row in figures]
    found += [Item("promise", row, tuple(doubts(row))) for row in promises if row.is_live]
    return sorted(found, key=lambda item: (item.row.start, -item.row.end))


def narrowed(rows: Sequence[Item], shown: str) -> list[Item]:
    if shown == "doubtful":
        return [item for item in rows if item.doubts]
    if shown == "corrected":
        return [item for item in rows if item.is_touched]
    return [item for item in rows if shown in ("all", item.kind)]


def counts(rows: Sequence[Item]) -> list[tuple[str, Words, int]]:
    """Each filter with how many rows it shows."""
    return [(code, name, len(narrowed(rows, code))) for code, name in SHOWN.items()]


@dataclass(frozen=True)
class Line:
    """One line of the text: where it begins, and what stands in it, marked."""

    start: int
    html: SafeString


def lines(pieces: Sequence[Piece], rows: Sequence[Item]) -> list[Line]:
    """The text line by line. Marks are links to the rows, so that they lead there without a script, too.

    What a mark is, its style and its title say; its letters add nothing to the text, so that places can be counted.
    """
    by_key = {(item.kind, item.mark): item for item in rows}
    found: list[Line] = []
    inside: list[SafeString] = []
    start = 0
    for piece in pieces:
        marked = [by_key[mark] for mark in piece.marks if mark in by_key]
        is_heading = any(kind == "heading" for kind, _key in piece.marks)
        place = piece.start
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                found.append(Line(start, _joined(inside)))
                inside.clear()
                start = place
            if part:
                inside.append(_run(part, marked, is_first=place == piece.start, is_heading=is_heading, at=place))
            place += len(part) + 1
    found.append(Line(start, _joined(inside)))
    return found


def _joined(runs: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((run,) for run in runs))


def _run(text: str, marked: Sequence[Item], *, is_first: bool, is_heading: bool, at: int) -> SafeString:
    html = format_html("{}", text)
    for item in sorted(marked, key=lambda one: one.kind):  # the figure inside the promise
        begins = is_first and at == item.row.start
        doubt = f"{' doubt' if item.doubts else ''}{' start' if begins else ''}"
        anchor = format_html(' id="at-{}"', item.key) if begins else ""
        style = item.row.modality if item.kind == "figure" else item.row.specificity
        if item.kind == "figure":
            html = format_html(
                '<a class="t-figure {}{}" href="?row={}#row-{}" data-row="{}" draggable="false"{}>{}</a>',
                style, doubt, item.key, item.key, item.key, anchor, html,
            )  # fmt: skip
        else:
            html = format_html(
                '<span class="t-promise {}{}" data-row="{}"{}>{}</span>', style, doubt, item.key, anchor, html
            )
    return format_html("<b>{}</b>", html) if is_heading else html
