"""What the check before publication remarks, in words: sums, lists and counts, growth, days, answers left out."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from keqiao.apps.proposals import queries
from keqiao.apps.proposals.models import Reply

# A fault is something that cannot be right as it stands; all else is a hint to look at it again.
FAULTS = frozenset({"growth_mismatch", "total_mismatch", "list_mismatch", "after_signing", "number_year"})
SENTENCES: dict[str, Words] = {
    "growth_mismatch": _("增长率对不上：原文写 %(stated)s%%，按前后两个数算是 %(computed)s%%。"),
    "growth_rounding": _("增长率在四舍五入的范围内：原文写 %(stated)s%%，按印出的数算是 %(computed)s%%。"),
    "total_mismatch": _("合计对不上：原文写 %(stated)s，各项相加是 %(computed)s。"),
    "list_mismatch": _("列举的数量对不上：原文写 %(stated)s，列出的是 %(computed)s。"),
    "after_signing": _("已完成的数字属于 %(period)s，晚于成文日期 %(date)s。"),
    "number_year": _("文号 %(number)s 的年份与成文日期 %(date)s 不同。"),
    "no_date": _("没有读出成文日期。"),
    "unanswered": _("第 %(n)s 条建议没有对应的答复。"),
    "declined": _("第 %(n)s 条建议不予采纳，请确认写明了理由。"),
    "soft_only": _("第 %(n)s 条建议的承诺都比较笼统，以后难以核对。"),
    "no_period": _("数字没有写明时间。"),
}


@dataclass(frozen=True)
class Remark:
    """One thing to look at, with the passages it speaks of."""

    code: str
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def is_fault(self) -> bool:
        return self.code in FAULTS


def remarks(reply: Reply) -> list[Remark]:
    """All remarks on a reply as it reads with its corrections, in the order of the text."""
    return [Remark(one.code, _said(one.code, one.values), tuple(one.spans)) for one in queries.findings(reply)]


def _said(code: str, values: dict[str, Any]) -> str:
    sentence = SENTENCES.get(code)
    if sentence is None:
        return code
    shown = {name: "—" if value is None else value for name, value in values.items()}
    try:
        return str(sentence) % shown
    except KeyError:  # the check says less than the sentence needs: better the code than nothing
        return code
