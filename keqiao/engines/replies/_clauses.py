"""The clauses of a sentence that promises: where each begins and whether it is an act, its purpose or its manner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keqiao.engines.replies._firmness import Firmness
from keqiao.engines.replies._vocabulary import Vocabulary

_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]{1,2}(?:是(?:要)?|要(?![务素点闻求害件]))|（[一二三四五六七八九十\da-hA-Hiv]{1,4}）|\d{1,2}[.．、]|[第其][一二三四五六七八九十]，|[一二三四五六七八九十]{1,3}、|[①-⑳]|一方面，|另一方面，|（?[甲乙丙丁戊己][、）]|首先，|其次，|再次，|再者，|最后，)"
)
_OPENING = re.compile(
    r"(?:下一步|下步|今后|接下来|下一阶段|下阶段|后续)(?:工作)?(?:中|，|：|打算)?|同时，?|此外，?|另外，?|并且|并(?=[一-鿿])|(?:也|还|均|即)(?=将|会)|在此基础上，|在[^，。]{1,24}的?基础上，|"
    r"(?:[我本](?:厅|局|委|办|省|市|区|县|们|部|院|行|会)|(?:省|市|县|区|自治区)[一-鿿]{1,10}?(?:厅|局|委|办|政府|部)|[一-鿿]{2,5}(?:市|区|县)政府?|各有关部门|省直部门)(?=将|拟|要|会(?!议|商)|也将|还将|计划|，将|正在|继续)"
)
_WILL = re.compile(
    r"，?(?:将|拟|要|会(?!同|议|商)|计划(?!于|在|到|20|今|明|年|\d)|打算|准备)(?=[^，。；]{2,})"
    r"|(?:将)?会同(?:[省市县区]直|[省市县区]内)?(?:有关|相关|各)(?:部门|单位|方面)，?(?=20\d\d年|今年|明年|年内|年底)"
)
_TIME_LEAD = re.compile(
    r"(?:力争|争取|计划|预计|预期|确保|拟|目标是?)?(?:于|在|到|至|自|从)?(?:20\d\d(?:[/—-]\d{2,4})?年|二[〇零○][一二三四五六七八九〇零○]{2}年|今年|明年|明后两年|年内|年底|每半?年|每季度|每月|“?十[四五六]五|未来|全年|连续[两三四五\d]年|[春秋]季学期|\d{1,2}月|[上下]半年)"
)
_ONLY_TIME = re.compile(r"(?:起|年?[底末]前?|”|期间|末|之?前|内|以内|[一二三四]季度|\d{1,2}月底?前?){0,4}")
_TIME_REST = re.compile(r"^(?:年底前|底前|末前|前|底|末|内|[一二三四]季度|\d{1,2}月|，){0,4}")
_DEED = re.compile(r"(?:开展|举办|建设|建成|建立|完成|组织|制定|出台|培训|选派|实施)[^，。]{3,}")
_MEASURE = re.compile(r"将[^，。]{1,20}?(?:压缩|缩短|提高|提升|降低|扩大|增加|控制)")
_AMOUNTS = re.compile(
    r"(?:可|共)?(?:提供|新增|增加|带动|覆盖|惠及|达到|吸纳|每年安排)[^，。]{0,14}\d"
    r"|(?:推动|带动|促进|力促)[^，。]{0,24}(?:达到|达|提高到|提升至|突破|超过)[^，。]{0,6}\d"
    r"|(?:把|将)[^，。]{1,40}?(?:由|从)[^，。]{1,40}?(?:到|至|为)\d"
)
_OUTCOME = re.compile(r"(?:安排|组织|推动|引导|帮助|支持|促进|鼓励)其")
_BY = re.compile(r"由[^，。]{2,16}(?:牵头|负责|承担|主办)$")
_OCCASION = re.compile(
    r"以[^，。]{2,30}为[^，。]{2,8}$"
    r"|(?:认真|充分)?(?:吸收|吸纳|采纳|参考)[^，。]{0,4}(?:您|贵|你们|代表|委员)|在[^，。]{2,24}时予以[^，。]{0,4}(?:吸收|吸纳|采纳|考虑|体现)$"
)
_BY_MEANS = re.compile(
    r"(?:方式|形式|途径|渠道|手段|办法|结果|要求|实际|需要|(?<=.{3})[中内])(?=[一-鿿])"
    r"|(?<=.{3})(?:按规定|依规|依法)?(?:给予|予以|进行|实行|下放|开放|发放|推送|公布|投放|选派|派驻|公开)"
)
_GIVING = ("给予", "予以", "进行", "实行", "下放", "开放", "发放", "推送", "公布", "投放", "选派", "派驻", "公开")
_BOUND = re.compile(r"(?:不少于|不低于|不超过|达到|突破|超过)[^，。]{0,6}\d|\d[^，。]{0,6}(?:以上|以内|左右)$")
_NAMES_ONLY = re.compile(
    r"(?:项目|方式|形式|工程|计划|专项|契机|平台|基地|优势|资源|作用|体系|机制|力量|途径|渠道|手段|基础|改革|建设|[等上中下时])$"
)
_STRESSED = re.compile(r"(?:着力|切实|有效|及时|努力|最大限度|真正|不断|更好地?|共同|全力)")
_ITS_WILL = re.compile("[们厅局委办部署院府方还也亦]将")
_TAKES = re.compile(
    r"纳入|列入|列为|作为|转化|打造成|提高到|提升到|压缩|缩短|调整|移交|划转|用于|落实到|分解|结合|根据|按照|围绕"
)
_BY_THEN = "力争确到在于"
_TOGETHER = ("会同", "联合", "协同")
_OFFICE = re.compile(r"(?:省|市|县|区)(?:委|政府)?[一-鿿]{1,8}?(?:厅|局|委|办)(?!公|理|法)")
_SPEAKER = re.compile(
    r"(?:为此|因此|故)?(?:[我本该](?:厅|局|委|办|部|们|署|院|会|行|市|省|县|区)|当局|政府|[署局院校]方|[一-鿿]{2,10}?(?:厅|局|委|署|部|政府))"
    r"(?:也|还|亦|均|都|正|现正)?(?:将会|将|拟|会(?![同议商办见员展计]))"
)
_ACTOR = re.compile(r"[一-鿿]{2,10}?(?:将|拟)(?=[一-鿿])")


@dataclass
class Clause:
    """A clause in flat positions; `start` is where its act begins."""

    start: int
    end: int
    kind: str  # act, purpose, lead, dropped, other
    verb: str = ""


class Clauses:
    """Reads the clauses of one flat text."""

    def __init__(self, flat: str, firmness: Firmness, vocabulary: Vocabulary) -> None:
        self._flat, self._firmness, self._lists = flat, firmness, vocabulary.lists

    def of(self, start: int, end: int) -> Iterator[Clause]:
        """The clauses of flat[start:end] in order, commas inside quotes and brackets left alone."""
        position, seen_act, opening = start, False, True
        for stop in [*(found.start() for found in re.compile("[，：]").finditer(self._flat, start, end)), end]:
            if self._nested(start, stop):
                continue
            begin = self._begin(position, stop)
            if stop - begin >= 3:
                clause = self._classified(begin, stop, seen_act=seen_act, is_colon=self._flat[stop : stop + 1] == "：")
                opening = opening and clause.kind == "dropped"
                seen_act = seen_act or clause.kind == "act"
                yield clause
            position = stop + 1

    def is_point(self, start: int, end: int) -> bool:
        """Whether flat[start:end] begins with an ordinal."""
        return _ORDINAL.match(self._flat, start, end) is not None

    def opens_with_act(self, start: int, end: int) -> bool:
        """Whether the first clause of flat[start:end] is an act, or opens with a day."""
        first = next(iter(self.of(start, end)), None)
        return first is not None and first.kind == "act" and self._flat[first.start] not in "对向为"

    def opens(self, start: int, end: int) -> bool:
        """Whether flat[start:end] begins with a deed or with a day for one."""
        return self.verb(start, end) not in ("", "将", "把") or _TIME_LEAD.match(self._flat, start, end) is not None

    def verb(self, start: int, stop: int) -> str:
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

    def verb_of(self, text: str) -> str:
        """The act that a text opens with, or nothing."""
        for _ in range(3):
            act, adverb = self._lists["acts"].at(text, 0), self._lists["adverbs"].at(text, 0)
            if act:
                return act.group()
            if adverb is None:
                return ""
            text = text[adverb.end() :]
        return ""

    def first_verb(self, text: str) -> str:
        """The act that a dated clause names."""
        for word in ("力争", "确保"):
            if text.startswith(word):
                return word
        found = self._lists["hard"].found(text) or self._lists["acts"].found(text)
        return found.group() if found else ""

    def _nested(self, start: int, stop: int) -> bool:
        """Whether a comma stands inside quotes, brackets or a title."""
        if stop - start > 400:
            return False
        text = self._flat[start:stop]
        return any(text.count(a) > text.count(b) for a, b in (("“", "”"), ("（", "）"), ("《", "》")))

    def _begin(self, start: int, stop: int) -> int:
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
        office = _OFFICE.match(flat, start, stop)
        if office and (self.verb(office.end(), stop) or _TIME_LEAD.match(flat, office.end(), stop)):
            return office.end()
        speaker = _SPEAKER.match(flat, start, stop)
        if speaker and (speaker.group()[-1] in "会拟" or self._follows_will(speaker.end(), stop)):
            return speaker.end()
        actor = _ACTOR.match(flat, start, stop)
        return actor.end() if actor and self.opens(actor.end(), stop) else start

    def _follows_will(self, start: int, stop: int) -> bool:
        """Whether 将 is the will of what follows, and not the 将 of 将…纳入."""
        flat = self._flat
        if self._willed(start, stop) or _OCCASION.match(flat, start, stop) or self.opens(start, stop):
            return True
        return self._lists["leads_dropped"].at(self._flat, start, stop) is not None

    def _willed(self, start: int, stop: int) -> bool:
        """Whether what stands before says that any predicate is meant: 会, 拟, an office's 将 that takes no object."""
        before = self._flat[max(0, start - 2) : start]
        if before[-1:] in ("会", "拟"):
            return True
        return bool(_ITS_WILL.fullmatch(before)) and not _TAKES.search(self._flat, start, stop)

    def _classified(self, start: int, stop: int, *, seen_act: bool, is_colon: bool) -> Clause:
        flat = self._flat
        text = flat[start:stop]
        means = self._with_means(start, stop)
        if self._is_aside(start, stop, text, is_colon=is_colon, acts=bool(means)):
            return Clause(start, stop, "dropped")
        if means:
            detail = seen_act and text[0] in "对向为"  # how the act before is done
            return Clause(start, stop, "purpose" if detail else "act", means)
        verb = self.verb(start, stop)
        if seen_act and (self._is_purpose(start, stop, text) or self._only_when(text)):
            return Clause(start, stop, "purpose", verb)
        if self._is_lead(start, stop, text, verb):
            return Clause(start, stop, "lead", verb)
        if _TIME_LEAD.match(text) or (self._willed(start, stop) and not (verb or seen_act)):
            return Clause(start, stop, "act", self.first_verb(text))
        if verb:
            return Clause(start, stop, "act", verb)
        return Clause(start, stop, "purpose" if seen_act else "other", "")

    def _is_aside(self, start: int, stop: int, text: str, *, is_colon: bool, acts: bool) -> bool:
        """Whether a clause only leads over, names an occasion or a stance: 做好以下工作, 以…为契机, “十五五”期间."""
        lists = self._lists
        if (is_colon and len(text) < 40) or (lists["announcements"].found(text) and (is_colon or len(text) < 16)):
            return True
        if _BY.match(text) or _OCCASION.match(text):
            return True
        if text[0] not in _BY_THEN and self._only_time(stop, text):
            return True
        return not acts and lists["leads_dropped"].at(self._flat, start, stop) is not None

    def _only_time(self, stop: int, text: str) -> bool:
        dated = _TIME_LEAD.match(text) if self._flat[stop : stop + 1] == "，" else None
        return dated is not None and _ONLY_TIME.fullmatch(text, dated.end()) is not None

    def _with_means(self, start: int, stop: int) -> str:
        """The act of a clause that names its means first: 通过…等方式开展…, 依托院校建设基地5个, 对…给予补贴."""
        lists, flat = self._lists, self._flat
        while (adverb := lists["adverbs"].at(flat, start, stop)) is not None:
            start = adverb.end()
        opened = lists["means"].at(flat, start, stop)
        if opened is None:
            return ""
        for found in _BY_MEANS.finditer(flat, opened.end() + 2, stop - 2):
            given = found.group()[-2:]
            verb = given if given in _GIVING else self.verb(found.end(), stop)
            if verb:
                return verb
        deed = lists["hard"].found(flat, opened.end() + 3, stop - 3)
        if deed is None or _NAMES_ONLY.search(flat, start, stop) or flat[start] in "对向为":
            return ""
        return deed.group()

    def _is_lead(self, start: int, stop: int, text: str, verb: str) -> bool:
        """A manner or a day that goes with the act behind it: 依托…, 通过…, 会同有关部门, 力争到2027年."""
        if _TIME_LEAD.match(text):
            return self._only_time(stop, text)
        if verb:
            return verb in ("依托", "通过") or (verb in _TOGETHER and self._firmness.deed(text, verb) == verb)
        return self._lists["leads_kept"].at(self._flat, start, stop) is not None and self._flat[start] not in "将把"

    def _only_when(self, text: str) -> bool:
        """Whether a clause only says by when and how much: 年底前规模扩大到3亿元, 力争2026年建成投用."""
        if _MEASURE.match(text) or _AMOUNTS.match(text) or _OUTCOME.match(text):
            return True
        lead = _TIME_LEAD.match(text)
        if lead is None or text.startswith(("每年", "每季度", "每月", "每半年")):
            return False
        rest = _TIME_REST.sub("", text[lead.end() :])
        verb = self.verb_of(rest)
        deed = _DEED.search(rest)
        if deed is None and (not verb or _BOUND.search(text)):
            return True
        return bool(verb) and len(rest) - len(verb) < 4

    def _is_purpose(self, start: int, stop: int, text: str) -> bool:
        lists = self._lists
        stressed = _STRESSED.match(self._flat, start, stop)
        if stressed and lists["purposes"].at(self._flat, stressed.end(), stop):
            return True
        if lists["purposes"].at(self._flat, start, stop) and not text.startswith(("发挥好", "服务好", "解决好")):
            return True
        push = lists["weak_push"].at(self._flat, start, stop)
        return push is not None and text.endswith(tuple(lists["abstract_ends"].all))
