"""Claims of a body: who asks, who decides, what follows."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.files import queries as files
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, joining
from keqiao.apps.parties.actions.claims import subject_of
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Membership, OrganizationClaim
from tests.apps.acting import administrator, editor, last_entry, manager, officer, person, security
from tests.factories.parties import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
PDF = b"%PDF-1.7\n%letter with a seal"


def claimed(now: datetime, **values: object) -> OrganizationClaim:
    user = UserFactory()
    defaults = {"role": "manager", "position": "总工程师", "evidence": ("介绍信.pdf", PDF)}
    return actions.claim_organization(
        OrganizationFactory(area="229901"), user=user, by=person(user), at=now, **(defaults | values)
    )


def test_claim_keeps_its_evidence_and_gives_nothing_yet(now: datetime) -> None:
    row = claimed(now)

    assert [found.name for found in files.attachments_of(subject_of(row))] == ["介绍信.pdf"]
    assert Membership.objects.count() == 0
    assert last_entry()[0] == "organization.claim"


def test_claim_with_a_bad_file_is_not_kept(now: datetime) -> None:
    with pytest.raises(ValidationError):
        claimed(now, evidence=("letter.pdf", b"MZ this is a program"))

    assert OrganizationClaim.objects.count() == 0


def test_second_open_claim_of_one_person_is_refused(now: datetime) -> None:
    row = claimed(now)

    with pytest.raises(Refused, match="claim_is_open"):
        actions.claim_organization(
            row.organization, user=row.user, role="editor", position="x", by=person(row.user), at=now
        )


def test_claim_for_somebody_else_is_refused(now: datetime) -> None:
    with pytest.raises(Refused, match="only_yourself"):
        actions.claim_organization(
            OrganizationFactory(), user=UserFactory(), role="manager", position="x", by=person(UserFactory()), at=now
        )


@pytest.mark.parametrize("by", [security(), officer("229901"), officer("229999")])
def test_approved_claim_gives_the_role(by: Actor, now: datetime) -> None:
    row = claimed(now)

    actions.approve_claim(row, by=by, at=now)

    given = Membership.objects.get()
    assert (given.user, given.organization, given.role, given.from_date) == (
        row.user, row.organization, "manager", TODAY,
    )  # fmt: skip
    assert row.state == "approved"
    assert list(ledger.verify()) == []


@pytest.mark.parametrize("by", [administrator(), officer("229902"), person()])
def test_others_do_not_decide(by: Actor, now: datetime) -> None:
    row = claimed(now)

    with pytest.raises(Refused, match="not_claim_officer"):
        actions.approve_claim(row, by=by, at=now)

    assert Membership.objects.count() == 0


def test_claimant_who_is_an_officer_does_not_decide_on_the_own_claim(now: datetime) -> None:
    row = claimed(now)

    with pytest.raises(Refused, match="own_claim"):
        actions.approve_claim(row, by=security(row.user), at=now)


def test_manager_of_the_body_is_asked_first(now: datetime) -> None:
    row = claimed(now)
    MembershipFactory(organization=row.organization, role="manager")

    with pytest.raises(Refused, match="manager_first"):
        actions.approve_claim(row, by=security(), at=now + timedelta(days=joining.MANAGERS_DAYS, seconds=-1))
    actions.approve_claim(row, by=manager(row.organization), at=now)

    assert row.state == "approved"


def test_office_decides_when_the_manager_has_not_answered(now: datetime) -> None:
    row = claimed(now)
    MembershipFactory(organization=row.organization, role="manager")

    actions.reject_claim(
        row, reason="not_staff", note="查无此人", by=security(), at=now + timedelta(days=joining.MANAGERS_DAYS)
    )

    assert (row.state, row.reason, row.note) == ("rejected", "not_staff", "查无此人")
    assert last_entry()[3:] == ("done", "not_staff")


def test_editor_of_the_body_does_not_decide(now: datetime) -> None:
    row = claimed(now)

    with pytest.raises(Refused, match="not_claim_officer"):
        actions.approve_claim(row, by=editor(row.organization), at=now)


def test_decided_claim_is_not_decided_again(now: datetime) -> None:
    row = claimed(now)
    actions.withdraw_claim(row, by=person(row.user), at=now)

    with pytest.raises(Refused, match="claim_is_decided"):
        actions.approve_claim(row, by=security(), at=now)
    with pytest.raises(Refused, match="claim_is_decided"):
        actions.reject_claim(row, reason="evidence", by=security(), at=now)

    assert Membership.objects.count() == 0


def test_rejection_names_a_reason(now: datetime) -> None:
    row = claimed(now)

    with pytest.raises(Refused, match="choose_a_reason"):
        actions.reject_claim(row, reason="", by=security(), at=now)


def test_queue_holds_what_one_decides(now: datetime) -> None:
    row = claimed(now)
    lists = {
        "security": security(), "officer": officer("229901"), "stranger": officer("229902"),
        "manager": manager(row.organization), "self": security(row.user), "person": person(),
    }  # fmt: skip

    assert {name: joining.claims_to_decide(by, on=TODAY).count() for name, by in lists.items()} == {
        "security": 1, "officer": 1, "stranger": 0, "manager": 1, "self": 0, "person": 0,
    }  # fmt: skip
