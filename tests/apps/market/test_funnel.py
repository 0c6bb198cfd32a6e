"""The funnel counts each need once at every step up to its last, and shows no row small enough to point at one."""

from datetime import UTC, datetime

import pytest

from keqiao.apps.market.queries import funnel
from keqiao.apps.market.queries.funnel import POOLED, STEPS
from tests.factories.base import MOMENT
from tests.factories.market import AgreementFactory, IntroductionFactory, NeedFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def counts(row: funnel.Funnel) -> dict[str, int]:
    return dict(zip(STEPS, row.counts, strict=True))


def test_need_counts_once_however_many_introductions_it_has() -> None:
    need = NeedFactory()
    for _ in range(3):
        IntroductionFactory(need=need, state="talking", interested_at=MOMENT, talking_at=MOMENT)

    assert counts(funnel.funnel_total(funnel.published_needs())) == {
        "shown": 1, "introduced": 1, "willing": 1, "talking": 1, "agreed": 0, "registered": 0,
    }  # fmt: skip


def test_later_step_counts_at_the_steps_before() -> None:
    IntroductionFactory(state="agreed", agreed_at=MOMENT)

    assert list(counts(funnel.funnel_total(funnel.published_needs())).values()) == [1, 1, 1, 1, 1, 0]


def test_contract_in_the_register_counts_at_every_step() -> None:
    agreement = AgreementFactory(need=NeedFactory())
    RegistrationFactory(agreement=agreement, state="registered", number="20262290100001", registered_date=MOMENT.date())

    assert list(counts(funnel.funnel_total(funnel.published_needs())).values()) == [1] * len(STEPS)


def test_need_that_was_never_published_is_left_out() -> None:
    NeedFactory(state="draft", published_at=None)

    assert counts(funnel.funnel_total(funnel.published_needs()))["shown"] == 0


def test_withdrawn_need_counts_as_far_as_it_came() -> None:
    need = NeedFactory(state="withdrawn")
    IntroductionFactory(need=need)

    assert counts(funnel.funnel_total(funnel.published_needs()))["introduced"] == 1


def test_small_rows_are_pooled_until_the_pool_hides_them_too() -> None:
    for field, many in (("agriculture", 5), ("nuclear", 1), ("new_materials", 3)):
        NeedFactory.create_batch(many, field=field)

    rows = funnel.funnel_by("field", funnel.published_needs())

    assert {row.key: row["shown"] for row in rows} == {"agriculture": 5, POOLED: 4}


def test_rows_of_enough_needs_stay_as_they_are_largest_first() -> None:
    for area, many in (("229901", 3), ("229902", 4)):
        NeedFactory.create_batch(many, area=area)

    assert [(row.key, row["shown"]) for row in funnel.funnel_by("area", funnel.published_needs())] == [
        ("229902", 4),
        ("229901", 3),
    ]


def test_month_is_that_of_publication_in_local_time_and_in_order() -> None:
    late = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)  # already October where the region is
    NeedFactory.create_batch(3, published_at=late)
    NeedFactory.create_batch(3, published_at=datetime(2026, 9, 1, 3, 0, tzinfo=UTC))

    assert [row.key for row in funnel.funnel_by("month", funnel.published_needs())] == ["2026-09", "2026-10"]


def test_filters_narrow_by_year_place_and_field() -> None:
    NeedFactory(area="229901", field="agriculture")
    NeedFactory(area="229902", field="agriculture")
    NeedFactory(area="229901", field="nuclear", published_at=datetime(2025, 5, 1, tzinfo=UTC))

    chosen = funnel.published_needs(year=2026, areas=("229901",), field="agriculture")

    assert funnel.funnel_total(chosen)["shown"] == 1
    assert funnel.years_of(funnel.published_needs()) == [2026, 2025]
