"""Bodies, people, certificates, offers and past projects from tables; who may bring what."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.files import actions, queries
from keqiao.apps.files.kinds import kinds
from keqiao.apps.files.models import ImportRow, ImportRun
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.models import LegacyProject, Offer
from keqiao.apps.parties.models import Certificate, Organization, Person
from keqiao.apps.parties.senders import senders_of
from tests.apps.acting import administrator, broker, editor, officer
from tests.apps.files.running import advance, check, counts, load, problems, upload
from tests.apps.files.tables import workbook
from tests.factories.parties import OrganizationFactory, PersonFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
OFFICE = "area:229901"


def office() -> dict[str, object]:
    return {"by": officer("229901", UserFactory()), "sender": OFFICE}


def code() -> str:
    return str(OrganizationFactory.build().uscc)


def test_bodies_are_registered_changed_and_recognised(now: datetime) -> None:
    known, who = OrganizationFactory(name="旧名机械厂"), office()
    fresh = code()
    rows = [
        ["企业名称", "统一社会信用代码", "企业类型", "所在地区", "曾用名"],
        ["新办光学有限公司", fresh, "企业", "演示市", "新办光学厂"],
        ["新名机械厂", known.uscc, "", "", ""],
    ]

    first, again = (load("organizations", workbook(rows), at=now, **who) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 1, "changed": 1}, {"duplicate": 2})
    made = Organization.objects.get(uscc=fresh)
    assert (made.name, made.kind, made.area, list(made.names.values_list("name", "kind"))) == (
        "新办光学有限公司", "enterprise", "229901", [("新办光学厂", "former")],
    )  # fmt: skip
    known.refresh_from_db()
    assert (known.name, list(known.names.values_list("name", "kind"))) == ("新名机械厂", [("旧名机械厂", "former")])


def test_bodies_that_cannot_be_registered_say_why(now: datetime) -> None:
    elsewhere = OrganizationFactory(area="229902")
    rows = [
        ["单位名称", "统一社会信用代码", "所在地"],
        ["没有代码", "", ""],
        ["别的地区", code(), "松江市"],
        [elsewhere.name, elsewhere.uscc, ""],
        ["代码是数字", 912299990000000176, ""],
    ]

    run = load("organizations", workbook(rows), at=now, **office())

    assert counts(run) == {"wrong": 4}
    assert {line: found[0][0] for line, found in problems(run).items()} == {2: "B2", 3: "C3", 4: "4", 5: "B5"}
    assert "Excel 已丢掉末尾几位" in problems(run)[5][0][1]


def test_body_brings_its_own_facts_and_nobody_elses(now: datetime) -> None:
    own, other = OrganizationFactory(name="甲厂"), OrganizationFactory(name="乙厂")
    rows = [["名称", "统一社会信用代码", "简介"], ["甲厂", own.uscc, "做齿轮。"], ["乙厂", other.uscc, "改别人"],
            ["丙厂", code(), "新的"]]  # fmt: skip

    run = load("organizations", workbook(rows), at=now, by=editor(own), sender=f"organization:{own.key}")

    assert counts(run) == {"changed": 1, "wrong": 2}
    assert [row.summary for row in (Organization.objects.get(pk=own.pk), Organization.objects.get(pk=other.pk))] == [
        "做齿轮。", "",
    ]  # fmt: skip


def test_people_are_told_apart_by_more_than_their_name(now: datetime) -> None:
    body = OrganizationFactory(name="某研究所")
    known = PersonFactory(organization=body, name="王宁", email="a@example.invalid", phone="", title="研究员")
    rows = [
        ["姓名", "工作单位", "职称", "邮箱", "研究方向"],
        ["王宁", "某研究所", "研究员", "A@example.invalid", "光栅"],
        ["王宁", "某研究所", "副研究员", "b@example.invalid", "激光"],
        ["李四", "某研究所", "顾问", "", ""],
    ]

    first, again = (load("people", workbook(rows), at=now, **office()) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 1, "changed": 1, "wrong": 1}, {"duplicate": 2, "wrong": 1})
    known.refresh_from_db()
    other = Person.objects.get(email="b@example.invalid")
    assert (known.expertise, other.title_band, Person.objects.count()) == ("光栅", "associate", 2)
    assert problems(first)[4] == [("4", "看不出职称级别：请填写正高级、副高级或中级。")]


def test_people_are_brought_only_with_their_consent(now: datetime) -> None:
    OrganizationFactory(name="某研究所")
    rows = [["姓名", "单位", "职称"], ["王宁", "某研究所", "教授"]]

    with pytest.raises(ValidationError, match="已同意公开"):
        check("people", workbook(rows), at=now, consent=False, **office())


def test_certificates_with_days_as_numbers_and_texts(now: datetime) -> None:
    body = OrganizationFactory(name="甲厂")
    rows = [
        ["企业名称", "资质名称", "证书编号", "发证日期", "有效期至"],
        ["甲厂", "高企", "GR1", 45215, "2026年10月16日"],
        ["甲厂", "专精特新中小企业", "Z2", date(2024, 5, 1), ""],
        ["甲厂", "没有这种", "", "2024-01-01", ""],
        ["甲厂", "小巨人", "", "2024-01-01", "2023-01-01"],
    ]

    first, again = (load("certificates", workbook(rows), at=now, **office()) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 2, "wrong": 2}, {"duplicate": 2, "wrong": 2})
    assert list(Certificate.objects.order_by("issued_date").values_list("organization", "kind", "issued_date",
        "expires_date")) == [
        (body.pk, "hte", date(2023, 10, 16), date(2026, 10, 16)), (body.pk, "srdi", date(2024, 5, 1), None),
    ]  # fmt: skip
    assert {line: found[0][0] for line, found in problems(first).items()} == {4: "B4", 5: "E5"}


def test_office_confirms_and_revokes_certificates_that_a_firm_has_entered(now: datetime) -> None:
    body = OrganizationFactory(name="甲厂", area="229901")
    own = {"by": editor(body, UserFactory()), "sender": f"organization:{body.key}", "at": now}
    heads = ["企业名称", "资质名称", "发证日期", "有效期至", "撤销日期"]
    row = ["甲厂", "专精特新中小企业", "2024-05-01", "2027-04-30", ""]

    load("certificates", workbook([heads, row]), **own)
    assert not Certificate.objects.get().is_confirmed
    assert counts(load("certificates", workbook([heads, row]), at=now, **office())) == {"changed": 1}
    assert Certificate.objects.get().is_confirmed
    assert counts(load("certificates", workbook([heads, row]), at=now, **office())) == {"duplicate": 1}

    changed = [*row[:3], "2029-04-30", ""]
    assert problems(load("certificates", workbook([heads, changed]), **own))[2]
    load("certificates", workbook([heads, [*row[:4], "2026-02-01"]]), at=now, **office())
    ahead = load("certificates", workbook([heads, [*row[:4], "2036-02-01"]]), at=now, **office())

    kept = Certificate.objects.get()
    assert (kept.expires_date, kept.revoked_date) == (date(2027, 4, 30), date(2026, 2, 1))
    assert [found[0][0] for found in problems(ahead).values()] == ["E2"]


def test_offers_with_the_details_of_their_kind(now: datetime) -> None:
    body = OrganizationFactory(name="某研究所", kind="institute")
    person = PersonFactory(organization=body, name="王宁")
    rows = [
        ["成果编号", "完成单位", "类型", "成果名称", "成果简介", "技术成熟度", "负责人", "专有信息"],
        ["1", "某研究所", "科技成果", "光栅刻划", "刻得很细。", 7, "王宁", ""],
        ["2", "某研究所", "专利", "一种光栅", "", "", "", "申请号：201710601862.3"],
        ["3", "某研究所", "专利", "没有申请号", "", "", "", ""],
        ["4", "某研究所", "", "就绪度不对", "", 12, "", ""],
        ["5", "某研究所", "", "没有这个人", "", "", "张三", ""],
    ]
    sender = {"by": editor(body, UserFactory()), "sender": f"organization:{body.key}", "at": now}

    first, again = (load("offers", workbook(rows), **sender) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 2, "wrong": 3}, {"duplicate": 2, "wrong": 3})
    assert list(Offer.objects.order_by("pk").values_list("title", "kind", "trl", "person", "state")) == [
        ("光栅刻划", "achievement", 7, person.pk, "draft"), ("一种光栅", "patent", None, None, "draft"),
    ]  # fmt: skip
    assert Offer.objects.get(kind="patent").details == {"application_no": "201710601862.3"}


def test_past_projects_with_their_source(now: datetime) -> None:
    body, partner = OrganizationFactory(name="某研究所"), OrganizationFactory(name="甲厂")
    rows = [
        ["合同编号", "合同名称", "卖方名称", "买方名称", "签订日期", "合同金额（元）"],
        ["H1", "光栅研制", "某研究所", "甲厂", "2021.5", 1200000],
        ["H2", "外地合同", "某研究所", "外地公司", "2020-01-02", "面议"],
        ["H3", "没有日期", "某研究所", "", "", ""],
    ]

    first, again = (load("projects", workbook(rows), at=now, source="2021年台账", **office()) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 2, "wrong": 1}, {"duplicate": 2, "wrong": 1})
    assert list(LegacyProject.objects.order_by("number").values_list("organization", "partner", "year", "amount_fen",
        "source")) == [
        (body.pk, partner.pk, 2021, 120_000_000, "2021年台账"), (body.pk, None, 2020, None, "2021年台账"),
    ]  # fmt: skip


def test_columns_are_remembered_for_the_sender(now: datetime) -> None:
    OrganizationFactory(name="甲厂")
    who = {"at": now, **office()}
    rows = [["甲方", "难题", "备考"], ["甲厂", "掉功率", "x"]]
    run = upload("needs", workbook(rows), **who)
    assert run.mapping == ["", "", ""]
    actions.choose_columns(run, mapping=["organization", "title", "text"], by=who["by"], at=now)

    again = upload("needs", workbook([rows[0], ["甲厂", "另一个", "y"]]), **who)
    stranger = officer("229902", UserFactory())
    other = upload("needs", workbook(rows), at=now, by=stranger, sender="area:229902")

    assert (again.mapping, other.mapping) == (["organization", "title", "text"], ["", "", ""])


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [(["", ""], "缺少必填的内容：标题"), (["title", "title"], "“标题”对应了不止一列")],
)
def test_columns_that_do_not_fit_are_refused(mapping: list[str], problem: str, now: datetime) -> None:
    who = office()
    run = upload("needs", workbook([["需求名称", "说明"], ["a", "b"]]), at=now, **who)

    with pytest.raises(ValidationError, match=problem):
        actions.choose_columns(run, mapping=mapping, by=who["by"], at=now)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.xls", b"\xd0\xcf", "xls"), ("a.doc", b"\xd0\xcf", "doc"), ("a.pdf", b"%PDF-1", "ending"),
     ("a.xlsx", b"PK\x03\x04x", "damaged"), ("a.csv", b"only one line", "unreadable"), ("a.csv", b"", "empty")],
)  # fmt: skip
def test_file_that_cannot_be_imported_says_why(name: str, content: bytes, code: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        upload("needs", content, at=now, name=name, **office())
    assert (caught.value.code, ImportRun.objects.count()) == (code, 0)


def test_import_can_be_paused_resumed_and_thrown_away(now: datetime) -> None:
    OrganizationFactory(name="甲厂")
    rows = [["企业名称", "需求名称"], *(["甲厂", f"难题 {n}"] for n in range(300))]
    who = office()
    by = who["by"]
    run = check("needs", workbook(rows), at=now, **who)
    actions.start_import(run, by=by, at=now)
    actions.advance_import(run, by=by, at=now)
    actions.pause_import(run, by=by, at=now)

    assert (run.state, run.written, run.position, run.total) == ("cancelled", 200, 200, 300)
    assert actions.advance_import(run, by=by, at=now) == 0
    actions.resume_import(run, by=by, at=now)
    with pytest.raises(Refused, match="import_at_work"):
        actions.discard_import(run, by=by, at=now)
    run = advance(run, by=by, at=now)
    assert (run.state, run.written) == ("done", 300)
    actions.discard_import(run, by=by, at=now)
    assert (ImportRun.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_person_who_lost_their_role_writes_nothing_more(now: datetime) -> None:
    OrganizationFactory(name="甲厂")
    who = office()
    run = check("needs", workbook([["企业名称", "需求名称"], ["甲厂", "难题"]]), at=now, **who)
    actions.start_import(run, by=who["by"], at=now)

    actions.advance_import(run, by=officer("229902"), at=now)

    run = queries.import_run(run.key)
    assert (run.state, run.problem, run.written, run.paused_state) == ("failed", "not_sender", 0, "writing")


def test_senders_follow_from_roles() -> None:
    body, user = OrganizationFactory(), UserFactory()

    assert senders_of(officer("229901")) == ["area:229901"]
    assert senders_of(editor(body)) == [f"organization:{body.key}"]
    assert (senders_of(broker(user)), senders_of(broker(user), collects=True)) == ([], [f"user:{user.key}"])
    assert senders_of(administrator(), collects=True) == []
    with pytest.raises(Refused, match="not_sender"):
        actions.upload_import(
            kind=kinds()["people"], sender="area:229901", name="a.csv", content="姓名,单位\n甲,乙".encode(),
            by=broker(user), at=datetime.fromisoformat("2026-11-21T02:00:00+00:00"),
        )  # fmt: skip
