"""What makes a clause a promise, where it begins and ends, who gives it and by when: rules of the language."""

import re
from pathlib import Path

import pytest

from keqiao.catalogue.replies import parse_reply
from tests.engines.replies.scoring import pair, rate, ratio

HEAD = "关于第9号提案的答复\n王某委员：\n您提出的《关于加强科普工作的提案》收悉，现答复如下：\n"
FOOT = "\n某省科学技术厅\n2025年6月9日\n"


def promises(text: str) -> list[str]:
    return [one.text for one in parse_reply(HEAD + text + FOOT).commitments]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我们会建立办理台账。", ["建立办理台账"]),
        ("具体标准待定，拟对改造面积大的项目给予补贴。", ["对改造面积大的项目给予补贴"]),
        ("财力难以一次性承担，拟先覆盖412个村。", ["先覆盖412个村"]),
        ("我厅计划再改造灌区18处。", ["再改造灌区18处"]),
        ("正在摸底，9月底前形成改造导则。", ["9月底前形成改造导则"]),
        ("您建议修60公里，我们排了计划：今年先修18公里。", ["今年先修18公里"]),
        ("2026年秋季学期前，两所幼儿园投入使用。", ["2026年秋季学期前，两所幼儿园投入使用"]),
        ("政府會於2026年第四季推出計劃，並會檢討機制。", ["於2026年第四季推出計劃", "檢討機制"]),
        ("本署會增聘15名護理員。", ["增聘15名護理員"]),
        ("項目將於2026/27年度分階段落成。", ["於2026/27年度分階段落成"]),
        ("我局将加强宣传。同时，完善办法；开展教师培训。", ["加强宣传", "完善办法", "开展教师培训"]),
        ("我局将做好以下工作：\n1.出台方案。\n2.修订办法。", ["出台方案", "修订办法"]),
        ("我局将加强宣传。已完成培训3期。近年来，开展活动2场。", ["加强宣传"]),
        ("下一步，我局将以创城为契机，升级改造老旧市场。", ["升级改造老旧市场"]),
        ("下一步，通过新媒体等方式开展政策解读，组织宣讲30场。", ["通过新媒体等方式开展政策解读", "组织宣讲30场"]),
        ("下一步，推出算力券，对中小企业给予补贴。", ["推出算力券，对中小企业给予补贴"]),
        ("针对停车难问题，今年计划新增泊位5000个。", ["今年计划新增泊位5000个"]),
        ("下一步，强化培训，方便群众办事。", ["强化培训，方便群众办事"]),
        ("下一步，设立揭榜专题，2026年支持项目不少于50项。", ["设立揭榜专题，2026年支持项目不少于50项"]),
        ("下一步，向专精特新企业下放评审权，举办招聘12场。", ["向专精特新企业下放评审权", "举办招聘12场"]),
        ("力争到“十五五”末，推荐标准的卫生院占到30%，我局将改善服务。", ["改善服务"]),
        ("关于您提出的延时建议，暂时无法实现，节假日将适当延长运营时间。", ["适当延长运营时间"]),
        ("下一步，对不合格的单位予以约谈。", ["对不合格的单位予以约谈"]),
        ("下一步，由县文旅局牵头，推出茶旅线路，办好采茶节。", ["推出茶旅线路", "办好采茶节"]),
        ("下一步，举办招聘会2场，提供岗位800个。", ["举办招聘会2场，提供岗位800个"]),
        ("下一步，修订办法，把补助上限由100万元提高到200万元。", ["修订办法，把补助上限由100万元提高到200万元"]),
        ("下一步，购置科普展车，安排其赴学校巡展。", ["购置科普展车，安排其赴学校巡展"]),
    ],
)
def test_promise_is_heard_in_other_words_and_spans_its_act(text: str, wanted: list[str]) -> None:
    assert promises(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "有关规定明确，管理单位应将符合条件的仪器纳入平台。",
        "明年是“十五五”开局之年。",
        "2023年9月底前已建成实验室3个。",
        "省科协召开了拟定办法的会议。",
        "下一步工作承蒙关心。您的建议对完善制度具有参考意义。",
        "协会商议了有关事项，社会支持力度很大。",
    ],
)
def test_what_only_sounds_like_a_promise_is_none(text: str) -> None:
    assert promises(text) == []


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("下一步，我厅将完善办法。科技部将优化选派机制。", ["某省科技厅", "科技部"]),
        ("市财政局将研究设立补助资金，并开展绩效评价。我们还将健全会商机制。", ["市财政局", "市财政局", "某省科技厅"]),
        ("接下来，市委金融办将推动保险机构参与，我厅拟推出联动产品。", ["市委金融办", "某省科技厅"]),
        ("下一步：一是完善办法。二是市财政局每年安排补贴600万元。", ["某省科技厅", "市财政局"]),
    ],
)
def test_promise_is_given_by_the_subject_of_its_act(text: str, departments: list[str]) -> None:
    assert [one.department for one in parse_reply(HEAD + text + FOOT).commitments] == departments


@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("我们将在明年6月底前购置展车。", "2026-06"),
        ("计划今年11月对外招商。", "2025-11"),
        ("我们排了计划：今年先修18公里，10月底完工。", "2025-10"),
        ("我们将于2026年第二季度完成评估。", "2026-06"),
        ("政府會於2026年第四季推出計劃。", "2026-12"),
        ("我们将每年遴选骨干教师。", "every_year"),
    ],
)
def test_horizon_is_the_month_that_says_when_in_its_year(text: str, horizon: str) -> None:
    assert [one.horizon for one in parse_reply(HEAD + text + FOOT).commitments] == [horizon]


def test_passages_of_many_offices_are_read_as_marked() -> None:
    """Passages in the words of transport, health, schools, housing and others, each promise between brackets."""
    counts = [0, 0, 0]
    for line in (Path(__file__).parent / "passages.txt").read_text("utf-8").splitlines():
        text, spans = _marked(HEAD, line.replace("\\n", "\n"))
        found = [{"span": list(one.span)} for one in parse_reply(text + FOOT).commitments]
        hits, _ = pair(spans, found, lambda a, b: ratio(a["span"], b["span"]) >= 0.5)
        counts = [a + b for a, b in zip(counts, hits, strict=True)]
    assert sum(counts) > 90
    assert rate(counts) >= 0.9


def _marked(head: str, line: str) -> tuple[str, list[dict[str, list[int]]]]:
    text, spans = head, []
    for part in re.split(r"([\[\]])", line):
        if part == "[":
            start = len(text)
        elif part == "]":
            spans.append({"span": [start, len(text)]})
        else:
            text += part
    return text, spans
