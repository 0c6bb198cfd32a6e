"""Needs from tables and forms: read, judged, written once, never published."""

from datetime import date, datetime

import pytest

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.models import Need
from keqiao.apps.parties.models import Organization, User
from tests.apps.acting import broker, officer
from tests.apps.files.running import check, counts, load, problems
from tests.apps.files.tables import document, text_table, workbook
from tests.factories.market import NeedFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
HEADINGS = ["需求编号", "企业名称", "统一社会信用代码", "技术需求名称", "需求描述", "核心指标", "拟投入资金（万元）",
            "研发时限", "合作方式", "产权归属"]  # fmt: skip


@pytest.fixture
def firm() -> Organization:
    return OrganizationFactory(name="松江激光设备有限公司")


@pytest.fixture
def user() -> User:
    return UserFactory()


def row(firm: Organization, number: str, title: str, **values: object) -> list[object]:
    given = {"需求编号": number, "企业名称": firm.name, "统一社会信用代码": firm.uscc, "技术需求名称": title} | values
    return [given.get(heading, "") for heading in HEADINGS]


def test_needs_of_a_real_table_become_drafts(firm: Organization, user: User, now: datetime) -> None:
    content = workbook(
        [
            ["2026年企业技术需求征集表"],
            HEADINGS,
            row(firm, "A1", "功率下降", 需求描述="两小时后功率从 2 kW 掉到 1.5 kW。",
                核心指标="输出功率≥2kW；功率波动≤1%",
                **{"拟投入资金（万元）": "100-300", "研发时限": date(2027, 6, 30), "合作方式": "委托研发、技术转让",
                   "产权归属": "双方共有"}),
            row(firm, "A2", "镜片污染", **{"拟投入资金（万元）": 50, "研发时限": "18个月"}),
            [],
            ["合计", "2项"],
        ],
        sheet="汇总", before="说明", merges=[("A1:J1", "2026年企业技术需求征集表")],
    )  # fmt: skip

    run = load("needs", content, by=broker(user), at=now, sender=f"user:{user.key}")

    assert (run.state, run.sheet, counts(run), problems(run)) == ("done", "汇总", {"new": 2}, {})
    first, second = Need.objects.order_by("title").exclude(title="镜片污染").get(), Need.objects.get(title="镜片污染")
    assert (first.state, first.organization, first.author, first.deadline_date) == (
        "draft",
        firm,
        user,
        date(2027, 6, 30),
    )
    assert (first.budget_min_fen, first.budget_max_fen, second.budget_max_fen) == (100_000_000, 300_000_000, 50_000_000)
    assert (first.coop_modes, first.ip_policy, second.deadline_date) == (
        ["commissioned", "transfer"], "joint", date(2028, 5, 21),
    )  # fmt: skip
    assert [(line.name, line.op, line.low, line.unit) for line in first.indicators.all()] == [
        ("输出功率", "ge", 2.0, "kW"), ("功率波动", "le", 1.0, "%"),
    ]  # fmt: skip


def test_second_import_of_the_same_file_writes_nothing(firm: Organization, user: User, now: datetime) -> None:
    content = workbook([HEADINGS, row(firm, "A1", "功率下降", 需求描述="掉功率。"), row(firm, "", "镜片污染")])
    who = {"by": broker(user), "at": now, "sender": f"user:{user.key}"}
    load("needs", content, **who)
    before = list(Need.objects.order_by("pk").values())

    again = load("needs", content, **who)

    assert (again.state, counts(again)) == ("checked", {"duplicate": 2})
    assert list(Need.objects.order_by("pk").values()) == before


def test_changed_row_changes_the_draft_and_says_what(firm: Organization, user: User, now: datetime) -> None:
    who = {"by": broker(user), "at": now, "sender": f"user:{user.key}"}
    load("needs", workbook([HEADINGS, row(firm, "A1", "功率下降", 需求描述="旧")]), **who)

    run = load("needs", workbook([HEADINGS, row(firm, "A1", "功率逐渐下降", 需求描述="新")]), **who)

    assert counts(run) == {"changed": 1}
    assert run.rows.get().changes == {"title": ["功率下降", "功率逐渐下降"], "text": ["旧", "新"]}
    assert list(Need.objects.values_list("title", "text")) == [("功率逐渐下降", "新")]


def test_wrong_rows_say_where_and_why_and_the_others_load(firm: Organization, user: User, now: datetime) -> None:
    published = NeedFactory(organization=firm, title="已在市场上")
    content = workbook(
        [
            HEADINGS,
            row(firm, "A1", ""),
            row(firm, "A2", "钱不对", **{"拟投入资金（万元）": "很多", "研发时限": "下周"}),
            ["A3", "别的公司", firm.uscc, "代码与名称不符"],
            ["A4", "没有这家公司", "", "未登记"],
            ["A5", "", "911", "代码太短"],
            row(firm, "", published.title, 需求描述="改一下"),
            row(firm, "A7", "好的一条"),
            row(firm, "A7", "编号用了两次"),
        ]
    )

    run = load("needs", content, by=broker(user), at=now, sender=f"user:{user.key}")

    assert counts(run) == {"new": 1, "wrong": 7}
    assert Need.objects.exclude(pk=published.pk).get().title == "好的一条"
    found = problems(run)
    assert {line: [where for where, _ in found[line]] for line in found} == {
        2: ["D2"], 3: ["G3", "H3"], 4: ["B4"], 5: ["B5"], 6: ["C6"], 7: ["D7"], 9: ["9"],
    }  # fmt: skip
    assert found[6] == [("C6", "统一社会信用代码应为 18 位，请数一数是否多了或少了。")]
    assert found[9] == [("9", "与第 8 行是同一条，内容却不同：请只留一行。")]


def test_new_firms_are_registered_on_the_way_where_wanted(firm: Organization, user: User, now: datetime) -> None:
    code = OrganizationFactory.build().uscc
    rows = [["企业名称", "统一社会信用代码", "需求名称"], ["新办企业", code, "难题一"], ["新办企业", code, "难题二"]]
    who = {"by": officer("229901", user), "at": now, "sender": "area:229901"}

    refused = check("needs", workbook(rows), **who)
    run = load("needs", workbook(rows), register=True, **who)

    assert (counts(refused), counts(run), run.written) == ({"wrong": 2}, {"new": 2}, 2)
    body = Organization.objects.get(uscc=code)
    assert (body.name, body.area, Need.objects.filter(organization=body, area="229901").count()) == (
        "新办企业",
        "229901",
        2,
    )


def test_handed_in_rows_wait_for_an_officer(firm: Organization, user: User, now: datetime) -> None:
    rows = [HEADINGS, row(firm, "A1", "功率下降", 需求描述="掉功率。")]

    load("needs", workbook(rows), by=officer("229901", user), at=now, sender="area:229901", submit=True)

    assert list(Need.objects.values_list("state", "area")) == [("submitted", "229901")]


def test_row_that_would_give_away_a_secret_is_refused_alone(firm: Organization, user: User, now: datetime) -> None:
    rows = [[*HEADINGS, "保密要求", "摘要"], [*row(firm, "A1", f"{firm.name}的难题"), "仅公开摘要", "公开的话"],
            [*row(firm, "A2", "镜片污染"), "全文公开", ""]]  # fmt: skip

    run = load("needs", workbook(rows), by=broker(user), at=now, sender=f"user:{user.key}", submit=True)

    assert counts(run) == {"new": 1, "wrong": 1}
    assert list(Need.objects.values_list("title", "state")) == [("镜片污染", "submitted")]
    assert list(ledger.verify()) == []


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), ("\t", "gb18030"), ("|", "gb18030"), (";", "utf-16")]
)
def test_needs_of_text_files(separator: str, encoding: str, firm: Organization, user: User, now: datetime) -> None:
    rows = [["企业名称", "需求名称", "需求描述"], [firm.name, "功率下降", "掉功率"], [firm.name, "镜片污染", "有油"]]
    content = text_table(rows, separator=separator, encoding=encoding)

    run = load("needs", content, by=broker(user), at=now, sender=f"user:{user.key}", name="需求.csv")

    assert (counts(run), set(Need.objects.values_list("title", flat=True))) == ({"new": 2}, {"功率下降", "镜片污染"})


def test_needs_of_a_document_one_a_form(firm: Organization, user: User, now: datetime) -> None:
    content = document(
        [
            ("企业名称", firm.name),
            ("需求名称", "功率下降"),
            ("需求描述", "两小时后掉功率。"),
            ("拟投入资金（万元）", "100"),
        ],
        [("需求名称", "镜片污染"), ("需求描述", "有油。"), ("产权归属", "归企业")],
        [("需求名称", ""), ("需求描述", "忘了写名称")],
        paragraphs=["技术需求征集表", f"统一社会信用代码：{firm.uscc}"],
    )

    run = load("needs", content, by=broker(user), at=now, sender=f"user:{user.key}", name="需求表.docx")

    assert (counts(run), problems(run)) == ({"new": 2, "wrong": 1}, {3: [("3", "是空的，请填写。")]})
    assert list(Need.objects.order_by("pk").values_list("title", "organization", "ip_policy", "budget_max_fen")) == [
        ("功率下降", firm.pk, "", 100_000_000), ("镜片污染", firm.pk, "firm", None),
    ]  # fmt: skip


def test_import_leaves_one_entry_a_batch(firm: Organization, user: User, now: datetime) -> None:
    rows = [HEADINGS, *(row(firm, f"A{n}", f"难题 {n}") for n in range(450))]

    run = load("needs", workbook(rows), by=broker(user), at=now, sender=f"user:{user.key}")

    assert (run.written, Need.objects.count()) == (450, 450)
    written = Entry.objects.filter(kind="import.write").order_by("seq")
    assert [entry.facts["count"] for entry in written] == [200, 200, 50]
    assert not Entry.objects.filter(kind="need.create").exists()
    assert set(written[2].values_row.values["subjects"]) == {
        f"need:{key}" for key in Need.objects.order_by("-pk")[:50].values_list("key", flat=True)
    }
    assert list(ledger.verify()) == []
