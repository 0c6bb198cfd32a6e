"""From the tree of an expression to nodes: names found, units checked, dates and parameters of the day put in."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from keqiao.engines.rules import _days, _functions, _lists
from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules import _values as v
from keqiao.engines.rules._compare import band, compare
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._facts import Attribute, ItemList, Vocabulary
from keqiao.engines.rules._lists import ITEM, Term
from keqiao.engines.rules._values import Value

_KINDS = {"money": "int", "count": "int", "flag": "bool", "date": "int", "code": "str"}
_VALUES = {"money": "number", "count": "number", "flag": "flag", "date": "date", "code": "code"}


@dataclass(kw_only=True)
class Scope:
    """What names mean on a day; `terms` collects the uses of lists, `item` is the list whose items are looked at."""

    vocabulary: Vocabulary
    as_of: date
    parameters: Mapping[str, Value | RuleError] = field(default_factory=dict)  # the error of one without a value
    stages: Callable[[str], list[tuple[date | None, Value]]] = lambda name: []
    definitions: Mapping[str, s.Expression] = field(default_factory=dict)
    flags: Callable[[str], list[tuple[str, Value]]] = lambda pattern: []
    item: ItemList | None = None
    terms: dict[tuple[object, ...], Term] = field(default_factory=dict)
    path: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Every name that has a meaning here."""
        inside = list(self.item.fields) if self.item else []
        return [*inside, "as_of", *self.definitions, *self.parameters, *self.vocabulary.attributes]


def lower(of: s.Expression, scope: Scope) -> Value:
    """Return what an expression stands for; raise :class:`RuleError` for unknown names and units that do not fit."""
    return _CASES[type(of)](of, scope)


def _number(of: s.Number, scope: Scope) -> Value:
    if of.unit in _days.LENGTHS:
        if of.value.denominator != 1:
            raise RuleError(f"{of.value} {of.unit} is no whole length", remedy="write whole days, months or years")
        return v.exact("time", n.const(int(of.value)), unit=of.unit)
    base, factor = _unit(of.unit, scope)
    value = of.value * factor
    return v.number(value.numerator, unit=base, den=value.denominator)


def _unit(word: str, scope: Scope) -> tuple[str, Fraction]:
    plain = {"": ("1", Fraction(1)), "%": ("1", Fraction(1, 100)), "‰": ("1", Fraction(1, 1000))}
    found = plain.get(word) or scope.vocabulary.units.get(word)
    if found is None:
        known = ", ".join([*_days.LENGTHS, "%", *scope.vocabulary.units])
        raise RuleError(f"the unit {word!r} is not known", remedy=f"use one of {known}")
    return found


def _name(of: s.Name, scope: Scope) -> Value:
    name = of.name
    if scope.item and name in scope.item.fields:
        return _fact(scope.item.fields[name], column=ITEM + name, gap=scope.item.name)
    if name.startswith("firm.") and scope.item:
        return _name(s.Name(name.removeprefix("firm.")), replace(scope, item=None))
    if name == "as_of":
        return v.exact("date", n.const(scope.as_of.toordinal()))
    if name in scope.definitions:
        if name in scope.path:
            raise RuleError(
                f"{' → '.join((*scope.path, name))} refers to itself", remedy="take one of the references out"
            )
        return lower(scope.definitions[name], replace(scope, path=(*scope.path, name)))
    if name in scope.parameters:
        found = scope.parameters[name]
        if isinstance(found, RuleError):
            raise found
        return found
    if name in scope.vocabulary.attributes:
        return _fact(scope.vocabulary.attributes[name], column=name, gap=name)
    flags = scope.flags(name)
    if len(flags) == 1 and flags[0][0] == name:
        return flags[0][1]
    near = difflib.get_close_matches(name, scope.names(), n=1)
    raise RuleError(f"the name {name!r} is not known", remedy=f"do you mean {near[0]!r}?" if near else "declare it")


def _fact(attribute: Attribute, *, column: str, gap: str) -> Value:
    node = n.column(column, kind=_KINDS[attribute.type])
    gaps = {} if attribute.by else {gap: n.unknown(node)}
    return v.exact(_VALUES[attribute.type], node, unit=attribute.unit, den=attribute.per, gaps=gaps)


def _unary(of: s.Unary, scope: Scope) -> Value:
    inside = lower(of.of, scope)
    if of.op == "not":
        return v.flag(n.negate(_condition(inside)), inside.gaps)
    return v.subtract(v.number(0, unit=inside.unit), inside)


def _condition(value: Value) -> n.Node:
    if value.kind != "flag":
        raise RuleError(f"{v.spoken(value)} stands where a condition is expected", remedy="compare it with something")
    return value.low


def _binary(of: s.Binary, scope: Scope) -> Value:
    if of.op in ("and", "or"):
        return junction(of.op, [lower(of.left, scope), lower(of.right, scope)])
    left, right = lower(of.left, scope), lower(of.right, scope)
    if of.op in "+-" and ("date" in (left.kind, right.kind) or "time" in (left.kind, right.kind)):
        return _day_arithmetic(of.op, left, right)
    if of.op in _ARITHMETIC:
        return _ARITHMETIC[of.op](left, right)
    return compare(of.op, left, right)


_ARITHMETIC = {"+": v.add, "-": v.subtract, "*": v.multiply, "/": v.divide}


def junction(op: str, parts: list[Value]) -> Value:
    """`and` or `or`, open for what its open parts lack; a part that is not asked neither hinders nor helps."""
    if op == "and":
        node = n.every(n.some((part.is_out, _condition(part))) for part in parts)
    else:
        node = n.some(_condition(part) for part in parts)
    found = v.flag(node, v.of_parts(parts))
    return replace(found, lacks=n.every((found.is_open, n.some(part.lacks_data for part in parts))))


def _day_arithmetic(op: str, left: Value, right: Value) -> Value:
    gaps = v.merged((left.gaps, right.gaps))
    if op == "-" and left.kind == right.kind == "date":
        return v.exact("time", n.sub(left.low, right.low), unit="days", gaps=gaps)
    if left.kind != "date" or right.kind != "time":
        raise RuleError(f"{v.spoken(left)} {op} {v.spoken(right)}", remedy="write a date, then a length of time")
    if left.low.op == "const" and right.low.op == "const":
        count = right.low.value if op == "-" else -right.low.value
        return v.exact("date", n.const(_days.back(date.fromordinal(left.low.value), count, right.unit).toordinal()))
    if right.unit != "days":
        raise RuleError("months or years are counted from a fact", remedy="count them from as_of, or use days")
    moved = n.sub(left.low, right.low) if op == "-" else n.add(left.low, right.low)
    return v.exact("date", moved, gaps=gaps)


def _among(of: s.Among, scope: Scope) -> Value:
    inside = lower(of.of, scope)
    values = [lower(one, scope) for one in of.values]
    if any(one.low.op != "const" or one.kind != inside.kind or one.unit != inside.unit for one in values):
        raise RuleError(
            f"{v.spoken(inside)} is looked for among other things", remedy="list constants of its kind and unit"
        )
    found = n.is_among(inside.low, tuple(one.low.value * (inside.den // one.den) for one in values))
    return v.flag(found, inside.gaps)


def _span(of: s.Span, scope: Scope) -> Value:
    low, high = v.aligned(lower(of.low, scope), lower(of.high, scope))
    return replace(low, high=high.low)


def _steps(of: s.Steps, scope: Scope) -> Value:
    value = lower(of.of, scope)
    rows = [(op, lower(bound, scope), lower(worth, scope)) for op, bound, worth in of.rows]
    rest = lower(of.rest, scope)
    return band(value, rows, rest) if of.name == "band" else _functions.tiers(value, rows, rest)


def _call(of: s.Call, scope: Scope) -> Value:
    if of.name in ("all", "any"):
        return junction("and" if of.name == "all" else "or", _members(of, scope))
    if of.name in _functions.YEARLY:
        return _functions.yearly(of.name, of.args, scope.vocabulary, scope.as_of)
    if of.name == "in_year":
        return _in_year(of, scope)
    if of.name == "year_start":
        offset = lower(of.args[0], scope).low.value if len(of.args) == 1 else 0
        return v.exact("date", n.const(_days.year_start(scope.as_of, offset).toordinal()))
    found = _functions.FUNCTIONS.get(of.name)
    if found is None:
        known = [
            "all",
            "any",
            "count",
            "exists",
            "sum",
            "latest",
            "band",
            "tiers",
            "year_start",
            "in_year",
            *_functions.YEARLY,
            *_functions.FUNCTIONS,
        ]
        near = difflib.get_close_matches(of.name, known, n=1)
        remedy = f"do you mean {near[0]}?" if near else f"use one of {', '.join(known)}"
        raise RuleError(f"there is no function {of.name}", remedy=remedy)
    count, function = found
    if len(of.args) != count:
        raise RuleError(f"{of.name} has {len(of.args)} arguments", remedy=f"give {count}")
    return function(*[lower(arg, scope) for arg in of.args])


def _in_year(of: s.Call, scope: Scope) -> Value:
    """`in_year(parameter, year)`: the value that held when a year began; unknown for years before the first."""
    stages = scope.stages(of.args[0].name) if len(of.args) == 2 and isinstance(of.args[0], s.Name) else []
    year = lower(of.args[1], scope) if stages else v.number(0)
    if not stages or year.kind != "number" or year.is_interval or year.bottom is not None or year.den != 1:
        raise RuleError("in_year is not given a parameter and a year", remedy="write in_year(rate, tax_year)")
    found = stages[0][1]
    if stages[0][0] is not None:
        found = replace(found, low=(absent := n.const(None, kind="int")), high=absent)
    for start, value in stages:
        if start is not None:
            first = start.year if (start.month, start.day) == (1, 1) else start.year + 1
            begun = v.flag(n.compare(">=", year.low, n.const(first)), year.gaps)
            found = _functions.choice(begun, value, found)
    return found


def _members(of: s.Call, scope: Scope) -> list[Value]:
    """The arguments of all(…) and any(…), a group of clauses being named by a star."""
    found: list[Value] = []
    for arg in of.args:
        if isinstance(arg, s.Name) and arg.name.endswith("*"):
            group = [value for _, value in scope.flags(arg.name)]
            if not group:
                raise RuleError(f"no clause is named {arg.name}", remedy="correct the name of the group")
            found += group
        else:
            found.append(lower(arg, scope))
    return found


def _over(of: s.Over, scope: Scope) -> Value:
    items = scope.vocabulary.lists.get(of.items)
    if items is None or scope.item:
        near = difflib.get_close_matches(of.items, scope.vocabulary.lists, n=1)
        raise RuleError(f"{of.items!r} is no list here", remedy=f"do you mean {near[0]!r}?" if near else "name a list")
    inside = replace(scope, item=items, terms={})
    parts = [lower(of.where, inside)] if of.where else []
    since = lower(of.since, scope) if of.since else None
    if since:
        dated = _name(s.Name(of.by or items.dated_by), inside)
        today = v.exact("date", n.const(scope.as_of.toordinal()))
        parts = [*parts, compare(">=", dated, since), compare("<=", dated, today)]
    term, condition = _term(of, scope, items, inside, junction("and", parts) if parts else v.flag(n.TRUE, {}))
    outside = {name: n.unknown(_name(s.Name(name), scope).low) for name in condition.gaps if name != of.items}
    if of.name == "latest":
        return v.exact("code", term.newest, gaps={of.items: n.unknown(term.newest), **outside})
    unit = items.unit if of.name != "sum" else lower(of.value or s.Text(""), inside).unit
    counted = _lists.counted(term, unit)
    counted = replace(counted, gaps={**counted.gaps, **outside})
    if items.complete_from:
        counted = _covered(counted, items, since)
    return compare(">=", counted, v.number(1, unit=unit)) if of.name == "exists" else counted


def _term(of: s.Over, scope: Scope, items: ItemList, inside: Scope, condition: Value) -> tuple[Term, Value]:
    value = lower(of.value, inside) if of.value else v.number(0)
    if of.name in ("sum", "latest") and of.value is None:
        raise RuleError(f"{of.name} does not say of what", remedy=f"write {of.name}({of.items}: field …)")
    field_named = items.fields.get(of.value.name) if isinstance(of.value, s.Name) else None
    kind = "count" if of.name == "exists" else of.name
    key = (kind, of.items, _condition(condition), value.low, of.by)
    term = scope.terms.get(key) or Term(
        key=f"#{len(scope.terms)}.{of.items}",
        kind=kind,
        items=of.items,
        condition=condition.low,
        gap=condition.gaps.get(of.items, n.FALSE),
        value=value.low,
        is_lone_field=field_named is not None,
        is_signed=bool(field_named and field_named.is_signed),
        by=of.by,
    )
    scope.terms[key] = term
    return term, condition


def _covered(counted: Value, items: ItemList, since: Value | None) -> Value:
    """A register that was read only from a later day on may hold more than is seen."""
    start = n.column(items.complete_from, kind="int")
    is_partial = n.surely(n.compare(">", start, since.low)) if since else n.known(start)
    high = n.choose(is_partial, n.const(v.ENDLESS), counted.high)
    gap = n.some((counted.gaps[items.name], is_partial))
    return replace(counted, high=high, gaps={**counted.gaps, items.name: gap})


_CASES: dict[type, Callable[..., Value]] = {
    s.Number: _number,
    s.Text: lambda of, scope: v.exact("code", n.const(of.value)),
    s.Day: lambda of, scope: v.exact("date", n.const(of.value.toordinal())),
    s.Name: _name,
    s.Unary: _unary,
    s.Binary: _binary,
    s.Among: _among,
    s.Span: _span,
    s.Call: _call,
    s.Over: _over,
    s.Steps: _steps,
}
