"""Lists: what is in them, in which order, with how many queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from keqiao.apps.market import permissions, queries
from keqiao.apps.market.models import State
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.parties.models import Organization
from tests.apps.acting import broker, editor, officer, person, product
from tests.factories.base import MOMENT
from tests.factories.market import NeedFactory, NeedIndicatorFactory, OfferFactory, OfferIndicatorFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)


def test_published_are_newest_first() -> None:
    old = NeedFactory(published_at=MOMENT - timedelta(days=8))
    new = NeedFactory(published_at=MOMENT - timedelta(days=1))

    assert list(queries.published("need", on=TODAY)) == [new, old]


def test_own_are_those_of_the_bodies_one_belongs_to() -> None:
    row = NeedFactory(state=State.DRAFT)
    NeedFactory()

    assert list(queries.listings_of("need", actor=editor(row.organization))) == [row]
    assert list(queries.listings_of("need", actor=VISITOR)) == []


@pytest.mark.parametrize("served", ["229999", "229901", "229904", "YS-GXQ", "2299"])
def test_queue_holds_exactly_what_the_officer_may_screen(served: str) -> None:
    areas = [*places.region().areas, "", "110105"]
    rows = [OfferFactory(state=State.SUBMITTED, area=area) for area in areas]
    OfferFactory(state=State.DRAFT, area=served)

    queue = {row.area for row in queries.screening_queue("offer", actor=officer(served))}

    assert queue == {row.area for row in rows if permissions.can_screen(officer(served), row).allowed}
    assert (
        queue
        == {
            "229999": set(areas),
            "229901": {"229901", "YS-GXQ"},
            "229904": {"229904", "YS-HSZ"},
            "YS-GXQ": {"YS-GXQ"},
            "2299": set(),
        }[served]
    )


def test_queue_is_oldest_first_and_without_the_own_body() -> None:
    newer = NeedFactory(state=State.SCREENED, updated_at=MOMENT)
    older = NeedFactory(state=State.SUBMITTED, updated_at=MOMENT - timedelta(days=1))
    own = NeedFactory(state=State.SUBMITTED)
    grants = officer("229901").grants | editor(own.organization).grants

    assert list(queries.screening_queue("need", actor=Actor("user:x", grants, is_registered=True))) == [older, newer]
    assert queries.screening_queue("need", actor=product()).count() == 3
    assert queries.screening_queue("need", actor=broker()).count() == 0


def test_counts_are_of_what_everybody_can_see() -> None:
    NeedFactory()
    OfferFactory()
    OfferFactory(kind="patent")
    OfferFactory(kind="patent", state=State.DRAFT)
    NeedFactory(expires_date=TODAY)

    assert queries.listing_counts(on=TODAY) == {"need": 1, "offer": 2, "achievement": 1, "patent": 1}


def test_documents_of_gone_listings_are_none() -> None:
    row, gone = OfferFactory(), OfferFactory(state=State.WITHDRAWN)

    found = queries.documents_of("offer", [row.key, gone.key, "F-none"], on=TODAY)

    assert (found[row.key].title, found[gone.key], found["F-none"]) == (row.title, None, None)
    assert (found[row.key].trl, found[row.key].kind, found[row.key].budget_fen) == (6, "achievement", None)


def test_document_of_a_need_holds_budget_and_lines() -> None:
    row = NeedFactory()
    NeedIndicatorFactory(need=row, op="range", low=1.0, high=2.0)
    NeedIndicatorFactory(need=row, position=1, unit="", must=False)

    document = queries.documents_of("need", [row.key], on=TODAY)[row.key]

    assert document.budget_fen == (77_700_000, 88_800_000)
    assert [(line.value, line.unit, line.must) for line in document.indicators] == [
        ((1.0, 2.0), "MPa", True),
        ((31.7,), "1", False),
    ]


LISTS: dict[str, tuple[int, Callable[[Organization], Any], Callable[[Actor], Any]]] = {
    "published needs": (
        1,
        lambda own: NeedFactory(author=UserFactory()),
        lambda actor: queries.faces(queries.published("need", on=TODAY), actor),
    ),
    "published offers": (
        1,
        lambda own: OfferFactory(author=UserFactory()),
        lambda actor: queries.faces(queries.published("offer", on=TODAY), actor),
    ),
    "own needs": (
        1,
        lambda own: NeedFactory(organization=own, state=State.DRAFT, author=UserFactory()),
        lambda actor: queries.faces(queries.listings_of("need", actor=actor), actor),
    ),
    "queue": (
        1,
        lambda own: NeedFactory(state=State.SUBMITTED, author=UserFactory()),
        lambda actor: queries.faces(queries.screening_queue("need", actor=actor), actor),
    ),
    "documents": (
        2,
        lambda own: OfferIndicatorFactory(offer=OfferFactory()),
        lambda actor: list(queries.offers_table(on=TODAY)),
    ),
}


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_body_takes_one_query_a_list(count: int, django_assert_num_queries) -> None:
    own = OrganizationFactory()
    for _ in range(count):
        OfferFactory(organization=own)

    with django_assert_num_queries(1):
        assert len(queries.faces(queries.related_of(own, "offer", on=TODAY), VISITOR)) == count


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_list_takes_as_many_queries_for_three_as_for_one(name: str, count: int, django_assert_num_queries) -> None:
    number, make, read = LISTS[name]
    own = OrganizationFactory()
    for _ in range(count):
        make(own)
    grants = editor(own).grants | broker().grants | officer("229999").grants

    with django_assert_num_queries(number):
        assert len(read(Actor(person().key, grants, is_registered=True))) == count
