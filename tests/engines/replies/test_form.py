"""The form above a short reply, however its labels and values are parted."""

import pytest

from keqiao.catalogue.replies import parse_reply

TEXT = (
    "提案编号：0412  类别：B\n提案人：周晓岚、陈立\n案由：关于提升社区医疗服务能力的提案\n"
    "承办单位：青溪区卫生健康局\n会办单位：区财政局\n"
    "办理情况：\n一、基本情况。2024年，全区家庭医生签约服务21.3万人，签约率38.6%。\n青溪区卫生健康局\n2025年4月8日\n"
)


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("：", "\t").replace("  ", "\t"), TEXT.replace("：", "  ")])
def test_form_gives_the_head_and_no_figures(text: str) -> None:
    reply = parse_reply(text)
    meta = reply.meta
    assert (meta.proposal_id, meta.category, meta.proposer) == ("0412", "B", ("周晓岚", "陈立"))
    assert (meta.proposal_title, meta.co_departments) == ("关于提升社区医疗服务能力的提案", ("区财政局",))
    assert [one.raw for one in reply.figures] == ["21.3万人", "38.6%"]


def test_two_labels_are_no_form() -> None:
    reply = parse_reply("类别：A\n编号：77\n2024年完成投资3亿元。\n")
    assert (reply.meta.proposal_id, [one.raw for one in reply.figures]) == (None, ["3亿元"])


def test_those_consulted_are_named_whole() -> None:
    text = "某代表：\n您提出的关于加强养老服务的建议收悉。经会同市财政局、市民政局研究，答复如下：\n一、情况\n"
    assert parse_reply(text).meta.co_departments == ("市财政局", "市民政局")
