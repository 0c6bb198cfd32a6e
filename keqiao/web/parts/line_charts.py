"""A value over time as points: joined by a line where they are of one basis, apart where they are not.

Bases differ by the shape of their points as well as by their lines, so that nobody has to tell colours apart. Places
are attributes and colours classes, as in `charts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NARROW, WIDE, HEIGHT = 300, 640, 260
STEP, FEW = 110, 440
LEFT, RIGHT, TOP, FOOT = 72, 24, 28, 36
SHAPES = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True)
class Point:
    """One value: at which place of the time axis, how it is read, and what it leads to."""

    label: str
    value: float
    shown: str
    href: str = ""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    shape: str
    point: Point

    @property
    def path(self) -> str:
        """The outline of the shape around its place."""
        x, y = self.x, self.y
        return {
            "circle": f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
            "square": f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z",
            "diamond": f"M{x:.1f} {y - 6.5:.1f}l6.5 6.5l-6.5 6.5l-6.5 -6.5z",
            "triangle": f"M{x:.1f} {y - 6:.1f}l6.5 11h-13z",
        }[self.shape]

    @property
    def above(self) -> float:
        return self.y - 12


@dataclass(frozen=True)
class Course:
    """The points of one basis with the line that joins them."""

    name: str
    shape: str
    dots: tuple[Dot, ...]

    @property
    def line(self) -> str:
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)

    @property
    def key(self) -> str:
        """The shape alone, for the legend."""
        return Dot(8, 8, self.shape, self.dots[0].point).path


@dataclass(frozen=True)
class LineChart:
    title: str
    width: int
    height: int
    courses: tuple[Course, ...]
    grid: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]

    @property
    def is_narrow(self) -> bool:
        """Whether so few points are drawn that the drawing may grow where there is room."""
        return self.width < FEW


def line_chart(groups: Sequence[tuple[str, Sequence[Point]]], *, title: str) -> LineChart:
    """One course a basis over a common time axis; labels are put in order and stand at equal distances.

    Labels that repeat within a basis share their place. The axis begins at zero, so that no rise looks steeper than
    it is.

    >>> chart = line_chart([("stock", [Point("2024", 47, "47"), Point("2025", 60, "60")])], title="t")
    >>> [round(dot.x) for dot in chart.courses[0].dots]
    [127, 237]
    """
    labels = sorted({point.label for _name, points in groups for point in points})
    most = _round_up(max((point.value for _name, points in groups for point in points), default=0))
    width = max(NARROW, min(WIDE, LEFT + RIGHT + STEP * len(labels)))  # narrow, so that a phone need not shrink it
    room, tall = width - LEFT - RIGHT, HEIGHT - TOP - FOOT
    step = room / max(1, len(labels))
    places = {label: round(LEFT + step * (number + 0.5), 1) for number, label in enumerate(labels)}

    def dot(point: Point, shape: str) -> Dot:
        height = tall * max(0.0, point.value) / most
        return Dot(places[point.label], round(HEIGHT - FOOT - height, 1), shape, point)

    courses = []
    for number, (name, points) in enumerate(groups):
        shape = SHAPES[number % len(SHAPES)]
        courses.append(Course(name, shape, tuple(dot(one, shape) for one in sorted(points, key=lambda one: one.label))))
    grid = tuple((round(HEIGHT - FOOT - tall * part / 2, 1), _short(most * part / 2)) for part in (0, 1, 2))
    return LineChart(title, width, HEIGHT, tuple(courses), grid, tuple((x, label) for label, x in places.items()))


def _round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if value <= 0:
        return 1
    size = 1.0
    while size > value:
        size /= 10
    while True:
        for step in (1, 2, 5):
            if step * size >= value:
                return step * size
        size *= 10


def _short(value: float) -> str:
    return f"{value:,.10g}"
