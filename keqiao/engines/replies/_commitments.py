"""Promises: clauses whose main verb is something the office will do, with the purposes that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keqiao.engines.replies._dates import Period, Periods
from keqiao.engines.replies._places import Place, Places
from keqiao.engines.replies._structure import Outline
from keqiao.engines.replies._vocabulary import Vocabulary, words

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
_EVERY_YEAR = re.compile(r"每年度?(?!最高|不超过|给予|可|最多)|逐年")
_PAST = re.compile(
    r"^(?:目前|近年来|截至|20\d\d年(?!底前|前|内|[上下]半年|[一二三四]季度|[^，]{0,8}前，)[^，]{0,6}，(?!.{0,12}[将拟])|[^，。将]{0,16}(?:已经|已(?!有)|均已)[^，。]|[^，。将拟]{2,16}了)"
)
_TO_COME = re.compile(
    r"(?:年内|年底前|今年内|今年底前|明年起?|明后两年|(?:今年|明年|20\d\d年)?\d{1,2}月底?前?|(?:今年|明年|20\d\d年)(?:底前|年底前|内|下半年))，?"
)
_DONE = re.compile(r"已|了|共(?=\d)|累计|完成了")
_BARE_WILL = re.compile(r"(?<![即必可须而也])(?:将|，拟|计划：)(?=[一-鿿])")
_SUBJECT = re.compile(r"[一-鿿]{2,10}?(?:将|拟)(?=[一-鿿])")
_TOLD = re.compile(r"《|提出|要求|明确|规定|指出|强调|已|建议")
_YEAR_END = re.compile(r"[底末]|今年内|^年内")
_QUARTER = {"一": "03", "二": "06", "三": "09", "四": "12"}


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
        self._soft = words(vocabulary.plain["soft_verbs"])
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
        if self._lists["structure.closing"].at(text, 0) or _PAST.match(text):
            return False
        return bool(
            re.search(
                r"(?:[我本](?:厅|局|委|办|省|市|区|县|们|部)|(?:省|市)[一-鿿]{1,6}(?:厅|局|委|办)|下一步)(?:也|还)?(?:将|拟)(?!.{1,20}(?:作为|纳入了|列为了))[^，。]{4,}",
                text,
            )
            or (re.search(r"(?:预计|计划|力争|拟)(?:于|在|到)?20\d\d年", text) and self._later(start, end))
            or self._dated(text)
            or self._wills(start, end)
        )

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
        first = start if is_next else self._where_will(start, end)
        group: list[_Clause] = []
        for clause in self._clauses(first, end):
            if (clause.kind == "act" and any(one.kind == "act" for one in group)) or clause.kind == "dropped":
                yield from self._made(group, start, end, is_next=is_next)
                group = []
            if clause.kind != "dropped":
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
                if will is None or not (self._verb(will.end(), stop) or _TIME_LEAD.match(flat, will.end(), stop)):
                    break
                found = will
            start = found.end()
            while start < stop and flat[start] in "，：":
                start += 1
        subject = _SUBJECT.match(flat, start, stop)
        return subject.end() if subject and self._verb(subject.end(), stop) not in ("", "将", "把") else start

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
        if verb in ("依托", "通过") or (
            not verb and self._lists["leads_kept"].at(flat, start, stop) and not re.search("(?:将|把)", text[:1])
        ):
            return _Clause(start, stop, "lead", verb)
        if verb:
            return _Clause(start, stop, "act", verb)
        return _Clause(start, stop, "purpose" if seen_act else "other", "")

    def _only_when(self, text: str) -> bool:
        """Whether a clause only says by when and how much: 年底前规模扩大到3亿元, 力争2026年建成投用."""
        lead = _TIME_LEAD.match(text)
        if lead is None or text.startswith(("每年", "每季度", "每月")):
            return False
        rest = _TIME_REST.sub("", text[lead.end() :])
        verb = self._verb_of(rest)
        return not verb or len(rest) - len(verb) < 4

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
        return push is not None and any(text.endswith(end) for end in lists["abstract_ends"].all)

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
        horizon = self._horizon(start, first, last)
        place = self._places.at(first)
        concrete = self._is_concrete(act, text, horizon)
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
        if (
            of > 0 and "、" in flat[start:of] and act.end - of > 4
        ):  # 目标导向、协同攻关的…机制: the object stands behind 的
            start = of + 1
        listed = re.compile("[、（]").search(flat, start + 4, act.end)
        stop = listed.start() if listed and listed.group() == "、" and listed.start() - start >= 4 else act.end
        return (start, stop) if stop - start >= 2 else (act.start, act.end)

    def _is_concrete(self, act: _Clause, text: str, horizon: str | None) -> bool:
        """A deed one can check: dated, numbered, a titled document, or a deed with a thing as its object."""
        if horizon or re.search(r"\d|《", text):
            return True
        clause = self._flat[act.start : act.end]
        verb = self._deed(clause, act.verb)
        if self._soft.at(verb, 0) and verb not in ("推动",):
            return False
        hard = (
            self._lists["hard"].found(clause)
            if not verb or verb in ("推动", "将", "把")
            else re.match(re.escape(verb), verb)
        )
        if hard is None or (
            verb and verb not in self._lists["hard"].all and verb not in ("将", "把", "会同", "联合", "制订")
        ):
            return False
        return bool(self._lists["things"].found(clause)) or verb in (
            "修订",
            "制定",
            "出台",
            "印发",
            "新设",
            "征集",
            "纳入",
            "列入",
            "建成",
            "编制",
        )

    def _deed(self, clause: str, verb: str) -> str:
        """The verb that names the deed: behind 会同有关部门 and 研究 stands another one."""
        if verb not in ("会同", "联合", "协同", "研究", "组织", "协调"):
            return verb
        at = clause.find(verb) + len(verb)
        found = self._lists["acts"].found(clause, at)
        return found.group() if found else verb

    def _horizon(self, first: int, start: int, end: int) -> str | None:
        """By when: 2025-12, 2026, every_year; the office's own words 年内 and 明年 count from the reply's year."""
        flat = self._flat
        if _EVERY_YEAR.search(flat, start, end):
            return "every_year"
        dates = [one for one in self._periods.between(start, end) if one.year and not one.base and self._is_due(one)]
        if not dates:
            opening = self._periods.between(first, min(start, first + 12))  # 2025年底前建成甲，并将乙接入丙
            dates = [one for one in opening if one.year and not one.base and self._is_due(one)]
        if dates:
            return self._due(dates[0])
        found = re.compile(r"年内|年底前|年底|今年").search(flat, start, end)
        return (
            f"{self._year}-12"
            if found and self._year and flat[found.start() - 1 : found.start()] not in ("去", "上")
            else None
        )

    def _is_due(self, period: Period) -> bool:
        return self._year is None or (period.year or 0) >= self._year

    def _due(self, period: Period) -> str:
        text = self._flat[period.start : period.end]
        if period.kind == "range" and period.year:
            return str(period.year)
        if period.month:
            return f"{period.year}-{period.month:02d}"
        quarter = re.search(r"第?([一二三四])季度", text)
        if quarter:
            return f"{period.year}-{_QUARTER[quarter[1]]}"
        return f"{period.year}-12" if _YEAR_END.search(text) else str(period.year)
