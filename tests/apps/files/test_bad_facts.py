"""A real workbook of facts full of mistakes: each is said at its cell, in two languages, and the good rows load."""

from datetime import date, datetime

import pytest
from django.utils import translation

from keqiao.apps.parties.models import Fact
from tests.apps.acting import officer
from tests.apps.files.running import counts, load, problems
from tests.apps.files.tables import workbook
from tests.factories.parties import OrganizationFactory, UserFactory
from tests.web.world import code

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
HEADS = ["企业名称", "统一社会信用代码", "数据名称", "年度", "值", "计量单位", "数据来源", "数据日期"]
ONE, TWO = code(1), code(2)
MISTAKES = [
    (
        ["甲厂", ONE, "营业收入", 2025, 12.5, "人"],
        "F",
        "“人”不是营业收入的单位",
        "“人” is no unit of",
    ),
    (["甲厂", ONE, "营业收入", 2025, 12.5, None], "F", "没有写单位", "The unit is missing"),
    (["甲厂", ONE, "职工总数", 2025, -3, "人"], "E", "“-3”是负数", "“-3” is negative"),
    (["甲厂", ONE, "职工总数", 2025, 3.5, "人"], "E", "“3.5”不是整数", "“3.5” is no whole number"),
    (["甲厂", ONE, "研发费用总额", 2027, 3, "万元"], "D", "2027 年度还没有结束", "The year 2027 is not over"),
    (["甲厂", ONE, "研发费用总额", 2026, 3, "万元"], "D", "2026 年度还没有结束", "The year 2026 is not over"),
    (["甲厂", ONE, "天气", 2025, 3, "万元"], "C", "没有“天气”这项企业数据", "There is no fact “天气”"),
    (["乙厂", ONE, "职工总数", 2024, 5, "人"], "A", "这个代码登记的是“甲厂”", "This code belongs to “甲厂”"),
    (["乙厂", ONE[:-1] + "Z", "职工总数", 2024, 5, "人"], "B", "统一社会信用代码里不会出现", "never contains"),
    (["乙厂", TWO, "注册成立日期", None, "2028-01-01", None], "E", "2028-01-01 还没有到", "is still to come"),
]


@pytest.fixture(autouse=True)
def _firms() -> None:
    OrganizationFactory(name="甲厂", uscc=ONE, area="229901")
    OrganizationFactory(name="乙厂", uscc=TWO, area="229901")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_mistake_is_said_at_its_cell_and_good_rows_load(language: str, now: datetime) -> None:
    day = date(2026, 5, 31)
    good = [["甲厂", ONE, "职工总数", 2025, 186, "人"], ["乙厂", TWO, "职工总数", 2025, 5.0, "人"]]
    rows = [[*row, "税务", day] for row in (*good, *(mistake[0] for mistake in MISTAKES))]

    with translation.override(language):  # the language of whoever uploads, not that of the table
        run = load("facts", workbook([HEADS, *rows]), by=officer("229901", UserFactory()), sender="area:229901", at=now)

    assert counts(run) == {"new": 2, "wrong": len(MISTAKES)}
    assert sorted(Fact.objects.values_list("name", "value")) == [("staff", 5), ("staff", 186)]
    found = problems(run)
    for line, (_row, column, chinese, english) in enumerate(MISTAKES, start=4):
        ((where, text),) = found[line]
        assert where == f"{column}{line}"
        assert (english if language == "en" else chinese) in text


def test_firm_that_stands_twice_and_a_wrong_unit_in_a_heading(now: datetime) -> None:
    rows = [
        ["统一社会信用代码", "2025年职工总数", "2025年营业收入（吨）"],
        [ONE, 7, None], [ONE, 8, None], [TWO, 9, 100],
    ]  # fmt: skip

    run = load("facts", workbook(rows), by=officer("229901", UserFactory()), sender="area:229901", at=now)

    assert problems(run) == {
        3: [("A3", "第 2 行已有这家企业，一家企业只能有一行。")],
        4: [("C4", "“吨”不是营业收入的单位，请用：万元、元、亿元、分。")],
    }
    assert list(Fact.objects.values_list("name", "value")) == [("staff", 7)]


def test_two_rows_of_one_value_that_differ_are_told(now: datetime) -> None:
    rows = [HEADS, *(["甲厂", ONE, "职工总数", 2025, value, "人", "税务", date(2026, 5, 31)] for value in (7, 8, 7))]

    run = load("facts", workbook(rows), by=officer("229901", UserFactory()), sender="area:229901", at=now)

    assert counts(run) == {"new": 1, "duplicate": 1, "wrong": 1}
    assert problems(run) == {3: [("3", "与第 2 行是同一条，内容却不同：请只留一行。")]}
