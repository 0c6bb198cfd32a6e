"""Proposals that everybody may read: time limits in words, names of people covered, answers at their place, news."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.test import Client

from keqiao.apps.proposals.models import Assignment, Proposal, Signer, Suggestion
from keqiao.web.parts import opened_proposals as words
from tests.web.html import links, text
from tests.web.world import World
from tests.web.worlds import replies

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def row(world: World) -> Proposal:
    """The public proposal, with a reply that is being solved and a body among its signers."""
    found = Proposal.objects.get(pk=world.things["proposal-public"].pk)
    Signer.objects.create(proposal=found, place=9, name="民盟演示省委", is_group=True, role="co_signer")
    found.text = "盼设中试线。联系电话 13800138000。"
    found.save()
    Suggestion.objects.create(proposal=found, n=9, title="Nobody answers this")
    reply = replies.publish(world, "answer", replies.text_of(167, "Build a pilot base"), proposal=found,
                            result_class="B")  # fmt: skip
    found.refresh_from_db()
    found.answer = reply  # type: ignore[attr-defined]
    return found


def test_page_shows_what_was_asked_beside_what_was_answered(row: Proposal, visitor: Client) -> None:
    page = visitor.get(f"/proposals/{row.key}/")
    key = row.answer.key  # type: ignore[attr-defined]

    assert [one for one in links(page) if one.startswith(f"/replies/{key}/?at=")]
    assert f"/promises/{row.answer.promises.first().key}/" in links(page)  # type: ignore[attr-defined]
    seen = text(page)
    for said in ("Build a pilot base", "已答复", "还没有答复", "B 正在解决", "12 个月", "W167号", "十三届四次会议"):
        assert said in seen, said


def test_people_are_covered_and_bodies_are_named(row: Proposal, visitor: Client) -> None:
    addresses = (f"/proposals/{row.key}/", "/proposals/", "/proposals/?export=csv", f"/replies/{row.answer.key}/")  # type: ignore[attr-defined]
    for address in addresses:
        seen = visitor.get(address).content.decode()
        assert [name for name in ("Wang Wu", "Zhao Liu", "13800138000") if name in seen] == [], address
        assert "W***" in seen, address
    page = visitor.get(f"/proposals/{row.key}/").content.decode()
    assert ("民盟演示省委" in page, "138****8000" in page) == (True, True)


def test_reply_and_promise_lead_to_a_public_proposal_alone(row: Proposal, visitor: Client) -> None:
    reply = row.answer  # type: ignore[attr-defined]
    addresses = ("/replies/", f"/replies/{reply.key}/", f"/promises/{reply.promises.first().key}/")

    assert [f"/proposals/{row.key}/" in links(visitor.get(one)) for one in addresses] == [True] * 3
    Proposal.objects.filter(pk=row.pk).update(publication="undecided")
    assert [f"/proposals/{row.key}/" in links(visitor.get(one)) for one in addresses] == [False] * 3


def test_news_of_a_proposal_name_its_replies(row: Proposal, visitor: Client) -> None:
    key = row.answer.key  # type: ignore[attr-defined]
    for address in ("/proposals/news.atom", f"/proposals/{row.key}/news.atom"):
        feed = ET.fromstring(visitor.get(address).content)  # noqa: S314 - our own feed
        found = [(one.findtext(f"{ATOM}title"), one.find(f"{ATOM}link")) for one in feed.iter(f"{ATOM}entry")]
        told = [title for title, link in found if link is not None and f"/replies/{key}/" in link.get("href", "")]
        assert [title for title in told if title and title.startswith("答复已公开")] != [], address


@pytest.mark.parametrize(
    ("due", "answered", "text"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), "按期答复"), (date(2026, 3, 10), date(2026, 3, 12), "超期 2 天答复"),
        (date(2026, 3, 20), None, "还剩 5 天"), (date(2026, 3, 15), None, "还剩 0 天"),
        (date(2026, 3, 14), None, "已超期 1 天，尚未答复"), (None, None, ""), (None, date(2026, 3, 1), ""),
    ],
)  # fmt: skip
def test_time_limit_is_said_in_words(due: date | None, answered: date | None, text: str) -> None:
    row = Assignment(unit="science", role="lead", due_date=due, answered_date=answered)

    assert words.limit_of(row, date(2026, 3, 15)).text == text


def test_who_only_reads_has_no_limit_to_keep() -> None:
    row = Assignment(unit="science", role="reference", due_date=date(2026, 3, 10))

    assert words.limit_of(row, date(2026, 3, 15)).code == ""


def test_list_says_what_it_does_not_find(visitor: Client, world: World) -> None:
    assert "没有符合条件的建议提案" in text(visitor.get("/proposals/?q=zzzz"))
    Proposal.objects.update(publication="undecided")
    assert "还没有公开的建议提案" in text(visitor.get("/proposals/"))


def test_thread_of_a_proposal_holds_its_replies_and_promises_for_everybody(row: Proposal, visitor: Client) -> None:
    reply = row.answer  # type: ignore[attr-defined]
    seen = links(visitor.get(f"/thread/proposal/{row.key}/"))

    expected = {f"/proposals/{row.key}/", f"/replies/{reply.key}/"}
    expected |= {f"/promises/{promise.key}/" for promise in reply.promises.all()}
    assert expected <= seen
    assert f"/thread/proposal/{row.key}/" in links(visitor.get(f"/proposals/{row.key}/"))


def test_reply_and_promise_lead_to_the_thread_of_their_proposal(row: Proposal, visitor: Client) -> None:
    reply = row.answer  # type: ignore[attr-defined]

    for kind, key in (("reply", reply.key), ("promise", reply.promises.first().key)):
        answer = visitor.get(f"/thread/{kind}/{key}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/thread/proposal/{row.key}/"), kind
    Proposal.objects.filter(pk=row.pk).update(publication="undecided")
    assert visitor.get(f"/thread/reply/{reply.key}/").status_code == 404
