"""Lists of proposals from tables: new, changed, double, wrong with the reason; handed over as they say."""

from datetime import date, datetime
from typing import Any

import pytest

from keqiao.apps.files.kinds import kinds
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.proposals.models import Proposal
from tests.apps.files.running import check, counts, load, problems
from tests.apps.files.tables import workbook
from tests.factories.parties import UserFactory

from .people import hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
HEAD = [
    "提案编号",
    "案由",
    "会议",
    "提案人",
    "联名委员",
    "收到日期",
    "交办日期",
    "主办单位",
    "协办单位",
    "重点提案",
    "督办领导",
]
ROW = ["W163号", "关于壮大光电信息产业的建议", "省政协十三届四次会议", "李明", "赵红、孙蓝", "2026-09-01", "2026-09-07",
       "省工信厅", "省科技厅、省财政厅", "是", "某副省长"]  # fmt: skip


def office() -> dict[str, Any]:
    return {"by": hand_over_office(UserFactory()), "sender": "unit:general_office"}


def row(**changed: str) -> list[str]:
    cells = dict(zip(HEAD, ROW, strict=True)) | changed
    return [cells[name] for name in HEAD]


def test_list_is_registered_and_handed_over_and_recognised_again(now: datetime) -> None:
    who = office()
    rows = [HEAD, ROW, row(提案编号="第12号", 案由="代表的建议", 会议="十四届人大三次会议", 重点提案="", 督办领导="")]
    rows[2][HEAD.index("提案编号")] = "第12号建议"

    first, again = (load("proposals", workbook(rows), at=now, **who) for _ in range(2))

    assert (counts(first), counts(again)) == ({"new": 2}, {"duplicate": 2})
    found = Proposal.objects.get(number="163")
    assert (found.body, found.term, found.session, found.kind, found.state) == ("cppcc", 13, 4, "member", "assigned")
    assert (found.is_key, found.supervisor, found.received_date) == (True, "某副省长", date(2026, 9, 1))
    assert list(found.signers.values_list("name", "role")) == [
        ("李明", "proposer"), ("赵红", "co_signer"), ("孙蓝", "co_signer"),
    ]  # fmt: skip
    assert list(found.assignments.values_list("unit", "role", "due_date")) == [
        ("industry", "lead", date(2026, 12, 7)), ("science", "co", date(2026, 10, 8)),
        ("finance", "co", date(2026, 10, 8)),
    ]  # fmt: skip
    assert Proposal.objects.get(number="12").body == "npc"


def test_changed_row_changes_what_it_says_and_hands_over_what_waited(now: datetime) -> None:
    who = office()
    load("proposals", workbook([HEAD, row(主办单位="", 协办单位="")]), at=now, **who)
    assert Proposal.objects.get().state == "received"
    run = load("proposals", workbook([HEAD, row(案由="新案由")]), at=now, **who)
    assert counts(run) == {"changed": 1}
    found = Proposal.objects.get()
    assert (found.title, found.state, found.assignments.count()) == ("新案由", "assigned", 3)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"提案编号": "163"}, "从编号看不出类别"),
        ({"提案编号": "无号"}, "编号里没有数字"),
        ({"会议": "常委会"}, "不在可选的内容里"),
        ({"主办单位": "省民政厅"}, "“省民政厅”不在可选的内容里"),
        ({"主办单位": "省工信厅、省科技厅"}, "主办单位只能有一个"),
        ({"主办单位": ""}, "却没有主办或分办单位"),
        ({"协办单位": "省工信厅"}, "同一单位写了两次"),
        ({"收到日期": "2026-09-09"}, "交办日期早于收到日期"),
        ({"收到日期": "2027-01-01", "交办日期": ""}, "日期不能晚于今天"),
        ({"督办领导": ""}, "请填写督办领导"),
        ({"案由": ""}, "是空的"),
    ],
)
def test_wrong_row_says_what_is_wrong_and_the_others_load(changed: dict[str, str], said: str, now: datetime) -> None:
    run = load("proposals", workbook([HEAD, row(**changed), row(提案编号="W7号")]), at=now, **office())
    assert counts(run) == {"wrong": 1, "new": 1}
    assert said in problems(run)[2][0][1]
    assert [one.number for one in Proposal.objects.all()] == ["7"]


def test_unit_brings_only_what_it_handles(now: datetime) -> None:
    by = officer_of("industry", UserFactory())
    rows = [HEAD, ROW, row(提案编号="W8号", 主办单位="省教育厅")]
    run = load("proposals", workbook(rows), at=now, by=by, sender="unit:industry")
    assert counts(run) == {"new": 1, "wrong": 1}
    assert Proposal.objects.get().number == "163"
    other = officer_of("health", UserFactory())
    changed = load("proposals", workbook([HEAD, row(案由="改")]), at=now, by=other, sender="unit:health")
    assert counts(changed) == {"wrong": 1}


@pytest.mark.parametrize(("actor", "reason"), [(VISITOR, "sign_in_first"), (officer_of("health"), "not_sender")])
def test_nobody_brings_a_list_for_another_unit(actor: Actor, reason: str, now: datetime) -> None:
    with pytest.raises(Refused, match=reason):
        check("proposals", workbook([HEAD, ROW]), at=now, by=actor, sender="unit:general_office")
    assert kinds()["proposals"].senders(officer_of("health")) == ["unit:health"]
