"""The form above a reply: 建议编号, 承办单位, 案由 with their values, as cells of a table or behind colons."""

from __future__ import annotations

import re
from typing import Any

from keqiao.engines.replies._view import View

_LABELS = {
    "proposal_id": ("建议编号", "提案编号", "议案编号", "提案号", "建议号", "编号", "案号"),
    "proposal_title": ("建议标题", "提案标题", "建议名称", "提案名称", "建议题目", "提案题目", "案由", "题目"),
    "proposer": ("领衔代表", "第一提案人", "提案人", "建议人", "提案者", "提出人", "代表姓名", "委员姓名"),
    "lead_department": ("主办单位", "承办单位", "主办部门", "承办部门"),
    "co_departments": ("会办单位", "协办单位", "分办单位", "会办部门", "协办部门"),
    "category": ("办理结果", "办理类别", "答复类别", "类别"),
    "date": ("答复日期", "答复时间", "办结日期", "办结时间"),
    "content": ("答复内容", "办理情况", "答复意见", "回复内容", "办理答复", "办理意见"),
    "other": ("交办日期", "交办时间", "联系电话", "联系人", "附议人", "联名人", "届次", "会议届次"),
}
_OF = {word: name for name, words in _LABELS.items() for word in words}
_WORDS = "|".join(sorted(_OF, key=len, reverse=True))
_GAP = r"[：:\t| \u3000]{1,40}"
_PAIR = re.compile(
    rf"(?:^|(?<=[\n\t| \u3000]))({_WORDS}){_GAP}([^\t\n|]{{0,80}}?)"
    rf"(?=[\t\n|]|[ \u3000]{{1,40}}(?:{_WORDS})(?:[：:\t| \u3000]|$))"
)
_REACH, _LEAST = 800, 3


def read_form(view: View, end: int) -> tuple[dict[str, Any], int]:
    """What the form above flat[end] states, and where it ends in flat; nothing and 0 below three labels.

    The values are those of `Meta`, as printed; what a form leaves empty is left out. Read from the source, whose
    blanks and tabs part labels from values.
    """
    source = view.source[: min(view.at[min(end, len(view.at) - 1)], _REACH)] + "\n"
    values: dict[str, Any] = {}
    position = count = 0
    for found in _PAIR.finditer(source):
        count += 1
        name, text = _OF[found[1]], found[2].strip()
        position = found.start(2) if name == "content" else found.end(2)
        if name == "content":
            break
        if text and name != "other" and name not in values:
            values[name] = text
    return (_typed(values), view.flat_index(position)) if count >= _LEAST else ({}, 0)


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("proposer", "co_departments"):
        if name in values:
            values[name] = tuple(filter(None, re.split("[、，,;；]", values[name])))
    if "category" in values:
        letter = re.search("[A-D]", values.pop("category"))
        if letter:
            values["category"] = letter.group()
    number = re.search(r"[A-Za-z]{0,4}\d{1,12}", values.pop("proposal_id", ""))
    if number:
        values["proposal_id"] = number.group()
    return values
