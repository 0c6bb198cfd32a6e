"""The demo's event of tomorrow: needs and offers on show, bodies that come, meetings without a clash."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime

from keqiao.apps.market.actions import event_guests, event_meetings, events
from keqiao.apps.market.models import Event, Side
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
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


def plan(run: "Load", source: "Source") -> None:
    """Set it up some days ago, plan the meetings today."""
    made: list[Event] = []
    row = {"key": "event"}
    run.plan(run.at - timedelta(days=DAYS_BEFORE), partial(_set_up, run, made), source=source, row=row)
    run.plan(run.at - timedelta(hours=2), partial(_meet, run, made), source=source, row=row)


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
