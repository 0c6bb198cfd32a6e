"""Invitations: who sends them, who may accept, once and in time."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, joining
from keqiao.apps.parties.models import Invitation, Membership
from tests.apps.acting import last_entry, manager, person, security
from tests.factories.parties import MembershipFactory, OrganizationFactory, SiteRoleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
EMAIL = "new@example.invalid"


def invited(now: datetime, **values: Any) -> Invitation:
    """By a manager who is in the tables, for that is asked again when the invitation is accepted."""
    row = MembershipFactory(role="manager")
    defaults = {"email": EMAIL, "role": "editor", "organization": row.organization}
    return actions.invite(user=row.user, by=manager(row.organization, row.user), at=now, **(defaults | values))


def test_accepted_invitation_gives_the_role_once(now: datetime) -> None:
    row, user = invited(now, email=" New@Example.invalid"), UserFactory(email=EMAIL)

    actions.accept_invitation(row, user=user, by=person(user), at=now + timedelta(days=1))
    with pytest.raises(Refused, match="invitation_used"):
        actions.accept_invitation(row, user=user, by=person(user), at=now + timedelta(days=1))

    given = Membership.objects.get(user=user)
    assert (given.role, given.organization) == ("editor", row.organization)
    assert list(ledger.verify()) == []


def test_invitation_of_another_address_is_refused(now: datetime) -> None:
    row, user = invited(now), UserFactory(email="other@example.invalid")

    with pytest.raises(Refused, match="other_address"):
        actions.accept_invitation(row, user=user, by=person(user), at=now)

    assert not Membership.objects.filter(user=user).exists()


def test_invitation_ends_after_a_week(now: datetime) -> None:
    row, user = invited(now), UserFactory(email=EMAIL)

    with pytest.raises(Refused, match="invitation_expired"):
        actions.accept_invitation(row, user=user, by=person(user), at=now + timedelta(days=7))


def test_revoked_invitation_is_refused(now: datetime) -> None:
    row, user = invited(now), UserFactory(email=EMAIL)
    actions.revoke_invitation(row, by=manager(row.organization), at=now)

    with pytest.raises(Refused, match="invitation_revoked"):
        actions.accept_invitation(row, user=user, by=person(user), at=now)


def test_invitation_does_not_outlive_the_right_behind_it(now: datetime) -> None:
    row, user = invited(now), UserFactory(email=EMAIL)
    Membership.objects.filter(user=row.invited_by).update(to_date=TODAY)

    with pytest.raises(Refused, match="inviter_lost_right"):
        actions.accept_invitation(row, user=user, by=person(user), at=now)

    assert last_entry()[3:] == ("refused", "inviter_lost_right")


def test_inviting_again_ends_the_first_link(now: datetime) -> None:
    first = invited(now)
    by = manager(first.organization, first.invited_by)
    second = actions.invite(
        email=EMAIL, role="editor", organization=first.organization, user=first.invited_by, by=by, at=now
    )

    first.refresh_from_db()
    assert (first.revoked_at, second.revoked_at) == (now, None)
    assert list(joining.open_invitations(at=now)) == [second]


def test_manager_invites_to_the_own_body_only(now: datetime) -> None:
    with pytest.raises(Refused, match="not_manager_of_organization"):
        invited(now, organization=OrganizationFactory())
    with pytest.raises(Refused, match="security_only"):
        invited(now, role="officer", organization=None, department="science", area="229901")

    assert Invitation.objects.count() == 0


def test_security_invites_an_officer(now: datetime) -> None:
    sender, user = SiteRoleFactory(role="security").user, UserFactory(email=EMAIL)
    row = actions.invite(
        email=EMAIL, role="officer", department="science", area="229901", user=sender, by=security(sender), at=now
    )

    actions.accept_invitation(row, user=user, by=person(user), at=now)

    assert Membership.objects.get(user=user).area == "229901"


def test_kept_apart_roles_stay_apart_when_invited(now: datetime) -> None:
    sender = SiteRoleFactory(role="security").user
    auditor = SiteRoleFactory(role="auditor", user=UserFactory(email=EMAIL)).user
    row = actions.invite(email=EMAIL, role="administrator", user=sender, by=security(sender), at=now)

    with pytest.raises(Refused, match="roles_kept_apart"):
        actions.accept_invitation(row, user=auditor, by=person(auditor), at=now)

    row.refresh_from_db()
    assert row.accepted_at is None


@pytest.mark.parametrize(
    "values",
    [{"role": "editor"}, {"role": "officer"}, {"role": "officer", "department": "magic", "area": "229901"},
     {"role": "emperor"}, {"role": "broker", "email": "nonsense"}],
)  # fmt: skip
def test_invitation_without_a_fitting_scope_is_refused(values: dict[str, str], now: datetime) -> None:
    sender = SiteRoleFactory(role="security").user

    with pytest.raises(ValidationError):
        actions.invite(user=sender, by=security(sender), at=now, **({"email": EMAIL} | values))

    assert Invitation.objects.count() == 0


def test_inviting_somebody_who_has_the_role_says_so(now: datetime) -> None:
    row = MembershipFactory(role="editor")

    sender = UserFactory()
    scope = {"role": "editor", "organization": row.organization}

    with pytest.raises(ValidationError) as caught:
        actions.invite(email=row.user.email, user=sender, by=manager(row.organization, sender), at=now, **scope)

    assert list(caught.value.message_dict) == ["email"]


def test_nobody_invites_themselves(now: datetime) -> None:
    sender = SiteRoleFactory(role="security").user

    with pytest.raises(Refused, match="not_own_role"):
        actions.invite(email=sender.email, role="broker", user=sender, by=security(sender), at=now)
