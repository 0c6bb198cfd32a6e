"""The text of an expression as a tree; nothing is known yet of names and units.

Grammar, loosest first: `or`, `and`, `not`, one comparison (`= != < <= > >= in not in`), `+ -`, `* /`, a sign, an atom.
Atoms are numbers with a unit (`500 人`, `2 亿元`, `60 %`, `5 years`), texts in single quotes, names with dots,
brackets and calls. Three calls have words of their own inside: `count(list where …)`, `band(x, >= 5 %: 20, else 0)` and
`tiers(x, 10 % to 200 万元, 2 %)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from keqiao.engines.rules._errors import RuleError


@dataclass(frozen=True)
class Number:
    """A number as written, exact, with its unit word ("" for none)."""

    value: Fraction
    unit: str = ""


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True)
class Day:
    """A day as written: 2026-04-01."""

    value: date


@dataclass(frozen=True)
class Name:
    """A name; a clause may be named with a star for its group: `base.*`."""

    name: str


@dataclass(frozen=True)
class Unary:
    """`not x` or `-x`."""

    op: str
    of: Expression


@dataclass(frozen=True)
class Binary:
    """Two operands and what stands between them."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Among:
    """`x in (a, b)`."""

    of: Expression
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class Span:
    """`7..8`: points of which only the ends are known."""

    low: Expression
    high: Expression


@dataclass(frozen=True)
class Call:
    """`name(a, b)`."""

    name: str
    args: tuple[Expression, ...]


@dataclass(frozen=True)
class Over:
    """`count(list where c)`, `sum(list: value where c)`, `latest(list: value by day since day where c)`."""

    name: str
    items: str
    value: Expression | None
    by: str
    where: Expression | None
    since: Expression | None


@dataclass(frozen=True)
class Steps:
    """`band(x, >= 5 %: 20, else 0)` as (comparison, bound, worth), and `tiers` as ("to", bound, rate)."""

    name: str
    of: Expression
    rows: tuple[tuple[str, Expression, Expression], ...]
    rest: Expression


Expression = Number | Text | Day | Name | Unary | Binary | Among | Span | Call | Over | Steps

_TOKEN = re.compile(
    r"\s*(?:(?P<day>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|‰|(?!to\b|and\b|or\b|else\b|where\b|in\b|by\b|since\b|not\b)[^\W\d_]+|[£$€])?"
    r"|(?P<text>'[^']*')|(?P<name>[A-Za-z_]\w*(?:\.(?:\w+|\*))*)|(?P<sign>\.\.|>=|<=|!=|[-+*/()<>=,:]))"
)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WORDS = frozenset({"and", "or", "not", "in", "where", "by", "since", "else"})
_LISTS = frozenset({"count", "exists", "sum", "latest"})


def parse(text: str) -> Expression:
    """Return the tree of an expression; raise :class:`RuleError` naming the character where it cannot be read.

    >>> parse("staff_t1 <= 500 人")
    Binary(op='<=', left=Name(name='staff_t1'), right=Number(value=Fraction(500, 1), unit='人'))
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str, int]] = []
        self._next = 0
        at, end = 0, len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._error(at, "cannot be read")
            kind = found.lastgroup or ""
            if kind == "unit":
                kind = "number"
            self._tokens.append((kind, found[kind], found.start(kind)))
            if kind == "number":
                self._tokens.append(("unit", found["unit"] or "", found.end(kind)))
            at = found.end()

    def _error(self, at: int, what: str) -> RuleError:
        at = len(self._text) - len(self._text[at:].lstrip())
        rest = self._text[at:].strip()[:20]
        where = f"{rest!r} at character {at + 1}" if rest else "the end of the expression"
        return RuleError(f"{where} {what} in {self._text!r}", remedy="correct the expression")

    def _peek(self) -> str:
        kind, value, _ = self._tokens[self._next] if self._next < len(self._tokens) else ("", "", 0)
        return value if kind in ("sign", "name") else f"<{kind}>"

    def _take(self, *wanted: str) -> str | None:
        if self._peek() in wanted:
            self._next += 1
            return self._tokens[self._next - 1][1]
        return None

    def _need(self, wanted: str) -> None:
        if self._take(wanted) is None:
            raise self._here(f"stands where {wanted!r} is expected")

    def _here(self, what: str) -> RuleError:
        at = self._tokens[self._next][2] if self._next < len(self._tokens) else len(self._text)
        return self._error(at, what)

    def whole(self) -> Expression:
        found = self.either()
        if self._next < len(self._tokens):
            raise self._here("is left over")
        return found

    def either(self) -> Expression:
        left = self.both()
        while self._take("or"):
            left = Binary("or", left, self.both())
        return left

    def both(self) -> Expression:
        left = self.negated()
        while self._take("and"):
            left = Binary("and", left, self.negated())
        return left

    def negated(self) -> Expression:
        return Unary("not", self.negated()) if self._take("not") else self.compared()

    def compared(self) -> Expression:
        left = self.summed()
        if op := self._take(*_COMPARISONS):
            return Binary(op, left, self.summed())
        if self._peek() in ("in", "not"):
            negated = self._take("not")
            self._need("in")
            among = Among(left, self._values())
            return Unary("not", among) if negated else among
        return left

    def _values(self) -> tuple[Expression, ...]:
        self._need("(")
        values = [self.summed()]
        while self._take(","):
            values.append(self.summed())
        self._need(")")
        return tuple(values)

    def summed(self) -> Expression:
        left = self.multiplied()
        while op := self._take("+", "-"):
            left = Binary(op, left, self.multiplied())
        return left

    def multiplied(self) -> Expression:
        left = self.signed()
        while op := self._take("*", "/"):
            left = Binary(op, left, self.signed())
        return left

    def signed(self) -> Expression:
        return Unary("-", self.signed()) if self._take("-") else self.atom()

    def atom(self) -> Expression:
        kind, value, _ = self._tokens[self._next] if self._next < len(self._tokens) else ("", "", 0)
        if kind == "number":
            return self._number(value)
        if kind == "text":
            self._next += 1
            return Text(value[1:-1])
        if kind == "day":
            return self._day(value)
        if self._take("("):
            inside = self.either()
            self._need(")")
            return inside
        if kind != "name" or value in _WORDS:
            raise self._here("stands where a value is expected")
        self._next += 1
        return self._call(value) if self._take("(") else Name(value)

    def _day(self, value: str) -> Expression:
        try:
            day = Day(date.fromisoformat(value))
        except ValueError:
            raise self._here("is no day of the calendar") from None
        self._next += 1
        return day

    def _number(self, value: str) -> Expression:
        number = Number(Fraction(value), self._tokens[self._next + 1][1])
        self._next += 2
        return Span(number, self.atom()) if self._take("..") else number

    def _call(self, name: str) -> Expression:
        if name in _LISTS:
            return self._over(name)
        if name in ("band", "tiers"):
            return self._steps(name)
        args: list[Expression] = []
        while not self._take(")"):
            if args:
                self._need(",")
            args.append(self.either())
        return Call(name, tuple(args))

    def _over(self, name: str) -> Expression:
        items = self._word()
        value = self.summed() if self._take(":") else None
        by = self._word() if self._take("by") else ""
        since = self.summed() if self._take("since") else None
        where = self.either() if self._take("where") else None
        self._need(")")
        return Over(name, items, value, by, where, since)

    def _word(self) -> str:
        if self._peek() in _WORDS or self._next >= len(self._tokens) or self._tokens[self._next][0] != "name":
            raise self._here("stands where a name is expected")
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _steps(self, name: str) -> Expression:
        of = self.summed()
        rows = []
        while True:
            self._need(",")
            if name == "band" and self._take("else"):
                rest = self.summed()
                break
            if name == "band":
                op = self._take(">=", ">", "<=", "<")
                if op is None:
                    raise self._here("stands where a band says which side its bound belongs to (>= > <= <)")
                bound = self.summed()
                self._need(":")
                rows.append((op, bound, self.summed()))
                continue
            rate = self.summed()
            if not self._take("to"):
                rest = rate
                break
            rows.append(("to", self.summed(), rate))
        self._need(")")
        return Steps(name, of, tuple(rows), rest)
