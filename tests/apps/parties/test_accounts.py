"""Accounts and roles: opening, giving, ending, exporting, erasing."""

import json
from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import actions as ledger_actions
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry, EntryValues
from keqiao.apps.parties import actions, queries
from keqiao.apps.parties.actors import VISITOR, actor_of, system
from keqiao.apps.parties.models import Membership, Person, User
from tests.apps.acting import administrator, editor, last_entry, manager, officer, person, security
from tests.factories.parties import (
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    PersonFactory,
    SiteRoleFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)


def test_added_user_has_no_password_until_the_letter(now: datetime) -> None:
    user = actions.add_user(email=" Ann@Example.Invalid ", name="安", password=None, by=administrator(), at=now)

    assert (user.email, user.has_usable_password(), user.is_active) == ("ann@example.invalid", False, True)
    assert queries.user(str(user.key)) == user


def test_added_user_with_a_taken_address_is_refused(now: datetime) -> None:
    UserFactory(email="ann@example.invalid")

    with pytest.raises(ValidationError) as caught:
        actions.add_user(email="ANN@example.invalid", password=None, by=administrator(), at=now)

    assert list(caught.value.message_dict) == ["email"]


@pytest.mark.parametrize("by", [VISITOR, person(), officer("229901")])
def test_only_administrators_add_and_lock_users(by, now: datetime) -> None:
    user = UserFactory()

    with pytest.raises(Refused, match="administrators_only"):
        actions.add_user(email="x@example.invalid", password=None, by=by, at=now)
    with pytest.raises(Refused, match="administrators_only"):
        actions.set_active(user, active=False, by=by, at=now)

    assert list(Entry.objects.values_list("kind", "outcome")) == [
        ("user.add", "refused"),
        ("user.deactivate", "refused"),
    ]
    assert User.objects.get().is_active is True


def test_locked_account_has_no_rights(now: datetime) -> None:
    membership = MembershipFactory()
    assert actor_of(membership.user, on=TODAY).grants == editor(membership.organization).grants

    actions.set_active(membership.user, active=False, by=administrator(), at=now)

    assert (actor_of(membership.user, on=TODAY).grants, actor_of(membership.user, on=TODAY).is_registered) == (
        frozenset(),
        False,
    )
    actions.set_active(membership.user, active=True, by=administrator(), at=now)
    assert actor_of(membership.user, on=TODAY).is_registered is True


def test_nobody_locks_themselves_out(now: datetime) -> None:
    user = UserFactory()

    with pytest.raises(Refused, match="not_yourself"):
        actions.set_active(user, active=False, by=administrator(user), at=now)


def test_manager_gives_roles_in_the_own_body_only(now: datetime) -> None:
    own, other, user = OrganizationFactory(), OrganizationFactory(), UserFactory()

    row = actions.grant(user, role="editor", organization=own, by=manager(own), at=now)
    with pytest.raises(Refused, match="not_manager_of_organization"):
        actions.grant(user, role="editor", organization=other, by=manager(own), at=now)
    with pytest.raises(Refused, match="not_manager_of_organization"):
        actions.grant(user, role="editor", organization=own, by=editor(own), at=now)
    with pytest.raises(Refused, match="security_only"):
        actions.grant(user, role="administrator", organization=own, by=manager(own), at=now)

    assert list(Membership.objects.values_list("pk", "from_date")) == [(row.pk, TODAY)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "editor"}, "__all__"),
        ({"role": "officer"}, "__all__"),
        ({"role": "officer", "department": "science", "area": "999999"}, "area"),
        ({"role": "officer", "department": "magic", "area": "229901"}, "department"),
        ({"role": "emperor"}, "role"),
    ],
)
def test_role_needs_a_scope_that_exists(values: dict[str, str], field: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.grant(UserFactory(), by=security(), at=now, **values)

    assert list(caught.value.message_dict) == [field]
    assert Membership.objects.count() == 0


def test_role_in_force_is_not_given_twice(now: datetime) -> None:
    row = MembershipFactory()

    with pytest.raises(ValidationError) as caught:
        actions.grant(row.user, role=row.role, organization=row.organization, by=security(), at=now)

    assert caught.value.code == "already"


def test_role_given_earlier_ends_today_and_one_given_today_vanishes(now: datetime) -> None:
    old = MembershipFactory()
    new = MembershipFactory(organization=old.organization, from_date=TODAY)

    actions.revoke(old, by=manager(old.organization), at=now)
    actions.revoke(new, by=manager(old.organization), at=now)

    assert list(Membership.objects.values_list("pk", "to_date")) == [(old.pk, TODAY)]
    assert actor_of(old.user, on=TODAY).grants == frozenset()
    assert len(actor_of(old.user, on=TODAY - timedelta(days=1)).grants) == 1


@pytest.mark.parametrize("role", ["administrator", "security"])
def test_last_holder_of_a_kept_role_stays(role: str, now: datetime) -> None:
    row = SiteRoleFactory(role=role)
    SiteRoleFactory(role=role, user=UserFactory(is_active=False))

    with pytest.raises(Refused, match=f"last_{role}"):
        actions.revoke(row, by=security(), at=now)
    with pytest.raises(Refused, match=f"last_{role}"):
        actions.erase_user(row.user, by=person(row.user), at=now, reason="asked")
    SiteRoleFactory(role=role)
    actions.revoke(row, by=security(), at=now)

    row.refresh_from_db()
    assert row.to_date == TODAY


@pytest.mark.parametrize(
    ("held", "wanted", "reason"),
    [
        ("administrator", "security", "roles_kept_apart"),
        ("security", "auditor", "roles_kept_apart"),
        ("auditor", "administrator", "roles_kept_apart"),
        ("auditor", "expert", ""),
        ("expert", "security", ""),
    ],
)
def test_nobody_holds_two_of_system_security_and_audit(held: str, wanted: str, reason: str, now: datetime) -> None:
    row = SiteRoleFactory(role=held)

    try:
        actions.grant(row.user, role=wanted, by=security(), at=now)
        refused = ""
    except Refused as refusal:
        refused = refusal.reason

    assert refused == reason
    assert row.user.memberships.count() == (1 if reason else 2)


def test_role_that_has_ended_stands_in_no_ones_way(now: datetime) -> None:
    row = SiteRoleFactory(role="auditor", to_date=TODAY)

    actions.grant(row.user, role="security", by=security(), at=now)

    assert actor_of(row.user, on=TODAY).has("security")


def test_administrator_gives_no_roles_and_security_opens_no_accounts(now: datetime) -> None:
    user = UserFactory()

    with pytest.raises(Refused, match="security_only"):
        actions.grant(user, role="officer", department="science", area="229901", by=administrator(), at=now)
    with pytest.raises(Refused, match="administrators_only"):
        actions.set_active(user, active=False, by=security(), at=now)
    with pytest.raises(Refused, match="not_own_role"):
        actions.grant(user, role="officer", department="science", area="229901", by=security(user), at=now)

    assert Membership.objects.count() == 0


def test_export_holds_all_that_is_kept_and_goes_to_its_owner_only(now: datetime) -> None:
    user = UserFactory(phone="13900000000")
    organization = OrganizationFactory()
    actions.grant(user, role="editor", organization=organization, by=security(), at=now)
    OfficerFactory(user=user)

    with pytest.raises(Refused, match="only_yourself"):
        actions.export_mine(user, by=administrator(), at=now)
    data = json.loads(json.dumps(actions.export_mine(user, by=person(user), at=now)))

    assert data["account"] == {
        "key": str(user.key),
        "email": user.email,
        "name": user.name,
        "phone": "13900000000",
        "date_joined": "2026-11-21T02:00:00+00:00",
        "last_login": None,
    }
    assert [(row["role"], row["organization"], row["area"]) for row in data["roles"]] == [
        ("officer", "", "229901"),
        ("editor", organization.name, ""),
    ]
    assert [(row["seq"], row["kind"], row["outcome"]) for row in data["entries"]] == [
        (1, "membership.grant", "done"),
        (2, "user.export", "refused"),
    ]
    assert last_entry() == ("user.export", f"user:{user.key}", f"user:{user.key}", "done", "")


def test_erased_account_says_nothing_and_the_chain_stays_whole(now: datetime) -> None:
    user = actions.add_user(email="ann@example.invalid", name="安", password="x", by=administrator(), at=now)
    organization = OrganizationFactory()
    actions.grant(user, role="editor", organization=organization, by=security(), at=now - timedelta(days=3))
    actions.grant(user, role="member", organization=organization, by=security(), at=now)

    actions.erase_user(user, by=person(user), at=now, reason="asked")

    kept = User.objects.get()
    assert (kept.email, kept.name, kept.phone) == (f"{user.key.hex}@erased.invalid", "", "")
    assert (kept.is_active, kept.has_usable_password(), kept.is_erased) == (False, False, True)
    assert EmailAddress.objects.count() == 0
    assert list(Membership.objects.values_list("role", "to_date")) == [("editor", TODAY)]
    assert EntryValues.objects.filter(entry__subject=f"user:{user.key}").count() == 0
    assert "安" not in json.dumps(list(EntryValues.objects.values_list("values", flat=True)), ensure_ascii=False)
    assert list(ledger.verify()) == []
    assert last_entry() == ("user.erase", f"user:{user.key}", f"user:{user.key}", "done", "asked")


def test_erased_account_cannot_be_used_again(now: datetime) -> None:
    user, admin = UserFactory(), administrator()
    actions.erase_user(user, by=admin, at=now, reason="asked")

    with pytest.raises(Refused, match="account_erased"):
        actions.set_active(user, active=True, by=admin, at=now)
    with pytest.raises(Refused, match="account_erased"):
        actions.grant(user, role="broker", by=security(), at=now)
    with pytest.raises(Refused, match="account_erased"):
        actions.erase_user(user, by=admin, at=now, reason="asked")


def test_strangers_erase_nobody(now: datetime) -> None:
    user = UserFactory()

    with pytest.raises(Refused, match="only_yourself"):
        actions.erase_user(user, by=person(UserFactory()), at=now, reason="asked")

    assert User.objects.get(pk=user.pk).is_erased is False
    assert last_entry()[3:] == ("refused", "only_yourself")


def test_erased_expert_leaves_an_empty_row(now: datetime) -> None:
    organization = OrganizationFactory()
    row = actions.add_person(
        key="person-1", organization=organization, name="丙", title_band="senior", phone="13800000000",
        disciplines=["43055"], by=editor(organization), at=now,
    )  # fmt: skip

    actions.erase_person(row, by=editor(organization), at=now, reason="consent withdrawn")

    kept = Person.objects.get()
    assert (kept.name, kept.phone, kept.disciplines, kept.organization) == ("", "", [], organization)
    assert EntryValues.objects.count() == 0
    assert list(ledger.verify()) == []


def test_public_read_of_experts_does_not_touch_their_contacts(django_assert_num_queries) -> None:
    expert = PersonFactory()

    with django_assert_num_queries(1) as captured:
        assert list(queries.people_of(expert.organization)) == [expert]

    assert "phone" not in captured.captured_queries[0]["sql"]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_users_take_as_many_queries_for_three_as_for_one(count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        MembershipFactory(user=UserFactory(is_demo=True))

    for rows in (queries.users(), queries.find_users("example"), queries.demo_users()):
        with django_assert_num_queries(3):
            assert len([m.organization.name for u in rows for m in u.memberships.all()]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_members_of_a_body_take_one_query(count: int, django_assert_num_queries) -> None:
    organization = OrganizationFactory()
    for _ in range(count):
        MembershipFactory(organization=organization)

    with django_assert_num_queries(1):
        assert len([str(m.user) for m in queries.members_of(organization, on=TODAY)]) == count


def test_system_is_no_person(now: datetime) -> None:
    assert (system("worker").key, system("worker").is_registered) == ("system:worker", True)
    ledger_actions.record("worker.start", by=system("worker"), at=now)
    assert last_entry() == ("worker.start", "system:worker", "", "done", "")
