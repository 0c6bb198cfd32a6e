"""The demo's events: matchmaking tomorrow, with meetings that do not clash, and a roadshow that has been judged."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate, localtime

from keqiao.apps.market.actions import event_guests, event_meetings, event_scores, events
from keqiao.apps.market.models import Event, Side
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import actor_of, system
from keqiao.apps.parties.models import Organization, Role, User

from .log_ins import SCHOOL

if TYPE_CHECKING:
    from .loader import Load, Source

BY = system("loader")
DAYS_BEFORE, DAYS_OF_PLANNING = 12, 1
# Whose need meets whose offer: bodies that come to the event, need, offer, and what the matching says.
PAIRS = (
    ("org-optics-08", "org-optics-02", "need-optics-12", "offer-optics-018", 0.69),
    ("org-optics-08", SCHOOL, "need-optics-13", "offer-optics-062", 0.71),
    ("org-optics-15", SCHOOL, "need-optics-05", "offer-optics-009", 0.66),
    ("org-optics-15", "org-optics-02", "need-optics-05", "offer-optics-038", 0.41),
    ("org-optics-07", "org-optics-02", "need-optics-10", "offer-optics-015", 0.74),
    ("org-optics-07", SCHOOL, "need-optics-10", "offer-optics-047", 0.38),
    ("org-optics-10", SCHOOL, "need-optics-08", "offer-optics-013", 0.64),
)
INVITED = ("org-optics-03", "org-optics-12", "org-automotive-06", "org-automotive-07")


# Roadshow: four achievements, and what each of three judges gives them, criterion by criterion alike.
DAYS_SINCE_ROADSHOW, ON_SHOW = 35, 4
JUDGES = ("expert-a", "judge-b", "judge-c")
POINTS = ((92, 88, 95), (78, 84, 80), (85, 81, 76), (64, 70, 73))


def plan(run: "Load", source: "Source") -> None:
    """Set it up some days ago, plan the meetings today."""
    made: list[Event] = []
    row = {"key": "event"}
    run.plan(run.at - timedelta(days=DAYS_BEFORE), partial(_set_up, run, made), source=source, row=row)
    run.plan(run.at - timedelta(hours=2), partial(_meet, run, made), source=source, row=row)
    shown: list[Event] = []
    day = run.at - timedelta(days=DAYS_SINCE_ROADSHOW)
    run.plan(day - timedelta(days=DAYS_BEFORE), partial(_announce, run, shown), source=source, row=row)
    run.plan(day, partial(_judge, run, shown), source=source, row=row)


def _set_up(run: "Load", made: list[Event], at: datetime) -> None:
    if any(key not in run.organizations for pair in PAIRS for key in pair[:2]):
        return  # another set of data
    tomorrow = localtime(run.at).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    listings = {key: run.listings[key] for pair in PAIRS for key in pair[2:4]}
    station = run.stations.get("yanshi-gxq")
    event = events.create_event(
        key="E-monday", kind="matchmaking", title="光电领域供需对接会", title_en="Matchmaking in optoelectronics",
        summary="六家企业带着现场难题来，研究所和高校当面答。每场二十分钟，四张桌子。",
        summary_en="Firms bring problems from the floor; institutes answer face to face. Twenty minutes a meeting.",
        theme="光电检测 激光 光学元件", organizer="演示高新区工作站", organizer_en="Yanshi High-tech Zone Station",
        station=station, area="229901", place="演示高新区创新大厦三楼", starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=3), closes_at=tomorrow - timedelta(hours=12), capacity=40, slot_minutes=20,
        tables=4, owner=run.users["broker-a"], listings=list(listings.values()), is_demo=True, by=BY, at=at,
    )  # fmt: skip
    events.take_step(event, step="publish", by=BY, at=at)
    coming = list(dict.fromkeys(key for pair in PAIRS for key in pair[:2]))
    for key in (*coming, *INVITED):
        event_guests.invite(event, organization=run.organizations[key], by=BY, at=at)
    for number, key in enumerate(coming, start=1):
        organization = run.organizations[key]
        event_guests.register(event, user=_guest(organization, number, at=at), organization=organization, by=BY, at=at)
    made.append(event)


def _guest(organization: Organization, number: int, *, at: datetime) -> User:
    """Somebody of a body who comes. Nobody signs in as them: the account is locked, so it is no log-in of the demo."""
    email, name = f"guest-{number}@demo.invalid", f"{'赵钱孙李周吴郑王'[number % 8]}工"
    user = parties.add_user(email=email, name=name, password=None, is_demo=True, by=BY, at=at)
    parties.grant(user, role=Role.MEMBER, organization=organization, by=BY, at=at)
    parties.set_active(user, active=False, by=BY, at=at)
    return user


def _meet(run: "Load", made: list[Event], at: datetime) -> None:
    for event in made:
        for seeker, provider, need, offer, score in PAIRS:
            pair: dict[str, Any] = {
                "seeker": run.organizations[seeker], "provider": run.organizations[provider],
                "need": run.listings[need], "offer": run.listings[offer],
            }  # fmt: skip
            event_meetings.wish(event, side=Side.BROKER, score=score, by=BY, at=at, **pair)
        event_meetings.plan_meetings(event, by=BY, at=at)


def _announce(run: "Load", made: list[Event], at: datetime) -> None:
    day = run.at - timedelta(days=DAYS_SINCE_ROADSHOW)
    ready = [key for key, published in run.published.items() if published < -DAYS_SINCE_ROADSHOW - DAYS_BEFORE]
    on_show = [key for key in ready if key.startswith("offer-automotive")][:ON_SHOW]
    if len(on_show) < ON_SHOW:
        return  # another set of data
    starts = localtime(day).replace(hour=14, minute=0, second=0, microsecond=0)
    event = events.create_event(
        key="E-roadshow", kind="roadshow", title="汽车新技术路演", title_en="Roadshow of car technology",
        summary="四项成果各讲八分钟，三位专家当场打分，结果公开。",
        summary_en="Four achievements, eight minutes each; three experts score them on the spot, results are public.",
        theme="汽车 电池 底盘", organizer="演示高新区工作站", organizer_en="Yanshi High-tech Zone Station",
        station=run.stations.get("yanshi-gxq"), area="229901", place="演示高新区创新大厦报告厅", starts_at=starts,
        ends_at=starts + timedelta(hours=2), closes_at=starts - timedelta(days=1), capacity=80, slot_minutes=20,
        tables=4, owner=run.users["broker-a"], listings=[run.listings[key] for key in on_show], shows_scores=True,
        is_demo=True, by=BY, at=at,
    )  # fmt: skip
    events.take_step(event, step="publish", by=BY, at=at)
    made.append(event)


def _judge(run: "Load", made: list[Event], at: datetime) -> None:
    """The panel judges, then the event is over. Judges who are no log-in of the demo are locked afterwards."""
    for event in made:
        panel = [run.users.get(handle) or _judge_of(handle, at=at) for handle in JUDGES]
        for user in panel:
            events.add_panelist(event, user=user, by=BY, at=at)
        events.take_step(event, step="start", by=BY, at=at)
        criteria = list(event.criteria.values_list("pk", flat=True))
        for item, points in zip(event.items.all(), POINTS, strict=True):
            for user, given in zip(panel, points, strict=True):
                by = actor_of(user, on=localdate(at))
                event_scores.score(item, values=dict.fromkeys(criteria, given), user=user, by=by, at=at)
        events.take_step(event, step="finish", by=BY, at=at)
        for user in panel[1:]:
            parties.set_active(user, active=False, by=BY, at=at)


def _judge_of(handle: str, *, at: datetime) -> User:
    name = f"评审专家{handle[-1].upper()}（演示）"
    user = parties.add_user(email=f"{handle}@demo.invalid", name=name, password=None, is_demo=True, by=BY, at=at)
    parties.grant(user, role=Role.EXPERT, by=BY, at=at)
    return user
