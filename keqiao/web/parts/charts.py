"""Charts as drawings that need no script and print as they look. Each stands beside the table of its numbers.

Places and lengths are attributes, colours are classes of the style sheet: the content policy allows no style in pages,
and dark mode and print come by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

WIDTH = 640
LONGEST_BAR, WIDEST_LABEL = 320, 190
BAR, GAP = 22, 12
HEIGHT, FOOT, SIDE = 220, 28, 44


@dataclass(frozen=True)
class Bar:
    """One value with its label. `shown` is how people read the value; None as value means that it is not shown."""

    label: str
    value: float | None
    shown: str
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """A rectangle with its texts, placed."""

    x: float
    y: float
    width: float
    height: float
    bar: Bar

    @property
    def end(self) -> float:
        """Where the value stands behind a lying bar."""
        return self.x + self.width + 8

    @property
    def before(self) -> float:
        """Where the label of a lying bar ends."""
        return self.x - 8

    @property
    def base(self) -> float:
        """The line on which the texts of a lying bar stand."""
        return self.y + 16

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Chart:
    """What parts/chart.html draws: a title for those who cannot see it, the marks, and the lines behind them."""

    kind: str
    title: str
    width: int
    height: int
    marks: tuple[Mark, ...]
    grid: tuple[tuple[float, str], ...] = ()


def bars(rows: Sequence[Bar], *, title: str) -> Chart:
    """Lying bars, one a row, in order. The drawing is as wide as its texts need, so that on a phone they stay legible.

    >>> chart = bars([Bar("A", 10, "10"), Bar("B", 5, "5")], title="Two")
    >>> [mark.width for mark in chart.marks]
    [320.0, 160.0]
    """
    most = max((row.value or 0 for row in rows), default=0) or 1
    label = min(WIDEST_LABEL, max((_wide(row.label) for row in rows), default=0) + 8)
    marks = tuple(
        Mark(label, number * (BAR + GAP), round(LONGEST_BAR * (row.value or 0) / most, 1), BAR, row)
        for number, row in enumerate(rows)
    )
    ends = [mark.end + _wide(f"{mark.bar.shown} {mark.bar.note}") for mark in marks]
    return Chart("bars", title, round(max(ends, default=WIDTH)), max(1, len(rows)) * (BAR + GAP) - GAP, marks)


def _wide(text: str) -> int:
    """How wide a text of 13 px stands, a little generously: a Chinese character is a square."""
    return sum(14 if east_asian_width(letter) in "WF" else 8 for letter in text)


def fitting(label: str) -> str:
    """As much of a label as stands before a lying bar; its table has the whole of it.

    >>> fitting("计算机、通信和其他电子设备制造业")
    '计算机、通信和其他电子设…'
    """
    if _wide(label) <= WIDEST_LABEL - 8:
        return label
    kept = label
    while _wide(kept) > WIDEST_LABEL - 22:
        kept = kept[:-1]
    return f"{kept}…"


def columns(rows: Sequence[Bar], *, title: str) -> Chart:
    """Standing columns over time, first to last, with three lines behind them."""
    most = _round_up(max((row.value or 0 for row in rows), default=0))
    step = (WIDTH - SIDE) / max(1, len(rows))
    room = HEIGHT - FOOT - GAP
    marks = []
    for number, row in enumerate(rows):
        tall = round(room * (row.value or 0) / most, 1)
        marks.append(
            Mark(round(SIDE + number * step + step * 0.15, 1), HEIGHT - FOOT - tall, round(step * 0.7, 1), tall, row)
        )
    grid = tuple((HEIGHT - FOOT - room * part / 2, f"{most * part / 2:g}") for part in (0, 1, 2))
    return Chart("columns", title, WIDTH, HEIGHT, tuple(marks), grid)


def shares(values: Sequence[int]) -> list[float | None]:
    """Each step of a funnel as a share of the one before it; None for the first and after an empty step.

    >>> shares([200, 50, 0, 0])
    [None, 0.25, 0.0, None]
    """
    return [None, *(after / before if before else None for before, after in pairwise(values))]


def _round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten, and at least 2, so that the line in the middle is whole."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if step * size >= max(value, 2):
                return step * size
        size *= 10
