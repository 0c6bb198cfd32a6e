"""Who may know of contracts, notices and registrations: the queries and the permissions say the same."""

from datetime import date, datetime, timedelta

import pytest

from keqiao.apps.market import permissions
from keqiao.apps.market.actions import pricing
from keqiao.apps.market.models import Agreement, Registration
from keqiao.apps.market.queries import agreements as queries
from keqiao.apps.parties.actors import VISITOR, Actor, system
from tests.apps.acting import administrator, broker, coordinator, editor, officer, person, registrar
from tests.factories.market import AgreementFactory, OfficeFactory, RegistrationFactory
from tests.factories.parties import OrganizationFactory, StationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def everybody() -> dict[str, Actor]:
    """Three contracts: of a firm for a school, of another firm at a station, and one that was filed."""
    firm, school, user = OrganizationFactory(), OrganizationFactory(kind="university"), UserFactory()
    branch = StationFactory(kind="branch")
    station = StationFactory(parent=branch)
    AgreementFactory(seller=firm, buyer=school)
    AgreementFactory(seller=school, station=station, broker=user)
    filed = RegistrationFactory(agreement=AgreementFactory(signed=True, buyer=firm))
    RegistrationFactory(office=filed.office, agreement=filed_not(school), state="draft", filed_date=None)
    return {
        "firm": editor(firm), "school": editor(school), "broker": broker(user), "other broker": broker(UserFactory()),
        "above": coordinator(branch, UserFactory()), "beside": coordinator(StationFactory(), UserFactory()),
        "registrar": registrar(filed.office.organization), "other office": registrar(OfficeFactory().organization),
        "region": officer("229999"), "administrator": administrator(), "person": person(), "left": person(user),
        "visitor": VISITOR, "product": system("test"),
    }  # fmt: skip


def filed_not(school: object) -> Agreement:
    return AgreementFactory(signed=True, seller=school)


def test_query_and_permission_agree_on_contracts() -> None:
    seen = {}
    for name, actor in everybody().items():
        by_query = set(queries.agreements_for(actor).values_list("pk", flat=True))
        rows = Agreement.objects.select_related(*queries.SIDES)
        assert by_query == {row.pk for row in rows if permissions.can_see_agreement(actor, row).allowed}, name
        seen[name] = len(by_query)

    assert seen == {
        "firm": 2, "school": 3, "broker": 1, "other broker": 0, "above": 1, "beside": 0, "registrar": 0,
        "other office": 0, "region": 0, "administrator": 0, "person": 0, "left": 0, "visitor": 0, "product": 4,
    }  # fmt: skip


def test_office_sees_what_was_handed_in_and_nothing_before() -> None:
    seen = {}
    for name, actor in everybody().items():
        rows = Registration.objects.select_related("agreement__seller", "agreement__buyer", "office__organization")
        seen[name] = len([row for row in rows if permissions.can_see_registration(actor, row).allowed])
        assert queries.registrations_for(actor).count() == (1 if name in ("registrar", "product") else 0), name

    assert seen == {
        "firm": 1, "school": 1, "broker": 0, "other broker": 0, "above": 0, "beside": 0, "registrar": 1,
        "other office": 0, "region": 0, "administrator": 0, "person": 0, "left": 0, "visitor": 0, "product": 2,
    }  # fmt: skip


def test_contract_of_others_looks_like_none() -> None:
    row = AgreementFactory()
    with pytest.raises(Agreement.DoesNotExist):
        queries.agreement(row.key, person())
    assert queries.agreement(row.key, editor(row.buyer)) == row


def test_queue_counts_what_is_late(now: datetime) -> None:
    office, on = OfficeFactory(), now.date()
    for due in (on - timedelta(days=1), on, None):
        RegistrationFactory(office=office, due_date=due)
    RegistrationFactory(office=office, state="supplement_required", due_date=None)
    by = registrar(office.organization)
    assert queries.queue_counts(by, on=on) == {"waiting": 3, "overdue": 1, "supplement": 1}
    assert [row.due_date for row in queries.registrations_for(by)][:2] == [on - timedelta(days=1), on]


def test_notice_is_public_from_its_first_day(now: datetime) -> None:
    row = AgreementFactory()
    start = date(2026, 11, 25)
    notice = pricing.publish_notice(
        row, title="t", price_fen=1, place="p", start_date=start, by=editor(row.seller), at=now
    )
    assert list(queries.notices(on=start - timedelta(days=1))) == []
    assert list(queries.running_notices(on=start)) == [notice]
    assert list(queries.running_notices(on=notice.end_date)) == []
    assert notice.last_date == notice.end_date - timedelta(days=1)
