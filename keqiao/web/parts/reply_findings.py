"""What a reply's own numbers and days do not agree on, in words: growth, totals, lists, days.

Only what anybody can compute again from the text is said here; whether an answer is full or soft is for readers.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from keqiao.engines.replies import Finding, Reply, check
from keqiao.web.parts import reply_words
from keqiao.web.parts.reply_marks import Span

SENTENCES = {
    "growth_mismatch": _("原文写增长 %(stated)s，按前后两个数算是 %(computed)s，超出四舍五入的范围。"),
    "growth_rounding": _("原文写增长 %(stated)s，按印出的数算是 %(computed)s，差别在四舍五入以内。"),
    "total_mismatch": _("原文写合计 %(stated)s，各项相加是 %(computed)s。"),
    "share_mismatch": _("原文写占比 %(stated)s，按前后两个数算是 %(computed)s，超出四舍五入的范围。"),
    "part_too_large": _("“其中”后面的数比前面的总数大。"),
    "list_mismatch": _("原文写 %(stated)s 个，列出的是 %(computed)s 个。"),
    "after_signing": _("写成已完成的数字属于 %(period)s，晚于成文日期 %(date)s。"),
    "number_year": _("文号 %(number)s 的年份与成文日期 %(date)s 不同。"),
}


def findings(reply: Reply) -> list[tuple[str, Sequence[Span]]]:
    """Each remark as a sentence with the passages it speaks of, in the order of the text."""
    return [(sentence(one), one.spans) for one in check(reply) if one.code in SENTENCES]


def sentence(finding: Finding) -> str:
    values = dict(finding.values)
    if finding.code.startswith(("growth", "share")):
        values |= {name: _percent(values[name]) for name in ("stated", "computed")}
    elif finding.code in ("total_mismatch", "list_mismatch"):
        values |= {name: _number(values[name]) for name in ("stated", "computed")}
    return str(SENTENCES[finding.code]) % values


def _percent(value: Any) -> str:
    return "—" if value is None else f"{value:.1f}".rstrip("0").rstrip(".") + "%"


def _number(value: Any) -> str:
    return "—" if value is None else reply_words.plain(Decimal(str(value)))
