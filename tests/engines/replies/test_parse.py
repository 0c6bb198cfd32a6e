"""Replies into rows: what they say, where it stands, and that reading never fails or runs away."""

import json
import os
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.catalogue.replies import parse_reply, shipped_reply_vocabulary
from keqiao.engines.replies import Reply
from tests.engines.replies.labelled import MARKED, labelled
from tests.engines.replies.scoring import add, rate, score

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "replies"
LEAST = {
    "figures strict": 0.99, "· period": 0.98, "· modality": 0.99, "· kind": 0.98, "· department": 0.98,
    "· indicator": 0.91, "· programme": 0.91, "complete row": 0.89, "items": 0.95, "promises": 0.95,
    "· specificity": 0.93, "· horizon": 0.87,
}  # fmt: skip
PIECES = [
    "一、关于“加强攻关”的建议\n", "省科技厅答复：", "2024年，", "投入1800万元", "支持73户企业，",
    "较上年度（9090万元）增长26.9%。",
    "下一步，我厅将制定《办法》，", "1\n024 家次", "— 1 —\n", "年度\t资金（万元）\n2023\t860\n", "“", "《", "（",
    "二十三点七亿元", "四成二", "三分之一", "\n", "。", "，", "  ", "１２項", "７～８个月",
    "某省科技厅\n2025年6月9日\n", "您在会上提出的", "现答复如下：",
]  # fmt: skip


def test_labelled_replies_are_read_as_labelled() -> None:
    total: dict[str, list[int]] = {}
    for path in sorted(MARKED.glob("*.txt")):
        text, gold = labelled(path)
        add(total, score(gold, parse_reply(text).to_dict()))
    assert {name: rate(total[name]) for name, least in LEAST.items() if rate(total[name]) < least} == {}
    assert total["trap hits"][0] == 0


@pytest.mark.skipif(not SHARED.exists(), reason="the reference replies stand beside the repository: set KEQIAO_SHARED")
def test_reference_replies_reach_the_acceptance() -> None:
    total: dict[str, list[int]] = {}
    for path in sorted((SHARED / "gold").glob("*.json")):
        if path.stem != "links":
            gold = json.loads(path.read_text("utf-8"))
            text = (SHARED / "texts" / gold["source"]["file"]).read_bytes().decode("utf-8")
            add(total, score(gold, parse_reply(text).to_dict()))
    assert {name: rate(total[name]) for name in ("figures strict", "· kind") if rate(total[name]) < 0.99} == {}
    assert rate(total["complete row"]) >= 0.92
    assert rate(total["promises"]) >= 0.95
    assert rate(total["· programme"]) >= 0.75
    assert total["trap hits"][0] == 0


@pytest.mark.parametrize(
    ("text", "value", "unit", "raw"),
    [
        ("服务企业 1\n024 家次。", 1024, "count:家次", "1\n024 家次"),
        ("选派 10 \n\n12 名科技人才。", 1012, "count:人", "10 \n\n12 名"),
        ("选派 10\n\n— 3 —\n\n12 名科技人才。", 1012, "count:人", "10\n\n— 3 —\n\n12 名"),
        ("成交额二十三点七亿元。", 2_370_000_000, "CNY", "二十三点七亿元"),
        ("投入十一亿八千万元。", 1_180_000_000, "CNY", "十一亿八千万元"),
        ("占比四成二。", 42, "percent", "四成二"),
        ("占三分之一。", Decimal("33.33"), "percent", "三分之一"),
        ("先后十余次协调。", 10, "count:次", "十余次"),
        ("集聚百余户企业。", 100, "count:户", "百余户"),
        ("参赛人次超过20万。", 200_000, "count:人次", "20万"),
        ("贷款70.79亿元。", 7_079_000_000, "CNY", "70.79亿元"),
        ("成交額１２．５億元。", 1_250_000_000, "CNY", "１２．５億元"),
        ("平均年龄33.6岁。", Decimal("33.6"), "count:岁", "33.6岁"),
        ("增产三百来吨。", 300, "t", "三百来吨"),
        ("新增容量3.15万千伏安。", 31_500, "kVA", "3.15万千伏安"),
        ("浓度为38微克/立方米。", 38, "ug/m3", "38微克/立方米"),
        ("入网仪器1206台(套)。", 1206, "count:台套", "1206台(套)"),
    ],
)
def test_number_is_exact_however_it_is_written(text: str, value: Decimal | int, unit: str, raw: str) -> None:
    figure = parse_reply(text).figures[0]
    assert (figure.value, figure.unit, figure.raw) == (value, unit, raw)


def test_range_keeps_both_ends() -> None:
    figure = parse_reply("周期为7～8个月。").figures[0]
    assert (figure.value, figure.value_max, figure.unit, figure.raw) == (7, 8, "month", "7～8个月")
    tenths = parse_reply("亩产提高一至两成。").figures[0]
    assert (tenths.value, tenths.value_max, tenths.unit, tenths.raw) == (10, 20, "percent", "一至两成")


@pytest.mark.parametrize(
    "text",
    [
        "深入实施“智改数转”三年行动。", "发布优秀企业500强榜单。", "建设“464”新格局。", "打通“最后一公里”。",
        "获一等奖。", "第九届大赛。", "五大行动。", "一人一策支持。", "围绕“十四五”规划。", "从三个方面推进。",
        "构建“4+1”布局。", "120米射电雷达系统落地。", "二期工程正在建设。", "（银发〔2024〕1号）",
        "“20条底线”基本达标。", "云雾山步道二期4号线。", "服务60岁以上老人。", "“832个脱贫县”标准。",
        "依托GB/T44436-2024标准。", "中电科13所、中船55所，都来了。", "表 1  2022—2024 年 设施情况",
    ],
)  # fmt: skip
def test_numeral_that_is_no_figure_is_left_alone(text: str) -> None:
    assert parse_reply(text).figures == ()


def test_comparison_keeps_base_and_growth_apart() -> None:
    reply = parse_reply("2024年，我省争取资金1.15亿元，较上年度（9090万元）增长26.9%。\n某省科技厅\n2025年6月13日\n")
    rows = [(one.raw, one.modality, one.year_or_period, one.quantity_kind) for one in reply.figures]
    assert rows == [
        ("1.15亿元", "done", "2024", "amount"),
        ("9090万元", "previous", "2023", "amount"),
        ("26.9%", "done", "2024", "growth"),
    ]


def test_cells_take_unit_and_period_from_heading_and_margin() -> None:
    text = "专项资金安排如下表。\n年度 专项资金（万元） 支持企业（户）\n2023 860 43\n2024 1150 50\n"
    rows = [(one.value, one.unit, one.year_or_period, one.in_table) for one in parse_reply(text).figures]
    assert rows == [
        (8_600_000, "CNY", "2023", True), (43, "count:户", "2023", True),
        (11_500_000, "CNY", "2024", True), (50, "count:户", "2024", True),
    ]  # fmt: skip


def test_promise_has_its_horizon_and_the_purposes_that_follow() -> None:
    text = "一、下一步工作\n我厅将于2025年12月底前出台《管理办法》，推动产业高质量发展；加大宣传力度。\n"
    first, second = parse_reply(text).commitments
    assert (first.text, first.horizon, first.specificity) == (
        "于2025年12月底前出台《管理办法》，推动产业高质量发展", "2025-12", "concrete",
    )  # fmt: skip
    assert (second.text, second.horizon, second.specificity) == ("加大宣传力度", None, "soft")


@pytest.mark.parametrize(
    ("body", "text", "horizon"),
    [
        ("现有资金将优先保障传感器领域，比例不低于15%。", "优先保障传感器领域，比例不低于15%", None),
        ("年内新设博士后科研工作站1个。", "年内新设博士后科研工作站1个", "2025-12"),
        ("8月组织30名茶农赴外学习。", "8月组织30名茶农赴外学习", "2025-08"),
        ("我局将继续争取项目资金，今后向该县倾斜。", "继续争取项目资金，今后向该县倾斜", None),
    ],
)
def test_promise_is_found_outside_the_next_steps(body: str, text: str, horizon: str | None) -> None:
    found = parse_reply(f"一、有关情况\n2024年建成平台3个。{body}\n某市科学技术局\n2025年6月13日\n").commitments
    assert (text, horizon) in {(one.text, one.horizon) for one in found}


@pytest.mark.parametrize(
    "body", ["《条例》将推动产业发展。", "会议提出将加强监管。", "年内已新设工作站1个。", "2024年将资金用于建设。"]
)
def test_what_was_done_or_told_is_no_promise(body: str) -> None:
    found = parse_reply(f"一、有关情况\n{body}\n某市科学技术局\n2025年6月13日\n").commitments
    assert found == ()


def test_items_may_open_with_a_month_and_stand_in_one_line() -> None:
    text = "一、下一步工作\n我局将落实以下工作：1.6月底前出台《方案》；2.修订补助办法；3.优化环境。\n"
    (section,) = [one for answer in parse_reply(text).suggestions[0].answers for one in answer.sections if one.items]
    assert [item.ordinal for item in section.items] == ["1.", "2.", "3."]


def test_count_reached_from_a_dated_base_is_not_the_base() -> None:
    first, second = parse_reply("一、情况\n公办园覆盖面由2016年的27%提高到55%。\n某市教育局\n2021年6月13日\n").figures
    assert (first.modality, second.modality) == ("previous", "done")


@pytest.mark.parametrize("text", ["", " ", "\n", "　", "\ufeff", "“", "1", "一", "表\t1\t2\n"])
def test_text_without_a_reply_gives_no_rows_and_no_error(text: str) -> None:
    reply = parse_reply(text)
    assert reply.suggestions == ()
    assert reply.chars == len(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=30).map("".join))
def test_spans_lie_in_the_text_and_hold_what_they_say(text: str) -> None:
    reply = parse_reply(text)
    for start, end in spans(json.loads(json.dumps(reply.to_dict()))):
        assert 0 <= start <= end <= len(text)
    for figure in reply.figures:
        assert text[slice(*figure.span)] == figure.raw
    assert parse_reply(text) == reply


def spans(value: object) -> list[tuple[int, int]]:
    """Every pair under a key that ends in span, spans and mentions included."""
    found: list[tuple[int, int]] = []
    if isinstance(value, dict):
        for key, one in value.items():
            if key.endswith("span") and one:
                found.append((one[0], one[1]))
            elif key == "mentions" or (key == "spans" and one):
                found += [(a, b) for a, b in (one.values() if isinstance(one, dict) else one)]
            else:
                found += spans(one)
    elif isinstance(value, list):
        for one in value:
            found += spans(one)
    return found


@pytest.mark.parametrize(
    "unit", ["一", "1", "〔", "1,", "“", "12家，", "2024年12家，", "一是a。", "省科技厅答复：12家\n", "（一）a\n"]
)
def test_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    few, many = (calls(unit * (size // len(unit))) for size in (4_000, 16_000))
    assert many <= 4.6 * few + 2_000


def calls(text: str) -> int:
    """How many Python functions reading a text calls."""
    count = 0

    def tally(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    shipped_reply_vocabulary()
    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        parse_reply(text)
    finally:
        sys.setprofile(before)
    return count


def test_no_pattern_repeats_without_bound_inside_a_repetition_without_bound() -> None:
    vocabulary = shipped_reply_vocabulary()
    patterns = [
        vocabulary.unit_pattern,
        *(one[0] for one in (vocabulary.traps.digit, vocabulary.traps.han, vocabulary.traps.lead)),
    ]
    for name, module in list(sys.modules.items()):
        if name.startswith("keqiao.engines.replies"):
            patterns += [value for value in vars(module).values() if isinstance(value, re.Pattern)]
    assert [one.pattern for one in patterns if nests(one)] == []


def nests(pattern: re.Pattern[str]) -> bool:
    import re._parser as sre  # noqa: PLC0415 - only to look inside a pattern

    def walk(items: object, *, inside: bool) -> bool:
        for name, argument in items:  # type: ignore[attr-defined]
            if str(name) in ("MAX_REPEAT", "MIN_REPEAT"):
                endless = argument[1] == sre.MAXREPEAT
                found = (endless and inside) or walk(argument[2], inside=inside or endless)
            elif str(name) == "SUBPATTERN":
                found = walk(argument[-1], inside=inside)
            else:
                found = str(name) == "BRANCH" and any(walk(one, inside=inside) for one in argument[1])
            if found:
                return True
        return False

    return walk(sre.parse(pattern.pattern, pattern.flags & ~re.UNICODE), inside=False)


def test_same_text_gives_the_same_reply_twice() -> None:
    text, _ = labelled(sorted(MARKED.glob("*.txt"))[0])
    first: Reply = parse_reply(text)
    assert first == parse_reply(text)
