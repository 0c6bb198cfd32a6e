"""How a figure is meant: whether it is done or planned, growth or share, about or exactly."""

from __future__ import annotations

import re

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._dated import Dated, Dating
from keqiao.engines.replies._dates import Periods
from keqiao.engines.replies._places import Place
from keqiao.engines.replies._vocabulary import Vocabulary

_DONE = re.compile(
    r"已(?!有的)|累计|目前|截至|了(?!解)|完成|实现|现有|成功|(?<!公)共(?!同|享|建|性|识|赢)|先后|达(?:到)?(?=\d)"
)
_FROM_TO = re.compile(
    r"(?:（[^（）\n]{1,12}）)?[^，。；\n]{0,8}?(?:[增提升扩涨上跃攀缩压减降下拓精放调优改变翻发回延][一-鿿]{0,2}?[至到为成])"
)
_BECOMES = re.compile(r"优化为|调整为|改为|变为|提高到|提高至|提升至|提升到|降至|缩短至")
_FUTURE = re.compile(r"(?:^|[，；：。\n厅局委办省市府会院们也还])将(?=[^，。；“”]{0,12})")
_WILL = re.compile(
    r"将(?=在|优先|继续|进一步|于|陆续|逐步|再|新增|新建|达|超过|突破|实现|建成|完成|投入|安排|启动|开展|组织|加大|按|根据)"
)
_WILL_DO = re.compile(
    r"(?:政府|我们|当局|[局署部厅委会]方?|[局署部厅]|基金|计划)(?:亦|也|还|均|将|都)?会(?=[^议员展同谈计商客])"
)
_DISPOSAL = re.compile(
    r"将[^，。；]{1,30}?(?:由|从|放到|放在|集中到|纳入|列入|作为|提高|缩短|压缩|降|增加到|扩大|下放|转化为|调整|推荐|入驻)"
)
_GRANTED = re.compile(
    r"(?:^|的|、)对[^，。；]{3,40}(?:给予|奖励|奖补|补助|补贴|资助|支持|安排)[^，。；]{0,8}$"
    r"|(?:满|达到|取得|获得?|符合|通过|首次)[^，。；]{2,24}的(?:企业|单位|人员|个人|机构)?[^，。；\d]{0,6}(?:给予|奖励|奖补|补助|补贴|发放|享受)[^，。；]{0,8}$"
)
_GIVEN = re.compile(r"已|累计|共|完成|兑现|拨付|下达|了|去年|今年|20\d\d年(?!起)")
_BOUND = re.compile("以[上下内]的")
_NEEDS = re.compile(
    r"(?:尚|仍|还|共|约|总)需要?[^，。；]{0,6}$|需要?(?:投入|投资|资金)[^，。；]{0,4}$|(?<=[库房目程设路桥线楼])要$"
)
_BOUND_OF = re.compile("(不超过|不低于|不少于|不高于)[^，。；\\d]{2,14}的$")
_SPENT = re.compile("用时|耗时|时限|时间|缩短|压缩|响应|工时")
_TARIFF = re.compile("(?:核定|执行|现行|公布)[^，。；]{0,16}标准，")
_OWN = re.compile("其中[^，。；]{0,8}[省市县区州我]|我[省市县区]|全[省市县区]")
_CLOSED = re.compile("已(?!有的)|了(?!解)|均")
_EACH = re.compile(r"按(?:照)?每[^，。]{0,10}$|每[^，。]{1,6}(?:给予|补助|补贴|奖励|资助)$")
_NATION = ("全国", "我国", "全球", "国内市场", "世界")
_DATED = re.compile(r"^(?:(?:截至|目前|20\d\d年末?底?|据统计|据不完全统计|，){1,4})")


class Manner:
    """Reads period, modality, kind and approximation of candidates; holds no state between them."""

    def __init__(
        self, flat: str, periods: Periods, vocabulary: Vocabulary, *, year: int | None, month: int | None = None
    ) -> None:
        self._flat, self._periods, self._year = flat, periods, year
        self._dating = Dating(flat, periods, year=year, month=month)
        self._lists, self._plain = vocabulary.lists, vocabulary.plain

    def dated(self, figure: Candidate, place: Place, modality: str) -> Dated:
        return self._dating.dated(figure, place, modality)

    def modality(self, figure: Candidate, place: Place) -> str:
        """done, planned, previous, rule, requested or context, by the words around; the order of the checks matters."""
        flat, start = self._flat, figure.start
        before = flat[place.sentence[0] : start]
        clause = flat[place.clause[0] : start]
        if self._is_requested(figure, place):
            return "requested"
        if figure.optional and figure.unit.kind == "amount":
            return "rule"
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
        if self._dating.base(here, figure) is not None:
            return True
        before = flat[place.clause[0] : figure.start]
        if re.search("[比较]原?计划的?$", before):
            return True
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
        strong = self._lists["modality.rule_strong"].last(clause, max(0, len(clause) - 16), len(clause))
        if figure.unit.kind in ("percent", "amount", "duration", "count", "rate") and strong is not None:
            if _BOUND.search(clause, strong.end()):
                return False  # 单价五十万元以上的347台: the count of what the rule picks
            return not re.search(r"(?:累计|共|已)[^，]{0,6}$", clause)
        after = self._flat[figure.end : figure.end + 4]
        if after.startswith(("以上的", "以下的", "以内的")) and figure.unit.kind != "percent":
            return True
        if figure.unit.kind == "amount" and clause.endswith(("最高", "不超过")):
            return True
        if figure.unit.kind == "percent" and re.search(r"(?:按(?![年季月])|按照)[^，。]{0,24}$", clause):
            return True
        if figure.unit.kind == "amount" and _GRANTED.search(clause) and not _GIVEN.search(clause):
            return True
        if figure.unit.kind == "amount" and _TARIFF.search(self._flat, place.sentence[0], place.clause[0]):
            return not _GIVEN.search(clause)
        if figure.unit.kind == "amount" and _EACH.search(clause):
            return True
        return figure.unit.kind == "percent" and re.search("(?:不少于|不低于|不超过)[^，]{2,14}的$", clause) is not None

    def _is_context(self, before: str, clause: str) -> bool:
        subject = _DATED.sub("", clause)
        if not subject.startswith(_NATION) and not _OWN.search(before):
            subject = _DATED.sub("", before)
        return subject.startswith(_NATION) and not re.match(
            r"全国(?:重点|首|第|排名|前|学会|大赛|.{0,8}(?:委员会|实验室|平台|基地|试点|示范|赛|会议))", subject
        )

    def _is_planned(self, figure: Candidate, place: Place) -> bool:
        flat = self._flat
        clause_start = place.sentence[0]
        cue = self._cue(clause_start, figure.start) or self._vowed(clause_start, figure.start)
        if cue is None and figure.unit.kind == "amount" and _NEEDS.search(flat[place.clause[0] : figure.start]):
            return True
        done = None
        for done in _DONE.finditer(flat, cue[1] if cue else clause_start, figure.start):  # noqa: B007 - the last one
            pass
        if flat.startswith(("已", "均已", "全部到位"), figure.end):
            return False
        if cue is not None and (done is None or not re.search("[，；]", flat[cue[1] : done.start()])):
            return True
        here = [one for one in self._periods.between(clause_start, figure.start) if not one.base]
        if here and self._year and here[-1].year:
            late = here[-1].year > self._year or (
                here[-1].year == self._year
                and not _CLOSED.search(flat, here[-1].end, figure.start)
                and "前" in flat[here[-1].end - 1 : here[-1].end + 1]
            )
            if late:
                return True
        return place.is_next and (done is None or done.group().startswith(("达", "实现", "完成")))

    def _vowed(self, start: int, end: int) -> tuple[int, int] | None:
        """政府会在明年推出: 会 behind the one who acts."""
        found = None
        for found in _WILL_DO.finditer(self._flat, start, end):  # noqa: B007 - the last one
            pass
        return found.span() if found else None

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
                (_FUTURE.match(flat, max(start, one.start() - 1)) or _WILL.match(flat, one.start()))
                and not _DISPOSAL.match(flat, one.start(), end + 12)
            ):
                continue
            if word == "计划" and (
                flat[one.end() : one.end() + 1] in "》”、，。；（）等\n"
                or flat[one.start() - 1 : one.start()] == "原"
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
        if unit.code == "hour" and _SPENT.search(before[-12:]):
            return "duration"
        if unit.code in ("percent", "permille"):
            return self._percent(before, previous, bool(listed))
        if unit.code == "times":
            return "growth" if re.search(r"(?:增长|增加|提高|提升)(?:了)?(?:近|超|约|超过)?$", before) else "rate"
        word = self._lists["growth.delta"].last(before, max(0, len(before) - 8), len(before))
        if word is not None and before[word.end() :] not in ("到", "至", "为") and len(before) - word.end() <= 2:
            compared = word.group().startswith("净") or any(
                mark in self._flat[place.sentence[0] : figure.start][-40:] for mark in ("较", "比", "同比")
            )
            return "delta" if compared else unit.kind
        if re.search(r"[比较](?![例重如为])[^，。；]{1,16}[多少](?:了|出)?$", before):
            return "delta"
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
            and flat[figure.start - 2 : figure.start]
            in ("最近", "制约", "节约", "合约", "条约", "签约", "履约", "预约", "集约")
        ):
            return before
        bound = (
            _BOUND_OF.search(flat, max(0, figure.start - 20), figure.start) if figure.unit.kind == "percent" else None
        )
        return after.group() if after else bound[1] if bound else figure.within
