"""The public page of a proposal is read with a visitor's eyes: what is not published is not there for anybody."""

from datetime import date, datetime
from typing import Any

import pytest

from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Promise, PromiseMove, Proposal, Suggestion
from keqiao.apps.proposals.queries import opened as queries
from tests.factories.proposals import AssignmentFactory, ProposalFactory, SignerFactory

from .answering import FIRST, LOADER, SECOND, asked, bring, publish, published

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
ON = date(2026, 9, 10)


@pytest.fixture
def row() -> Proposal:
    """The proposal that the first reply answers, public in full, with one suggestion that nobody answers."""
    found = asked(publication="full", field="new_materials", text="盼设中试线。电话 13800138000。")
    Suggestion.objects.create(proposal=found, n=1, title="第一条", quoted="盼设中试线")
    Suggestion.objects.create(proposal=found, n=9, title="第九条")
    return found


@pytest.mark.parametrize("publication", ["undecided", "on_request", "withheld"])
def test_proposal_that_is_not_published_is_not_found(publication: str, row: Proposal) -> None:
    Proposal.objects.filter(pk=row.pk).update(publication=publication)

    for read in (queries.opened, queries.public_proposal):
        with pytest.raises(Proposal.DoesNotExist):
            read(row.key)
    assert (list(queries.published_proposals(on=ON)), queries.count_public()) == ([], 0)


def test_drafts_are_not_there_and_versions_stand_together(now: datetime, row: Proposal) -> None:
    bring(now, SECOND.replace("2026〕16号", "2026〕99号"), proposal=row)
    first = published(now, FIRST, proposal=row)
    second = publish(bring(now, f"{FIRST}\n附件：名单", proposal=row, by=LOADER, is_new_version=True), now)

    found = queries.opened(row.key).replies
    assert [(one.newest.pk, [old.pk for old in one.older]) for one in found] == [(second.pk, [first.pk])]


def test_suggestions_stand_beside_their_answers_and_without_one(now: datetime, row: Proposal) -> None:
    published(now, FIRST, proposal=row)

    asked_for = {one.n: one for one in queries.opened(row.key).asked}
    assert (asked_for[1].title, asked_for[1].is_answered) == ("第一条", True)
    assert (asked_for[9].title, asked_for[9].answers) == ("第九条", [])


def test_part_about_the_state_of_things_answers_no_suggestion(now: datetime, row: Proposal) -> None:
    text = FIRST.replace("一、关于“建设", "一、基本情况\n\n全省有公共服务平台2个。\n\n二、关于“建设")
    published(now, text.replace("二、关于“设立", "三、关于“设立"), proposal=row)

    asked_for = {one.n: [answer.unit for answer in one.answers] for one in queries.opened(row.key).asked}
    assert asked_for == {1: ["science"], 2: ["finance"], 9: []}


def test_promises_and_figures_are_those_of_the_newest_version(now: datetime, row: Proposal) -> None:
    published(now, FIRST, proposal=row)
    newest = publish(bring(now, f"{FIRST}\n附件：名单", proposal=row, by=LOADER, is_new_version=True), now)

    found = queries.opened(row.key)
    assert {one.reply_id for one in found.promises} == {one.reply_id for one in found.figures} == {newest.pk}
    assert len(found.promises) == newest.promises.filter(is_lost=False).count() > 0


def test_abstract_of_a_reply_gives_away_no_answer_promise_or_figure(now: datetime, row: Proposal) -> None:
    reply = bring(now, FIRST, proposal=row, by=LOADER, abstract="已办。")
    actions.decide_reply_publication(reply, publication="abstract", by=LOADER, at=now)
    actions.check_reply(reply, by=LOADER, at=now)
    actions.publish_reply(reply, by=LOADER, at=now)

    found = queries.opened(row.key)
    assert [one.newest.pk for one in found.replies] == [reply.pk]
    assert (found.promises, found.figures, [one.answers for one in found.asked]) == ([], [], [[], []])


def test_abstract_of_a_proposal_shows_only_what_public_replies_quote_of_it(now: datetime, row: Proposal) -> None:
    published(now, FIRST, proposal=row)
    Proposal.objects.filter(pk=row.pk).update(publication="abstract")

    assert 9 not in {one.n for one in queries.opened(row.key).asked}


def test_assignment_that_came_back_is_not_there(row: Proposal) -> None:
    AssignmentFactory(proposal=row, unit="health", role="co", returned_date=date(2025, 3, 12), return_reason="other")

    assert [one.unit for one in queries.opened(row.key).assignments] == ["science"]


def test_look_backs_of_what_is_being_solved_are_there(now: datetime, row: Proposal) -> None:
    published(now, FIRST, proposal=row, result_class="B")

    assert [one.months for one in queries.opened(row.key).look_backs] == [12, 24]
    assert list(queries.done_look_backs(proposal=row)) == []


@pytest.mark.parametrize(
    ("narrowed", "is_found"),
    [
        ({}, True), ({"session": (13, 3)}, True), ({"session": (13, 4)}, False), ({"year": 2025}, True),
        ({"year": 2026}, False), ({"kind": "member"}, True), ({"kind": "party"}, False), ({"body": "npc"}, False),
        ({"unit": "science"}, True), ({"unit": "health"}, False),
        ({"field": "new_materials"}, True), ({"field": "nuclear"}, False), ({"q": "W163"}, True),
        ({"q": "中试线"}, True),
        ({"q": "光学 仪器"}, True), ({"q": "光学 没有"}, False), ({"q": "民盟"}, True), ({"q": "王小明"}, False),
        ({"limit": "overdue"}, True), ({"limit": "met"}, False), ({"limit": "running"}, False),
    ],
)  # fmt: skip
def test_list_is_narrowed(narrowed: dict[str, Any], is_found: bool, row: Proposal) -> None:
    SignerFactory(proposal=row, name="民盟演示省委", is_group=True)
    SignerFactory(proposal=row, name="王小明")  # of a person nobody learns by asking what they signed

    assert list(queries.published_proposals(on=ON, **narrowed)) == ([row] if is_found else [])


def test_text_of_an_abstract_is_not_searched(row: Proposal) -> None:
    Proposal.objects.filter(pk=row.pk).update(publication="abstract", abstract="建中试线的建议")

    assert list(queries.published_proposals(on=ON, q="盼设")) == []
    assert list(queries.published_proposals(on=ON, q="建中试线")) == [row]


@pytest.mark.parametrize(("answered", "limit"), [(date(2025, 6, 10), "met"), (date(2025, 6, 11), "late")])
def test_limit_is_kept_on_its_last_day(answered: date, limit: str, row: Proposal) -> None:
    row.assignments.update(answered_date=answered)

    found = [code for code in queries.LIMITS if queries.published_proposals(on=ON, limit=code).exists()]
    assert found == [limit]


def test_list_counts_what_is_published(now: datetime, row: Proposal) -> None:
    published(now, FIRST, proposal=row)
    reply = publish(bring(now, f"{FIRST}\n附件：名单", proposal=row, by=LOADER, is_new_version=True), now)
    bring(now, SECOND, proposal=row)

    listed = queries.published_proposals(on=ON).get()
    assert (listed.reply_count, listed.promise_count) == (1, reply.promises.filter(is_lost=False).count())  # type: ignore[attr-defined]


def test_facets_are_of_what_is_published(row: Proposal) -> None:
    ProposalFactory(term=12, kind="party", year=2020)

    assert queries.proposal_facets() == queries.ProposalFacets(
        [(13, 3)], [2025], ["member"], ["science"], ["new_materials"]
    )


def test_news_are_of_published_proposals_alone(now: datetime, row: Proposal) -> None:
    published(now, FIRST, proposal=row)
    published(now, SECOND, proposal=asked(number="164", printed="W164号"))
    for promise in Promise.objects.all():
        PromiseMove.objects.create(promise=promise, at=now, before="not_due", after="no_mention", why="looked_through")

    assert {one.proposal for one in queries.proposal_replies()} == {row}
    assert {one.promise.reply.proposal for one in queries.proposal_moves()} == {row}
    assert set(queries.proposal_moves(proposal=row)) == set(queries.proposal_moves())
