"""Values and requirements in words, Chinese and English; a number is never shown better than it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules._facts import FOREVER, Attribute, Vocabulary
from keqiao.engines.rules._policy import Policy
from keqiao.engines.rules._values import ENDLESS, Value

LANGUAGES = ("zh", "en")
_SIGNS = {"/": "÷", "*": "×", "<=": "≤", ">=": "≥", "!=": "≠"}
TEXTS: Mapping[str, tuple[str, str]] = {
    "unknown": ("未知", "unknown"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "to": ("{} 至 {}", "{} to {}"),
    "at_least": ("至少 {}", "at least {}"),
    "at_most": ("至多 {}", "at most {}"),
    "anything": ("不限", "anything"),
    "number_of": ("符合条件的{}", "qualifying {}"),
    "sum_of": ("符合条件的{}合计", "sum of qualifying {}"),
    "newest_of": ("最新的{}", "newest of {}"),
    "total": ("近三年{}合计", "{} of up to three years"),
    "mean": ("近三年平均{}", "yearly mean of {}"),
    "growth": ("近三年{}平均增长", "mean growth of {}"),
    "in_year": ("{1}的{0}", "{0} of the {1}"),
    "experts": ("专家评分", "experts' points"),
    "day": ("申请日 {}", "the day asked about, {}"),
    "year": ("{} 年", " in {}"),
    "or": ("或", "or"),
    "days": ("{} 天", "{} days"),
    "months": ("{} 个月", "{} months"),
    "years": ("{} 年", "{} years"),
}


def said(key: str, language: str, *parts: str) -> str:
    return TEXTS[key][LANGUAGES.index(language)].format(*parts)


def fact_label(attribute: Attribute, language: str, *, year: int) -> str:
    """The label of a fact with the year it belongs to."""
    label = attribute.label_en or attribute.label if language == "en" else attribute.label
    if not attribute.period:
        return label
    when = said("year", language, str(year - attribute.period))
    return f"{label}{when}" if language == "en" else f"{when}{label}"


class Wording:
    """How values are written in a language; amounts stand in the largest unit of their kind that they fill."""

    def __init__(self, vocabulary: Vocabulary, *, language: str) -> None:
        self.language = language
        self._names = vocabulary.unit_names_en if language == "en" else {}
        self._scales: dict[str, list[tuple[int, str]]] = {}
        for word, (base, size) in vocabulary.units.items():
            if size.denominator == 1 and size > 1 and (language == "zh" or word in vocabulary.unit_names_en):
                self._scales.setdefault(base, []).append((int(size), self.unit_name(word)))
        for scale in self._scales.values():
            scale.sort(reverse=True)

    def unit_name(self, unit: str) -> str:
        return self._names.get(unit, unit)

    def shown(self, value: Value, low: Any, high: Any, bottom: Any, *, is_share: bool = False) -> str:
        """A value as a person reads it; a plain number is shown in per cent where it `is_share`."""
        if low is None or (value.bottom is not None and bottom is None):
            return said("unknown", self.language)
        if value.kind != "number":
            return self._plain(value, low)
        if value.bottom is not None:
            return self._share(low, bottom, value.unit)
        if low != high:
            return self._range(value, low, high)
        if is_share and value.unit == "1":
            return f"{decimal(low * 100, value.den)}%"
        return self.amount(low, value.den, value.unit)

    def _plain(self, value: Value, low: Any) -> str:
        if value.kind == "flag":
            return said("yes" if low else "no", self.language)
        if value.kind == "date":
            return date.fromordinal(low).isoformat() if 0 < low <= FOREVER else str(low)
        return str(low) if value.kind == "code" else said(value.unit, self.language, str(low))

    def _range(self, value: Value, low: int, high: int) -> str:
        ends = [self.amount(end, value.den, value.unit) for end in (low, high)]
        if high >= ENDLESS and low <= -ENDLESS:
            return said("anything", self.language)
        if high >= ENDLESS:
            return said("at_least", self.language, ends[0])
        return said("at_most", self.language, ends[1]) if low <= -ENDLESS else said("to", self.language, *ends)

    def _share(self, top: int, bottom: int, unit: str) -> str:
        """A quotient cut off, not rounded: 4.9999 % is never shown as 5 %."""
        if bottom <= 0:
            return f"{top} ÷ {bottom}"
        if unit != "1":
            return f"{decimal(top * 100 // bottom, 100)} {self.unit_name(unit)}"
        return f"{decimal(top * 10_000 // bottom, 100)}%"

    def amount(self, value: int, den: int, unit: str) -> str:
        """A number exactly, in its unit."""
        if unit == "1":
            return decimal(value, den)
        scale = self._scales.get(unit, [])
        filled = [(size, name) for size, name in scale if size * den <= abs(value)]
        size, name = filled[0] if filled else scale[-1] if scale and not value else (1, self.unit_name(unit))
        return f"{decimal(value, den * size)} {name}".strip()


def decimal(value: int, den: int) -> str:
    """An exact decimal where there is one, else cut after six places."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value, den)
    digits = ""
    while rest and len(digits) < 6:
        digit, rest = divmod(rest * 10, den)
        digits += str(digit)
    grouped = f"{whole:,}" if whole >= 10_000 else str(whole)  # a year has four digits and no comma
    return sign + grouped + (f".{digits}" if digits.rstrip("0") else "")


def all_codes(vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """What every code of the vocabulary is called that means one thing wherever it stands."""
    given = [one.codes for one in vocabulary.attributes.values()] + [one.codes for one in vocabulary.lists.values()]
    found: dict[str, set[tuple[str, str]]] = {}
    for codes in given:
        for code, names in codes.items():
            found.setdefault(code, set()).add(names)
    return {code: next(iter(names)) for code, names in found.items() if len(names) == 1}


def code_name(code: str, codes: Mapping[str, tuple[str, str]], language: str) -> str:
    return codes[code][LANGUAGES.index(language)] if code in codes else code


class Phrases:
    """What an expression asks for, in words of a policy."""

    def __init__(self, policy: Policy, *, as_of: date, language: str, stages: Mapping[str, str]) -> None:
        self._policy, self._as_of, self._language, self._stages = policy, as_of, language, stages
        self._codes = all_codes(policy.vocabulary)
        self._wording = Wording(policy.vocabulary, language=language)

    def of(self, node: s.Expression) -> str:
        """The expression in words; names of facts and parts of the score by their labels."""
        if isinstance(node, s.Name):
            return self._name(node.name)
        if isinstance(node, s.Over):
            return self._list(node)
        if isinstance(node, s.Call):
            return self._call(node)
        if isinstance(node, s.Binary) and isinstance(node.left, s.Name) and isinstance(node.right, s.Text):
            return f"{self.of(node.left)} {_SIGNS.get(node.op, node.op)} {self._coded(node.left, node.right)}"
        if isinstance(node, s.Binary):
            return f"{self.of(node.left)} {_SIGNS.get(node.op, node.op)} {self.of(node.right)}"
        if isinstance(node, s.Among):
            return ("、" if self._language == "zh" else ", ").join(self._coded(node.of, one) for one in node.values)
        return self._plain(node)

    def _coded(self, of: s.Expression, value: s.Expression) -> str:
        """A value of a fact; a code by the name it has for that fact."""
        facts = self._policy.vocabulary.attributes
        if isinstance(value, s.Text) and isinstance(of, s.Name) and of.name in facts:
            return code_name(value.value, {**self._codes, **facts[of.name].codes}, self._language)
        return self.of(value)

    def _plain(self, node: s.Expression) -> str:
        if isinstance(node, s.Number):
            name = node.unit if node.unit in "%‰" else self._wording.unit_name(node.unit)
            gap = "" if name in ("%", "‰", "") else " "
            return f"{decimal(node.value.numerator, node.value.denominator)}{gap}{name}"
        if isinstance(node, s.Text):
            return code_name(node.value, self._codes, self._language)
        if isinstance(node, s.Day):
            return node.value.isoformat()
        if isinstance(node, s.Unary):
            return f"-{self.of(node.of)}" if node.op == "-" else self.of(node.of)
        return self.of(node.of) if isinstance(node, s.Steps) else ""

    def _name(self, name: str) -> str:
        policy = self._policy
        if name == "as_of":
            return said("day", self._language, self._as_of.isoformat())
        if name in policy.vocabulary.attributes:
            return fact_label(policy.vocabulary.attributes[name], self._language, year=self._as_of.year)
        if name in self._stages:
            return self._stages[name]
        if name in policy.definitions:
            one = policy.definitions[name]
            return (one.label_en if self._language == "en" else one.label) or self.of(one.value)
        labels = {one.id: one.label_en if self._language == "en" else one.label for one in policy.clauses}
        return labels.get(name, name)

    def _list(self, node: s.Over) -> str:
        items = self._policy.vocabulary.lists[node.items]
        label = items.label_en if self._language == "en" else items.label
        key = {"sum": "sum_of", "latest": "newest_of"}.get(node.name, "number_of")
        return said(key, self._language, label)

    def _call(self, node: s.Call) -> str:
        if node.name in ("total", "mean", "growth") and isinstance(node.args[0], s.Name):
            attribute = self._policy.vocabulary.attributes[f"{node.args[0].name}_t1"]
            label = attribute.label_en if self._language == "en" else attribute.label
            return said(node.name, self._language, label)
        if node.name == "in_year":
            return said("in_year", self._language, *map(self.of, node.args))
        if node.name == "experts":
            return said("experts", self._language)
        joint = f" {said('or', self._language)} " if self._language == "en" else said("or", self._language)
        return joint.join(dict.fromkeys(self.of(arg) for arg in node.args))
