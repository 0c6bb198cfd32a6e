"""Proposals: one number once, who signed, what is public."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.proposals import actions, permissions
from keqiao.apps.proposals.actions import SignerInput
from keqiao.apps.proposals.models import Proposal, ProposalState
from tests.apps.acting import last_entry, person
from tests.factories.parties import UserFactory
from tests.factories.proposals import AssignmentFactory, ProposalFactory, SignerFactory

from .people import hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def register(now: datetime, *, by: Actor | None = None, **changed: Any) -> Proposal:
    values: dict[str, Any] = {
        "body": "cppcc", "term": 13, "session": 4, "number": "W163号", "title": "关于壮大光电信息产业的建议",
        "received_date": date(2026, 9, 1),
    }  # fmt: skip
    return actions.register_proposal(**(values | changed), by=by or hand_over_office(), at=now)


def test_registered_proposal_has_number_class_signers_and_suggestions(now: datetime) -> None:
    user = UserFactory()
    row = register(
        now,
        signers=[SignerInput("李 明", user=user), SignerInput("民建省委会", role="co_signer", is_group=True)],
        suggestions=[("设立专项", "建议设立专项。"), ("", "x"), ("建平台", "")],
    )

    row.refresh_from_db()
    assert (row.number, row.kind, row.printed, row.year, row.state) == ("163", "member", "W163号", 2026, "received")
    assert row.session_text == "十三届四次会议"
    assert list(row.signers.values_list("name", "role", "is_group", "user")) == [
        ("李 明", "proposer", False, user.pk), ("民建省委会", "co_signer", True, None),
    ]  # fmt: skip
    assert list(row.suggestions.values_list("n", "title")) == [(1, "设立专项"), (2, "建平台")]
    assert last_entry()[0::2] == ("proposal.register", f"proposal:{row.key}", "")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "无"}, "number"),
        ({"number": "163"}, "kind"),
        ({"number": "163", "kind": "deputy"}, "kind"),
        ({"body": "court"}, "body"),
        ({"title": " "}, "title"),
        ({"term": 0}, "term"),
        ({"session": 100}, "session"),
        ({"year": 1900}, "year"),
        ({"received_date": date(2027, 1, 1)}, "received_date"),
        ({"is_key": True}, "supervisor"),
        ({"signers": [SignerInput("甲"), SignerInput("甲")]}, "signers"),
        ({"signers": [SignerInput("甲", role="fan")]}, "signers"),
        ({"assign": [("nobody", "lead")]}, "units"),
    ],
)
def test_wrong_value_is_named_and_nothing_is_written(changed: dict[str, Any], field: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        register(now, **changed)
    assert set(caught.value.message_dict) == {field}
    assert not Proposal.objects.exists()


def test_number_is_taken_once_in_its_session_and_class(now: datetime) -> None:
    register(now, title="第一件")
    register(now, number="D163号")
    register(now, session=3)

    with pytest.raises(ValidationError) as caught:
        register(now, number="第0163号委员提案")
    assert caught.value.message_dict == {"number": ["W163号 已经登记：《第一件》。"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalFactory(number="163")


def test_unit_registers_only_what_was_handed_to_it(now: datetime) -> None:
    with pytest.raises(Refused, match="not_hand_over_office"):
        register(now, by=officer_of("industry"))
    with pytest.raises(Refused, match="not_hand_over_office"):
        register(now, by=officer_of("industry"), assign=[("science", "lead")])
    assert last_entry()[3:] == ("refused", "not_hand_over_office")

    row = register(now, by=officer_of("industry"), assign=[("industry", "lead"), ("finance", "co")])

    assert row.state == ProposalState.ASSIGNED
    assert list(row.assignments.values_list("unit", "role")) == [("industry", "lead"), ("finance", "co")]


def test_visitor_is_asked_to_sign_in(now: datetime) -> None:
    with pytest.raises(Refused, match="sign_in_first"):
        register(now, by=VISITOR)


def test_edit_keeps_the_number_and_refuses_the_closed(now: datetime) -> None:
    row = register(now)
    actions.edit_proposal(row, title="新标题", is_key=True, supervisor="某副省长", by=hand_over_office(), at=now)
    assert Proposal.objects.get().title == "新标题"
    with pytest.raises(ValueError, match="number"):
        actions.edit_proposal(row, number="1", by=hand_over_office(), at=now)

    Proposal.objects.update(state=ProposalState.CLOSED)
    with pytest.raises(Refused, match="proposal_is_closed"):
        actions.edit_proposal(row, title="再改", by=hand_over_office(), at=now)


def test_signers_and_suggestions_are_replaced_as_a_whole(now: datetime) -> None:
    row = register(now, signers=[SignerInput("甲")], suggestions=[("一", "")])
    by = hand_over_office()
    actions.set_signers(row, [SignerInput("乙"), SignerInput("甲", role="co_signer")], by=by, at=now)
    actions.set_suggestions(row, [("二", "原文"), ("三", "")], by=by, at=now)

    assert list(row.signers.values_list("name", flat=True)) == ["乙", "甲"]
    assert list(row.suggestions.values_list("title", flat=True)) == ["二", "三"]
    with pytest.raises(ValidationError):
        actions.set_signers(row, [SignerInput("")], by=by, at=now)
    assert row.signers.count() == 2


@pytest.mark.parametrize(
    ("publication", "reason", "field"),
    [
        ("secret", "", "publication"),
        ("withheld", "", "withheld_reason"),
        ("withheld", "mood", "withheld_reason"),
        ("full", "privacy", "withheld_reason"),
        ("abstract", "", "abstract"),
    ],
)
def test_publication_needs_its_ground(publication: str, reason: str, field: str, now: datetime) -> None:
    row = register(now)
    with pytest.raises(ValidationError) as caught:
        actions.decide_publication(row, publication=publication, withheld_reason=reason, by=hand_over_office(), at=now)
    assert set(caught.value.message_dict) == {field}


def test_publication_decides_who_sees_a_proposal(now: datetime) -> None:
    proposal, user = AssignmentFactory().proposal, UserFactory()
    SignerFactory(proposal=proposal, user=user)
    AssignmentFactory(proposal=proposal, unit="finance", role="co", returned_date=now.date(), return_reason="other")
    people = {
        "visitor": VISITOR, "office": hand_over_office(), "lead": officer_of("industry"),
        "returned": officer_of("finance"), "stranger": officer_of("health"), "signer": person(user),
    }  # fmt: skip

    def seen() -> set[str]:
        return {name for name, actor in people.items() if permissions.can_see_proposal(actor, proposal).allowed}

    assert seen() == {"office", "lead", "signer"}
    actions.decide_publication(proposal, publication="withheld", withheld_reason="privacy", by=people["lead"], at=now)
    assert (proposal.withheld_reason, seen()) == ("privacy", {"office", "lead", "signer"})
    actions.decide_publication(proposal, publication="full", by=people["lead"], at=now)
    assert seen() == set(people)
    with pytest.raises(Refused, match="not_hand_over_office"):
        actions.decide_publication(proposal, publication="full", by=people["stranger"], at=now)


@pytest.mark.parametrize(
    "changed",
    [
        {"is_broad": True},
        {"broad_agreed_by": "甲", "broad_agreed_date": date(2026, 9, 9)},
        {"withheld_reason": "privacy"},
    ],
)
def test_database_keeps_what_belongs_together(changed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalFactory(**changed)
