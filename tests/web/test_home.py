"""The front page and the box for a problem."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market.models import Need
from keqiao.apps.proposals.queries import board, opened
from tests.web.conftest import SignIn, english
from tests.web.html import notices, text

TOO_SHORT = "太短了，请多写几个字：什么东西、出了什么毛病、想达到什么效果。"
TOO_LONG = "请控制在 2000 字以内，先说最要紧的。"
EMPTY = "请先写下您的难题，一句话也可以。"
PROBLEM = "切割机的光纤激光器功率下降，想要 3 kW 以上的"


def tiles(response: HttpResponse) -> dict[str, int]:
    found = re.findall(r'class="tile"[^>]*><b>([\d,]+)</b>([^<]+)<', response.content.decode())
    return {name: int(number.replace(",", "")) for number, name in found if number != "0"}


def answered(response: HttpResponse) -> list[str]:
    return re.findall(r'<h3><a href="/offers/([\w-]+)/">', response.content.decode())


def ask(client: Client, problem: str, *, htmx: bool = False) -> HttpResponse:
    return client.post("/ask/", {"problem": problem}, headers={"HX-Request": "true"} if htmx else {})


def test_home_counts_what_there_is(visitor: Client) -> None:
    answered = {
        "公开的建议提案": opened.count_public(),
        "公开的答复": board.published_replies().count(),
        "跟踪的承诺": board.shown_promises().count(),
    }

    assert tiles(visitor.get("/")) == {"科技成果": 2, "企业需求": 4, **answered}


def test_home_counts_in_english(visitor: Client) -> None:
    found = tiles(english(visitor).get("/"))

    assert list(found) == [
        "Achievement",
        "Needs of firms",
        "Published proposals",
        "Public replies",
        "Promises followed",
    ]


def test_home_shows_the_latest_of_both(visitor: Client) -> None:
    page = visitor.get("/").content.decode()

    assert set(re.findall(r'<li><a href="/(needs|offers)/([\w-]+)/"', page)) == {
        ("needs", "N-public"), ("needs", "N-abstract_only"), ("needs", "N-registered"), ("needs", "N-introduction"),
        ("offers", "F-public"), ("offers", "F-corn"),
    }  # fmt: skip


def test_answer_ranks_and_explains(visitor: Client) -> None:
    response = ask(visitor, PROBLEM)

    assert response.status_code == 200
    assert answered(response)[0] == "F-public"
    assert "为什么推荐" in text(response)
    assert PROBLEM in text(response), "the box keeps what was asked"


def test_answer_to_htmx_is_a_part_of_the_page(visitor: Client) -> None:
    response = ask(visitor, PROBLEM, htmx=True)

    assert response.status_code == 200
    assert answered(response)[0] == "F-public"
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [("", EMPTY), ("   ", EMPTY), ("坏了", TOO_SHORT), ("啊" * 2001, TOO_LONG), ("7" * 100_000, TOO_LONG)],
    ids=["empty", "blank", "short", "long", "digits"],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_problem_that_cannot_be_asked_says_why(problem: str, sentence: str, htmx: bool, visitor: Client) -> None:
    response = ask(visitor, problem, htmx=htmx)

    assert response.status_code == (200 if htmx else 422)
    assert set(notices(response)) == {sentence}
    assert answered(response) == []


def test_longest_problem_of_digits_is_answered(visitor: Client) -> None:
    assert ask(visitor, "7" * 2000).status_code == 200


def test_problem_with_html_is_shown_as_typed(visitor: Client) -> None:
    page = ask(visitor, "<script>alert(1)</script> 激光器功率下降").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 激光器功率下降" in page


def test_problem_leaves_no_trace(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    before = (ledger.last_seq(), Need.objects.count())

    ask(visitor, "绝密工艺QWERTY，激光器功率下降")

    assert (ledger.last_seq(), Need.objects.count()) == before
    assert "QWERTY" not in caplog.text
    assert "sessionid" not in visitor.cookies


def test_answer_before_there_is_an_index_says_so(visitor: Client, tmp_path: Path) -> None:
    with override_settings(INDEX_ROOT=tmp_path):
        assert "索引还在建立，请一分钟后再试。" in notices(ask(visitor, PROBLEM))


def test_plain_question_is_not_widened(visitor: Client) -> None:
    response = visitor.post("/ask/", {"problem": PROBLEM, "plain": "on"})

    assert response.status_code == 200
    assert "按行话联想了专业术语" not in text(response)


def test_demo_page_offers_the_demo_people_only(visitor: Client, sign_in: SignIn) -> None:
    assert re.findall(r'name="user" value="([^"]+)"', visitor.get("/demo/").content.decode()) == []


def test_demo_sign_in_refuses_people_who_are_not_of_the_demo(visitor: Client, world: object) -> None:
    key = str(world.users["administrator"].key)  # type: ignore[attr-defined]

    assert visitor.post("/demo/sign-in/", {"user": key}).status_code == 404


@override_settings(DEMO=False)
def test_demo_does_not_exist_outside_the_demo(visitor: Client) -> None:
    assert visitor.get("/demo/").status_code == 404
    assert visitor.post("/demo/sign-in/", {"user": "x"}).status_code == 404
    assert "演示：" not in text(visitor.get("/"))


def test_demo_sign_in_opens_the_desk(visitor: Client, world: object) -> None:
    person = world.users["editor"]  # type: ignore[attr-defined]
    person.is_demo = True
    person.save(update_fields=["is_demo"])

    response = visitor.post("/demo/sign-in/", {"user": str(person.key)})

    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert visitor.get("/desk/").status_code == 200
    person.is_demo = False
    assert settings.DEMO
