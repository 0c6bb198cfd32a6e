"""The demo's proposals and replies: two rounds a year apart, whose numbers are those of the demo's own rows.

A reply's text has slots in double brackets: `[[T-1]]` a year counted from that of the load day, `[[day]]` the day it is
signed, `[[code@T-1]]` what a figure says of that year (`|wan` in ten thousand yuan), `[[growth:…]]` and `[[diff:…]]`
against the year before.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from keqiao.apps.ledger.figures import definitions
from keqiao.apps.parties.actors import actor_of, system
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Promise, Reply

if TYPE_CHECKING:
    from .loader import Load, Row, Source

BY = system("loader")
FEN_PER_WAN = 1_000_000
# A round of this year is never later than this before the load day: handed in, handed over, answered.
DAYS_BEFORE = {"received": 12, "assigned": 10, "answered": 5}
# Figures of a year are published some weeks into the next; replies quote what is published.
FIGURES_ARE_OUT = (1, 20)
DAYS_TO_FEEDBACK = 14
OPINION_AFTER = timedelta(days=24)  # units that help write to the one that leads within a month
_SLOT = re.compile(r"\[\[([^\]]+)\]\]")
# What people said of promises: the words it holds, who speaks as what, and how it stands in their view.
MATCHING, TESTING = "惠企政策自动匹配功能", "光电检测公共服务平台"
CITED = f"{MATCHING}已在演示省科技大市场上线"
SAID = (
    (MATCHING, "officer-c", "department", "kept", "自动匹配功能已于去年上线，今年起对全部入库企业开放。"),
    (MATCHING, "deputy-a", "proposer", "partly", "能看到符合哪些政策，但有的条件仍显示数据不足。"),
    (MATCHING, "expert-a", "third", "kept", "随机抽查十户企业，均可查看逐条判断和依据。"),
    (TESTING, "deputy-a", "proposer", "not_kept", "今年的答复没有再提到这个平台，请说明进展。"),
)
# The figures that offices chose as the measure of promises, and what is to be reached.
MEASURED = (
    ("在架供给", "offers_standing", 80),
    ("结业300人", "register_training_quantity", 300),
    ("设立分市场和工作站", "stations_working", 9),
    ("推动入库单位", "organizations_registered", 60),
    ("发布技术需求60条", "needs_published", 60),
    ("供需对接活动不少于4场", "events_held", 4),
    ("有效资质", "certificates_in_force", 80),
    ("达到20个", "register_labs", 20),
    ("创新平台达到15个", "register_labs", 15),
)


def plan(run: "Load", source: "Source", row: "Row") -> None:
    today = localdate(run.at)
    if "days" in row:
        assigned = today + timedelta(days=row["days"])
        days = {"received": assigned - timedelta(days=5), "assigned": assigned}
    else:
        days = {name: _day(row, name, today) for name in DAYS_BEFORE}
    run.plan(_moment(run, days["assigned"]), partial(_register, run, row, days), source=source, row=row)
    if "answered" in days:
        out = date(days["answered"].year, *FIGURES_ARE_OUT)
        answered = _moment(run, max(days["answered"], min(out, today)), hours=2)
        run.plan(_moment(run, days["assigned"] + OPINION_AFTER), partial(_opine, run, row), source=source, row=row)
        run.plan(answered, partial(_answer, run, row, days), source=source, row=row)
        if "feedback" in row:
            later = _moment(run, days["answered"] + timedelta(days=DAYS_TO_FEEDBACK))
            run.plan(later, partial(_feedback, row), source=source, row=row)


def plan_tracking(run: "Load", source: "Source") -> None:
    """On the load day the worker's steps run, and people speak."""
    run.plan(run.at, _measure, source=source, row={"key": "measures"})
    run.plan(run.at, _track, source=source, row={"key": "promises"})
    run.plan(run.at, partial(_cite, run), source=source, row={"key": "evidence"})
    run.plan(run.at, partial(_speak, run), source=source, row={"key": "voices"})


def _day(row: "Row", name: str, today: date) -> date:
    month, day = (int(part) for part in row[name].split("-"))
    return min(date(today.year + row["year"], month, day), today - timedelta(days=DAYS_BEFORE[name]))


def _moment(run: "Load", day: date, *, hours: int = 1) -> datetime:
    return datetime.combine(day, run.at.timetz()) + timedelta(hours=hours)


def _register(run: "Load", row: "Row", days: dict[str, date], at: datetime) -> None:
    signers = [
        actions.SignerInput(
            name=one["name"], role=one.get("role", "proposer"), is_group=one.get("is_group", False),
            user=run.users.get(one.get("user", "")),
        )
        for one in row["signers"]
    ]  # fmt: skip
    proposal = actions.register_proposal(
        body=row["body"], term=row["term"], session=row["session"], number=row["number"], kind=row.get("kind", ""),
        title=row["title"], field=row.get("field", ""), signers=signers,
        suggestions=[(title, "") for title in row["suggestions"]],
        received_date=days["received"], assigned_date=days["assigned"], assign=row["assign"], is_demo=True,
        by=BY, at=at,
    )  # fmt: skip
    actions.decide_publication(proposal, publication="full", by=BY, at=at)
    run.proposals[row["key"]] = proposal


def _opine(run: "Load", row: "Row", at: datetime) -> None:
    """The units that help have given the leading one their opinion."""
    for assignment in run.proposals[row["key"]].assignments.exclude(role="lead"):
        day = min(assignment.assigned_date + OPINION_AFTER, localdate(at))
        actions.mark_answered(assignment, answered_date=day, by=BY, at=at)


def _answer(run: "Load", row: "Row", days: dict[str, date], at: datetime) -> None:
    template = (run.folder / "replies" / f"{row['key']}.txt").read_text(encoding="utf-8")
    text = filled(template, this_year=localdate(run.at).year, signed=days["answered"])
    reply = actions.import_reply(
        text=text, proposal=run.proposals[row["key"]], answered_date=days["answered"],
        result_class=row["result_class"], is_demo=True, by=BY, at=at,
    )  # fmt: skip
    actions.decide_reply_publication(reply, publication="full", by=BY, at=at)
    actions.check_reply(reply, by=BY, at=at)
    actions.publish_reply(reply, published_date=days["answered"], by=BY, at=at)


def _feedback(row: "Row", at: datetime) -> None:
    process, result = row["feedback"]
    for reply in Reply.objects.filter(proposal__title=row["title"], feedback_result=""):
        actions.record_feedback(reply, process=process, result=result, date=localdate(at), by=BY, at=at)


def _measure(at: datetime) -> None:
    for words, code, target in MEASURED:
        for promise in Promise.objects.filter(text__contains=words, is_lost=False):
            actions.edit_promise(promise, indicator=code, target_value=Decimal(target), by=BY, at=at)


def _cite(run: "Load", at: datetime) -> None:
    """The office points at a sentence of its later reply that comparing the replies did not find."""
    promise = Promise.objects.filter(text__contains=MATCHING, reply__proposal__session=3).first()
    later = Reply.objects.filter(text__contains=CITED).first()
    if promise is None or later is None or "officer-c" not in run.users:
        return
    start = later.text.index(CITED)
    actions.add_evidence(
        promise, kind="reply", supports="kept", later=later, start=start, end=start + len(CITED),
        by=actor_of(run.users["officer-c"], on=localdate(at)), at=at,
    )  # fmt: skip
    _track(at)


def _track(at: datetime) -> None:
    while actions.link_due(by=BY, at=at):
        pass
    while actions.follow_due(by=BY, at=at):
        pass


def _speak(run: "Load", at: datetime) -> None:
    for words, handle, role, stance, text in SAID:
        promise = Promise.objects.filter(text__contains=words, reply__proposal__session=3).first()
        if promise is not None and handle in run.users:
            speaker = actor_of(run.users[handle], on=localdate(at))
            actions.speak(promise, role=role, stance=stance, text=text, by=speaker, at=at)


def filled(template: str, *, this_year: int, signed: date) -> str:
    """Return the text of a reply with its slots filled from the rows that are there."""

    def slot(found: re.Match[str]) -> str:
        name, _bar, unit = found[1].partition("|")
        if name == "day":
            return f"{signed.year}年{signed.month}月{signed.day}日"
        if name == "signed":
            return str(signed.year)
        if name.startswith("T"):
            return str(this_year + int(name.removeprefix("T") or 0))
        how, _colon, what = name.rpartition(":")
        code, _at, offset = what.partition("@T")
        year = this_year + int(offset or 0)
        now = _value(code, year)
        if how:
            before = _value(code, year - 1)
            return str(now - before) if how == "diff" else f"{Decimal(100 * (now - before)) / before:.1f}"
        return f"{Decimal(now) / FEN_PER_WAN:f}" if unit == "wan" else str(now)

    return _SLOT.sub(slot, template)


def _value(code: str, year: int) -> int:
    one = definitions()[code]
    return sum(row.amount for row in one.rows(one.period(year, as_of=date(year, 12, 31))))
