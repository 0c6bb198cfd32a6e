"""What of the facts may be used for a purpose, and what one person sees of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from keqiao.apps.parties import queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization
from keqiao.catalogue import policies
from keqiao.engines.rules import read_firm
from tests.apps.acting import broker, editor, officer, person
from tests.factories.parties import FactConsentFactory, FactFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

ON = date(2026, 11, 21)


@pytest.fixture
def firm() -> Organization:
    found = OrganizationFactory()
    assert isinstance(found, Organization)
    return found


def used(firm: Organization, actor: Actor | None = None, *, purpose: str = "support") -> dict[str, Any]:
    found = queries.facts_of([firm], purpose=purpose, on=ON, actor=actor)
    assert list(found) == [firm.key]
    assert found[firm.key].pop("firm_id") == firm.key
    return found[firm.key]


def seen(firm: Organization, actor: Actor) -> list[tuple[str, int | None, Any, str]]:
    groups = queries.fact_rows(firm, actor)
    return [(face.about.name, face.year, face.value, str(face.status)) for group in groups for face in group.faces]


def test_facts_stand_under_the_names_of_the_policies(firm: Organization) -> None:
    for year, value in ((2025, 31), (2024, 29)):
        FactFactory(organization=firm, year=year, value=value)
    FactFactory(organization=firm, name="founded", year=None, value="2019-03-05")
    FactFactory(organization=firm, name="awards", year=None, value=[])

    facts = used(firm)

    # staff is asked of the last year alone; what no policy asks of 2024 is kept and not handed out
    assert facts == {"staff_t1": 31, "founded": "2019-03-05", "awards": []}
    assert read_firm(facts | {"firm_id": "A"}, vocabulary=policies.vocabulary(), year=2026).problems == []


def test_years_are_counted_from_the_day_asked_about(firm: Organization) -> None:
    FactConsentFactory(organization=firm)
    for year in (2022, 2023, 2024, 2025):
        FactFactory(organization=firm, name="rd_fen", year=year, value=year)

    assert used(firm) == {"rd_fen_t1": 2025, "rd_fen_t2": 2024, "rd_fen_t3": 2023}
    earlier = queries.facts_of([firm], purpose="support", on=date(2025, 7, 1))[firm.key]
    assert earlier["rd_fen_t1"] == 2024


def test_ended_value_is_not_used(firm: Organization) -> None:
    FactFactory(
        organization=firm, ended_at="2026-11-01T00:00Z", ended_by="system:test", end_reason="withdrawn"
    )  # fmt: skip

    assert used(firm) == {}


def test_contradicting_values_make_the_fact_unknown(firm: Organization) -> None:
    FactFactory(organization=firm, value=30)
    FactFactory(organization=firm, value=31, register="社保/年报")

    assert used(firm) == {}
    assert used(firm, editor(firm)) == {}
    assert seen(firm, editor(firm)) == [("staff", 2025, None, "conflict")]


def test_agreeing_values_are_one(firm: Organization) -> None:
    FactFactory(organization=firm, value=30, status="self_declared", register="企业自报")
    FactFactory(organization=firm, value=30)

    assert used(firm) == {"staff_t1": 30}
    assert seen(firm, editor(firm)) == [("staff", 2025, 30, "confirmed")]


def test_statistical_value_feeds_no_verdict(firm: Organization) -> None:
    FactFactory(organization=firm, value=30, purposes=["statistics"])
    FactConsentFactory(organization=firm)

    assert used(firm) == used(firm, editor(firm)) == {}
    assert used(firm, purpose="statistics") == {}
    FactConsentFactory(organization=firm, purpose="statistics")
    assert used(firm, purpose="statistics") == {"staff_t1": 30}


def test_statistical_value_hides_no_other(firm: Organization) -> None:
    FactFactory(organization=firm, value=30)
    FactFactory(organization=firm, value=99, purposes=["statistics"], register="统计/工信")

    assert used(firm) == {"staff_t1": 30}


@pytest.mark.parametrize(
    "values",
    [{"status": "self_declared", "register": "企业自报"}, {"name": "rd_fen"}],
    ids=["self-declared", "confidential"],
)
def test_office_uses_it_with_the_firms_consent_only(firm: Organization, values: dict[str, Any]) -> None:
    FactFactory(organization=firm, **values)
    own = editor(firm)

    assert used(firm) == used(firm, officer(firm.area)) == {}
    assert len(used(firm, own)) == 1
    assert seen(firm, officer(firm.area)) == []

    FactConsentFactory(organization=firm, purpose="statistics")
    assert used(firm) == {}
    FactConsentFactory(organization=firm)
    assert used(firm) == used(firm, officer(firm.area)) == used(firm, own)
    # on the page it is shown for a purpose alone
    assert seen(firm, officer(firm.area)) == []
    assert len(queries.fact_sheet(firm, purpose="support").faces) == 1


def test_consent_that_was_withdrawn_counts_no_more(firm: Organization) -> None:
    FactFactory(organization=firm, name="rd_fen")
    FactConsentFactory(organization=firm, ended_at="2026-11-01T00:00Z", ended_by="system:test")

    assert used(firm) == {}


def test_others_get_nothing(firm: Organization) -> None:
    FactFactory(organization=firm)
    FactConsentFactory(organization=firm)

    for actor in (person(), broker(), officer("229902"), editor(OrganizationFactory())):
        assert used(firm, actor) == {}
        assert queries.fact_rows(firm, actor) == []
        assert queries.earlier_facts(firm, actor) == []


def test_officer_is_told_of_a_rival_without_seeing_it(firm: Organization) -> None:
    FactFactory(organization=firm, value=30)
    FactFactory(organization=firm, value=31, status="self_declared", register="企业自报")

    (face,) = (face for group in queries.fact_rows(firm, officer(firm.area)) for face in group.faces)

    assert ([row.value for row in face.rows], str(face.status), face.hides_rival) == ([30], "conflict", True)


def test_what_is_absent_is_named(firm: Organization) -> None:
    FactFactory(organization=firm)

    people = queries.fact_rows(firm, editor(firm))[1]

    assert ([face.about.name for face in people.faces], [one.name for one in people.absent]) == (
        ["staff"], ["tech_staff", "rd_staff"],
    )  # fmt: skip


def test_queries_do_not_grow_with_bodies(django_assert_num_queries: Callable[[int], Any]) -> None:
    bodies = [OrganizationFactory() for _ in range(3)]
    for body in bodies:
        FactFactory(organization=body)
        FactFactory(organization=body, name="tech_staff")

    for few in (bodies[:1], bodies):
        with django_assert_num_queries(3):
            assert len(queries.facts_of(few, purpose="support", on=ON)) == len(few)


def test_many_bodies_are_asked_for_at_once(firm: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the number of names that a question may hold all live rows are read, and no body asked for in vain."""
    other = OrganizationFactory(area="229902")
    FactFactory(organization=firm)
    FactFactory(organization=other)
    monkeypatch.setattr(queries.facts, "NAMED_AT_MOST", 0)

    assert queries.facts_of([firm, other], purpose="support", on=ON, actor=officer(firm.area)) == {
        firm.key: {"firm_id": firm.key, "staff_t1": 30},
        other.key: {"firm_id": other.key},
    }
