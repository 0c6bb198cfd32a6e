"""Rows of registers: entered, corrected, struck, imported, counted."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.files.kinds import kinds
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.figures import definition
from keqiao.apps.registers import actions, permissions, queries
from keqiao.apps.registers.imports import RegisterImport
from keqiao.apps.registers.models import Entry
from keqiao.catalogue.registers import registers
from tests.apps.acting import last_entry, officer, person, product
from tests.apps.files.running import check, counts, load, problems
from tests.apps.files.tables import workbook
from tests.factories.base import MOMENT
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

REGION = "229999"
SENDER = f"area:{REGION}"


def add(register: str = "grants", **more: Any) -> Entry:
    given: dict[str, Any] = {"title": "A grant", "start_date": date(2025, 3, 1), "source": "A letter"}
    return actions.add_entry(register, by=product(), at=MOMENT, **(given | more))


def refusal(do: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        do(*args, **kwargs)
    return caught.value.reason


def test_entry_takes_name_and_place_of_its_body() -> None:
    body = OrganizationFactory(area="229902")
    entry = add(organization=body, amount_fen=100)
    assert (entry.organization_name, entry.area, entry.owner) == (body.name, "229902", "science_technology")
    assert last_entry()[:1] + last_entry()[2:4] == ("entry.create", entry.subject, "done")


@pytest.mark.parametrize(
    ("register", "values", "field"),
    [
        ("grants", {"start_date": date(2030, 1, 1)}, "start_date"),
        ("labs", {"end_date": date(2024, 1, 1)}, "end_date"),
        ("grants", {"level": "province"}, "level"),
        ("labs", {"amount_fen": 1}, "amount_fen"),
        ("grants", {"quantity": 1}, "quantity"),
        ("grants", {"source": ""}, "source"),
        ("grants", {"title": ""}, "title"),
    ],
)
def test_entry_that_does_not_fit_its_register_is_named(register: str, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        add(register, **values)
    assert set(caught.value.message_dict) == {field}
    assert Entry.objects.count() == 0


def test_entry_has_known_values_only() -> None:
    with pytest.raises(TypeError, match="no colour"):
        add(colour="red")


def test_entry_is_corrected_and_struck_and_stays() -> None:
    entry = add(amount_fen=100)
    actions.edit_entry(entry, amount_fen=200, title="A grant", by=product(), at=MOMENT)
    assert queries.entry(entry.key).amount_fen == 200
    with pytest.raises(ValidationError):
        actions.strike_entry(entry, reason="mood", by=product(), at=MOMENT)
    actions.strike_entry(entry, reason="duplicate", by=product(), at=MOMENT)
    assert list(queries.entries("grants")) == []
    assert list(queries.entries("grants", kept_too=True)) == [entry]
    assert refusal(actions.strike_entry, entry, reason="duplicate", by=product(), at=MOMENT) == "entry_struck"
    assert refusal(actions.edit_entry, entry, title="x", by=product(), at=MOMENT) == "entry_struck"


def test_registers_are_kept_by_officers_of_the_region() -> None:
    given: dict[str, Any] = {"title": "x", "start_date": date(2025, 1, 1), "source": "y", "at": MOMENT}
    assert refusal(actions.add_entry, "labs", by=person(), **given) == "not_officer_for_figures"
    assert refusal(actions.add_entry, "labs", by=officer("229901"), **given) == "not_officer_for_figures"
    entry = actions.add_entry("labs", by=officer(REGION), **given)
    assert permissions.can_see_entry(person(), entry).allowed
    entry.is_public = False
    assert permissions.can_see_entry(person(), entry).reason == "not_public"
    assert permissions.can_see_entry(officer(REGION), entry).allowed


def test_rows_are_narrowed() -> None:
    one = add(title="Laser", area="229901", level="nsf")
    add(title="Other", area="229902", start_date=date(2024, 1, 1))
    rows = queries.entries("grants")
    given: dict[str, Any] = {"text": "", "area": "", "level": "", "year": None, "on": MOMENT.date()}
    for change in ({"text": "aser"}, {"area": "229901"}, {"level": "nsf"}, {"year": 2025}):
        assert list(queries.narrowed(rows, **(given | change))) == [one]
    assert queries.years("grants") == [2025, 2024]
    assert queries.counts() == {"grants": 2}


def counted(code: str, year: int) -> list[tuple[str, int]]:
    one = definition(code)
    return [(row.subject, row.amount) for row in one.rows(one.period(year, as_of=date(year, 12, 31)))]


def test_flow_counts_in_its_period_and_stock_while_it_stands() -> None:
    grant, lab = add(amount_fen=500), add("labs", end_date=date(2025, 12, 31))
    add(amount_fen=None, start_date=date(2024, 5, 5))
    assert counted("register_grants_amount", 2025) == [(grant.subject, 500)]
    assert counted("register_grants_amount", 2024) == []
    assert len(counted("register_grants", 2024)) == 1
    assert counted("register_labs", 2024) == []
    assert counted("register_labs", 2025) == []
    actions.edit_entry(lab, end_date=date(2026, 1, 1), by=product(), at=MOMENT)
    assert counted("register_labs", 2025) == [(lab.subject, 1)]


def test_every_register_has_figures_and_an_import() -> None:
    for register in registers().values():
        assert definition(f"register_{register.code}").grade == "register"
        assert isinstance(kinds()[f"register-{register.code}"], RegisterImport)


HEADS = ("项目名称", "类别", "承担单位", "统一社会信用代码", "立项日期", "国拨经费（万元）", "来源文件")


def test_table_brings_new_rows_and_names_the_wrong_ones() -> None:
    body = OrganizationFactory()
    by = officer(REGION, UserFactory())
    rows = [
        HEADS,
        ("甲项目", "国家自然科学基金", body.name, body.uscc, date(2025, 9, 1), 58, "立项通知"),
        ("乙项目", "其他", "区域外的单位", "", "2025年3月", 120.5, "立项通知"),
        ("丙项目", "没有的类别", "", "", date(2025, 1, 1), 1, "立项通知"),
        ("丁项目", "其他", "", "", date(2999, 1, 1), 1, "立项通知"),
        ("戊项目", "其他", "", "", date(2025, 1, 1), 1, ""),
    ]
    run = load("register-grants", workbook(rows), by=by, at=MOMENT, sender=SENDER)

    assert counts(run) == {"new": 2, "wrong": 3}
    assert sorted(problems(run)) == [4, 5, 6]
    found = {row.title: row for row in Entry.objects.all()}
    assert (found["甲项目"].organization, found["甲项目"].amount_fen, found["甲项目"].level) == (
        body,
        58_000_000,
        "nsf",
    )
    assert (found["乙项目"].organization, found["乙项目"].organization_name) == (None, "区域外的单位")
    assert (found["乙项目"].start_date, found["乙项目"].amount_fen) == (date(2025, 3, 1), 120_500_000)


def test_same_table_again_changes_what_is_other() -> None:
    by = officer(REGION, UserFactory())
    rows: list[Any] = [HEADS, ("甲项目", "其他", "", "", date(2025, 9, 1), 58, "立项通知"),
                       ("乙项目", "其他", "", "", date(2025, 9, 1), 60, "立项通知")]  # fmt: skip
    load("register-grants", workbook(rows), by=by, at=MOMENT, sender=SENDER)
    rows[2] = ("乙项目", "其他", "新单位", "", date(2025, 9, 1), 61, "立项通知")
    run = load("register-grants", workbook(rows), by=by, at=MOMENT, sender=SENDER)
    assert counts(run) == {"duplicate": 1, "changed": 1}
    assert Entry.objects.count() == 2
    assert Entry.objects.get(title="乙项目").amount_fen == 61_000_000
    assert Entry.objects.get(title="乙项目").organization_name == "新单位"


def test_only_the_region_brings_registers() -> None:
    kind = kinds()["register-labs"]
    assert kind.senders(officer(REGION)) == [SENDER]
    assert kind.senders(officer("229901")) == []
    assert kind.may(officer(REGION), "area:229901").reason == "not_sender"
    with pytest.raises(Refused):
        check("register-labs", workbook([("平台名称",), ("甲",)]), by=officer("229901", UserFactory()), at=MOMENT,
              sender="area:229901")  # fmt: skip
