"""Why a value cannot be used, by a stable code, and in words of two languages: what stands there and what to write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 60
# English and Chinese; `given` is what stands there, `wanted` what it should be or belong to.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "not_fen": (
        "{given} is not whole 分 without unit or decimals: convert it, e.g. 12.34 元 is 1234",
        "{given} 不是以分为单位的整数：请换算后填写，例如 12.34 元写 1234",
    ),
    "not_whole": (
        "{given} is not a whole number of {wanted}: convert it, e.g. 12.34 元 is 1234",
        "{given} 不是整数（单位：{wanted}）：请填写整数",
    ),
    "negative": (
        "{given} is negative: write what the register says, 0 or more",
        "{given} 是负数：请按登记填写，不小于 0",
    ),
    "too_large": ("{given} is larger than any register can hold: check the unit", "{given} 大得不合理：请核对单位"),
    "not_flag": (
        "{given} is not true or false: write one of them or leave it out",
        "{given} 不是 true 或 false（是或否）：请填其中一个，或者不填",
    ),
    "not_date": ("{given} is no date: write it as 2026-06-30", "{given} 不是日期：请写成 2026-06-30"),
    "not_text": ("{given} is not a text: write the code in quotes", "{given} 不是文字：代码请加引号"),
    "not_list": ("{given} is not a list: write [] where there is none", "{given} 不是清单：确认没有的写 []"),
    "not_item": ("{given} is not an item with fields", "{given} 不是带字段的一项：请写出各个字段"),
    "other_period": (
        "its period {given} is not {wanted}: give the value of {wanted} or leave it out",
        "所属年度是 {given}，不是 {wanted} 年：请填 {wanted} 年的值，或者不填",
    ),
    "future_period": (
        "its period {given} lies in the future: give the value of {wanted} or leave it out",
        "所属年度 {given} 还没有结束：请填 {wanted} 年的值，或者不填",
    ),
    "periods": (
        "{given} is no object: write {{}} or leave it out",
        "{given} 不是“名称: 年度”的对象：请写 {{}} 或者不填",
    ),
}


@dataclass(frozen=True)
class Problem:
    """A value that could not be used: whose, which, why.

    >>> Problem("A", "staff_t1", "negative", "-3").say("zh")
    '-3 是负数：请按登记填写，不小于 0'
    """

    firm: str
    name: str
    code: str
    given: str = ""
    wanted: str = ""

    def say(self, language: str = "en") -> str:
        """Return the reason and what to do, in `zh` or `en`."""
        return SENTENCES[self.code][language == "zh"].format(given=shorten(self.given), wanted=self.wanted)

    @property
    def what(self) -> str:
        """The reason in English."""
        return self.say("en")


def shorten(text: str) -> str:
    """What stands there, short enough to be read."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
