"""The demo's replies: every grade of a figure, every state of a promise, and numbers that are those of the rows."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from keqiao.apps.ledger.figures import checking
from keqiao.apps.ledger.figures import queries as figures
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.proposals import queries
from keqiao.apps.proposals.models import Promise, PromiseState, Proposal, Reply, ReplyFigure, VoiceRole
from keqiao.demo import loader, proposals
from tests.factories.base import MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.slow]

REPLIES = 6


@pytest.fixture(scope="module", autouse=True)
def demo(request: pytest.FixtureRequest) -> Iterator[None]:
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        loader.load(at=MOMENT)
        yield
        transaction.set_rollback(True)


def test_six_replies_of_two_years_are_public_with_every_slot_filled() -> None:
    rows = queries.public_replies()

    assert rows.count() == REPLIES
    assert {row.signed_date.year for row in rows if row.signed_date} == {MOMENT.year - 1, MOMENT.year}
    assert not [row.doc_number for row in rows if "[[" in row.text or "]]" in row.text]


def test_a_figure_of_each_grade_stands_in_the_replies() -> None:
    assert set(ReplyFigure.objects.values_list("figure_grade", flat=True)) >= {"rows", "register", "sentence"}


def test_every_edition_recomputes_from_its_rows_and_its_entry() -> None:
    editions = list(PublishedFigure.objects.all())
    assert len(editions) > 50
    assert [flaw.message for figure in editions for flaw in checking.verify(figure)] == []


def test_a_figure_that_opens_says_what_its_published_edition_says() -> None:
    opened = ReplyFigure.objects.filter(figure_grade__in=("rows", "register"), unit__startswith="count:")

    assert opened
    for row in opened:
        edition = figures.edition(row.figure_key)
        assert edition is not None
        assert (row.raw, row.value) == (row.raw, edition.amount)


def test_promises_stand_in_every_state() -> None:
    assert set(Promise.objects.values_list("state", flat=True)) == set(PromiseState.values)


def test_a_kept_or_partly_kept_promise_cites_what_shows_it() -> None:
    shown = Promise.objects.filter(state__in=(PromiseState.KEPT, PromiseState.PARTLY))

    assert {promise.text for promise in shown if not promise.evidence.exists()} == set()


def test_department_proposer_and_a_third_person_speak_of_one_promise() -> None:
    promise = Promise.objects.get(text__contains=proposals.MATCHING, reply__proposal__session=3)

    assert set(promise.voices.values_list("role", flat=True)) == set(VoiceRole.values)


def test_one_proposal_is_overdue_and_one_is_still_in_time() -> None:
    open_rows = {
        row.printed: [one.is_overdue(localdate(MOMENT)) for one in row.assignments.filter(role="lead")]
        for row in proposals_without_reply()
    }

    assert sorted(open_rows.values()) == [[False], [False], [True]]


def test_units_that_helped_an_answered_proposal_are_done() -> None:
    rows = [row for row in queries.public_proposals() if row.replies.exists()]

    assert len(rows) == REPLIES
    assert [one for row in rows for one in row.assignments.all() if one.is_open] == []


def proposals_without_reply() -> list[Proposal]:
    return [row for row in queries.public_proposals() if not row.replies.exists()]


def test_text_of_a_reply_is_the_same_whatever_the_day_of_the_year() -> None:
    template = "[[T-1]]年底 [[register_labs@T-1]]个，[[day]]"
    found = proposals.filled(template, this_year=MOMENT.year, signed=date(MOMENT.year, 5, 8))

    assert found.startswith(f"{MOMENT.year - 1}年底 ")
    assert found.endswith(f"个，{MOMENT.year}年5月8日")


def test_promises_of_an_earlier_reply_are_followed_into_the_later_one() -> None:
    first = Reply.objects.order_by("signed_date").first()
    assert first is not None
    later = Reply.objects.filter(signed_date__gt=first.signed_date + timedelta(days=200))

    cited = {one.later_id for promise in first.promises.all() for one in promise.evidence.exclude(later=None)}
    assert cited
    assert cited <= set(later.values_list("pk", flat=True))
