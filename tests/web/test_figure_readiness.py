"""The office learns before it freezes a figure that it would be refused, and why; sentences stand apart."""

import re

import pytest
from django.test import Client

from keqiao.apps.ledger.models import PublishedFigure
from keqiao.web.parts import figure_readiness
from tests.apps.ledger.figure_world import Rows, declared, masked, rows_in
from tests.web.conftest import SignIn
from tests.web.html import text
from tests.web.world import World


@pytest.fixture
def department(sign_in: SignIn) -> Client:
    return sign_in("region")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What was read for another test is forgotten: tests change definitions, which the ledger does not know of."""
    figure_readiness._read.cache_clear()
    figure_readiness._draft_problem.cache_clear()


def line(client: Client, code: str, query: str = "?year=2026") -> str:
    """What the row of a figure says."""
    page = client.get(f"/office/figures/ready/{query}").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    return next(" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows if f">{code}<" in row)


def test_figure_of_two_firms_is_told_to_be_refused_with_the_reason(department: Client) -> None:
    with declared(masked(Rows(*rows_in("229901", "229902")), code="too_few")):
        assert "会被拒绝" in line(department, "too_few")
        told = text(department.get("/office/figures/ready/?year=2026", headers={"HX-Request": "true"}))
    assert "合计不足 3 个单位" in told


def test_figure_that_nothing_stands_against_is_said_to_be_ready(department: Client) -> None:
    with declared(masked(Rows(*rows_in("229901", "229901", "229902", "229902", "229902")), code="enough")):
        assert "可以冻结 5 项 5" in line(department, "enough")


def test_breakdowns_that_would_be_withheld_are_named(department: Client) -> None:
    with declared(masked(Rows(*rows_in("229901", "229902", "229903")), code="withheld")):
        assert "整表不公开 By place" in line(department, "withheld")


def test_what_stands_unchanged_and_a_waiting_draft_are_in_order(department: Client, world: World) -> None:
    standing = PublishedFigure.objects.get(pk=world.things["figure register_labs"].pk)
    draft = PublishedFigure.objects.get(pk=world.things["figure offers_published"].pk)

    assert "与现有版本相同" in line(department, standing.code, f"?year={standing.year}&as_of={standing.as_of}")
    assert "稿子待复核" in line(department, draft.code, f"?year={draft.year}&as_of={draft.as_of}")


def test_year_that_has_not_come_has_nothing_to_check(department: Client) -> None:
    assert "还没有到" in text(department.get("/office/figures/ready/?year=2100"))
    assert department.get("/office/figures/ready/?year=x&as_of=y").status_code == 200


def test_page_of_a_draft_says_that_publishing_would_be_refused(department: Client, world: World) -> None:
    draft = PublishedFigure.objects.get(pk=world.things["figure offers_published"].pk)
    assert "现在发布会被拒绝" not in text(department.get(f"/office/figures/{draft.key}/"))

    PublishedFigure.objects.filter(pk=draft.pk).update(version=99)
    figure_readiness._draft_problem.cache_clear()
    assert "现在发布会被拒绝" in text(department.get(f"/office/figures/{draft.key}/"))


def test_sentences_stand_apart_from_what_is_counted(department: Client, world: World) -> None:
    page = department.get("/office/figures/").content.decode()
    counted, _sep, stated = page.partition('id="stated"')

    code = world.things["figure stated_pledges"].code
    assert (f">{code}<" in counted, f">{code}<" in stated) == (False, True)
