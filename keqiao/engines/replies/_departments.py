"""Who speaks: departments by name, long and short, and the marks that open an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keqiao.engines.replies._vocabulary import Vocabulary, words

_NAME = (
    r"(?:国家税务总局)?[一-鿿]{0,8}?(?:省|市|县|区|州|盟|旗|厅|中国人民银行|人行|人民银行)?[一-鿿]{1,18}?"
    r"(?:厅|局|委员会|委|办公室|办|政府|总队|分行|支行|银行|公司|集团|管委会|中心|联合会|科协|检察院|法院|部|署|所|院)"
)
_VERBS = (
    r"(?:答复意见|答复|表示|回复|反馈|会办意见|协办意见|办理意见|意见|提出|介绍|会复|复函|复)(?:如下|称|意见|指出)?"
)
_ORDINAL = r"（\d）|\d{1,2}\.|(（[一二三四五六七八九十]{1,3}）)"
_ANSWERS = re.compile(rf"(?:{_ORDINAL})?(?:关于[^，。：]{{1,40}}，)?({_NAME})(?:{_VERBS}[：，]|：)")
_OWN_LINE = re.compile(rf"（?({_NAME})）?\n")
_OFFICE = re.compile(r"[一-鿿]{0,6}?(?:省|市|县|区|州|国家)[一-鿿]|[一-鿿]{2,6}部$")  # （一）创新中心： is none
_SIGNED = re.compile(rf"{_NAME}$")


@dataclass(frozen=True)
class Marker:
    """The words that open a department's answer: 省工信厅答复："""

    start: int
    end: int
    name: str


def marker_at(flat: str, start: int, end: int) -> Marker | None:
    """The marker at the beginning of a paragraph, if it has one."""
    found = _ANSWERS.match(flat, start, min(end, start + 60))
    if found is None or not _plausible(found[2]) or (found[1] and not _OFFICE.match(found[2])):
        return None
    return Marker(start, found.end(), found[2])


def _plausible(name: str) -> bool:
    return 3 <= len(name) <= 24 and not re.search(
        r"下一步|我[省市厅局委办]|一是|同时|目前|近年|关于|重点|推进|加强|其中|包括|主要", name
    )


def is_department(line: str) -> bool:
    """Whether a whole line is the name of an office."""
    return bool(_SIGNED.fullmatch(line)) and _plausible(line)


def short(name: str | None, vocabulary: Vocabulary) -> str | None:
    """The name an office goes by within its region: the place dropped, the function contracted.

    The place stands before 省, 市, 县, 区, 州; an office of the centre or a city's own government keeps its name.
    """
    if not name:
        return None
    if name in vocabulary.aliases:
        name = vocabulary.aliases[name]
    brief = name
    for long, contracted in vocabulary.short_names.items():
        if brief.endswith(long):
            brief = brief[: -len(long)] + contracted
            break
    if brief.endswith("政府"):
        return brief
    found = re.match(
        r"[一-鿿]{2,6}?(省|自治区|市|县|州|区)(?=[一-鿿]{2,}(?:厅|局|委|办|会|院|部|署|中心|科协)$)", brief
    )
    if found and found.end() < len(brief):
        return found[1] + brief[found.end() :]
    return brief


class Speakers:
    """Names of offices in running text: 省科技厅, 我厅 (the one who speaks), 市人社局."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        levels = "省|市|县|区|州|自治区"
        functions = words((*vocabulary.short_names.values(), *vocabulary.short_names)).pattern.pattern
        self._pattern = re.compile(
            rf"(?:{vocabulary.lists['self'].pattern.pattern})|(?:{levels})(?:委|政府)?(?:{functions}|[一-鿿]{{2,7}}?(?:厅|局|委|办))(?![一-鿿]{{0,1}}[长公法理])"
        )

    def subject(self, flat: str, start: int, end: int) -> str | None:
        """The office that acts in flat[start:end]: the first one named at the beginning of a clause, self as ''."""
        for found in self._pattern.finditer(flat, start, end):
            before = flat[found.start() - 1 : found.start()]
            name = found.group()
            if (
                found.start() == start
                or before in "，。；：\n”"
                or flat[max(start, found.start() - 6) : found.start()].endswith(("年，", "末，"))
            ):
                return "" if name in self._vocabulary.lists["self"].all else short(name, self._vocabulary)
        return None

    def mentions(self, flat: str) -> list[tuple[int, int]]:
        """Where offices are named (not 我厅)."""
        own = self._vocabulary.lists["self"].all
        return [(found.start(), found.end()) for found in self._pattern.finditer(flat) if found.group() not in own]
