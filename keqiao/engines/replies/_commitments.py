"""Promises: clauses whose main verb is something the office will do, with the purposes that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keqiao.engines.replies._dates import Periods
from keqiao.engines.replies._firmness import Firmness
from keqiao.engines.replies._places import Place, Places
from keqiao.engines.replies._structure import Outline
from keqiao.engines.replies._vocabulary import Vocabulary

_SENTENCE = re.compile(r"[。！？；\n]")
_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]{1,2}是(?:要)?|（[一二三四五六七八九十\d]{1,2}）|\d{1,2}[.．、]|第[一二三四五六七八九十]，|[一二三四五六七八九十]{1,3}、|[①-⑳]|一方面，|另一方面，)"
)
_OPENING = re.compile(
    r"(?:下一步|下步|今后|接下来|下一阶段|后续)(?:工作)?(?:中|，|：|打算)?|同时，?|此外，?|另外，?|并且|并(?=[一-鿿])|(?:也|还|均|即)(?=将|会)|在此基础上，|在[^，。]{1,24}的?基础上，|"
    r"(?:[我本](?:厅|局|委|办|省|市|区|县|们|部|院|行|会)|(?:省|市|县|区|自治区)[一-鿿]{1,10}?(?:厅|局|委|办|政府|部)|[一-鿿]{2,5}(?:市|区|县)政府?|各有关部门|省直部门)(?=将|拟|要|会同|也将|还将|计划|，将|正在|继续)"
)
_WILL = re.compile(r"，?(?:将|拟|要|会(?!同|议|商))(?=[^，。；]{2,})")
_TIME_LEAD = re.compile(
    r"(?:力争|争取|计划|预计|确保|拟)?(?:于|在|到|至|自)?(?:20\d\d年|今年|明年|年内|年底|每年|每季度|每月|“?十[四五六]五|未来|\d{1,2}月|[上下]半年)"
)
_TIME_REST = re.compile(r"^(?:年底前|底前|末前|前|底|末|内|[一二三四]季度|\d{1,2}月|，){0,4}")
_DATED = re.compile(r"(?:预计|计划|力争|拟)(?:于|在|到)?20\d\d年")
_ANNOUNCED = re.compile(
    r"(?:[我本](?:厅|局|委|办|省|市|区|县|们|部)|(?:省|市)[一-鿿]{1,6}(?:厅|局|委|办)|下一步)(?:也|还)?"
    r"(?:将|拟)(?!.{1,20}(?:作为|纳入了|列为了))[^，。]{4,}"
)
_DEED = re.compile(r"(?:开展|举办|建设|建成|建立|完成|组织|制定|出台|培训|选派|实施)[^，。]{3,}")
_MEASURE = re.compile(r"将[^，。]{1,20}?(?:压缩|缩短|提高|提升|降低|扩大|增加|控制)")
_SUBJECT = re.compile(r"，[^，]{0,8}(?:厅|局|委|办|们)(?:也|还)?(?:将|拟)")
_TOGETHER = ("会同", "联合", "协同")
_PAST = re.compile(
    r"^(?:目前|近年来|截至|20\d\d年(?!底前|前|内|[上下]半年|[一二三四]季度|[^，]{0,8}前，)[^，]{0,6}，(?!.{0,12}[将拟])|[^，。将]{0,16}(?:已经|已(?!有)|均已)[^，。]|[^，。将拟]{2,16}了)"
)
_TO_COME = re.compile(
    r"(?:年内|年底前|今年内|今年底前|明年起?|明后两年|(?:今年|明年|20\d\d年)?\d{1,2}月底?前?|(?:今年|明年|20\d\d年)(?:底前|年底前|内|下半年))，?"
)
_DONE = re.compile(r"已|了|共(?=\d)|累计|完成了")
_BARE_WILL = re.compile(r"(?<![即必可须而也])(?:将|，拟|计划：)(?=[一-鿿])")
_ACTOR = re.compile(r"[一-鿿]{2,10}?(?:将|拟)(?=[一-鿿])")
_TOLD = re.compile(r"《|提出|要求|明确|规定|指出|强调|已|建议")


@dataclass(frozen=True)
class Promise:
    """A promise in flat ranges before its row is filled in."""

    start: int
    end: int
    anchor: tuple[int, int]
    sentence: tuple[int, int]
    action: str
    horizon: str | None
    concrete: bool
    is_next: bool
    optional: bool
    place: Place


@dataclass
class _Clause:
    start: int
    end: int
    kind: str  # act, purpose, lead, dropped, other
    verb: str = ""


class Promises:
    """Reads the promises of one flat text."""

    def __init__(
        self, flat: str, outline: Outline, places: Places, periods: Periods, vocabulary: Vocabulary, *, year: int | None
    ) -> None:
        self._flat, self._outline, self._places, self._periods = flat, outline, places, periods
        self._lists, self._year = vocabulary.lists, year
        self._firmness = Firmness(flat, periods, vocabulary, year=year)
        self._headlines = {
            item.headline[1]
            for one in outline.suggestions
            for answer in one.answers
            for section in answer.sections
            for item in section.items
            if item.headline and flat[item.headline[1] + 1 : item.end].strip()
        }

    def read(self) -> Iterator[Promise]:
        """All promises in the order of the text: of the next steps, then single sentences that say 将 elsewhere."""
        for start, end in self._sentences():
            zone = self._places.zone(start, end)
            if zone is not None and (zone[0] <= start or not self._announces(start, zone[0])):
                yield from self._sentence(max(start, zone[0]), end, is_next=True)
            elif self._announces(start, end):
                yield from self._sentence(start, end, is_next=False)

    def _sentences(self) -> Iterator[tuple[int, int]]:
        start, stop = self._outline.body
        for found in _SENTENCE.finditer(self._flat, start, stop):
            if found.start() - start > 4:
                yield start, found.start()
            start = found.end()
        if stop - start > 4:
            yield start, stop

    def _announces(self, start: int, end: int) -> bool:
        text = self._flat[start:end]
        if self._lists["structure.closing"].at(text, 0):
            return False
        if _DATED.search(text) and self._later(start, end):
            return True
        if _PAST.match(text):
            return False
        return bool(_ANNOUNCED.search(text)) or self._dated(text) or self._wills(start, end)

    def _dated(self, text: str) -> bool:
        """Whether a sentence opens with a day to come and a deed: 年内新设…, 8月底前出台…, 明年起…."""
        found = _TO_COME.match(text)
        return found is not None and bool(self._verb_of(text[found.end() :])) and not _DONE.search(text)

    def _wills(self, start: int, end: int) -> bool:
        """Whether 将 or 拟 stands before a deed, whoever does it, and the sentence does not tell what a paper says."""
        text = self._flat[start:end]
        if _TOLD.search(text):
            return False
        return any(self._verb(start + found.end(), end) not in ("", "将", "把") for found in _BARE_WILL.finditer(text))

    def _later(self, start: int, end: int) -> bool:
        return any(one.year and self._year and one.year >= self._year for one in self._periods.between(start, end))

    def _sentence(self, start: int, end: int, *, is_next: bool) -> Iterator[Promise]:
        if end in self._headlines or (
            not is_next and "”的建议" in self._flat[start:end] and "将" not in self._flat[start:end]
        ):
            return
        text = self._flat[start:end]
        if self._lists["structure.closing"].at(text, 0) or (is_next and _PAST.match(text)):
            return
        first = self._where_will(start, end) if not is_next or _SUBJECT.search(text) else start
        group: list[_Clause] = []
        aside: _Clause | None = None  # 立足自身优势: said between an act and its purpose it belongs to them
        for clause in self._clauses(first, end):
            if clause.kind == "dropped":
                aside = clause
                continue
            if clause.kind == "act" and any(one.kind == "act" for one in group):
                yield from self._made(group, start, end, is_next=is_next)
                group = []
            if aside is not None and group and clause.kind == "purpose":
                group.append(aside)
            aside = None
            group.append(clause)
        yield from self._made(group, start, end, is_next=is_next)

    def _where_will(self, start: int, end: int) -> int:
        """Outside the next steps a promise begins with the clause that says 将."""
        found = re.search(r"[^，：]*?(?:将|拟|预计|计划|力争)", self._flat[start:end])
        at = re.compile(r"(?:厅|局|委|办|省|市|区|县|们)(?:也|还)?(?:将|拟)").search(
            self._flat, start, end
        ) or re.compile("预计|计划|力争|拟|将").search(self._flat, start, end)
        if at is None or found is None:
            return start
        comma = max(self._flat.rfind("，", start, at.start()), self._flat.rfind("：", start, at.start()))
        return comma + 1 if comma >= 0 else start

    def _clauses(self, start: int, end: int) -> Iterator[_Clause]:
        position, seen_act, opening = start, False, True
        for stop in [*(found.start() for found in re.compile("[，：]").finditer(self._flat, start, end)), end]:
            if self._nested(start, stop):
                continue
            begin = self._begin(position, stop, opening=opening)
            if stop - begin >= 3:
                clause = self._classified(begin, stop, seen_act=seen_act, is_colon=self._flat[stop : stop + 1] == "：")
                opening = opening and clause.kind == "dropped"
                seen_act = seen_act or clause.kind == "act"
                yield clause
            position = stop + 1

    def _nested(self, start: int, stop: int) -> bool:
        """Whether a comma stands inside quotes, brackets or a title."""
        if stop - start > 400:
            return False
        text = self._flat[start:stop]
        return any(text.count(a) > text.count(b) for a, b in (("“", "”"), ("（", "）"), ("《", "》")))

    def _begin(self, start: int, stop: int, *, opening: bool) -> int:
        """Where the act of a clause begins: ordinals, 下一步, the subject and 将 stand outside."""
        flat = self._flat
        for _ in range(5):
            found = _ORDINAL.match(flat, start, stop) or _OPENING.match(flat, start, stop)
            if found is None:
                will = _WILL.match(flat, start, stop)
                if will is None or not self._follows_will(will.end(), stop):
                    break
                found = will
            start = found.end()
            while start < stop and flat[start] in "，：":
                start += 1
        actor = _ACTOR.match(flat, start, stop)
        return actor.end() if actor and self._verb(actor.end(), stop) not in ("", "将", "把") else start

    def _follows_will(self, start: int, stop: int) -> bool:
        """Whether 将 is the will of what follows, and not the 将 of 将…纳入."""
        if self._verb(start, stop) or _TIME_LEAD.match(self._flat, start, stop):
            return True
        return self._lists["leads_dropped"].at(self._flat, start, stop) is not None

    def _verb(self, start: int, stop: int) -> str:
        """The act at `start` behind its adverbs, or nothing."""
        for _ in range(4):
            adverb = self._lists["adverbs"].at(self._flat, start, stop)
            act = self._lists["acts"].at(self._flat, start, stop)
            if act and not (adverb and len(adverb.group()) > len(act.group())):
                return act.group()
            if adverb is None:
                return ""
            start = adverb.end()
        return ""

    def _classified(self, start: int, stop: int, *, seen_act: bool, is_colon: bool) -> _Clause:
        flat = self._flat
        text = flat[start:stop]
        if (is_colon and len(text) < 40) or (self._lists["announcements"].found(text) and (is_colon or len(text) < 16)):
            return _Clause(start, stop, "dropped")
        if self._lists["leads_dropped"].at(flat, start, stop):
            return _Clause(start, stop, "dropped")
        verb = self._verb(start, stop)
        if seen_act and (self._is_purpose(start, stop, text) or self._only_when(text)):
            return _Clause(start, stop, "purpose", verb)
        if _TIME_LEAD.match(text):
            return _Clause(start, stop, "act", self._first_verb(text))
        if self._is_lead(start, stop, verb):
            return _Clause(start, stop, "lead", verb)
        if verb:
            return _Clause(start, stop, "act", verb)
        return _Clause(start, stop, "purpose" if seen_act else "other", "")

    def _is_lead(self, start: int, stop: int, verb: str) -> bool:
        """A manner that goes with the act behind it: 依托…, 通过…, 会同有关部门."""
        if verb:
            text = self._flat[start:stop]
            return verb in ("依托", "通过") or (verb in _TOGETHER and self._firmness.deed(text, verb) == verb)
        return self._lists["leads_kept"].at(self._flat, start, stop) is not None and self._flat[start] not in "将把"

    def _only_when(self, text: str) -> bool:
        """Whether a clause only says by when and how much: 年底前规模扩大到3亿元, 力争2026年建成投用."""
        if _MEASURE.match(text):
            return True
        lead = _TIME_LEAD.match(text)
        if lead is None or text.startswith(("每年", "每季度", "每月")):
            return False
        rest = _TIME_REST.sub("", text[lead.end() :])
        verb = self._verb_of(rest)
        deed = _DEED.search(rest)
        return (not verb and deed is None) or (bool(verb) and len(rest) - len(verb) < 4)

    def _verb_of(self, text: str) -> str:
        for _ in range(3):
            act, adverb = self._lists["acts"].at(text, 0), self._lists["adverbs"].at(text, 0)
            if act:
                return act.group()
            if adverb is None:
                return ""
            text = text[adverb.end() :]
        return ""

    def _first_verb(self, text: str) -> str:
        for word in ("力争", "确保"):
            if text.startswith(word):
                return word
        found = self._lists["hard"].found(text) or self._lists["acts"].found(text)
        return found.group() if found else ""

    def _is_purpose(self, start: int, stop: int, text: str) -> bool:
        lists = self._lists
        if lists["purposes"].at(self._flat, start, stop) and not text.startswith(("发挥好", "服务好", "解决好")):
            return True
        push = lists["weak_push"].at(self._flat, start, stop)
        return push is not None and text.endswith(tuple(lists["abstract_ends"].all))

    def _made(self, group: list[_Clause], start: int, end: int, *, is_next: bool) -> Iterator[Promise]:
        while group and group[-1].kind in ("lead", "dropped"):
            group = group[:-1]
        if not group or not any(
            (one.kind in ("act", "other", "purpose", "lead") and one.verb) or one.kind == "other" for one in group
        ):
            return
        act = next((one for one in group if one.kind == "act"), group[0])
        if act.kind == "other" and not self._lists["acts"].found(self._flat[act.start : act.end]):
            return
        first, last = group[0].start, group[-1].end
        text = self._flat[first:last]
        horizon = self._firmness.horizon(start, first, last)
        place = self._places.at(first)
        concrete = self._firmness.is_concrete(self._flat[act.start : act.end], act.verb, text, horizon)
        optional = not concrete and bool(self._lists["slogans"].found(text))
        yield Promise(
            first, last, self._anchor(act), (start, end), act.verb or self._first_verb(text), horizon, concrete,
            is_next, optional, place,
        )  # fmt: skip

    def _anchor(self, act: _Clause) -> tuple[int, int]:
        """The object: what stands behind the verb in its clause."""
        flat, start = self._flat, act.start
        found = re.compile(re.escape(act.verb)).search(flat, act.start, act.end) if act.verb else None
        if found and found.end() < act.end - 1:
            start = found.end()
        of = flat.rfind("的", start, act.end)
        if of > 0 and "、" in flat[start:of] and act.end - of > 4:
            start = of + 1  # 目标导向、协同攻关的…机制: the object stands behind 的
        listed = re.compile("[、（]").search(flat, start + 4, act.end)
        stop = listed.start() if listed and listed.group() == "、" and listed.start() - start >= 4 else act.end
        return (start, stop) if stop - start >= 2 else (act.start, act.end)
