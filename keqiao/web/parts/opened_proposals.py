"""Words of the public pages of proposals: who brought them, whether the time limit was kept, in which session."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.proposals import masking
from keqiao.apps.proposals.models import Assignment, Proposal, Signer, session_text
from keqiao.web.parts import proposals as parts
from keqiao.web.templatetags.keqiao import comma

LIMITS = {"met": _("按期答复"), "late": _("超期答复"), "running": _("期限未到"), "overdue": _("已过期限，尚未答复")}
LIMIT_TAGS = {"met": "pass", "late": "fail", "running": "", "overdue": "fail"}


def session_name(term: int, session: int) -> str:
    """十三届四次会议; in English by its numbers."""
    if get_language() == "en":
        return gettext("第 %(term)d 届第 %(session)d 次会议") % {"term": term, "session": session}
    return session_text(term, session)


def signer_name(one: Signer) -> str:
    """A body or a group by its name; of a person the family name alone, as everywhere before they say otherwise.

    >>> signer_name(Signer(name="王小明")), signer_name(Signer(name="民盟演示省委", is_group=True))
    ('王**', '民盟演示省委')
    """
    return one.name if one.is_group else masking.mask(one.name, names=[(0, len(one.name))], numbers=[])


def proposers(row: Proposal) -> str:
    """Who brought it, and how many signed with them."""
    signers = list(row.signers.all())
    first = [one for one in signers if one.role == "proposer"] or signers[:1]
    named = comma().join(signer_name(one) for one in first)
    more = len(signers) - len(first)
    return gettext("%(names)s 等 %(count)d 人") % {"names": named, "count": len(signers)} if more else named


@dataclass(frozen=True)
class Limit:
    """How a unit stands to its time limit: a code of LIMITS, or none where nothing is due; and by how many days."""

    code: str
    days: int = 0

    @property
    def name(self) -> str:
        return str(LIMITS.get(self.code, ""))

    @property
    def tag(self) -> str:
        return LIMIT_TAGS.get(self.code, "")

    @property
    def text(self) -> str:
        """In words with the days: `超期 3 天答复`, `还剩 12 天`."""
        if self.code == "late":
            return gettext("超期 %(days)d 天答复") % {"days": self.days}
        if self.code == "overdue":
            return gettext("已超期 %(days)d 天，尚未答复") % {"days": self.days}
        if self.code == "running":
            return gettext("还剩 %(days)d 天") % {"days": self.days}
        return self.name


def limit_of(row: Assignment, on: date) -> Limit:
    """Whether the unit answered in time; what is handed over without a last day has no limit to keep."""
    if row.due_date is None or row.returned_date is not None:
        return Limit("")
    if row.answered_date is not None:
        late = (row.answered_date - row.due_date).days
        return Limit("late", late) if late > 0 else Limit("met")
    left = row.days_left(on)
    if left is None:
        return Limit("")
    return Limit("overdue", -left) if left < 0 else Limit("running", left)


def limit_of_proposal(row: Proposal, on: date) -> Limit:
    """The worst of its units that answer, for one line in a list."""
    order = ("overdue", "late", "running", "met")
    found = [limit_of(one, on) for one in row.assignments.all() if one.role in ("lead", "separate")]
    known = sorted((one for one in found if one.code), key=lambda one: (order.index(one.code), -one.days))
    return known[0] if known else Limit("")


def leading(row: Proposal) -> list[str]:
    """The units that answer it."""
    return _units(row, ("lead", "separate"))


def helping(row: Proposal) -> list[str]:
    return _units(row, ("co",))


def _units(row: Proposal, roles: tuple[str, ...]) -> list[str]:
    held = [one for one in row.assignments.all() if one.returned_date is None and one.role in roles]
    return list(dict.fromkeys(parts.unit_name(one.unit) for one in held))
