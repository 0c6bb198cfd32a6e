"""Facts from tables: one a row or one firm a row, with units, years, conflicts and firms that stand twice."""

import io
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from keqiao.apps.files import queries
from keqiao.apps.files.models import ImportRun
from keqiao.apps.parties.imports.facts import heading_of
from keqiao.apps.parties.models import Fact, Organization
from tests.apps.acting import editor, officer
from tests.apps.files.running import check, counts, load, problems
from tests.apps.files.tables import text_table, workbook
from tests.factories.parties import FactFactory, OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
LONG = ["企业名称", "统一社会信用代码", "数据名称", "年度", "值", "计量单位", "数据来源", "数据日期"]


@pytest.fixture
def firm() -> Organization:
    found = OrganizationFactory(name="甲厂")
    assert isinstance(found, Organization)
    return found


def office() -> dict[str, Any]:
    return {"by": officer("229901", UserFactory()), "sender": "area:229901"}


def live() -> list[tuple[Any, ...]]:
    return list(Fact.objects.filter(ended_at=None).order_by("name", "-year").values_list("name", "year", "value"))


def changes(run: ImportRun) -> list[dict[str, Any]]:
    return [row.changes for row in queries.import_rows(run)]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("revenue_fen_t1", "revenue_fen.t1"),
        ("staff_t3", ""),
        ("founded", "founded."),
        ("staff", "staff.row"),
        ("2025年营业收入", "revenue_fen.2025"),
        ("营业收入2025年度", "revenue_fen.2025"),
        ("职工总数", "staff.row"),
        ("2025年注册成立日期", ""),
        ("天气", ""),
    ],
)
def test_heading_names_fact_and_year(heading: str, code: str) -> None:
    assert heading_of(heading) == code


def test_long_table_is_read_twice_without_doubles(firm: Organization, now: datetime) -> None:
    rows = [
        LONG,
        ["甲厂", firm.uscc, "营业收入", 2025, 1200.5, "万元", "税务", date(2026, 5, 31)],
        ["甲厂", "", "职工总数", "2025年", "30", "", "", "2026-05-31"],
        ["", firm.uscc, "居民企业", "", "是", "", "税务", "2026-05-31"],
        ["甲厂", "", "rd_fen", 2025, 5000, "", "税务", "2026-05-31"],
        ["甲厂", "", "奖励", "", '[{"kind": "st_prize", "rank": 2}]', "", "", "2026-05-31"],
    ]

    first, again = (load("facts", workbook(rows), at=now, **office()) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 5}, {"duplicate": 5})
    assert live() == [
        ("awards", None, [{"kind": "st_prize", "rank": 2}]),
        ("rd_fen", 2025, 5000),
        ("resident", None, True),
        ("revenue_fen", 2025, 1_200_500_000),
        ("staff", 2025, 30),
    ]
    assert Fact.objects.get(name="staff").register == "社保/年报"
    assert Fact.objects.count() == 5


def test_row_that_cannot_be_taken_says_where_and_why(firm: Organization, now: datetime) -> None:
    rows = [
        LONG,
        ["甲厂", "", "营业收入", 2025, 1200, "", "税务", ""],
        ["甲厂", "", "营业收入", 2025, 1200, "人", "税务", ""],
        ["甲厂", "", "职工总数", 2025, -3, "人", "", ""],
        ["甲厂", "", "职工总数", 2026, 3, "人", "", ""],
        ["甲厂", "", "注册成立日期", "", "2019-02-30", "", "", ""],
        ["甲厂", "", "心情", 2025, 3, "", "", ""],
        ["甲厂", "", "科技人员数", 2025, 3, "", "", ""],
        ["甲厂", "", "科技人员数", 2025, 3, "", "企业自报", ""],
        ["乙厂", "", "职工总数", 2025, 3, "人", "", ""],
        ["甲厂", "", "居民企业", "", "", "", "", ""],
    ]

    run = load("facts", workbook(rows), at=now, **office())

    assert counts(run) == {"wrong": 10}
    found = {line: (some[0][0], some[0][1]) for line, some in problems(run).items()}
    assert {line: place for line, (place, _) in found.items()} == {
        2: "F2", 3: "F3", 4: "E4", 5: "D5", 6: "E6", 7: "C7", 8: "G8", 9: "G9", 10: "A10", 11: "E11",
    }  # fmt: skip
    said = {2: "没有写单位", 3: "不是营业收入的单位", 4: "不能小于 0", 5: "还没有结束", 6: "不是完整的日期",
            7: "没有“心情”", 8: "没有主管登记", 9: "没有主管登记", 10: "名录里没有这个单位", 11: "是空的"}  # fmt: skip
    assert [line for line, words in said.items() if words not in found[line][1]] == []
    assert live() == []


def test_wide_table_with_names_of_the_policies(firm: Organization, now: datetime) -> None:
    rows = [
        ["uscc", "staff_t1", "revenue_fen_t1", "revenue_fen_t2", "is_sme", "certificates"],
        [firm.uscc, 30, 5_000_000, 4_000_000, "true", '[{""type"": ""srdi""}]'],
    ]
    content = text_table([rows[0], [*rows[1][:5], f'"{rows[1][5]}"']])

    first, again = (load("facts", content, name="t.csv", at=now, **office()) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 1}, {"duplicate": 1})
    assert live() == [
        ("certificates", None, [{"type": "srdi"}]),
        ("is_sme", None, True),
        ("revenue_fen", 2025, 5_000_000),
        ("revenue_fen", 2024, 4_000_000),
        ("staff", 2025, 30),
    ]


def test_wide_table_with_labels_years_and_units(firm: Organization, now: datetime) -> None:
    rows = [
        ["企业名称", "年度", "2024年营业收入（万元）", "职工总数", "市场占有率（%）", "注册成立日期"],
        ["甲厂", 2025, 350.25, 31, 12.5, date(2019, 3, 5)],
    ]

    run = load("facts", workbook(rows), at=now, **office())

    assert counts(run) == {"new": 1}
    assert live() == [
        ("founded", None, "2019-03-05"),
        ("market_share_bp", None, 1250),
        ("revenue_fen", 2024, 350_250_000),
        ("staff", 2025, 31),
    ]


def test_wide_row_with_one_new_value_among_known_ones_is_written(firm: Organization, now: datetime) -> None:
    load("facts", workbook([["企业名称", "staff_t1"], ["甲厂", 30]]), at=now, **office())

    run = load("facts", workbook([["企业名称", "staff_t1", "resident"], ["甲厂", 30, "是"]]), at=now, **office())

    assert counts(run) == {"changed": 1}
    assert live() == [("resident", None, True), ("staff", 2025, 30)]


def test_amount_under_a_label_without_unit_is_not_guessed(firm: Organization, now: datetime) -> None:
    rows = [["企业名称", "2025年营业收入", "2024年营业收入"], ["甲厂", 350.25, "300万元"]]

    run = load("facts", workbook(rows), at=now, **office())

    assert [(place, text[:5]) for place, text in problems(run)[2]] == [("B2", "没有写单位")]


def test_firm_that_stands_twice_in_a_wide_table_is_wrong(firm: Organization, now: datetime) -> None:
    rows = [["统一社会信用代码", "staff_t1"], [firm.uscc, 30], [firm.uscc, 31]]

    run = load("facts", workbook(rows), at=now, **office())

    assert counts(run) == {"new": 1, "wrong": 1}
    assert problems(run)[3] == [("A3", "第 2 行已有这家企业，一家企业只能有一行。")]
    assert live() == [("staff", 2025, 30)]


def test_changed_and_contradicting_values_are_told_apart_before_writing(firm: Organization, now: datetime) -> None:
    FactFactory(organization=firm, value=28, register="社保/年报", observed_on=date(2026, 1, 1))
    FactFactory(organization=firm, name="tech_staff", value=5, observed_on=date(2026, 1, 1))
    rows = [
        LONG,
        ["甲厂", "", "职工总数", 2025, 30, "", "社保/年报", "2026-05-31"],
        ["甲厂", "", "科技人员数", 2025, 7, "", "科技", "2026-05-31"],
    ]

    run = check("facts", workbook(rows), at=now, **office())

    assert changes(run) == [
        {"value": ["28 人 (2026-01-01)", "30 人 (2026-05-31)"]},
        {"value": ["5 人（税务，与本行冲突，两个都保留）", "7 人 (2026-05-31)"]},
    ]
    assert counts(run) == {"changed": 2}


def test_older_table_changes_nothing(firm: Organization, now: datetime) -> None:
    FactFactory(organization=firm, value=28, observed_on=date(2026, 6, 1))
    rows = [LONG, ["甲厂", "", "职工总数", 2025, 30, "", "税务", "2026-05-31"]]

    run = load("facts", workbook(rows), at=now, **office())

    assert "比这一条新" in problems(run)[2][0][1]


def test_firm_brings_its_own_statements_and_nobody_elses(firm: Organization, now: datetime) -> None:
    OrganizationFactory(name="乙厂")
    rows = [LONG, ["甲厂", "", "职工总数", 2025, 30, "", "税务", ""], ["乙厂", "", "职工总数", 2025, 30, "", "", ""],
            ["", "", "专家评分：研发组织管理（高）", "", 20, "", "", ""]]  # fmt: skip

    run = load("facts", workbook(rows), at=now, by=editor(firm), sender=f"organization:{firm.key}")

    assert counts(run) == {"new": 1, "wrong": 2}
    assert list(Fact.objects.values_list("register", "status")) == [("企业自报", "self_declared")]


def test_parquet_with_lists_as_they_are(firm: Organization, now: datetime) -> None:
    frame = pl.DataFrame(
        {"uscc": [firm.uscc], "staff_t1": [30], "founded": [date(2019, 3, 5)],
         "certificates": [[{"type": "srdi", "from": date(2024, 1, 1)}]]}
    )  # fmt: skip
    stream = io.BytesIO()
    frame.write_parquet(stream)

    run = load("facts", stream.getvalue(), name="facts.parquet", at=now, **office())

    assert counts(run) == {"new": 1}
    assert live() == [
        ("certificates", None, [{"type": "srdi", "from": "2024-01-01"}]),
        ("founded", None, "2019-03-05"),
        ("staff", 2025, 30),
    ]
