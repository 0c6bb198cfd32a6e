"""Who is told what about contracts, registrations, events, claims, roles and imports."""

from datetime import date, datetime, timedelta

import pytest

from keqiao.apps.files.models import ImportRun
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market.actions import agreements, event_guests, events, pricing, registering, registrations
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions
from keqiao.apps.post.models import Notification
from tests.apps.acting import editor, manager, person, security
from tests.factories.events import EventFactory, EventRegistrationFactory
from tests.factories.market import AgreementFactory, RegistrationFactory
from tests.factories.parties import MembershipFactory, OrganizationFactory, SiteRoleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")
TODAY = date(2026, 11, 21)


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("entry").values_list("title_en", flat=True))


def take_up(at: datetime) -> None:
    while actions.take_up(by=BY, at=at):
        pass


def test_signature_is_told_to_the_other_side_without_an_amount(now: datetime) -> None:
    row = AgreementFactory(contract_amount_fen=76_543_210_000, technology_amount_fen=76_543_210_000)
    seller, buyer = (MembershipFactory(organization=body).user for body in (row.seller, row.buyer))
    outsider = MembershipFactory().user
    agreements.sign(row, signed_date=TODAY, by=editor(row.buyer, buyer), at=now)
    take_up(now)

    assert told(seller) == ["Contract signed: 丝束粘连工艺开发"]
    assert (told(buyer), told(outsider)) == ([], [])
    assert not Notification.objects.filter(text__contains="765").exists()


def test_objection_is_told_to_the_seller_and_its_answer_to_who_objected(now: datetime) -> None:
    row = AgreementFactory(contract_type="transfer", subtype="patent", pricing_mode="agreement")
    seller, buyer = (MembershipFactory(organization=body).user for body in (row.seller, row.buyer))
    notice = pricing.publish_notice(
        row, title="粘连专利", title_en="Patent", price_fen=9_000_000, place="学校官网", start_date=TODAY,
        by=editor(row.seller, seller), at=now,
    )  # fmt: skip
    objector = UserFactory()
    objection = pricing.object_to(notice, text="价格过低了", by=person(objector), at=now)
    take_up(now)
    later = now + timedelta(hours=1)
    pricing.handle_objection(objection, outcome="dismissed", answer="x", by=editor(row.seller, seller), at=later)
    take_up(later)

    assert told(seller) == ["Objection to your price notice: Patent"]
    assert told(buyer) == ["Price on notice: Patent"]
    assert told(objector) == ["Your objection was answered: Patent"]


def test_registration_goes_back_and_forth_between_office_and_sides(now: datetime) -> None:
    row = RegistrationFactory(state="draft")
    seller = MembershipFactory(organization=row.agreement.seller).user
    registrar = MembershipFactory(organization=row.office.organization, role="registrar").user
    registrations.submit(row, by=editor(row.agreement.seller, seller), at=now)
    take_up(now)
    registering.ask_supplement(
        row, reason="costs", text="HIDDENWORDS", deadline_date=TODAY + timedelta(days=9), by=BY, at=now
    )
    take_up(now)

    assert told(registrar) == ["Waiting for registration: 丝束粘连工艺开发"]
    assert told(seller) == ["Registration needs supplements: 丝束粘连工艺开发"]
    assert Notification.objects.get(user=seller).is_urgent


def test_registration_that_was_decided_is_not_waiting_any_more(now: datetime) -> None:
    row = RegistrationFactory(state="draft")
    registrar = MembershipFactory(organization=row.office.organization, role="registrar").user
    registrations.submit(row, by=editor(row.agreement.seller), at=now)
    registering.reject(row, reason="incomplete", note="缺签章页", by=BY, at=now)
    take_up(now)

    assert told(registrar) == []


def test_invitation_waits_until_the_event_is_public(now: datetime) -> None:
    event = EventFactory(state="draft", published_at=None, title_en="Fair")
    guest = MembershipFactory()
    event_guests.invite(event, organization=guest.organization, by=BY, at=now)
    take_up(now)
    assert told(guest.user) == []

    ledger.record("event.publish", by=BY, at=now, subject=f"event:{event.key}")
    type(event).objects.update(state="published", published_at=now)
    take_up(now)

    assert told(guest.user) == ["You are invited: Fair"]


def test_those_who_come_are_told_of_another_place_and_not_of_a_new_summary(now: datetime) -> None:
    event = EventFactory(title_en="Fair")
    guest, gone = (
        EventRegistrationFactory(event=event).user,
        EventRegistrationFactory(event=event, state="withdrawn").user,
    )
    events.edit_event(event, summary="新的简介", by=BY, at=now)
    events.edit_event(event, place="二号厅", by=BY, at=now)
    take_up(now)
    events.cancel_event(event, reason="too_few", by=BY, at=now)
    take_up(now)

    assert told(guest) == ["Time or place has changed: Fair", "Cancelled: Fair"]
    assert told(gone) == []


def test_claim_is_told_to_managers_first_and_its_outcome_to_the_claimant(now: datetime) -> None:
    body = OrganizationFactory(area="229901", name_en="Works")
    chief = MembershipFactory(organization=body, role="manager").user
    guard, user = SiteRoleFactory(role="security").user, UserFactory(name="Wu")
    row = parties.claim_organization(body, user=user, role="editor", position="x", by=person(user), at=now)
    take_up(now)
    parties.approve_claim(row, by=manager(body, chief), at=now)
    take_up(now)

    assert (told(chief), told(guard)) == (["Wu asks to join Works"], [])
    assert told(user) == ["Claim approved: Works"]


def test_claim_of_a_body_without_manager_is_told_to_the_office(now: datetime) -> None:
    guard, user = SiteRoleFactory(role="security").user, UserFactory(name="Wu")
    body = OrganizationFactory(name_en="Works")
    parties.claim_organization(body, user=user, role="editor", position="x", by=person(user), at=now)
    take_up(now)

    assert told(guard) == ["Wu asks to join Works"]


def test_role_is_told_to_who_was_given_it_by_a_person(now: datetime) -> None:
    user, other = UserFactory(), UserFactory()
    parties.grant(user, role="expert", by=security(UserFactory()), at=now)
    parties.grant(other, role="expert", by=system("loader"), at=now)
    take_up(now)

    assert (told(user), told(other)) == (["You were given a role: Expert"], [])


@pytest.mark.parametrize(("state", "expected"), [("done", ["Import done: 3 of 4 rows written"]), ("writing", [])])
def test_import_is_told_once_to_who_started_it(state: str, expected: list[str], now: datetime) -> None:
    user = UserFactory()
    run = import_run(user, now, state=state, written=3, total=4)
    for _batch in range(2):
        ledger.record("import.write", by=person(user), at=now, subject=f"import:{run.key}")
    take_up(now)

    assert told(user) == expected


def import_run(user: User, at: datetime, **values: object) -> ImportRun:
    from keqiao.apps.files import actions as files  # noqa: PLC0415 - one test brings a file
    from keqiao.apps.parties.permissions import ALLOWED  # noqa: PLC0415

    file = files.attach(subject="import:R", name="firms.csv", content=b"a,b", permit=ALLOWED, by=person(user), at=at)
    return ImportRun.objects.create(
        key="R", kind="organization", sender="x", attachment=file, by=f"user:{user.key}", created_at=at, updated_at=at,
        **values,
    )  # fmt: skip
