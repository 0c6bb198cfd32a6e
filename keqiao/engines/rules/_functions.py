"""The functions of the language: choices, intervals, years, marginal tiers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from keqiao.engines.rules import _days
from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules import _values as v
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._facts import Vocabulary
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._values import Value

YEARLY = ("total", "mean", "growth")


def _matched(yes: Value, no: Value) -> tuple[Value, Value]:
    if yes.kind == no.kind == "number":
        return v.aligned(yes, no)
    if yes.kind != no.kind:
        raise RuleError(f"a choice between {v.spoken(yes)} and {v.spoken(no)}", remedy="give values of one kind")
    return yes, no


def _choice_gaps(condition: Value, yes: Value, no: Value) -> v.Gaps:
    """Of an open condition everything may be asked; of a settled one only the branch taken."""
    node = condition.low
    return v.merged(
        (
            v.only_if(condition.is_open, condition.gaps),
            v.only_if(n.negate(n.surely_not(node)), yes.gaps),
            v.only_if(n.negate(n.surely(node)), no.gaps),
        )
    )


def choice(condition: Value, yes: Value, no: Value) -> Value:
    """`if(c, a, b)`: unknown while the condition is."""
    one, other = _matched(yes, no)
    if one.is_interval or other.is_interval:
        raise RuleError("if chooses between intervals", remedy="use either(condition, a, b)")
    return replace(
        one,
        low=(node := n.choose(condition.low, one.low, other.low)),
        high=node,
        gaps=_choice_gaps(condition, yes, no),
    )


def either(condition: Value, yes: Value, no: Value) -> Value:
    """`either(c, a, b)`: while the condition is unknown, everything from the lower to the higher."""
    one, other = _matched(yes, no)
    sure, sure_not = n.surely(condition.low), n.surely_not(condition.low)
    lower = n.choose(sure, one.low, n.choose(sure_not, other.low, n.least(one.low, other.low)))
    upper = n.choose(sure, one.high, n.choose(sure_not, other.high, n.greatest(one.high, other.high)))
    return replace(one, low=lower, high=upper, gaps=_choice_gaps(condition, yes, no))


def between(fact: Value, lowest: Value, highest: Value) -> Value:
    """`between(x, a, b)`: the fact if known, else everything from a to b."""
    (one, low), (_, high) = v.aligned(fact, lowest), v.aligned(fact, highest)
    return replace(one, low=n.otherwise(one.low, low.low), high=n.otherwise(one.high, high.high))


def experts(low: Value, high: Value, least: Value, most: Value) -> Value:
    """`experts(lo, hi, a, b)`: what experts gave, held within a and b; all of it while an end is missing."""
    is_given = n.every((n.known(low.low), n.known(high.low), n.surely(n.compare("<=", low.low, high.low))))

    def held(node: Node, floor: Node, cap: Node) -> Node:
        return n.otherwise(n.greatest(floor, n.least(node, cap)), floor)

    lower = n.choose(is_given, held(low.low, least.low, most.low), least.low)
    upper = n.choose(is_given, held(high.low, least.high, most.high), most.high)
    return Value("number", lower, upper, "1", 1, None, v.of_parts((least, most)))


def possibly(condition: Value) -> Value:
    """`possibly(c)`: unless the condition surely fails."""
    return v.flag(n.negate(n.surely_not(condition.low)), {})


def is_known(fact: Value) -> Value:
    """`known(x)`: whether the fact is there."""
    return v.flag(n.known(fact.low), {})


def largest(left: Value, right: Value) -> Value:
    return v.extreme("max", left, right)


def smallest(left: Value, right: Value) -> Value:
    return v.extreme("min", left, right)


FUNCTIONS: dict[str, tuple[int, Callable[..., Value]]] = {
    "if": (3, choice), "either": (3, either), "between": (3, between), "experts": (4, experts),
    "possibly": (1, possibly), "known": (1, is_known), "max": (2, largest), "min": (2, smallest),
}  # fmt: skip


def tiers(of: Value, rows: Sequence[tuple[str, Value, Value]], rest: Value) -> Value:
    """`tiers(x, 10 % to a, 5 % to b, 2 %)`: each part of the amount at its own rate.

    Rates that only fall (or only rise) make a concave (convex) line of straight pieces: the least (the largest) of
    these pieces, which takes far fewer steps than the sum of parts.
    """
    zero = v.number(0, unit=of.unit)
    if pieces := _pieces(of, rows, rest):
        found, *others = pieces
        falls = v.as_fraction(rows[0][2]) > v.as_fraction(rest)
        for piece in others:
            found = smallest(found, piece) if falls else largest(found, piece)
        return largest(zero, found)
    reached, found = zero, zero
    for _, bound, rate in rows:
        part = largest(zero, v.subtract(smallest(of, bound), reached))
        found, reached = v.add(found, v.multiply(rate, part)), bound
    return v.add(found, v.multiply(rest, largest(zero, v.subtract(of, reached))))


def _pieces(of: Value, rows: Sequence[tuple[str, Value, Value]], rest: Value) -> list[Value]:
    """The straight lines of tiers whose known rates all fall or all rise over known bounds that rise; else none."""
    rates, bounds = [*(rate for _, _, rate in rows), rest], [bound for _, bound, _ in rows]
    if of.bottom is not None or not all(v.is_constant(one) for one in (*rates, *bounds)):
        return []
    steps, places = [v.as_fraction(one) for one in rates], [v.as_fraction(one) for one in bounds]
    if sorted(places) != places or places[0] < 0 or sorted(steps, reverse=steps[0] > steps[-1]) != steps:
        return []
    found, shift = [v.multiply(rates[0], of)], v.number(0, unit=of.unit)
    for before, rate, bound in zip(rates, rates[1:], bounds, strict=False):
        shift = v.add(shift, v.multiply(v.subtract(before, rate), bound))
        found.append(v.add(v.multiply(rate, of), shift))
    return found


def yearly(name: str, args: Sequence[s.Expression], vocabulary: Vocabulary, as_of: date) -> Value:
    """`total(x, 3, founded)`, `mean`, `growth`: years T-1 … T-3 of a fact, from the year of founding on.

    All years count while the founding is unknown. Growth is the mean of the yearly factors less one; over a base that
    is not above zero it satisfies nothing, and over an oldest year that is not, the last two years are taken.
    """
    years = _Years(name, args, vocabulary, as_of)
    top, bottom = {"total": years.total, "mean": years.mean, "growth": years.growth}[name]()
    unit = years.unit if name != "growth" else "1"
    return Value("number", top, top, unit, 1, bottom, years.gaps())


class _Years:
    def __init__(self, name: str, args: Sequence[s.Expression], vocabulary: Vocabulary, as_of: date) -> None:
        fact, count, founded = args if len(args) == 3 else (None, None, None)
        if not (isinstance(fact, s.Name) and isinstance(count, s.Number) and isinstance(founded, s.Name)):
            raise RuleError(
                f"{name} is not given a fact, years and a founding date", remedy=f"write {name}(fact, 3, founded)"
            )
        self.names = [f"{fact.name}_t{k}" for k in range(1, int(count.value) + 1)]
        if missing := [one for one in (*self.names, founded.name) if one not in vocabulary.attributes]:
            raise RuleError(f"there is no fact {missing[0]!r}", remedy="name a fact that is kept for these years")
        if name == "growth" and len(self.names) != 3:
            raise RuleError("growth is asked over other than 3 years", remedy="write 3")
        self.unit = vocabulary.attributes[self.names[0]].unit
        self.values = [n.column(one, kind="int") for one in self.names]
        self.founded_name = founded.name
        self.founded = n.column(founded.name, kind="int")
        last_days = [_days.year_start(as_of, 1 - k).toordinal() - 1 for k in range(1, len(self.names) + 1)]
        self.counts = [n.otherwise(n.compare("<=", self.founded, n.const(day)), n.TRUE) for day in last_days]

    def gaps(self) -> v.Gaps:
        absent = [n.every((counts, n.unknown(value))) for counts, value in zip(self.counts, self.values, strict=True)]
        gaps = dict(zip(self.names, absent, strict=True))
        gaps[self.founded_name] = n.every((n.unknown(self.founded), n.some(absent[1:])))
        return gaps

    def total(self) -> tuple[Node, Node | None]:
        found = n.ZERO
        for counts, value in zip(self.counts, self.values, strict=True):
            found = n.add(found, n.choose(counts, value, n.ZERO))
        return found, None

    def mean(self) -> tuple[Node, Node | None]:
        years = n.ZERO
        for counts in self.counts:
            years = n.add(years, n.choose(counts, n.const(1), n.ZERO))
        return self.total()[0], years

    def growth(self) -> tuple[Node, Node | None]:
        last, middle, oldest = self.values
        two, two_base = n.sub(last, middle), middle
        product = n.mul(n.const(2), n.mul(oldest, middle))
        three = n.sub(n.add(n.mul(middle, middle), n.mul(last, oldest)), product)
        has_no_base = n.compare("<=", oldest, n.ZERO)
        three_base = n.choose(n.compare("<=", middle, n.ZERO), n.ZERO, product)
        top = n.choose(has_no_base, two, three)
        bottom = n.choose(has_no_base, two_base, three_base)
        _, with_two, with_three = self.counts
        return (
            n.choose(with_three, top, n.choose(with_two, two, n.ZERO)),
            n.choose(with_three, bottom, n.choose(with_two, two_base, n.ZERO)),
        )
