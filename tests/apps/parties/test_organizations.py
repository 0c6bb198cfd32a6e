"""Registering bodies and changing their facts."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import actions, queries
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.parties.models import Membership, Organization, OrganizationName
from keqiao.engines.identifiers import make_uscc
from tests.apps.acting import editor, last_entry, manager, person, product
from tests.factories.parties import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

CODE = make_uscc(authority="9", category="1", area="229999", serial=77)
FACTS = {"name": "演示光学仪器厂", "kind": "enterprise", "area": "229901"}


def test_registered_body_has_its_code_as_key_and_its_founder_as_manager(now: datetime) -> None:
    user = UserFactory()

    row = actions.register_organization(uscc=CODE.lower(), manager=user, by=person(user), at=now, **FACTS)

    assert (row.key, row.uscc, row.name) == (CODE, CODE, "演示光学仪器厂")
    assert list(Membership.objects.values_list("user", "organization", "role", "from_date")) == [
        (user.pk, row.pk, "manager", date(2026, 11, 21))
    ]
    assert list(Entry.objects.values_list("kind", "subject", "outcome")) == [
        ("membership.found", f"user:{user.key}", "done"),
        ("organization.register", f"organization:{CODE}", "done"),
    ]


def test_membership_begins_on_the_local_day(now: datetime) -> None:
    user = UserFactory()
    late = datetime(2026, 11, 21, 17, 0, tzinfo=now.tzinfo)  # the 22nd in the region's time

    actions.register_organization(uscc=CODE, manager=user, by=person(user), at=late, **FACTS)

    assert Membership.objects.get().from_date == date(2026, 11, 22)


def test_body_that_stands_already_cannot_be_captured(now: datetime) -> None:
    OrganizationFactory(uscc=CODE, key="org-imported")
    user = UserFactory()

    with pytest.raises(Refused, match="organization_exists"):
        actions.register_organization(uscc=CODE, manager=user, by=person(user), at=now, **FACTS)

    assert Membership.objects.count() == 0
    assert last_entry() == (
        "organization.register", f"user:{user.key}", f"organization:{CODE}", "refused", "organization_exists",
    )  # fmt: skip


def test_nobody_makes_somebody_else_the_manager(now: datetime) -> None:
    with pytest.raises(Refused, match="only_yourself"):
        actions.register_organization(uscc=CODE, manager=UserFactory(), by=person(UserFactory()), at=now, **FACTS)

    assert Organization.objects.count() == 0


def test_visitor_cannot_register(now: datetime) -> None:
    with pytest.raises(Refused, match="sign_in_first"):
        actions.register_organization(uscc=CODE, by=VISITOR, at=now, **FACTS)

    assert last_entry() == ("organization.register", "visitor", f"organization:{CODE}", "refused", "sign_in_first")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (CODE[:-1], "length"),
        (CODE[:-1] + "I", "alphabet"),
        ("B" + CODE[1:], "authority"),
        (CODE[0] + "7" + CODE[2:], "category"),
        (CODE[:4] + "A" + CODE[5:], "area"),
        (CODE[:16] + ("1" if CODE[16] != "1" else "2") + CODE[17], "organization_check"),
        (CODE[:17] + ("1" if CODE[17] != "1" else "2"), "check"),
    ],
)
def test_wrong_code_is_refused_with_the_check_that_failed(code: str, problem: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.register_organization(uscc=code, by=person(), at=now, **FACTS)

    assert caught.value.code == problem
    assert Organization.objects.count() == Entry.objects.count() == 0


def test_part_of_a_body_gets_a_key_of_its_own(now: datetime) -> None:
    parent = OrganizationFactory()

    row = actions.register_organization(
        parent=parent, by=editor(parent), at=now, name="光学检测实验室", kind="platform"
    )

    assert (row.uscc, row.parent, row.key[:4]) == (None, parent, "org-")


@pytest.mark.parametrize(("with_parent", "reason"), [(True, "not_editor_of_organization"), (False, "code_needed")])
def test_part_of_a_body_is_not_registered_by_strangers(with_parent: bool, reason: str, now: datetime) -> None:
    parent = OrganizationFactory() if with_parent else None

    with pytest.raises(Refused, match=reason):
        actions.register_organization(parent=parent, by=person(), at=now, name="甲实验室", kind="platform")


def test_key_of_another_body_cannot_be_chosen(now: datetime) -> None:
    with pytest.raises(Refused, match="product_only"):
        actions.register_organization(key="org-x", uscc=CODE, by=person(), at=now, **FACTS)

    assert actions.register_organization(key="org-x", uscc=CODE, by=product(), at=now, **FACTS).key == "org-x"


def test_unknown_field_is_a_programming_error(now: datetime) -> None:
    with pytest.raises(ValueError, match="cannot be set here: created_at"):
        actions.register_organization(uscc=CODE, by=person(), at=now, created_at=now, **FACTS)


def test_html_in_a_name_is_stored_as_text(now: datetime) -> None:
    row = actions.register_organization(uscc=CODE, by=person(), at=now, **FACTS | {"name": "<b>厂</b>"})

    assert Organization.objects.get().name == row.name == "<b>厂</b>"


def test_changed_name_stays_findable(now: datetime) -> None:
    row = OrganizationFactory(name="旧名机械厂")

    actions.edit_organization(row, by=editor(row), at=now, name="新名机械厂", scale="small")

    assert list(OrganizationName.objects.values_list("name", "kind", "to_date")) == [
        ("旧名机械厂", "former", date(2026, 11, 21))
    ]
    assert list(queries.find_organizations("旧名")) == [row]
    assert Entry.objects.get().values_row.values == {"name": "新名机械厂", "scale": "small"}


def test_edit_without_a_change_writes_nothing_into_the_row(now: datetime) -> None:
    row = OrganizationFactory()

    actions.edit_organization(row, by=editor(row), at=now, name=row.name)

    assert OrganizationName.objects.count() == 0
    assert Entry.objects.get().facts == {}


def test_edit_refuses_a_wrong_value(now: datetime) -> None:
    row = OrganizationFactory()

    with pytest.raises(ValidationError) as caught:
        actions.edit_organization(row, by=editor(row), at=now, kind="circus")

    assert list(caught.value.message_dict) == ["kind"]
    assert Organization.objects.get().kind == "enterprise"


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        (lambda row, by, at: actions.edit_organization(row, by=by, at=at, name="抢注厂"), "organization.edit"),
        (lambda row, by, at: actions.add_name(row, name="抢注", kind="short", by=by, at=at), "organization.add_name"),
        (
            lambda row, by, at: actions.add_certificate(row, kind="hnte", issued_date=localdate(at), by=by, at=at),
            "organization.add_certificate",
        ),
        (
            lambda row, by, at: actions.add_person(
                key="person-x", organization=row, name="某", title_band="senior", by=by, at=at
            ),
            "person.add",
        ),
    ],
)
def test_strangers_change_nothing_and_the_ledger_says_so(do, kind: str, now: datetime) -> None:
    row, other = OrganizationFactory(), OrganizationFactory()

    with pytest.raises(Refused, match="not_editor_of_organization"):
        do(row, editor(other), now)

    assert last_entry()[0::3] == (kind, "refused")
    assert (row.names.count(), row.certificates.count(), row.people.count()) == (0, 0, 0)


def test_certificate_holds_through_its_last_day(now: datetime) -> None:
    row, today = OrganizationFactory(), date(2026, 11, 21)
    actions.add_certificate(
        row,
        kind="hnte",
        number="GR2023",
        issued_date=today - timedelta(days=9),
        expires_date=today,
        by=editor(row),
        at=now,
    )

    assert [c.number for c in queries.certificates_in_force(row, on=today)] == ["GR2023"]
    assert list(queries.certificates_in_force(row, on=today + timedelta(days=1))) == []


def test_certificate_of_tomorrow_is_refused(now: datetime) -> None:
    row = OrganizationFactory()

    with pytest.raises(ValidationError) as caught:
        actions.add_certificate(row, kind="hnte", issued_date=date(2026, 11, 22), by=editor(row), at=now)

    assert list(caught.value.message_dict) == ["issued_date"]


def test_added_name_is_findable_and_a_second_time_refused(now: datetime) -> None:
    row = OrganizationFactory()
    added = actions.add_name(row, name="演光", kind="short", by=editor(row), at=now, from_date=date(2020, 1, 1))

    with pytest.raises(ValidationError):
        actions.add_name(row, name="演光", kind="short", by=editor(row), at=now)

    assert list(row.names.all()) == [added]
    assert list(queries.find_organizations("演光")) == list(queries.find_organizations(row.uscc)) == [row]


def test_manager_sees_own_bodies_and_members(now: datetime) -> None:
    membership = MembershipFactory()
    OrganizationFactory()

    assert list(queries.organizations_of(manager(membership.organization))) == [membership.organization]
    assert list(queries.members_of(membership.organization, on=now.date())) == [membership]
    assert queries.organization(membership.organization.key) == membership.organization
    assert queries.organizations().count() == 2


def test_ledger_is_sound_after_all_this(now: datetime) -> None:
    row = OrganizationFactory()
    actions.edit_organization(row, by=editor(row), at=now, summary="做光学的", summary_en="optics")

    assert list(ledger.verify()) == []
