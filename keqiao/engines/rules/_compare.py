"""Comparisons and bands: where quotients are cross-multiplied and intervals may stay open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules import _values as v
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._values import Value


def compare(op: str, left: Value, right: Value) -> Value:
    """A condition; a quotient may stand on the left, and one whose divisor is not above zero satisfies no test."""
    if right.bottom is not None and left.bottom is None:
        flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        return compare(flipped.get(op, op), right, left)
    gaps = v.merged((left.gaps, right.gaps))
    if left.bottom is not None:
        return v.flag(_quotient(op, left, right), gaps)
    if left.kind == "number" and right.kind == "number":
        one, other = v.aligned(left, right)
        if one.is_interval or other.is_interval:
            return v.flag(_intervals(op, one, other), v.of_parts((one, other)))
        return v.flag(n.compare(op, one.low, other.low), gaps)
    if left.kind != right.kind or left.unit != right.unit or (left.kind in ("code", "flag") and op not in ("=", "!=")):
        raise RuleError(f"{v.spoken(left)} {op} {v.spoken(right)}", remedy="compare values of one kind and unit")
    return v.flag(n.compare(op, left.low, right.low), gaps)


def _quotient(op: str, left: Value, right: Value) -> Node:
    if right.kind != "number" or right.bottom is not None or right.is_interval or right.unit != left.unit:
        raise RuleError(f"a quotient of unit {left.unit} meets {v.spoken(right)}", remedy="compare it with a number")
    if op in ("=", "!="):
        raise RuleError("a quotient is compared by equality", remedy="use <= or >=")
    assert left.bottom is not None  # noqa: S101 - the caller looked
    top, limit = n.mul(left.low, n.const(right.den)), n.mul(right.low, left.bottom)
    beyond = max(top.bound, limit.bound) + 1
    nothing_passes = n.const(beyond if op in (">", ">=") else -beyond)
    has_no_base = n.surely(
        n.compare("<=", left.bottom, n.ZERO)
    )  # an unknown divisor leaves the limit unknown by itself
    return n.compare(op, top, n.choose(has_no_base, nothing_passes, limit))


def _crosswise(op: str, left: Value, right: Value) -> Node:
    """The comparison of a quotient whose divisor is above zero."""
    _quotient(op, left, right)  # says what does not fit
    assert left.bottom is not None  # noqa: S101 - the caller looked
    return n.compare(op, n.mul(left.low, n.const(right.den)), n.mul(right.low, left.bottom))


def _intervals(op: str, left: Value, right: Value) -> Node:
    """Sure if it holds for the worst pair of ends, surely not if it fails for the best."""
    if op in ("=", "!="):
        raise RuleError("an interval is compared by equality", remedy="use <= or >=")
    upwards = op in (">", ">=")
    worst = n.compare(op, left.low if upwards else left.high, right.high if upwards else right.low)
    best = n.compare(op, left.high if upwards else left.low, right.low if upwards else right.high)
    return n.some((worst, n.every((best, n.const(None, kind="bool")))))


def band(of: Value, rows: Sequence[tuple[str, Value, Value]], rest: Value) -> Value:
    """The worth of the first row whose comparison holds; every row says which side its bound belongs to.

    What is not known earns from the least to the most of all rows. A count that is an interval earns from what its
    lower end earns to what its upper end earns, so its rows must fall from the highest bound to the lowest.
    """
    for _, _, worth in (*rows, ("", rest, rest)):
        if worth.low.op != "const" or worth.high.op != "const" or worth.unit != "1":
            raise RuleError(
                "a band earns something that is no plain number", remedy="write points, or a span like 7..8"
            )
    den = max(worth.den for _, _, worth in (*rows, ("", rest, rest)))
    steps = [(op, bound, v.scaled(worth, den)) for op, bound, worth in rows]
    last = v.scaled(rest, den)
    if of.is_interval:
        _check_falling(steps, last)
    worths = [*(worth for _, _, worth in steps), last]
    values = [end.value for one in worths for end in (one.low, one.high)]
    least, most = n.const(min(values)), n.const(max(values))
    lows = [(op, bound, worth.low) for op, bound, worth in steps]
    highs = [(op, bound, worth.high) for op, bound, worth in steps]
    low = _chain(_end(of, high=False), lows, last.low, unknown=least)
    high = _chain(_end(of, high=True), highs, last.high, unknown=most)
    return Value("number", low, high, "1", den, None, of.gaps)


def _end(of: Value, *, high: bool) -> Value:
    node = of.high if high else of.low
    return Value(of.kind, node, node, of.unit, of.den, of.bottom)


def _chain(of: Value, steps: Sequence[tuple[str, Value, Node]], rest: Node, *, unknown: Node) -> Node:
    """The worth of the first comparison that surely holds; what is unknown fails them all and is sorted out at the end.

    That a divisor is not above zero is asked once and not in every comparison.
    """
    found, is_known, below = rest, [], rest
    sums = _rises_by_steps(steps)
    for op, bound, worth in reversed(steps):
        holds = compare(op, of, bound).low if of.bottom is None else _crosswise(op, of, bound)
        is_known.append(n.known(holds))
        if sums:  # to add a step is cheaper than to choose between whole columns
            found = n.add(found, n.choose(n.surely(holds), n.const(worth.value - below.value), n.ZERO))
        else:
            found = n.choose(n.surely(holds), worth, found)
        below = worth
    if of.bottom is not None:
        found = n.choose(n.surely(n.compare("<=", of.bottom, n.ZERO)), rest, found)
    if unknown == rest:
        return found
    if len(set(is_known)) == 1:  # where unknown it is `rest` now: to add what is missing is cheaper than to choose
        whole = n.add(found, n.choose(is_known[0], n.ZERO, n.const(unknown.value - rest.value)))
        return replace(whole, bound=max(found.bound, abs(unknown.value)))
    return n.choose(n.every(is_known), found, unknown)


def _rises_by_steps(steps: Sequence[tuple[str, Value, Node]]) -> bool:
    """Whether each row that holds makes all later ones hold: known bounds that fall, reached from above."""
    bounds = [bound for _, bound, _ in steps]
    if any(op not in (">", ">=") for op, _, _ in steps) or not all(v.is_constant(bound) for bound in bounds):
        return False
    places = [v.as_fraction(bound) for bound in bounds]
    return all(high > low for high, low in pairwise(places))


def _check_falling(steps: Sequence[tuple[str, Value, Value]], rest: Value) -> None:
    worths = [(worth.low.value, worth.high.value) for _, _, worth in steps] + [(rest.low.value, rest.high.value)]
    if any(op not in (">", ">=") for op, _, _ in steps) or worths != sorted(worths, reverse=True):
        raise RuleError(
            "the bands of a count do not fall", remedy="order them from the highest bound and worth to the lowest"
        )
