"""Grading matches pair by pair, and keeping the office's trade language, as people do it."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from keqiao.apps.market import indexing
from keqiao.apps.market.models import Judgement, QualityRun, ThesaurusEntry
from tests.web import html
from tests.web import world as worlds
from tests.web.conftest import SignIn, english
from tests.web.world import HIDDEN, World

NEED = "/office/judging/N-public/"


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return english(sign_in("officer"))


def shown_offer(page: str) -> str:
    return page.partition('name="offer" value="')[2].partition('"')[0]


@pytest.mark.usefixtures("own_index")
def test_grading_goes_from_offer_to_offer_and_ends_with_the_ranking(officer: Client, world: World) -> None:
    for number in (1, 2):
        worlds.offer(world, f"graded-{number}")
    indexing.rebuild("offer", at=timezone.now())
    Judgement.objects.all().delete()
    seen = []
    while offer := shown_offer(page := officer.get(NEED).content.decode()):
        seen.append(offer)
        officer.post(NEED, {"offer": offer, "grade": "2"})

    assert sorted(seen) == ["F-graded-1", "F-graded-2", "F-public"]
    assert "This need is done." in page
    kept = Judgement.objects.filter(need__key="N-public", judge=world.users["officer"])
    assert {(row.offer.key, row.grade) for row in kept} == {(key, 2) for key in seen}


def test_neither_rank_nor_owner_nor_secrets_show_while_one_grades(officer: Client) -> None:
    for need in ("N-public", "N-introduction", "N-abstract_only"):
        page = html.content(officer.get(f"/office/judging/{need}/?offer=F-public"))
        assert "Demo Institute" not in page
        assert re.findall(r'href="(/organizations/[^"]+)"', page) == []
        assert not [word for word in HIDDEN if word in page]


def test_grade_is_shown_changed_and_taken_back(officer: Client, world: World) -> None:
    again = f"{NEED}?offer=F-public"
    assert 'value="3" data-digit="3" aria-pressed="true"' in officer.get(again).content.decode()

    officer.post(NEED, {"offer": "F-public", "grade": "0"})
    mine = Judgement.objects.filter(judge=world.users["officer"])
    assert list(mine.values_list("grade", flat=True)) == [0]
    officer.post(NEED, {"offer": "F-public", "grade": "back"})
    assert not mine.exists()


@pytest.mark.parametrize("grade", ["", "4", "-1", "two", "٣", "²", "9" * 5000])
def test_wrong_grade_says_so_and_changes_nothing(grade: str, officer: Client, world: World) -> None:
    answer = officer.post(NEED, {"offer": "F-public", "grade": grade}, follow=True)

    assert "A grade is 0, 1, 2 or 3." in html.text(answer)
    assert Judgement.objects.get(judge=world.users["officer"]).grade == 3


def test_offer_that_is_not_public_cannot_be_graded(officer: Client) -> None:
    assert officer.post(NEED, {"offer": "F-draft", "grade": "2"}).status_code == 404
    assert officer.post(NEED, {"grade": "2"}).status_code == 404


def test_figures_are_shown_and_a_measurement_can_be_asked_for(officer: Client) -> None:
    page = html.text(officer.get("/office/judging/"))
    assert "0.812" in page
    assert "0.700–0.900" in page

    officer.post("/office/judging/measure/")
    assert QualityRun.objects.filter(made_at=None).count() == 1
    again = officer.post("/office/judging/measure/", follow=True)
    assert "A measurement is under way" in html.text(again)
    assert QualityRun.objects.filter(made_at=None).count() == 1


def test_matches_of_a_need_lead_judges_to_grading(officer: Client, sign_in: SignIn) -> None:
    assert NEED in html.links(officer.get("/needs/N-public/matches/"))
    assert NEED not in html.links(sign_in("editor").get("/needs/N-public/matches/"))
    assert NEED not in html.links(Client().get("/needs/N-public/matches/"))


def test_entry_is_written_with_any_marks_between_words(officer: Client) -> None:
    data = {
        "trade": "嗡嗡响、吱吱叫\n咯噔",
        "technical": "异响; 振动",
        "context": "电机，轴承",
        "note": "",
        "do": "save",
    }
    assert officer.post("/office/thesaurus/new/", data).status_code == 302

    row = ThesaurusEntry.objects.get(technical=["异响", "振动"])
    assert (row.trade, row.context) == (["嗡嗡响", "吱吱叫", "咯噔"], ["电机", "轴承"])
    assert "吱吱叫" in html.text(officer.get("/office/thesaurus/?q=吱吱"))
    assert "No such entry." in html.text(officer.get("/office/thesaurus/?q=没有的"))


def test_trying_an_entry_shows_what_it_would_change_and_keeps_nothing(officer: Client, world: World) -> None:
    title = world.needs["public"].title
    data = {"trade": title[:4], "technical": "corn", "context": "", "note": "", "do": "try"}
    before = ThesaurusEntry.objects.count()
    page = html.text(officer.post("/office/thesaurus/new/", data))

    assert "What it would change" in page
    assert world.needs["public"].title_en in page
    assert ThesaurusEntry.objects.count() == before
    data["trade"] = "nobody says this"
    assert "No published need would use it." in html.text(officer.post("/office/thesaurus/new/", data))


def test_wrong_entry_keeps_what_was_written(officer: Client) -> None:
    data = {"trade": "响", "technical": "noise", "context": "", "note": "", "do": "save"}
    answer = officer.post("/office/thesaurus/new/", data)

    assert answer.status_code == 422
    assert "is a single character" in html.text(answer)
    assert "noise" in html.content(answer)


def test_entry_is_disabled_and_enabled(officer: Client, world: World) -> None:
    path = f"/office/thesaurus/{world.things['entry'].key}/"
    row = ThesaurusEntry.objects.get(key=world.things["entry"].key)
    for step, active in (("disable", False), ("enable", True)):
        officer.post(path, {"do": step})
        row.refresh_from_db()
        assert row.is_active is active
