"""Certificates of the register as a source of what policies compute with."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Certificate, Organization
from keqiao.apps.programmes.reckoning import reckon
from tests.apps.acting import editor, last_entry, officer, product
from tests.factories.parties import FactConsentFactory, FactFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

ISSUED, LAST = date(2024, 1, 1), date(2026, 12, 31)
SRDI = {"type": "srdi", "from": "2024-01-01", "to": "2026-12-31"}
HTE = {"type": "high_tech_enterprise", "from": "2023-10-16", "to": "2026-10-15"}


@pytest.fixture
def firm() -> Organization:
    found = OrganizationFactory()
    assert isinstance(found, Organization)
    return found


def enter(firm: Organization, at: datetime, by: Actor | None = None, **values: Any) -> Certificate:
    given = {"kind": "srdi", "issued_date": ISSUED, "expires_date": LAST} | values
    return actions.add_certificate(firm, by=by or officer(firm.area), at=at, **given)


def listed(firm: Organization, *items: dict[str, Any], **values: Any) -> None:
    FactFactory(organization=firm, name="certificates", year=None, value=list(items), **values)


def used(firm: Organization, at: datetime, actor: Actor | None = None) -> Any:
    on = localdate(at)
    return queries.facts_of([firm], purpose="support", on=on, actor=actor)[firm.key].get("certificates")


def face_of(firm: Organization, actor: Actor) -> Any:
    faces = [face for group in queries.fact_rows(firm, actor) for face in group.faces]
    return next((face for face in faces if face.about.name == "certificates"), None)


def clause(firm: Organization, at: datetime, slug: str, id: str) -> str:
    facts = queries.facts_of([firm], purpose="support", on=localdate(at))[firm.key]
    return str(reckon(facts, on=localdate(at), only=[slug]).verdicts[slug].clauses[id])


def test_registered_certificate_is_an_item_and_others_stay_possible(firm: Organization, now: datetime) -> None:
    enter(firm, now)

    assert used(firm, now) == [SRDI, {}]
    assert clause(firm, now, "little-giant-2026", "req.tier2") == "pass"
    # of a single champion nothing is said, so that nothing is decided
    assert clause(firm, now, "little-giant-2026", "veto.champion") == "unknown"


def test_it_completes_an_imported_list_and_counts_once(firm: Organization, now: datetime) -> None:
    listed(firm, HTE, {"type": "srdi", "from": "2024-01-01"})
    enter(firm, now)

    assert used(firm, now) == [HTE, SRDI]
    assert clause(firm, now, "little-giant-2026", "veto.champion") == "pass"
    face = face_of(firm, editor(firm))
    assert (face.value, str(face.status)) == ([HTE, SRDI], "confirmed")
    assert [row.register for row in face.rows] == ["税务", "平台登记"]


def test_another_last_day_is_a_conflict_about_this_certificate_alone(firm: Organization, now: datetime) -> None:
    listed(firm, HTE, SRDI | {"to": "2025-12-31"})
    enter(firm, now)

    assert used(firm, now) == [HTE, {"type": "srdi", "from": "2024-01-01"}]
    assert clause(firm, now, "little-giant-2026", "req.tier2") == "unknown"
    face = face_of(firm, officer(firm.area))
    assert (face.value, str(face.status), len(face.rows)) == (None, "conflict", 2)


def test_title_that_two_sources_date_differently_is_held_once(firm: Organization, now: datetime) -> None:
    listed(firm, SRDI | {"from": "2023-12-20", "to": "2026-12-19"})
    enter(firm, now)
    enter(firm, now, kind="hte", issued_date=date(2020, 1, 1), expires_date=date(2022, 12, 31))

    assert used(firm, now) == [
        SRDI | {"from": "2023-12-20"}, {"type": "high_tech_enterprise", "from": "2020-01-01", "to": "2022-12-31"},
    ]  # fmt: skip
    assert str(face_of(firm, editor(firm)).status) == "confirmed"


def test_lists_that_contradict_each_other_settle_nothing(firm: Organization, now: datetime) -> None:
    listed(firm, HTE)
    listed(firm, register="科技")
    enter(firm, now)

    assert used(firm, now) is None
    assert str(face_of(firm, editor(firm)).status) == "conflict"


def test_revoked_certificate_counts_no_more(firm: Organization, now: datetime) -> None:
    row = enter(firm, now)
    listed(firm, SRDI)
    actions.edit_certificate(row, revoked_date=date(2026, 5, 1), by=officer(firm.area), at=now)

    assert used(firm, now) == [SRDI | {"revoked_on": "2026-05-01"}]
    assert clause(firm, now, "little-giant-2026", "req.tier2") == "fail"
    assert list(queries.certificates_in_force(firm, on=now.date())) == []


def test_what_a_firm_enters_itself_needs_its_consent_or_an_officer(firm: Organization, now: datetime) -> None:
    row = enter(firm, now, editor(firm))

    assert used(firm, now) is None
    assert used(firm, now, editor(firm)) == [SRDI, {}]
    assert face_of(firm, officer(firm.area)) is None
    assert str(face_of(firm, editor(firm)).status) == "self_declared"

    FactConsentFactory(organization=firm)
    assert used(firm, now) == [SRDI, {}]
    firm.consents.all().delete()
    actions.confirm_certificate(row, by=officer(firm.area), at=now)
    assert used(firm, now) == [SRDI, {}]
    with pytest.raises(Refused, match="certificate_confirmed"):
        actions.confirm_certificate(row, by=officer(firm.area), at=now)


def test_kinds_that_no_policy_asks_for_are_no_items(firm: Organization, now: datetime) -> None:
    enter(firm, now, kind="cma")

    assert used(firm, now) is None
    assert face_of(firm, editor(firm)) is None


def test_firm_cannot_change_what_an_office_has_confirmed(firm: Organization, now: datetime) -> None:
    row = enter(firm, now)

    with pytest.raises(Refused, match="certificate_of_office"):
        actions.edit_certificate(row, expires_date=date(2030, 1, 1), by=editor(firm), at=now)
    with pytest.raises(Refused, match="own_fact"):
        actions.confirm_certificate(enter(firm, now, editor(firm), kind="hte"), by=editor(firm), at=now)

    assert last_entry()[3:] == ("refused", "own_fact")
    assert Certificate.objects.get(kind="srdi").expires_date == LAST


@pytest.mark.parametrize("day", [ISSUED - timedelta(days=1), date(2026, 11, 30)], ids=["before it was issued", "ahead"])
def test_impossible_day_of_revocation_is_refused(firm: Organization, now: datetime, day: date) -> None:
    with pytest.raises(ValidationError) as caught:
        enter(firm, now, product(), revoked_date=day)

    assert list(caught.value.message_dict) == ["revoked_date"]


def test_platforms_own_register_is_not_stated_as_a_fact(firm: Organization, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.bring_fact(
            firm, name="certificates", value=[], register="平台登记", by=officer(firm.area), at=now
        )  # fmt: skip

    assert list(caught.value.message_dict) == ["register"]
