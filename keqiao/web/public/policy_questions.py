"""Questions of the self-check and how answers are read: in the units people use, exact, with errors that help."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from keqiao.engines.rules import Attribute, Policy, Vocabulary
from keqiao.web.templatetags.keqiao import is_english, say

OTHER = "other"  # of a code: none of those the policy names
UNSURE = "unsure"
EARLIEST = date(1900, 1, 1)
LARGEST = 2**53
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)([^\d.]*)")
_CONVENIENT = 1_000_000  # the largest unit that is offered holds so many of the smallest


class AnswerError(ValueError):
    """An answer that cannot be used; the text says why and what to write."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to ask: `kind` is number, date or choice; `fills` the fact or list its answer belongs to."""

    name: str
    fills: str
    kind: str
    label: str
    why: str = ""
    help: str = ""
    unit: str = ""
    choices: Sequence[tuple[str, str]] = ()
    attribute: Attribute | None = None
    clause: str = ""

    @property
    def is_short(self) -> bool:
        return len(self.choices) <= 4


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with what was typed and, where that cannot be used, why."""

    question: Question
    raw: str
    error: str = ""

    @property
    def shown(self) -> str:
        """The answer as it is printed."""
        if self.question.kind == "choice":
            return dict(self.question.choices).get(self.raw, "")
        return f"{self.raw} {self.question.unit}".strip() if self.raw.strip() else ""


def yes_no() -> list[tuple[str, str]]:
    return [("yes", gettext("是")), ("no", gettext("否")), (UNSURE, gettext("不清楚"))]


def fact_question(policy: Policy, attribute: Attribute, *, day: date, why: str) -> Question:
    """The question for one fact of the firm."""
    label = say(attribute, "label")
    if attribute.period:
        label = gettext("{year} 年{label}").format(year=day.year - attribute.period, label=label)
    kind = {"money": "number", "count": "number", "date": "date"}.get(attribute.type, "choice")
    choices: Sequence[tuple[str, str]] = ()
    if attribute.type == "flag":
        choices = yes_no()
    elif attribute.type == "code":
        choices = [*_code_choices(policy, attribute), (UNSURE, gettext("不清楚"))]
    return Question(
        name=attribute.name, fills=attribute.name, kind=kind, label=label, why=why, attribute=attribute,
        unit=display_unit(attribute, policy.vocabulary) if kind == "number" else "", choices=choices,
    )  # fmt: skip


def _code_choices(policy: Policy, attribute: Attribute) -> list[tuple[str, str]]:
    """The codes of a fact by name, numbered ones with their number; "none" where all of them are spoken of."""
    language, spoken = 1 if is_english() else 0, _literals(policy, attribute.name)
    codes = attribute.codes or {code: (code, code) for code in spoken}
    found = [
        (code, f"{code} {names[language]}" if code.isdigit() and code != names[language] else names[language])
        for code, names in codes.items()
    ]
    return found if len(codes) > 2 and not set(codes) <= set(spoken) else [*found, (OTHER, gettext("都不是"))]


def _literals(policy: Policy, name: str) -> list[str]:
    texts = [one.text for one in policy.clauses] + [one.text for one in policy.definitions.values()]
    texts += [policy.benefit.text] if policy.benefit else []
    found: dict[str, None] = {}
    for text in texts:
        for some in re.findall(rf"\b{name} (?:=|!=|in|not in) (\([^)]*\)|'[^']*')", text):
            found.update(dict.fromkeys(re.findall(r"'([^']*)'", some)))
    return list(found)


def display_unit(attribute: Attribute, words: Vocabulary) -> str:
    """The unit a number is typed in: 万元 or its like for money, % for shares, else its own."""
    if attribute.per == 10_000:
        return "%"
    if attribute.unit == "1":
        return ""
    if attribute.type != "money":
        return unit_name(attribute.unit, words)
    fitting = [
        (factor, word) for word, (base, factor) in words.units.items()
        if base == attribute.unit and factor <= _CONVENIENT and (not is_english() or words.unit_names_en.get(word))
    ]  # fmt: skip
    return unit_name(max(fitting, default=(Fraction(1), attribute.unit))[1], words)


def unit_name(unit: str, words: Vocabulary) -> str:
    return words.unit_names_en.get(unit, unit) if is_english() else unit


def _factor(unit: str, attribute: Attribute, words: Vocabulary) -> Fraction:
    """How many of the fact's smallest units one of a typed unit holds."""
    if unit == "%" and attribute.per > 1:
        return Fraction(attribute.per, 100)
    if not unit and attribute.unit == "1":
        return Fraction(attribute.per)
    known = {unit_name(word, words): word for word in words.units} | {word: word for word in words.units}
    if unit in known:
        base, factor = words.units[known[unit]]
        if base == attribute.unit:
            return factor
        # Words such as "items" name several units; the fact's own is meant.
        if unit == unit_name(attribute.unit, words):
            return words.units[attribute.unit][1]
    wanted = display_unit(attribute, words) or gettext("数（不带单位）")
    raise AnswerError(
        gettext("这里要填{wanted}，收到的单位是“{unit}”。").format(wanted=wanted, unit=unit or gettext("无"))
    )


def read(question: Question, raw: str, *, words: Vocabulary, on: date) -> Any:
    """The value of an answer as the facts hold it; None for no answer. Raises :class:`AnswerError`."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text or text == UNSURE:
        return None
    if question.kind == "date":
        return _day(text, on)
    if question.kind == "choice":
        return _choice(question, text)
    return number(question, text, words=words, on=on)


def _day(text: str, on: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise AnswerError(gettext("“{text}”不是日期，请写成 2026-06-30 的样子。").format(text=text)) from None
    if day > on:
        raise AnswerError(gettext("{day} 在今天之后，请填已经发生的日期。").format(day=day.isoformat()))
    if day < EARLIEST:
        raise AnswerError(gettext("{day} 太早了，请检查年份。").format(day=day.isoformat()))
    return day.isoformat()


def _choice(question: Question, text: str) -> Any:
    if text not in dict(question.choices):
        raise AnswerError(gettext("请从列出的答案里选一个。"))
    is_flag = question.attribute is None or question.attribute.type == "flag"
    return text == "yes" if is_flag else text


def number(question: Question, text: str, *, words: Vocabulary, on: date) -> int:
    """A number with or without its unit, as whole smallest units."""
    attribute = question.attribute
    assert attribute is not None  # noqa: S101 - every question for a number carries its fact
    bare = re.sub(r"[\s,，]", "", text)
    found = _NUMBER.fullmatch(bare)
    if not found:
        example = f"120 {question.unit}".strip()
        raise AnswerError(gettext("“{text}”不是数。请填数字，例如 {example}。").format(text=text[:40], example=example))
    unit = (found[2] or question.unit).strip()
    value = Fraction(found[1]) * _factor(unit, attribute, words)
    if value < 0 and not attribute.is_signed:
        raise AnswerError(gettext("不能是负数；没有就填 0。"))
    if value.denominator != 1:
        is_money = attribute.type == "money"
        raise AnswerError(gettext("金额最多精确到分。") if is_money else gettext("小数位太多，请填整数或少几位小数。"))
    if abs(value) > LARGEST:
        raise AnswerError(gettext("这个数太大了，请检查单位。"))
    if attribute.unit == "年" and not EARLIEST.year <= value <= on.year:
        raise AnswerError(gettext("年份要在 {first} 到 {last} 之间。").format(first=EARLIEST.year, last=on.year))
    if attribute.per == 10_000 and value > attribute.per:
        raise AnswerError(gettext("比例不能超过 100%。"))
    return int(value)
