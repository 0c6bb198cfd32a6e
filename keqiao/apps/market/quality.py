"""What makes a need answerable: points, and the questions whose answers would help most."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Need, NeedIndicator

MOST_QUESTIONS = 3
SHORTEST_PROBLEM = 40

# What is asked for, and how a broker would ask for it.
PROBLEM = (_("问题描述"), _("现场出现了什么现象？在什么条件下、多久出现一次？"))
TARGET = (_("可测指标"), _("做到什么程度算解决？请给出一项带单位的数值。"))
BASELINE = (_("现有基础"), _("现在做到什么水平？试过哪些办法，为什么不行？"))
BUDGET = (_("投入预算"), _("准备投入多少资金？可以只给一个范围。"))
DEADLINE = (_("完成时限"), _("希望什么时候用上？"))
FIELD = (_("技术领域"), _("这个问题属于哪个技术领域？"))
COOP = (_("合作方式"), _("希望委托开发、合作开发，还是买现成的技术？"))
IP = (_("产权归属"), _("做成以后，知识产权归谁？"))


@dataclass(frozen=True)
class Check:
    """One thing a good need has, what it is worth, and the question to ask if it is missing."""

    code: str
    points: int
    met: bool
    label: Promise
    question: Promise


@dataclass(frozen=True)
class Quality:
    """Points of 100, every check, and the questions (three at most, the most valuable first)."""

    points: int
    checks: tuple[Check, ...]

    @property
    def questions(self) -> tuple[Check, ...]:
        missing = sorted((check for check in self.checks if not check.met), key=lambda check: -check.points)
        return tuple(missing[:MOST_QUESTIONS])


def score(need: Need, indicators: Sequence[NeedIndicator]) -> Quality:
    """Score a need by what brokers ask for first: the problem itself, then a measurable target, then terms."""
    checks = _checks(need, indicators)
    return Quality(points=sum(check.points for check in checks if check.met), checks=checks)


def _checks(need: Need, indicators: Sequence[NeedIndicator]) -> tuple[Check, ...]:
    is_described = len(need.text.strip()) >= SHORTEST_PROBLEM
    is_measurable = any(row.must and row.unit for row in indicators)
    has_baseline = any(row.current_value for row in indicators) or bool(need.background.strip())
    return (
        Check("problem", 25, is_described, *PROBLEM),
        Check("target", 25, is_measurable, *TARGET),
        Check("baseline", 12, has_baseline, *BASELINE),
        Check("budget", 12, need.budget_max_fen is not None, *BUDGET),
        Check("deadline", 10, need.deadline_date is not None, *DEADLINE),
        Check("field", 6, bool(need.field), *FIELD),
        Check("coop", 5, bool(need.coop_modes), *COOP),
        Check("ip", 5, bool(need.ip_policy), *IP),
    )
