"""The demo's introductions: a broker's Monday of twelve live matters, and the year of work behind it.

Days in the data count from the load day. Everything is done through the actions, by whoever would do it.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from keqiao.apps.market.actions import contacts, introductions
from keqiao.apps.market.models import DeclineReason, Introduction, Listing, Side
from keqiao.apps.parties.actors import Actor, Grant, actor_of, system
from keqiao.apps.parties.models import Role

from . import contracts

if TYPE_CHECKING:
    from .loader import Load, Row, Source

BY = system("loader")
GRADE_OF_A_FIT = 3
DAYS_UNTIL_INTRODUCED = 4
# How far the year's other introductions came, turn by turn: days until each side's yes, talks, and the end.
STORIES: tuple[tuple[str, ...], ...] = (
    ("yes seeker", "yes provider", "talk", "agree"),
    ("yes seeker", "no provider capacity"),
    ("yes provider", "yes seeker", "talk", "no seeker ip_terms"),
    ("no seeker solved_otherwise",),
    ("yes seeker", "yes provider", "talk"),
    ("yes seeker", "no provider too_early"),
    ("yes provider", "yes seeker", "talk", "agree"),
    ("yes seeker", "yes provider", "no seeker too_expensive"),
    ("no seeker indicator_short",),
    ("yes seeker",),
)
DAYS_BETWEEN = 9


def plan(run: "Load", monday: "list[tuple[Source, Row]]", judged: "list[tuple[Source, Row]]") -> None:
    """Let the Monday's matters happen on their days, and one for each other need that has a fitting offer."""
    taken = set()
    for source, row in monday:
        taken.add(row["need"])
        _plan_matter(run, source, row, owner="broker-a")
        _plan_contract(run, source, row, owner="broker-a", number=len(taken))
    fits = [(source, row) for source, row in judged if row["grade"] == GRADE_OF_A_FIT]
    for source, row in fits:
        if row["need"] in taken or row["need"] not in run.published or row["offer"] not in run.published:
            continue
        taken.add(row["need"])
        story = _story(run, row, number=len(taken))
        _plan_matter(run, source, story, owner="broker-b")
        _plan_contract(run, source, story, owner="broker-b", number=len(taken))


def _story(run: "Load", row: "Row", *, number: int) -> "Row":
    """What became of a pair that is not on the Monday's board; it begins when both are published."""
    begin = max(run.published[row["need"]], run.published[row["offer"]]) + DAYS_UNTIL_INTRODUCED
    steps = []
    for place, text in enumerate(STORIES[number % len(STORIES)], start=1):
        what, *rest = text.split()
        step: dict[str, Any] = {"day": min(-1, begin + place * DAYS_BETWEEN), "do": what}
        steps.append(step | dict(zip(("side", "reason"), rest, strict=False)))
    key = f"year-{row['need'].removeprefix('need-')}"
    return {"key": key, "need": row["need"], "offer": row["offer"], "begin": min(-1, begin), "steps": steps}


def _plan_matter(run: "Load", source: "Source", row: "Row", *, owner: str) -> None:
    run.plan(run.at + timedelta(days=row["begin"]), partial(_begin, run, row, owner), source=source, row=row)
    for number, step in enumerate(row["steps"], start=1):
        moment = run.at + timedelta(days=step["day"], minutes=7 * number)
        run.plan(moment, partial(_take, run, row, step, owner), source=source, row=row)


def _plan_contract(run: "Load", source: "Source", row: "Row", *, owner: str, number: int) -> None:
    """An agreed matter comes to its contract; one of the Monday's has its price on notice while they talk."""
    if row.get("contract") == "notice":
        contracts.plan_notice(run, source, row, owner=owner)
    agreed = next((step["day"] for step in row["steps"] if step["do"] == "agree"), None)
    if agreed is not None:
        contracts.plan(run, source, row, agreed=agreed, owner=owner, number=number)


def _broker(run: "Load", owner: str, at: datetime) -> Actor:
    return actor_of(run.users[owner], on=localdate(at))


def _begin(run: "Load", row: "Row", owner: str, at: datetime) -> None:
    run.matters[row["key"]] = introductions.introduce(
        need=run.listings[row["need"]], offer=run.listings[row["offer"]], source="match", score=row.get("score"),
        rank=row.get("rank"), is_demo=True, key=f"D-{row['key']}", by=_broker(run, owner, at), at=at,
    )  # fmt: skip


def _take(run: "Load", row: "Row", step: "Row", owner: str, at: datetime) -> None:
    matter, by = run.matters[row["key"]], _broker(run, owner, at)
    match step["do"]:
        case "yes":
            introductions.answer(matter, side=step["side"], answer="yes", by=by, at=at)
        case "no":
            introductions.decline(matter, side=step["side"], reason=DeclineReason(step["reason"]), by=by, at=at)
        case "talk":
            introductions.talk(matter, by=by, at=at)
        case "agree":
            introductions.agree(matter, by=by, at=at)
        case "promise":
            _promise(run, matter, step["side"], at=at)
        case "message":
            contacts.write_message(matter, text=step["text"], by=by, at=at)
        case "plan":
            day = localdate(at) + timedelta(days=step["in"])
            contacts.plan(matter, next_action=step["text"], next_action_date=day, by=by, at=at)
        case kind:
            contacts.log_contact(
                matter, kind=kind, text=step["text"], side=step.get("side", ""), person=step.get("person", ""),
                held_date=localdate(at), by=by, at=at,
            )  # fmt: skip


def _promise(run: "Load", matter: Introduction, side: str, *, at: datetime) -> None:
    """Only a body's own editor can promise secrecy: one of the body that keeps something back."""
    listing: Listing = matter.need if side == Side.SEEKER else matter.offer
    grant = Grant(Role.EDITOR, organization=listing.organization.key)
    editor = Actor(key=f"user:{run.users['editor-a'].key}", grants=frozenset({grant}), is_registered=True)
    introductions.promise_secrecy(matter, side=side, by=editor, at=at)
