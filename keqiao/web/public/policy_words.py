"""Rules in words: combination, bands, tiers and values as tables and sentences beside the code they come from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.engines.rules import Policy, Vocabulary
from keqiao.web.templatetags.keqiao import is_english, say

_NAME = re.compile(r"'[^']*'|[A-Za-z_]\w*(?:\.(?:\w+|\*))*")
_YEARLY = re.compile(r"\b(total|mean|growth)\((\w+), 3, \w+\)")
_IN_YEAR = re.compile(r"\bin_year\((\w+), (\w+)\)")
_GROUP = re.compile(r"\b(all|any)\(([^()]*)\)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([^\W\d_]+|%|‰)")
_COUNTED = re.compile(r"\b(?:count|exists)\((\w+)(?: where ([^()]*))?\)")
ITEMS = {
    "class = 1": _("Ⅰ类"),
    "class = 2": _("Ⅱ类"),
    "acquisition = 'own_rd'": _("自主研发"),
    "high_value": _("高价值"),
    "in_use": _("已实际应用"),
}
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "/": "÷", "*": "×"}


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A band or tiers as a table: what is looked at, and (condition, worth) of each row."""

    kind: str
    of: str
    rows: Sequence[tuple[str, str]]


def amount(policy: Policy, text: str) -> str:
    """A value as written, long numbers grouped; for English readers in a unit that has an English name."""
    words = policy.vocabulary

    def spoken(found: re.Match[str]) -> str:
        number, unit = found[1], found[2]
        if not is_english() or unit not in words.units or words.unit_names_en.get(unit):
            shown = f"{int(number):,}" if number.isdigit() and len(number) > 4 else number
            return f"{shown} {words.unit_names_en.get(unit, unit) if is_english() else unit}"
        base, factor = words.units[unit]
        named = [(size, name) for name, (of, size) in words.units.items() if of == base and size <= factor]
        size, name = max((one for one in named if one[1] in words.unit_names_en), default=(factor, unit))
        value = Decimal(number) * factor.numerator / factor.denominator * size.denominator / size.numerator
        return f"{value.normalize():,f} {words.unit_names_en.get(name, name)}".strip()

    return _NUMBER.sub(spoken, text)


def in_words(policy: Policy, text: str, day: date) -> str:
    """An expression with the labels of its facts, parameters and parts in place of their names."""
    yearly = {"total": gettext("近三年{}合计"), "mean": gettext("近三年平均{}"), "growth": gettext("近三年{}平均增长")}

    def years(found: re.Match[str]) -> str:
        fact = policy.vocabulary.attributes.get(f"{found[2]}_t1")
        return yearly[found[1]].format(say(fact, "label")) if fact else found[0]

    def items(found: re.Match[str]) -> str:
        name = policy.vocabulary.lists.get(found[1])
        parts = [part for part in re.split(r" and ", found[2] or "") if part not in policy.definitions]
        which = gettext("、").join(str(ITEMS.get(part, part)) for part in parts)
        label = gettext("符合条件的{}").format(say(name, "label") if name else found[1])
        return gettext("{label}（{which}）").format(label=label, which=which) if which else label

    def of_year(found: re.Match[str]) -> str:
        return gettext("{1}的{0}").format(*(_label(policy, name, day) for name in found.groups()))

    text = _IN_YEAR.sub(of_year, text)
    text = _COUNTED.sub(items, _YEARLY.sub(years, text))
    text = _NAME.sub(lambda found: _label(policy, found[0], day), text)
    text = text.replace("min(", gettext("取小(")).replace("max(", gettext("取大(")).replace("if(", gettext("若("))
    for code, sign in _SIGNS.items():
        text = text.replace(f" {code} ", f" {sign} ")
    return amount(policy, text)


def _label(policy: Policy, name: str, day: date) -> str:
    facts = policy.vocabulary.attributes
    if name in facts:
        fact = facts[name]
        when = str(day.year - fact.period) if fact.period else ""
        return gettext("{year} 年{label}").format(year=when, label=say(fact, "label")) if when else say(fact, "label")
    for known in (policy.parameters, policy.definitions, policy.vocabulary.lists):
        if name in known and known[name].label:
            return say(known[name], "label")
    return next((say(one, "label") for one in policy.clauses if one.id == name), name)


def combination(policy: Policy) -> list[str]:
    """What must hold, one line for each part that stands beside the others."""
    return [_part(policy, part) for part in _split(policy.eligible_text, " and ")]


def _part(policy: Policy, text: str) -> str:
    text = text.strip()
    inside = text[1:-1] if text.startswith("(") and _closing(text, 0) == len(text) - 1 else text
    either = _split(inside, " or ")
    if len(either) > 1:
        return gettext(" 或者 ").join(_part(policy, one) for one in either)
    both = _split(inside, " and ")
    if len(both) > 1:
        return gettext("（{}）").format(gettext(" 并且 ").join(_part(policy, one) for one in both))
    return _group(policy, inside)


def _group(policy: Policy, text: str) -> str:
    found = _GROUP.fullmatch(text)
    if not found:
        return _label(policy, text, date.min)
    ids: list[str] = []
    for pattern in found[2].split(","):
        start = pattern.strip().removesuffix("*")
        ids += [
            one.id
            for one in policy.clauses
            if one.id == start or (start != pattern.strip() and one.id.startswith(start))
        ]
    labels = gettext("；").join(_label(policy, id, date.min) for id in ids)
    form = gettext("全部符合：{}") if found[1] == "all" else gettext("符合其一：{}")
    return form.format(labels) if len(ids) > 1 else labels


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text) - 1


def _split(text: str, by: str) -> list[str]:
    """The parts of a text that stand side by side outside brackets."""
    parts, depth, start, place = [], 0, 0, 0
    while place < len(text):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth and text.startswith(by, place):
            parts.append(text[start:place])
            place = start = place + len(by)
        else:
            place += 1
    return [*parts, text[start:]]


def steps(policy: Policy, text: str, day: date) -> Iterator[Steps]:
    """Every band and every run of tiers inside an expression."""
    for found in re.finditer(r"\b(band|tiers)\(", text):
        inside = text[found.end() : _closing(text, found.end() - 1)]
        of, *rows = (one.strip() for one in _split(inside, ","))
        read = _bands if found[1] == "band" else _tiers
        yield Steps(kind=found[1], of=in_words(policy, of, day), rows=[
            (amount(policy, condition), in_words(policy, worth, day)) for condition, worth in read(rows)
        ])  # fmt: skip


def _bands(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        condition, _colon, worth = row.partition(":")
        if not worth:
            yield gettext("其他"), row.removeprefix("else").strip()
        else:
            sign, _space, bound = condition.strip().partition(" ")
            yield f"{_SIGNS.get(sign, sign)} {bound}", worth.strip().replace("..", "–")


def _tiers(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    before = ""
    for row in rows:
        rate, _to, bound = row.partition(" to ")
        if bound and not before:
            yield gettext("不超过 {}").format(bound), rate
        elif bound:
            yield gettext("超过 {}、不超过 {}").format(before, bound), rate
        else:
            yield gettext("超过 {}").format(before), rate
        before = bound


def quantity(number: int, unit: str, words: Vocabulary) -> str:
    """A number of a base unit in the largest unit of its kind that it fills."""
    best, factor = unit, Fraction(1)
    for word, (base, size) in words.units.items():
        is_named = not is_english() or words.unit_names_en.get(word)
        if base == unit and is_named and factor < size <= abs(number):
            best, factor = word, size
    value = Decimal(number) * factor.denominator / factor.numerator
    name = words.unit_names_en.get(best, best) if is_english() else best
    return (
        f"{value:,f} {name}".strip() if value == value.to_integral_value() else f"{value.normalize():,f} {name}".strip()
    )
