"""Where firms stand: reckoned when facts, day or catalogue change, and told to the firm's own people."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Organization
from keqiao.apps.post import actions as post
from keqiao.apps.post.models import Notification
from keqiao.apps.programmes import actions, queries
from keqiao.apps.programmes.models import Reckoning, Standing, StandingChange
from keqiao.apps.programmes.reckoning import editions_on
from tests.apps.acting import officer
from tests.factories.parties import FactConsentFactory, MembershipFactory, OrganizationFactory

from .knowing import TODAY, know, small_firm

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")


@pytest.fixture
def firm(now: datetime) -> Organization:
    found: Organization = OrganizationFactory()
    know(found, small_firm())
    return found


def reckon(now: datetime, *, days: int = 0) -> int:
    return actions.reckon_due(by=BY, at=now + timedelta(days=days))


def sme(firm: Organization) -> Standing:
    return Standing.objects.get(organization=firm, policy="tech-sme-2017")


def correct(firm: Organization, column: str, value: object, *, at: datetime) -> None:
    """What a register says now instead of what it said before."""
    name = column.partition("_t1")[0]
    firm.facts.filter(name=name).update(ended_at=at, ended_by="x", end_reason="superseded")
    for row in know(firm, {column: value}):
        row.brought_at = at
        row.save()


def test_firm_with_facts_stands_somewhere_with_every_policy(firm: Organization, now: datetime) -> None:
    OrganizationFactory()
    school = OrganizationFactory(kind="university")
    know(school, {"resident": True})

    assert [reckon(now), reckon(now)] == [1, 0]

    assert set(Standing.objects.values_list("policy", flat=True)) == set(editions_on(TODAY))
    row = sme(firm)
    assert (row.verdict, row.edition, row.score_low, row.score_high) == ("eligible", "2017-115", 100, 100)
    assert row.clauses["base.staff"] == "pass"
    assert not StandingChange.objects.exists()
    assert Entry.objects.filter(kind="standing.change").count() == 0
    assert Reckoning.objects.get().organization == firm
    assert list(ledger.verify()) == []


def test_changed_fact_changes_the_standing_and_tells_the_firm(firm: Organization, now: datetime) -> None:
    people = [MembershipFactory(organization=firm, role=role).user for role in ("editor", "manager", "member")]
    MembershipFactory(organization=OrganizationFactory(), role="editor")
    reckon(now)
    later = now + timedelta(hours=1)
    correct(firm, "staff_t1", 501, at=later)

    assert actions.reckon_due(by=BY, at=later + timedelta(seconds=1)) == 1
    post.take_up(by=BY, at=later + timedelta(minutes=1))

    change = StandingChange.objects.get(policy="tech-sme-2017")
    assert (change.verdict_before, change.verdict) == ("eligible", "ineligible")
    assert ["base.staff", "pass", "fail"] in change.clauses
    assert sme(firm).since_at == change.at
    assert list(queries.changes(firm, since=later)) == list(StandingChange.objects.all())
    told = Notification.objects.filter(topic="standing.changed")
    assert {row.user_id for row in told} == {user.pk for user in people[:2]}
    assert "科技型中小企业" in told[0].text
    assert list(ledger.verify()) == []


def test_next_day_reckons_again_and_writes_only_what_changed(firm: Organization, now: datetime) -> None:
    reckon(now)
    since = sme(firm).since_at

    assert [reckon(now, days=1), reckon(now, days=1)] == [1, 0]

    assert sme(firm).since_at == since
    assert Reckoning.objects.get().on == TODAY + timedelta(days=1)


def test_queries_do_not_grow_with_firms(firm: Organization, now: datetime) -> None:
    with CaptureQueriesContext(connection) as one:
        reckon(now)
    for _ in range(3):
        know(OrganizationFactory(), small_firm())
    with CaptureQueriesContext(connection) as three:
        assert reckon(now) == 3
    assert len(three) <= len(one) + 1  # the bodies' facts are asked for in one go


def test_day_alone_can_change_a_verdict(firm: Organization, now: datetime) -> None:
    reckon(now)
    reckon(now, days=35)  # the checks of the lists are older than 30 days then

    assert sme(firm).verdict == "unknown"
    assert sme(firm).missing == ["list_checks"]
    assert [row.policy for row in queries.changes(firm, since=now) if row.policy == "tech-sme-2017"]


def test_contradicting_facts_leave_the_verdict_open(firm: Organization, now: datetime) -> None:
    for row in know(firm, {"staff_t1": 400}):
        row.register = "统计"
        row.save()
    reckon(now)

    assert (sme(firm).verdict, sme(firm).missing) == ("unknown", ["staff_t1"])


def test_certificate_that_is_entered_or_revoked_makes_its_firm_due(now: datetime) -> None:
    firm = OrganizationFactory()
    who = {"by": officer(firm.area), "at": now}
    row = parties.add_certificate(firm, kind="srdi", issued_date=TODAY - timedelta(days=90), **who)
    assert [reckon(now), reckon(now)] == [1, 0]
    found = Standing.objects.get(organization=firm, policy="little-giant-2026")
    assert found.clauses["req.tier2"] == "unknown"  # its last day is not known

    later = now + timedelta(seconds=5)
    parties.edit_certificate(row, expires_date=TODAY + timedelta(days=90), by=officer(firm.area), at=later)
    assert actions.reckon_due(by=BY, at=later + timedelta(seconds=1)) == 1
    found.refresh_from_db()
    assert found.clauses["req.tier2"] == "pass"

    revoked = later + timedelta(seconds=5)
    parties.edit_certificate(row, revoked_date=TODAY, by=officer(firm.area), at=revoked)
    assert actions.reckon_due(by=BY, at=revoked + timedelta(seconds=1)) == 1
    found.refresh_from_db()
    assert found.clauses["req.tier2"] == "unknown"  # it may hold another that nobody has entered


def test_survey_data_decide_nothing_with_any_authorisation(firm: Organization, now: datetime) -> None:
    for purpose in ("support", "statistics"):
        FactConsentFactory(organization=firm, purpose=purpose)
    reckon(now)
    before = list(Standing.objects.order_by("policy").values_list("policy", "verdict", "clauses", "missing"))

    for row in know(firm, {"staff_t1": 9000, "revenue_fen_t1": 1, "market_rank_national": 1}):
        row.purposes, row.brought_at = ["statistics"], now + timedelta(seconds=5)
        row.save()

    assert actions.reckon_due(by=BY, at=now + timedelta(seconds=9)) == 1
    assert list(Standing.objects.order_by("policy").values_list("policy", "verdict", "clauses", "missing")) == before


def test_other_catalogue_makes_every_firm_due(firm: Organization, now: datetime) -> None:
    reckon(now)
    Reckoning.objects.update(catalogue="older")
    assert reckon(now) == 1


def test_policies_of_elsewhere_and_of_the_past_judge_nobody(settings: Any) -> None:
    here = set(editions_on(TODAY))
    settings.DEMO = False

    assert "uk-eris" not in here
    assert {slug for slug in here if slug.endswith("demo") or slug.startswith("demo")} == here - set(editions_on(TODAY))
    assert [policy.slug for policy in editions_on(TODAY).values() if policy.ends and policy.ends < TODAY] == []


def test_only_the_product_reckons(firm: Organization, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        actions.reckon_due(by=officer("229999"), at=now)
    assert refusal.value.reason == "product_only"
    assert not Standing.objects.exists()


def test_standings_are_read_from_what_a_firm_gets_down(firm: Organization, now: datetime) -> None:
    reckon(now)
    found = [queries.ORDER[row.verdict] for row in queries.standings(firm)]
    assert found == sorted(found)
    assert [row.policy for row in queries.supported([firm])] == sorted(
        row.policy for row in queries.standings(firm) if row.verdict == "eligible"
    )
