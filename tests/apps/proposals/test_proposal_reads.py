"""Lists of proposals show what one may see, and the load of each unit."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.proposals import permissions, queries
from keqiao.apps.proposals.models import Follow, Proposal
from keqiao.apps.proposals.queries import UnitLoad
from tests.apps.acting import person
from tests.factories.base import MOMENT
from tests.factories.parties import UserFactory
from tests.factories.proposals import AssignmentFactory, ProposalFactory, SignerFactory

from .people import hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
ON = MOMENT.date()


@pytest.fixture
def some() -> dict[str, Proposal]:
    """One that is public, one of industry, one that industry gave back, one that nobody has."""
    return {
        "public": ProposalFactory(publication="full", title="公开的建议", kind="party", year=2025),
        "industry": AssignmentFactory().proposal,
        "returned": AssignmentFactory(returned_date=date(2026, 9, 9), return_reason="other").proposal,
        "nobody": ProposalFactory(body="npc", kind="deputy", is_key=True, supervisor="某副省长"),
    }


def test_list_holds_exactly_what_the_permission_allows(some: dict[str, Proposal]) -> None:
    user = UserFactory()
    SignerFactory(proposal=some["nobody"], user=user)
    SignerFactory(proposal=some["nobody"])
    actors = [VISITOR, hand_over_office(), officer_of("industry"), officer_of("health"), person(user)]
    expected = [1, 4, 2, 1, 2]

    for actor, count in zip(actors, expected, strict=True):
        listed = set(queries.proposals(actor, on=ON))
        allowed = {row for row in some.values() if permissions.can_see_proposal(actor, row).allowed}
        assert (listed, len(listed)) == (allowed, count)


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({"q": "公开的"}, {"public"}),
        ({"q": "某委员"}, {"nobody"}),
        ({"body": "npc"}, {"nobody"}),
        ({"kind": "party", "year": 2025}, {"public"}),
        ({"is_key": True}, {"nobody"}),
        ({"unit": "industry"}, {"industry"}),
        ({"state": ""}, {"public", "industry", "returned", "nobody"}),
    ],
)
def test_list_is_narrowed(narrowed: dict[str, object], names: set[str], some: dict[str, Proposal]) -> None:
    SignerFactory(proposal=some["nobody"], name="某委员")
    found = queries.proposals(hand_over_office(), on=ON, **narrowed)
    assert {name for name, row in some.items() if row in found} == names


def test_overdue_list_is_by_the_day(some: dict[str, Proposal]) -> None:
    office = hand_over_office()
    assert list(queries.proposals(office, on=date(2026, 12, 7), overdue=True)) == []
    assert list(queries.proposals(office, on=date(2026, 12, 8), overdue=True)) == [some["industry"]]
    assert list(queries.proposals(office, on=date(2026, 12, 8), overdue=True, unit="science")) == []


def test_unknown_filter_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="colour"):
        queries.proposals(VISITOR, on=ON, colour="red")


def test_loads_count_by_unit_the_most_overdue_first() -> None:
    late = AssignmentFactory(unit="science", due_date=date(2026, 11, 1))
    AssignmentFactory(unit="science", due_date=date(2026, 12, 1))  # within 15 days
    AssignmentFactory(unit="science", role="co", answered_date=date(2026, 10, 1))
    AssignmentFactory(unit="industry", due_date=date(2026, 12, 30))
    AssignmentFactory(unit="industry", returned_date=date(2026, 9, 9), return_reason="other")
    AssignmentFactory(unit="health", role="reference", due_date=None)

    assert queries.overdue(on=ON, actor=hand_over_office()) == [
        UnitLoad("science", 2, 1, 1, 1, 0, late.due_date),
        UnitLoad("industry", 1, 0, 0, 0, 1, None),
    ]
    assert [load.unit for load in queries.overdue(on=ON, actor=officer_of("industry"))] == ["industry"]
    assert queries.overdue(on=ON, actor=VISITOR) == []

    def count(state: str) -> int:
        return queries.assignments(hand_over_office(), on=ON, state=state).count()

    states = ("open", "overdue", "due_soon", "answered", "returned", "")
    assert [count(state) for state in states] == [3, 1, 1, 1, 1, 6]
    assert queries.assignments(officer_of("industry"), on=ON, unit="science").count() == 0


def test_returned_ones_wait_for_another_unit() -> None:
    row = AssignmentFactory(returned_date=date(2026, 9, 9), return_reason="other")
    other = AssignmentFactory(returned_date=date(2026, 9, 9), return_reason="other")
    AssignmentFactory(proposal=other.proposal, unit="science")
    assert list(queries.returned(on=ON)) == [row]


def test_signed_ones_are_followed_until_one_does_not_want_to(now: datetime) -> None:
    user = UserFactory()
    signed, other = SignerFactory(user=user).proposal, ProposalFactory()
    key = str(user.key)
    assert list(queries.followed_proposals(key)) == [signed]
    Follow.objects.create(user=user, proposal=signed, is_on=False, at=now)
    Follow.objects.create(user=user, proposal=other, at=now)
    assert list(queries.followed_proposals(key)) == [other]
    assert list(queries.signed_by(key)) == [signed]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(count: int) -> None:
    for _ in range(count):
        SignerFactory(proposal=AssignmentFactory().proposal)
    with CaptureQueriesContext(connection) as seen:
        rows = [
            ([signer.name for signer in row.signers.all()], [one.unit for one in row.assignments.all()])
            for row in queries.proposals(hand_over_office(), on=ON)
        ]
    assert (len(rows), len(seen)) == (count, 3)
