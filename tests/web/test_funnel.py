"""The page of the funnel: numbers, chart, table and file say the same; odd parameters count as none."""

import csv
import io

import pytest
from django.test import Client

from tests.web.html import text
from tests.web.world import World


def test_page_shows_each_step_with_its_share(visitor: Client, world: World) -> None:
    page = text(visitor.get("/funnel/"))

    assert "已发布 5 已引荐 3 60%" in page
    assert "合计 5 3 60% 1 20% 1 20% 0 0%" in page


def test_file_holds_the_rows_of_the_table(visitor: Client, world: World) -> None:
    answer = visitor.get("/funnel/", {"by": "area", "export": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows[0] == ["按地区", "已发布", "已引荐", "双方有意", "进入洽谈", "达成合同", "认定登记"]
    assert [row[1] for row in rows[1:]] == ["5"]


@pytest.mark.parametrize("query", ["by=password", "year=abc", "area=nowhere", "field=%00", "by=month&year=2026"])
def test_odd_parameters_give_a_page(query: str, visitor: Client) -> None:
    assert visitor.get(f"/funnel/?{query}").status_code == 200


def test_range_without_needs_says_so(visitor: Client) -> None:
    assert "这个范围里还没有发布过需求" in text(visitor.get("/funnel/?field=nuclear"))
