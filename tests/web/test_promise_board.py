"""The promise board and its pages: neutral words, evidence with its sentence, views kept apart, news, following."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from keqiao.apps.proposals import queries
from keqiao.apps.proposals.models import Promise, PromiseMove, PromiseState
from keqiao.web.parts import promises as words
from tests.web.conftest import SignIn
from tests.web.html import links, text
from tests.web.world import World

ATOM = "{http://www.w3.org/2005/Atom}"


def promise(world: World, name: str) -> Promise:
    found = world.things[f"promise-{name}"]
    assert isinstance(found, Promise)
    return Promise.objects.get(pk=found.pk)


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("", True), ("?state=kept", True), ("?state=not_due", False), ("?unit=science&year=2025", True),
        ("?year=2026", False), ("?due=overdue", True), ("?due=later", False), ("?specificity=concrete", True),
        ("?q=公共服务平台", True), ("?q=zzzz", False),
    ],
)  # fmt: skip
def test_board_narrows_promises(query: str, is_there: bool, world: World, visitor: Client) -> None:
    address = f"/promises/{promise(world, 'kept').key}/"

    assert (address in links(visitor.get(f"/promises/{query}"))) == is_there


def test_board_counts_each_promise_once(world: World, visitor: Client) -> None:
    page = visitor.get("/promises/").content.decode()

    counts = [int(n) for n in re.findall(r'<a class="tile state-\w+"[^>]*><b>(\d+)</b>', page)]
    assert len(counts) == len(PromiseState.values)
    assert f"{sum(counts)} 条承诺" in page


def test_promises_of_abstracts_drafts_and_old_versions_are_not_there(world: World, visitor: Client) -> None:
    listed = visitor.get("/promises/?export=csv").content.decode("utf-8-sig")

    assert "演科议案〔2026〕31号" not in listed
    assert "演科议案〔2026〕32号" not in listed
    assert listed.count("演科议案〔2026〕33号") == 1


def test_page_quotes_the_sentence_and_the_later_one(world: World, visitor: Client) -> None:
    page = visitor.get(f"/promises/{promise(world, 'kept').key}/").content.decode()

    assert "<mark>到2025年底前建成公共服务平台5个</mark>" in page
    assert "全省<mark>建成公共服务平台5个</mark>" in page
    assert "已兑现（有依据）" in page


def test_evidence_opens_the_later_reply_at_its_sentence(world: World, visitor: Client) -> None:
    row = promise(world, "kept")
    later = row.evidence.filter(rejected_at=None, is_automatic=False)[0]
    address = f"/replies/{later.later.key}/?at={later.start}-{later.end}#s{later.start}-{later.end}"

    assert address in links(visitor.get(f"/promises/{row.key}/"))
    assert f'id="s{later.start}-{later.end}"' in visitor.get(address).content.decode()


def test_refused_evidence_stands_apart_with_its_reason(world: World, visitor: Client) -> None:
    page = text(visitor.get(f"/promises/{promise(world, 'kept').key}/"))

    assert "没有采用的 1 条" in page
    assert "Another matter" in page


def test_views_stand_apart_from_what_was_computed(world: World, visitor: Client) -> None:
    page = text(visitor.get(f"/promises/{promise(world, 'kept').key}/"))

    assert re.search("责任单位 已落实.*提出人 部分落实.*第三方 已落实", page)


@pytest.mark.parametrize("state", PromiseState.values)
@pytest.mark.parametrize("looked_in", [0, 3])
def test_no_state_says_that_a_promise_was_broken(state: str, looked_in: int, world: World) -> None:
    row = promise(world, "quiet")
    row.state, row.looked_in = state, looked_in

    said = words.state_sentence(row)

    assert [word for word in ("未兑现", "失信", "违背", "没有做到") if word in said] == []
    if state == PromiseState.NO_MENTION and looked_in:
        assert said.startswith("在其后 3 份答复中未再提及。")


def test_news_tells_each_move_once(world: World, visitor: Client) -> None:
    row = promise(world, "quiet")
    move = PromiseMove.objects.create(
        promise=row, at=timezone.now() - timedelta(days=1), before="not_due", after="no_mention", why="looked_through"
    )

    for path in ("/promises/news.atom", f"/promises/news.atom?unit={row.unit}", f"/promises/{row.key}/news.atom"):
        answer = visitor.get(path)
        feed = ET.fromstring(answer.content)  # noqa: S314 - our own feed
        entries = [entry for entry in feed.iter(f"{ATOM}entry") if f"move-{move.pk}" in ET.tostring(entry).decode()]
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert len(entries) == 1
        assert entries[0].find(f"{ATOM}title").text.startswith("未见后续提及 · ")  # type: ignore[union-attr]
    assert f"move-{move.pk}" not in visitor.get("/promises/news.atom?unit=finance").content.decode()


def test_visitor_who_wants_to_follow_signs_in_first(world: World, visitor: Client) -> None:
    path = f"/promises/{promise(world, 'kept').key}/"

    answer = visitor.post(f"{path}follow/", {"do": "follow"})

    assert answer["Location"] == f"/account/login/?next={path}"


def test_following_begins_and_ends_on_the_page(world: World, sign_in: SignIn) -> None:
    client, row = sign_in("outsider"), promise(world, "kept")
    key = str(world.users["outsider"].key)

    client.post(f"/promises/{row.key}/follow/", {"do": "follow"})
    assert queries.is_following(key, row)
    assert "不再关注" in text(client.get(f"/promises/{row.key}/"))
    client.post(f"/promises/{row.key}/follow/", {"do": "unfollow"})
    assert not queries.is_following(key, row)
