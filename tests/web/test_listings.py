"""Lists and pages of needs and offers, and their downloads."""

import csv
import io
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from keqiao.apps.ledger.models import Entry
from tests.web import world as worlds
from tests.web.conftest import SignIn, english
from tests.web.html import text
from tests.web.world import World

PUBLISHED = {"N-public", "N-abstract_only", "N-registered", "N-introduction"}


def listed(response: HttpResponse) -> list[str]:
    return re.findall(r'<td class="wrap"><a href="/(?:needs|offers)/([\w-]+)/">', response.content.decode())


def downloaded(response: HttpResponse, kind: str) -> list[dict[str, str]]:
    """The rows of a downloaded table as texts under its headings."""
    if kind == "csv":
        grid = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    else:
        grid = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, grid[0]), map(str, row), strict=True)) for row in grid[1:]]


def test_list_of_needs_shows_published_ones(visitor: Client) -> None:
    response = visitor.get("/needs/")

    assert set(listed(response)) == PUBLISHED
    assert "共 4 条" in text(response)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("urgency=high", {"N-public"}),
        (f"area={worlds.OTHER_AREA}", {"N-abstract_only", "N-introduction"}),
        ("area=229999", PUBLISHED),
        ("need_kind=software", set()),
        ("urgency=high&area=229902", set()),
    ],
)
def test_filters_narrow_the_list(query: str, expected: set[str], visitor: Client) -> None:
    assert set(listed(visitor.get(f"/needs/?{query}"))) == expected


def test_unknown_filter_values_are_named(visitor: Client) -> None:
    response = visitor.get("/needs/?urgency=nonsense")

    assert response.status_code == 200
    assert "nonsense" in text(response)


def test_search_finds_by_words_best_first(visitor: Client) -> None:
    assert listed(visitor.get("/offers/?q=玉米秸秆"))[0] == "F-corn"


def test_list_without_results_offers_to_clear_the_conditions(visitor: Client) -> None:
    assert "没有符合条件的条目 换个说法，或者放宽条件再试。 清除条件" in text(visitor.get("/needs/?need_kind=software"))


def test_list_to_htmx_is_the_list_alone(visitor: Client) -> None:
    page = visitor.get("/needs/", headers={"HX-Request": "true"}).content.decode()

    assert page.startswith('<div id="list"')


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1" * 400])
def test_page_numbers_out_of_range_show_a_page(page: str, visitor: Client) -> None:
    assert set(listed(visitor.get("/needs/", {"page": page}))) == PUBLISHED


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("query", ["", "urgency=high", f"area={worlds.OTHER_AREA}", "q=激光"])
def test_download_holds_what_the_list_shows(kind: str, query: str, visitor: Client) -> None:
    shown = listed(visitor.get(f"/needs/?{query}"))

    rows = downloaded(visitor.get(f"/needs/?{query}&export={kind}"), kind)

    assert [row["编号"] for row in rows] == shown
    assert shown != []


def test_download_in_english_has_english_headings(visitor: Client) -> None:
    rows = downloaded(english(visitor).get("/offers/?export=csv"), "csv")

    assert list(rows[0]) == ["Number", "Title", "Kind", "Technology field", "Organisation", "Area", "Abstract",
                             "Published on", "Valid until"]  # fmt: skip
    assert {row["Organisation"] for row in rows} == {"Demo Institute"}


def test_download_of_an_unknown_kind_is_the_list(visitor: Client) -> None:
    assert visitor.get("/needs/?export=exe")["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://x.invalid","y")', "+1+1", "-2+3", "@SUM(1)", "\t=1"])
def test_formulas_are_neutralised_in_downloads(formula: str, world: World, visitor: Client) -> None:
    worlds.offer(world, "formula", title=formula)
    del world.offers["formula"]

    table = visitor.get("/offers/?export=csv").content.decode("utf-8-sig")
    cells = {str(row["标题"]) for row in downloaded(visitor.get("/offers/?export=xlsx"), "xlsx")}

    assert not re.search(r'(^|,)"?[=+\-@\t]', table, re.MULTILINE)
    assert not {cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))}
    assert [cell for cell in cells if formula.strip()[1:] in cell] != [], "the text itself is there"


def test_need_page_shows_its_facts(visitor: Client) -> None:
    page = text(visitor.get("/needs/N-public/"))

    assert "光纤激光器功率下降 public" in page
    assert "连续切割两小时后功率从 2 kW 掉到 1.5 kW。" in page
    assert "拟投入资金 100 万元 – 300 万元" in page
    assert "合作方式 委托开发 、 技术许可" in page or "合作方式 委托开发、技术许可" in page
    assert "Output power ≥ 2 kW — — 是" in page


def test_need_page_in_english(visitor: Client) -> None:
    page = text(english(visitor).get("/needs/N-public/"))

    assert "After two hours power falls." in page
    assert "Planned funds 1 million yuan – 3 million yuan" in page
    assert "Form of cooperation Commissioned development, Technology licence" in page


def test_need_page_fetches_its_matches(visitor: Client) -> None:
    assert 'hx-get="/needs/N-public/matches/"' in visitor.get("/needs/N-public/").content.decode()


def test_matches_of_a_need_name_offers_that_may_solve_it(visitor: Client) -> None:
    assert '<h3><a href="/offers/F-public/">' in visitor.get("/needs/N-public/matches/").content.decode()


def test_matches_come_as_a_part_for_htmx(visitor: Client) -> None:
    part = visitor.get("/needs/N-public/matches/", headers={"HX-Request": "true"}).content.decode()

    assert '<h3><a href="/offers/F-public/">' in part
    assert "<html" not in part


def test_offer_page_shows_its_details(visitor: Client) -> None:
    assert "技术就绪度 TRL 7 成果形式 新装备 所处阶段 中试" in text(visitor.get("/offers/F-public/"))


def test_matches_of_an_offer_name_needs_it_may_serve(visitor: Client) -> None:
    assert '<h3><a href="/needs/N-public/">' in visitor.get("/offers/F-public/matches/").content.decode()


@pytest.mark.parametrize("path", ["/needs/N-draft/matches/", "/offers/nothing/matches/"])
def test_matches_of_unpublished_entries_look_like_none(path: str, visitor: Client) -> None:
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/needs/N-draft/", "/needs/N-submitted/", "/needs/N-withdrawn/", "/offers/F-draft/", "/needs/nothing/"]
)
def test_unpublished_entries_look_like_none(path: str, visitor: Client) -> None:
    assert visitor.get(path).status_code == 404


def test_owner_sees_the_state_of_an_unpublished_entry(sign_in: SignIn) -> None:
    assert "该条目的状态是“待审核”，公众看不到。" in text(sign_in("member").get("/needs/N-submitted/"))


def test_visitor_is_sent_to_sign_in_for_a_registered_need(visitor: Client) -> None:
    response = visitor.get("/needs/N-registered/")

    assert "REGISTEREDTEXT" not in response.content.decode()
    assert 'href="/account/login/?next=/needs/N-registered/"' in response.content.decode()


def test_full_text_opens_after_asking_and_is_recorded(sign_in: SignIn, world: World) -> None:
    client = sign_in("scholar")
    assert "REGISTEREDTEXT" not in client.get("/needs/N-registered/").content.decode()

    response = client.post("/needs/N-registered/full-text/", follow=True)

    assert "REGISTEREDTEXT" in response.content.decode()
    entry = Entry.objects.order_by("-seq").first()
    assert entry is not None
    assert (entry.actor, entry.subject) == (f"user:{world.users['scholar'].key}", "need:N-registered")


def test_full_text_of_an_introduced_need_is_refused(sign_in: SignIn) -> None:
    response = sign_in("scholar").post("/needs/N-introduction/full-text/", follow=True)

    assert "发布单位选择引荐后公开全文，请联系所在地技术经纪人。" in text(response)
    assert "HIDDENTEXT" not in response.content.decode()


def test_visitor_who_asks_for_the_full_text_signs_in_first(visitor: Client) -> None:
    response = visitor.post("/needs/N-registered/full-text/")

    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/needs/N-registered/full-text/")
