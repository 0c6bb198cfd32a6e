"""What the check before publication remarks, in words: sums, lists and counts, growth, days, answers left out."""

from dataclasses import dataclass

from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from keqiao.apps.proposals import queries
from keqiao.apps.proposals.models import Reply
from keqiao.engines.replies import Finding
from keqiao.web.parts import reply_findings

# A fault is something that cannot be right as it stands; all else is a hint to look at it again.
FAULTS = frozenset(
    {
        "growth_mismatch",
        "total_mismatch",
        "share_mismatch",
        "part_too_large",
        "list_mismatch",
        "after_signing",
        "number_year",
    }
)
# What the numbers and days say stands with the page where anybody drops a reply; this is for its writers alone.
SENTENCES: dict[str, Words] = {
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
    return [Remark(one.code, _said(one), tuple(one.spans)) for one in queries.findings(reply)]


def _said(one: Finding) -> str:
    if one.code in reply_findings.SENTENCES:
        return reply_findings.sentence(one)
    return str(SENTENCES[one.code]) % dict(one.values)
