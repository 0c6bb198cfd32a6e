"""What a promise can be looked up by: the names it holds, the thing it is about, the numbers it wants reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from keqiao.engines.replies._entries import plain
from keqiao.engines.replies._model import Commitment, Figure
from keqiao.engines.replies._told import SHORTEST
from keqiao.engines.replies._vocabulary import Vocabulary

_HEAD = 2  # the head of a Chinese compound is its last word, most often of two characters
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,16})[”\"]")
_TITLE = re.compile(r"《([^《》]{4,80})》")
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
_DATED = re.compile(r"(?:到|于|在)?(?:20\d\d年|“?十[三四五六]五”?|年底|明年|今年).*$")
_MARKS = re.compile(r"[\W_]+")
_NUMBERED = re.compile(
    r"(?:不少于|不低于|达到|增加到|增至|超过|突破|达|超|约|近)?"
    r"\d[\d.,]*[余多万亿千百]*[个家项户人名台套件次场支所只条元期批]*(?:（套）)?(?:以上|以内|左右|以下)?$"
)
_REGION = re.compile(r"^(?:我?[省市县区]|[一-鿿]{2,7}?(?:省|自治区|市))")


@dataclass(frozen=True)
class Wanted:
    """A promise as it is looked up.

    names: plain, a title begins with 《. heads: for each the last word of the thing it names; head: of the
    promise as a whole. targets: numbers it wants reached.
    is_open: its list stays open (新设甲、乙等学科专业). is_anew: a document made anew, which is cited before. is_begun:
    the promise is only to begin. is_made: a thing that is not there yet. is_short: some name of it is too short or too
    common to look up.
    """

    promise: Commitment
    names: tuple[str, ...]
    heads: Mapping[str, str]
    head: str
    targets: tuple[Figure, ...]
    frame: str | None
    is_open: bool
    is_anew: bool
    is_begun: bool
    is_made: bool
    is_short: bool


def _undated(thing: str) -> str:
    """The name before a date: 在架供给2025年底前达到80条以上 → 在架供给."""
    name = _DATED.sub("", thing)
    return name if len(name) >= SHORTEST else thing


class Reader:
    """Reads promises with the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words, self._plain = vocabulary.lists, vocabulary.plain
        self._tail = re.compile("(?:" + "|".join(vocabulary.plain["follow.tails"]) + ")$")
        self._sort = re.compile("(?:" + "|".join(vocabulary.plain["follow.sorts"]) + ")$")
        self._measured = re.compile("(?:" + "|".join(vocabulary.plain["follow.measured"]) + ")+$")
        self._measures = re.compile(f"等.{{0,6}}(?:{'|'.join(vocabulary.plain['follow.measures'])})")
        making = "|".join(vocabulary.plain["alike.making"])
        kinds = "|".join(sorted(vocabulary.plain["alike.majors"], key=len, reverse=True))
        self._open = re.compile(f"(?:{making})[^，。；]{{2,60}}?、[^，。；]{{2,60}}?等({kinds})")

    def read(self, promise: Commitment, targets: tuple[Figure, ...]) -> Wanted:
        """Everything that `promise` can be looked up by; `targets` are the figures that stand in it."""
        is_open = self._open.match(promise.text)
        listed = self._listed(promise)
        all_names = self._names(promise, listed)
        names = [one for one in all_names if len(one) >= SHORTEST and not self.is_everyday(one)]
        thing = is_open[1] if is_open else listed[-1] if listed else promise.anchor or promise.text
        head = self.head(thing)
        stands_alone = bool(self._measures.search(promise.text) or _QUOTED.search(promise.text.split("，")[0]))
        heads = {one: self.head(one) if stands_alone else head for one in names}
        acts = {name: promise.action in self._words[f"deed.{name}"].all for name in ("anew", "beginning", "makes")}
        return Wanted(
            promise, tuple(names), heads, head, targets, self._frame(promise.anchor), bool(is_open),
            is_anew=acts["anew"], is_begun=acts["beginning"], is_made=acts["makes"],
            is_short=len(names) < len(all_names),
        )  # fmt: skip

    def head(self, thing: str) -> str:
        """The word that says what a thing is, which whoever speaks of the thing must say, too.

        What is promised stands at the end of its name: of 科创专员申报系统 it is 系统, and a sentence that counts
        科创专员 says nothing of it. Numbers, words that only measure and sorts of programmes are no part of the name.
        """
        name = self._measured.sub("", _NUMBERED.sub("", _MARKS.sub("", _BRACKETS.sub("", _undated(thing)))))
        core = self._sort.sub("", name)
        return (core if len(core) >= SHORTEST else name)[-_HEAD:]

    def is_everyday(self, part: str) -> bool:
        """Whether a part of a name lies within a phrase that every reply uses."""
        return any(part in one for one in self._plain["follow.everyday"])

    def is_common(self, name: str) -> bool:
        """Whether a name consists of words that many names share."""
        return not self._words["follow.common"].pattern.sub("", name)

    def _names(self, promise: Commitment, listed: list[str]) -> list[str]:
        """Titles, quoted names, listed things, the core of the object.

        A title begins with 《: only a cited document answers for it. A quoted name that only describes (“科创专员”申报
        系统) is not looked up, the thing behind it is.
        """
        titles = _TITLE.findall(promise.text)
        if titles:
            return [f"《{plain(one)}" for one in dict.fromkeys(titles)]
        names = []
        for found in _QUOTED.finditer(promise.text.split("，")[0]):
            behind = re.split("[，、。；等]", promise.text[found.end() :], maxsplit=1)[0]
            names.append(plain(found[1]) if not behind or self._tail.match(behind) else plain(found[1] + behind))
        if self._measures.search(promise.text):
            inner = re.sub(r"[，。].*$", "", promise.text).split("等")[0]
            names += [plain(one) for one in inner.split("、") if "“" not in one]
        if not names and promise.specificity == "concrete":
            names = [self.core(one) for one in listed or [promise.anchor]]
        return list(dict.fromkeys(names))

    def _listed(self, promise: Commitment) -> list[str]:
        """The things of a list that the object begins: 建设甲、乙和丙平台; without what follows 等."""
        behind = promise.text.partition(promise.anchor)[2] if promise.anchor else ""
        if "《" in promise.text or not behind.startswith("、"):
            return []
        text = promise.anchor + re.split("[，。；等]", behind, maxsplit=1)[0]
        return [one for one in re.split("[、和及]", text) if one]

    def core(self, thing: str) -> str:
        """A thing without numbers and sort: 公共服务平台5个 → 公共服务平台, 聚力攻坚机制 → 聚力攻坚."""
        return self._sort.sub("", plain(_NUMBERED.sub("", self._object(thing))))

    def _object(self, anchor: str) -> str:
        """The object without a second verb before it."""
        name = _undated("".join(anchor.split()))
        verb = self._words["follow.led"].at(name, 0)
        return name[verb.end() :] if verb and len(name) - verb.end() > SHORTEST else name

    def _frame(self, anchor: str) -> str | None:
        """The frame of a name that consists of common words alone: 重大产业关键技术攻关专项 → 重大…专项."""
        name = _REGION.sub("", self._object(anchor))
        frame = next(
            (one for one in self._plain["follow.frames"] if name.startswith(one[:2]) and name.endswith(one[-2:])), None
        )
        return frame if frame and self.is_common(name) else None
