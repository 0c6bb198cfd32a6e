"""What an expression stands for: a value with its unit, exact or an interval, and what its being open depends on.

`Value` is a number of a unit, a date, a length of time, a code or a flag. Numbers are integers over one fixed
denominator (5 % is 5 over 100), so sums and comparisons stay in integers. `bottom` makes a quotient of two numbers:
it is never divided, only compared by cross-multiplication. `high` differs from `low` for intervals (list counts,
points, possible amounts). `gaps` names the facts whose absence may keep the value open, each with the condition under
which it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._nodes import Node

Gaps = Mapping[str, Node]
ENDLESS = 2**61  # an end of an interval that nothing limits


@dataclass(frozen=True)
class Value:
    """A typed value; `kind` is number, date, time, code or flag, `unit` the base unit of a number ("1" for none)."""

    kind: str
    low: Node
    high: Node
    unit: str = "1"
    den: int = 1
    bottom: Node | None = None
    gaps: Gaps = field(default_factory=dict)
    is_out: Node = n.FALSE  # a clause that is not asked: neutral among others
    lacks: Node | None = None  # of a condition: open for want of facts, where that is known more simply than from gaps

    @property
    def is_interval(self) -> bool:
        """Whether it may have two different ends."""
        return self.low is not self.high and self.low != self.high

    @property
    def is_open(self) -> Node:
        """Whether the value is not settled."""
        if self.is_interval:
            return n.negate(n.surely(n.compare("=", self.low, self.high)))
        return n.unknown(self.low)

    @property
    def lacks_data(self) -> Node:
        """Whether it is open and a fact is missing: what is open without one waits for people."""
        return n.every((self.is_open, n.some(self.gaps.values()))) if self.lacks is None else self.lacks


def exact(kind: str, node: Node, *, unit: str = "1", den: int = 1, gaps: Gaps | None = None) -> Value:
    return Value(kind, node, node, unit, den, None, gaps or {})


def number(value: int, *, unit: str = "1", den: int = 1) -> Value:
    return exact("number", n.const(value), unit=unit, den=den)


def flag(node: Node, gaps: Gaps) -> Value:
    return exact("flag", node, gaps=gaps)


def merged(many: Iterable[Gaps]) -> Gaps:
    """A gap of any operand is a gap of the whole."""
    found: dict[str, Node] = {}
    for gaps in many:
        for name, node in gaps.items():
            found[name] = n.some((found[name], node)) if name in found else node
    return found


def only_if(condition: Node, gaps: Gaps) -> Gaps:
    return {name: n.every((condition, node)) for name, node in gaps.items()} if gaps else {}


def of_parts(values: Iterable[Value]) -> Gaps:
    """The gaps of the operands that are open: what a junction or a sum of intervals is open for."""
    return merged(only_if(value.is_open, value.gaps) if value.is_interval or value.kind == "flag" else value.gaps
                  for value in values)  # fmt: skip


def scaled(value: Value, den: int) -> Value:
    """The same number over another denominator, a multiple of its own."""
    factor = n.const(den // value.den)
    low = n.mul(value.low, factor)
    return replace(value, low=low, high=n.mul(value.high, factor) if value.is_interval else low, den=den)


def aligned(left: Value, right: Value) -> tuple[Value, Value]:
    """Two numbers of one unit over one denominator; raises :class:`RuleError` where the units differ."""
    if left.bottom is not None or right.bottom is not None:
        raise RuleError("a quotient stands inside a sum", remedy="compare quotients, or write the sum over one divisor")
    if left.kind != "number" or right.kind != "number" or left.unit != right.unit:
        raise RuleError(f"{spoken(left)} meets {spoken(right)}", remedy="use values of one kind and unit")
    den = left.den * right.den // gcd(left.den, right.den)
    return scaled(left, den), scaled(right, den)


def spoken(value: Value) -> str:
    """How an error names a kind of value."""
    if value.kind == "number":
        return "a plain number" if value.unit == "1" else f"a number of {value.unit}"
    return {"date": "a date", "time": "a length of time", "code": "a code", "flag": "a condition"}[value.kind]


def add(left: Value, right: Value) -> Value:
    one, other = aligned(left, right)
    return _both(one, other, low=n.add(one.low, other.low), high=n.add(one.high, other.high))


def subtract(left: Value, right: Value) -> Value:
    one, other = aligned(left, right)
    return _both(one, other, low=n.sub(one.low, other.high), high=n.sub(one.high, other.low))


def extreme(name: str, left: Value, right: Value) -> Value:
    """The smaller or larger of two; of intervals, end by end."""
    one, other = aligned(left, right)
    pick = n.least if name == "min" else n.greatest
    return _both(one, other, low=pick(one.low, other.low), high=pick(one.high, other.high))


def _both(one: Value, other: Value, *, low: Node, high: Node) -> Value:
    is_interval = one.is_interval or other.is_interval
    gaps = of_parts((one, other)) if is_interval else merged((one.gaps, other.gaps))
    return replace(one, low=low, high=high if is_interval else low, gaps=gaps)


def multiply(left: Value, right: Value) -> Value:
    """A product of a plain number and a number; intervals only with numbers that are not negative."""
    if left.kind != "number" or right.kind != "number" or (left.unit != "1" and right.unit != "1"):
        raise RuleError(
            f"{spoken(left)} is multiplied by {spoken(right)}", remedy="multiply by a rate or a plain number"
        )
    if left.bottom is not None or right.bottom is not None:
        raise RuleError("a quotient is multiplied", remedy="multiply first and divide last")
    unit = right.unit if left.unit == "1" else left.unit
    den = left.den * right.den
    low, high = n.mul(left.low, right.low), n.mul(left.high, right.high)
    is_interval = left.is_interval or right.is_interval
    gaps = of_parts((left, right)) if is_interval else merged((left.gaps, right.gaps))
    return Value("number", low, high if is_interval else low, unit, den, None, gaps)


def divide(left: Value, right: Value) -> Value:
    """By a constant: a number. By anything else: a quotient, which can only be compared."""
    if left.kind != "number" or right.kind != "number" or left.bottom is not None or right.bottom is not None:
        raise RuleError(f"{spoken(left)} is divided by {spoken(right)}", remedy="divide one number by another")
    if right.low.op == "const" and isinstance(right.low.value, int) and not right.is_interval:
        if right.low.value <= 0:
            raise RuleError("a number is divided by zero or less", remedy="divide by a number above zero")
        unit = left.unit if right.unit == "1" else _quotient_unit(left, right)
        scaled_up = multiply(left, number(right.den))
        return replace(scaled_up, unit=unit, den=left.den * right.low.value)
    if left.is_interval or right.is_interval:
        raise RuleError("an interval is divided", remedy="divide facts only")
    bottom = n.mul(right.low, n.const(left.den))
    top = n.mul(left.low, n.const(right.den))
    return Value("number", top, top, _quotient_unit(left, right), 1, bottom, merged((left.gaps, right.gaps)))


def _quotient_unit(left: Value, right: Value) -> str:
    if right.unit == "1":
        return left.unit
    return "1" if left.unit == right.unit else f"{left.unit}/{right.unit}"


def is_constant(value: Value) -> bool:
    return value.bottom is None and not value.is_interval and value.low.op == "const" and value.low.value is not None


def as_fraction(value: Value) -> Fraction:
    return Fraction(value.low.value, value.den)
