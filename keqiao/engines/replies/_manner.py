"""How a figure is meant: the period it speaks of, whether it is done or planned, growth or share, about or exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._dates import Period, Periods
from keqiao.engines.replies._places import Place
from keqiao.engines.replies._vocabulary import Vocabulary

_DONE = re.compile(
    r"已(?!有的)|累计|目前|截至|了(?!解)|完成|实现|现有|成功|共(?!同|享|建|性|识|赢)|先后|达(?:到)?(?=\d)"
)
_FROM_TO = re.compile(
    r"[^，。；\n]{0,10}?(?:增至|增加到|增加至|增长到|增长至|提高到|提高至|提升到|提升至|上升到|上升至|缩短至|缩短到|压缩至|压缩到|减少到|减少至|降至|降到|下降到|下降至|降低到|降低至|扩大到|扩大至|扩展到|调整为|优化为|变为|升至|放宽到|放宽至|改为|跃升至|扩充到|拓展到|精简到|精简至|压减至|增到|扩至|扩到|拓展至|压降至|压降到)"
)
_MOVED = re.compile("增|提高|提升|上升|扩|下降|降至|降到|缩|减")
_BECOMES = re.compile(r"优化为|调整为|改为|变为|提高到|提高至|提升至|提升到|降至|缩短至")
_FUTURE = re.compile(r"(?:^|[，；：。\n厅局委办省市府会院们也还])将(?=[^，。；“”]{0,12})")
_DISPOSAL = re.compile(
    r"将[^，。；]{1,30}?(?:由|从|放到|放在|集中到|纳入|列入|作为|提高|缩短|压缩|降|增加到|扩大|下放|转化为|调整|推荐|入驻)"
)
_NEW_SUBJECT = re.compile(r"^(?:\d|[一-鿿]{2,12}?(?:总量|总规模|余额|总额|增至))")


_EACH = re.compile(r"按(?:照)?每[^，。]{0,10}$|每[^，。]{1,6}(?:给予|补助|补贴|奖励|资助)$")
_NATION = ("全国", "我国", "全球", "国内市场", "世界")
_DATED = re.compile(r"^(?:(?:截至|目前|20\d\d年末?底?|据统计|据不完全统计|，){1,4})")


@dataclass(frozen=True)
class Dated:
    """The period of a figure and where it comes from: stated in its sentence, inherited from one before, or none."""

    label: str | None
    source: str
    period: Period | None = None
    is_base: bool = False


class Manner:
    """Reads period, modality, kind and approximation of candidates; holds no state between them."""

    def __init__(self, flat: str, periods: Periods, vocabulary: Vocabulary, *, year: int | None) -> None:
        self._flat, self._periods, self._year = flat, periods, year
        self._lists, self._plain = vocabulary.lists, vocabulary.plain

    def dated(self, figure: Candidate, place: Place, modality: str) -> Dated:
        """The period: the last word of time before the figure in its sentence, one right behind it, else inherited."""
        here = self._periods.between(place.sentence[0], figure.start)
        base = self._base(here, figure)
        if base is not None:
            return Dated(base.label, "stated", base, is_base=True)
        main = [one for one in here if not one.base]
        chosen = self._chosen(main, figure)
        if modality == "rule" and not (chosen and chosen.start >= place.clause[0]):
            return Dated(None, "none")
        if chosen is not None:
            return Dated(chosen.label, "stated", chosen)
        if modality in ("requested", "rule"):
            return Dated(None, "none")
        behind = self._behind(figure, place)
        if behind is not None:
            return Dated(behind.label, "stated", behind)
        if place.is_next or modality == "planned":
            return Dated(None, "none")
        before = [one for one in self._periods.between(place.block, place.sentence[0]) if not one.base and one.year]
        before = [
            one for one in before if one.kind in ("year", "relative", "range", "month") and not self._is_plan(one)
        ]
        return Dated(before[-1].label, "inherited", before[-1]) if before else Dated(None, "none")

    def _is_plan(self, period: Period) -> bool:
        return self._year is not None and period.year is not None and period.year > self._year

    def _base(self, here: tuple[Period, ...], figure: Candidate) -> Period | None:
        """较上年度（9090万元） and 比2023年的4,050万元: the figure right behind the base of a comparison."""
        if not here or not (here[-1].base or here[-1].kind == "relative"):
            return None
        between = self._flat[here[-1].end : figure.start]
        if _MOVED.search(between):
            return None
        if len(between) <= 8 and (between[:1] in ("（", "的") or (here[-1].label and between == "")) and here[-1].base:
            return here[-1]
        if here[-1].base and between.startswith("的") and len(between) <= 14:
            return here[-1]
        return None

    def _chosen(self, main: list[Period], figure: Candidate) -> Period | None:
        if not main:
            return None
        last = main[-1]
        if (
            last.kind == "cumulative"
            and len(main) > 1
            and last.start - main[-2].end <= 8
            and (main[-2].year or main[-2].label != "目前")
        ):
            return main[-2]
        if last.label == "累计" and self._left(last, figure):
            return main[-2] if len(main) > 1 and main[-2].year and not self._left(main[-2], figure) else None
        return last

    def _left(self, period: Period, figure: Candidate) -> bool:
        """Whether the sentence has gone on to another subject since 累计: 9家…通过重组, R&D投入总量已增至."""
        between = self._flat[period.end : figure.start]
        clauses = (between + self._flat[figure.start : figure.end + 1]).split("，")[1:]
        return any(_NEW_SUBJECT.match(one) or one.startswith(("我省", "我市", "全省", "全市")) for one in clauses)

    def _behind(self, figure: Candidate, place: Place) -> Period | None:
        after = self._periods.between(figure.end, min(place.sentence[1], figure.end + 24))
        stop = re.compile("[，、。；\n]").search(self._flat, figure.end, figure.end + 24)
        for one in after:
            if one.year and not one.base and (stop is None or one.start < stop.start()) and not self._is_plan(one):
                return one
        return None

    def modality(self, figure: Candidate, place: Place) -> str:
        """done, planned, previous, rule, requested or context, by the words around; the order of the checks matters."""
        flat, start = self._flat, figure.start
        before = flat[place.sentence[0] : start]
        clause = flat[place.clause[0] : start]
        if self._is_requested(figure, place):
            return "requested"
        if self._is_previous(figure, place):
            return "previous"
        if self._is_rule(figure, clause, place):
            return "rule"
        if self._is_context(before, clause):
            return "context"
        if self._is_planned(figure, place):
            return "planned"
        return "done"

    def _is_requested(self, figure: Candidate, place: Place) -> bool:
        flat = self._flat
        cue = self._lists["modality.requested"].last(flat, place.sentence[0], figure.start)
        opened = flat.rfind("“", place.sentence[0], figure.start)
        inside = opened >= 0 and "”" not in flat[opened : figure.start]
        if inside:
            closed = flat.find("”", figure.end, figure.end + 80)
            return bool(cue) or (
                closed >= 0
                and flat[closed + 1 : closed + 4].startswith(("的建议", "建议", "的提案", "等建议", "的问题", "的意见"))
            )
        return cue is not None and not re.search(
            r"[，；].{0,30}(?:我|已|目前|20\d\d年)", flat[cue.end() : figure.start]
        )

    def _is_previous(self, figure: Candidate, place: Place) -> bool:
        flat = self._flat
        here = self._periods.between(place.sentence[0], figure.start)
        if self._base(here, figure) is not None:
            return True
        before = flat[place.clause[0] : figure.start]
        if re.search(r"(?:由|从)[^，。；]{0,16}$", before) and _FROM_TO.match(flat, figure.end):
            return True
        original = re.search(r"(?:原来的?|原有的?|原先|此前)[^，。；]{0,24}$", before)
        if original and not _BECOMES.search(original.group()):
            return True
        return (
            bool(self._lists["modality.previous"].found(before[-10:]))
            and not before.endswith(("增长", "增加", "提高"))
            and "（" in before[-6:]
        )

    def _is_rule(self, figure: Candidate, clause: str, place: Place) -> bool:
        if figure.unit.kind in ("percent", "amount", "duration", "count") and self._lists["modality.rule_strong"].found(
            clause[-16:]
        ):
            return not re.search(r"(?:累计|共|已)[^，]{0,6}$", clause)
        after = self._flat[figure.end : figure.end + 4]
        if after.startswith(("以上的", "以下的", "以内的")) and figure.unit.kind != "percent":
            return True
        if figure.unit.kind == "amount" and clause.endswith(("最高", "不超过")):
            return True
        if figure.unit.kind == "percent" and re.search(r"(?:按|按照)[^，。]{0,24}$", clause):
            return True
        if figure.unit.kind == "amount" and _EACH.search(clause):
            return True
        return figure.unit.kind == "percent" and re.search("(?:不少于|不低于|不超过)[^，]{2,14}的$", clause) is not None

    def _is_context(self, before: str, clause: str) -> bool:
        subject = _DATED.sub("", clause)
        if not subject.startswith(_NATION) and not re.search("其中|我[省市县区]|全[省市县区]", before):
            subject = _DATED.sub("", before)
        return subject.startswith(_NATION) and not re.match(
            r"全国(?:重点|首|第|排名|前|学会|大赛|.{0,8}(?:委员会|实验室|平台|基地|试点|示范|赛|会议))", subject
        )

    def _is_planned(self, figure: Candidate, place: Place) -> bool:
        flat = self._flat
        clause_start = place.sentence[0]
        cue = self._cue(clause_start, figure.start)
        done = None
        for done in _DONE.finditer(flat, cue[1] if cue else clause_start, figure.start):  # noqa: B007 - the last one
            pass
        if cue is not None and (done is None or not re.search("[，；]", flat[cue[1] : done.start()])):
            return True
        here = [one for one in self._periods.between(clause_start, figure.start) if not one.base]
        if here and self._year and here[-1].year:
            late = here[-1].year > self._year or (
                here[-1].year == self._year and here[-1].until and flat[here[-1].end : here[-1].end + 1] == "前"
            )
            if late:
                return True
        return place.is_next and (done is None or done.group().startswith("达"))

    def _cue(self, start: int, end: int) -> tuple[int, int] | None:
        """The last word of intention before the figure that is no part of a name."""
        flat, found = self._flat, None
        for one in self._lists["modality.planned"].pattern.finditer(flat, start, end):
            word = one.group()
            if word == "拟" and flat[one.end() : one.end() + 1] in tuple("上定态合人"):
                continue
            if flat.rfind("“", start, one.start()) > flat.rfind("”", start, one.start()):
                continue
            if word == "将" and not (
                _FUTURE.match(flat, max(start, one.start() - 1)) and not _DISPOSAL.match(flat, one.start(), end + 12)
            ):
                continue
            if word == "计划" and (
                flat[one.end() : one.end() + 1] in "》”、，。；：（）\n"
                or flat[one.end() : one.end() + 2]
                in ("项目", "支持", "专项", "投入", "资助", "体系", "人才", "方案", "中的")
                or self._lists["modality.names_before_plan"].before(flat, one.start())
            ):
                continue
            if (
                word in ("目标", "规划建设", "待", "谋划", "努力", "确保", "争取")
                and not flat[one.end() : one.end() + 1].isdigit()
                and word in ("目标", "待", "争取", "努力", "谋划")
            ):
                continue
            found = one.span()
        return found

    def kind(self, figure: Candidate, place: Place, previous: str | None) -> str:
        """growth or delta where the words say so, else the kind of the unit."""
        before = self._flat[place.clause[0] : figure.start]
        listed = self._flat[max(place.clause[0], figure.start - 1) : figure.start] in ("、", "和") or re.search(
            r"(?:、|和|以及)[^，、]{0,6}$", before
        )
        unit = figure.unit
        if unit.code in ("percent", "permille"):
            return self._percent(before, previous, bool(listed))
        if unit.code == "times":
            return "growth" if re.search(r"(?:增长|增加|提高|提升)(?:了)?(?:近|超|约|超过)?$", before) else "rate"
        if unit.kind in ("amount", "count", "duration"):
            word = self._lists["growth.delta"].last(before, max(0, len(before) - 8), len(before))
            if word is not None and len(before) - word.end() <= 2:
                compared = word.group().startswith("净") or any(
                    mark in self._flat[place.sentence[0] : figure.start][-40:] for mark in ("较", "比", "同比")
                )
                return "delta" if compared else unit.kind
            if listed and previous == "delta":
                return "delta"
        return unit.kind

    def _percent(self, before: str, previous: str | None, listed: bool) -> str:
        word = self._lists["growth.words"].last(before, 0, len(before))
        share = self._lists["growth.share"].last(before, 0, len(before))
        if word is None or (share and share.start() > word.start()):
            return "growth" if listed and previous == "growth" and share is None else "percent"
        behind = before[word.end() :]
        if behind.startswith(self._plain["growth.to"]) or (len(behind) > 6 and "（" not in behind):
            return "percent"
        return "growth"

    def approx(self, figure: Candidate) -> str | None:
        """The word that makes the number about, at least or at most."""
        flat = self._flat
        before = self._lists["approx.kept"].before(flat, figure.start)
        after = self._lists["approx.after"].at(flat, figure.end)
        if before and not (
            before in ("近", "超", "约")
            and flat[figure.start - 2 : figure.start] in ("最近", "制约", "节约", "合约", "条约")
        ):
            return before
        return after.group() if after else figure.within
