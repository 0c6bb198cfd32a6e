"""Points of a list: however they are counted, each is found once and ends where the next thing begins."""

import pytest

from keqiao.catalogue.replies import parse_reply

HEAD = "关于第9号提案的答复\n王某委员：\n您提出的《关于加强科普工作的提案》收悉，现答复如下：\n"
FOOT = "\n某省科学技术厅\n2025年6月9日\n"


def points(text: str) -> list[str]:
    whole = HEAD + text + FOOT
    return [
        whole[slice(*item.span)].strip()
        for suggestion in parse_reply(whole).suggestions
        for answer in suggestion.answers
        for section in answer.sections
        for item in section.items
    ]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("一是", "二是"), ("第一，", "第二，"), ("首先，", "其次，"), ("①", "②"), ("（1）", "（2）"), ("1.", "2."),
        ("其一，", "其二，"), ("（a）", "（b）"), ("（i）", "（ii）"), ("一要", "二要"),
        ("（甲）", "（乙）"), ("第一点，", "第二点，"),
    ],
)  # fmt: skip
def test_list_inside_a_letter_is_found_however_it_is_counted(a: str, b: str) -> None:
    text = f"我们主要做了以下工作：{a}开放场馆。全年接待学生。{b}编写读本。发放读本。"
    assert points(text) == [f"{a}开放场馆。全年接待学生。", f"{b}编写读本。发放读本。"]


def test_last_point_of_a_list_with_semicolons_is_one_sentence() -> None:
    text = "我局将抓好以下工作：1.出台方案；2.修订办法；3.优化环境。力争到2027年产值突破150亿元。"
    assert points(text) == ["1.出台方案；", "2.修订办法；", "3.优化环境。"]


def test_last_point_ends_before_the_sentence_that_leads_on() -> None:
    text = "主要做法：一是抓场馆。二是抓师资。下一步，我厅将：一是扩大开放。二是培训教师。"
    assert points(text) == ["一是抓场馆。", "二是抓师资。", "一是扩大开放。", "二是培训教师。"]


def test_list_inside_a_point_is_part_of_the_point() -> None:
    text = "一、工作情况\n（一）抓基地。①改造茶园；②建设示范点。\n（二）抓加工。①更新设备；②新增生产线。"
    assert [one[:6] for one in points(text)] == ["（一）抓基地", "（二）抓加工"]


def test_thanks_at_the_end_are_no_point() -> None:
    assert points("首先，开放了场馆。其次，编写了读本。最后，衷心感谢您的关心。")[-1] == "其次，编写了读本。"


def test_office_counted_in_brackets_answers_for_itself() -> None:
    text = "一、会办意见\n（一）市财政局：2024年安排资金1.8亿元。\n（二）市教育局：今年建成实验室3个。"
    answers = parse_reply(HEAD + text + FOOT).suggestions[0].answers
    assert [(one.department, one.explicit) for one in answers] == [("市财政局", True), ("市教育局", True)]


def test_thing_counted_in_brackets_is_no_office() -> None:
    text = "一、工作情况\n（一）创新中心：2024年建成3个。\n（二）研究院：今年建成2个。"
    assert [one.explicit for one in parse_reply(HEAD + text + FOOT).suggestions[0].answers] == [False]


def test_prose_behind_numbers_at_line_starts_is_a_list_and_no_row_of_headings() -> None:
    letter = (
        "陈议员：\n来信收悉，本署答复如下：\n（一）截至2024年底，署方共有初创企业2100间，按年增加两成。\n"
        "（二）在2025年，署方已推出新的资助计划，预留三亿元。\n2025年6月9日\n"
    )
    (whole,) = parse_reply(letter).suggestions
    assert [item.ordinal for item in whole.answers[0].sections[0].items] == ["（一）", "（二）"]
    assert whole.heading_kind == "section"


def test_thanks_behind_the_last_answer_are_no_part_of_it() -> None:
    text = "一、关于“建设场馆”的建议\n省教育厅答复：已建场馆3座。\n感谢您的关心。"
    (answer,) = parse_reply(HEAD + text + FOOT).suggestions[0].answers
    assert (HEAD + text + FOOT)[slice(*answer.span)] == "省教育厅答复：已建场馆3座。"


def test_branch_of_a_bank_answers_under_its_whole_name() -> None:
    text = "一、关于“拓宽融资”的建议\n省财政厅答复：已安排3亿元。\n人民银行沧州湾中心支行答复：我行将加大投放力度。"
    reply = parse_reply(HEAD + text + FOOT)
    assert [one.department for one in reply.suggestions[0].answers] == ["省财政厅", "人民银行沧州湾中心支行"]
    assert [one.department for one in reply.commitments] == ["人民银行沧州湾中心支行"]


def test_health_office_goes_by_its_formal_short_name_however_it_is_called() -> None:
    text = "一、关于“看病”的建议\n市卫健委答复：已建成3所。\n市卫生健康委员会答复：已建成2所。"
    answers = parse_reply(HEAD + text + FOOT).suggestions[0].answers
    assert {one.department for one in answers} == {"市卫生健康委"}
