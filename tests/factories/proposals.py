from datetime import date

import factory

from keqiao.apps.proposals.models import Assignment, Proposal, Signer

from .base import MOMENT, Factory


class ProposalFactory(Factory):
    """A member's proposal handed over, not public."""

    class Meta:
        model = Proposal

    key = factory.Sequence(lambda n: f"P{n:09d}")
    body = "cppcc"
    term = 13
    session = 4
    kind = "member"
    number = factory.Sequence(lambda n: str(1000 + n))
    printed = factory.LazyAttribute(lambda row: f"W{row.number}号")
    title = factory.Sequence(lambda n: f"关于推广演示光学仪器的建议 {n}")
    year = 2026
    received_date = date(2026, 9, 1)
    assigned_date = date(2026, 9, 7)
    state = "assigned"
    registered_by = "system:test"
    created_at = updated_at = MOMENT


class SignerFactory(Factory):
    class Meta:
        model = Signer

    proposal = factory.SubFactory(ProposalFactory)
    place = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"委员{n}")


class AssignmentFactory(Factory):
    """The lead, with its three months from 7 September."""

    class Meta:
        model = Assignment

    proposal = factory.SubFactory(ProposalFactory)
    unit = "industry"
    role = "lead"
    assigned_date = date(2026, 9, 7)
    due_date = date(2026, 12, 7)
    rule = "r229999/answer/cppcc/2020-01-01"
