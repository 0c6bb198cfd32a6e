"""Coming to an event and running one, as people do it on the pages."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate
from icalendar import Calendar

from keqiao.apps.market.actions import event_guests, event_scores
from keqiao.apps.market.models import Event, EventInvitation, EventRegistration, Introduction, Meeting
from keqiao.apps.parties.actors import actor_of
from tests.web import world as worlds
from tests.web.conftest import SignIn, english
from tests.web.html import texts
from tests.web.world import HIDDEN, World

LINK = "https://meet.example.invalid/room"


def words(answer: HttpResponse) -> str:
    return " ".join(texts(answer))


def told(client: Client, path: str, data: dict) -> str:
    """What the page says after a form was sent."""
    return words(client.post(path, data, follow=True))


def test_list_parts_what_comes_from_what_was(visitor: Client) -> None:
    coming, past = (words(visitor.get(f"/events/{query}")) for query in ("", "?when=past"))

    shown = [[name for name in ("open", "over", "draft") if f"激光对接会 {name}" in page] for page in (coming, past)]
    assert shown == [["open"], ["over"]]


def test_online_room_is_for_those_who_have_a_place(visitor: Client, sign_in: SignIn) -> None:
    path = "/events/E-open/"
    seen = {
        name: LINK in sign_in(name).get(path).content.decode() for name in ("editor", "scholar", "outsider", "owner")
    }

    assert seen == {"editor": True, "scholar": True, "outsider": False, "owner": False}
    assert LINK not in visitor.get(path).content.decode()
    assert LINK not in visitor.get(f"{path}calendar.ics").content.decode()


@pytest.mark.parametrize(
    "path", ["/events/E-open/", "/events/E-open/items/2/", "/events/E-over/", "/desk/events/E-open/"]
)
def test_what_is_kept_back_is_not_shown_at_an_event(path: str, sign_in: SignIn) -> None:
    page = sign_in("scholar").get(path).content.decode()

    assert [word for word in HIDDEN if word in page] == []


def test_calendar_holds_the_event_with_its_time(visitor: Client, world: World) -> None:
    (entry,) = Calendar.from_ical(visitor.get("/events/E-open/calendar.ics").content).walk("VEVENT")

    assert (entry["uid"], entry.decoded("dtstart")) == ("E-open@keqiao", world.things["event-open"].starts_at)


def test_programme_calendar_holds_ones_meetings(sign_in: SignIn) -> None:
    answer = sign_in("scholar").get("/desk/events/E-show/programme.ics")
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")

    assert (entry["uid"], str(entry["location"])) == ("M-show@keqiao", "Hall 1 1 号桌")
    assert "松江激光设备有限公司" in str(entry["summary"])


def test_registering_takes_the_last_place_then_one_waits(sign_in: SignIn, world: World) -> None:
    firm = world.organizations["firm"].key

    first = told(sign_in("manager"), "/desk/events/E-open/", {"do": "register", "organization": firm})
    second = told(sign_in("member"), "/desk/events/E-open/", {"do": "register", "organization": firm})

    assert ("报名成功" in first, "已进入候补" in second) == (True, True)
    assert EventRegistration.objects.get(user=world.users["member"], event__key="E-open").state == "waiting"


def test_registering_for_a_body_of_others_is_refused_with_a_sentence(sign_in: SignIn, world: World) -> None:
    data = {"do": "register", "organization": world.organizations["school"].key}

    assert "请以您所在单位的名义参加" in told(sign_in("manager"), "/desk/events/E-open/", data | {"back": "list"})
    assert EventRegistration.objects.filter(user=world.users["manager"], event__key="E-open").count() == 0


def test_invitation_is_declined_from_the_desk(sign_in: SignIn, world: World) -> None:
    data = {"do": "decline", "organization": world.organizations["firm"].key, "reason": "timing", "back": "list"}

    page = told(sign_in("editor"), "/desk/events/E-call/", data)

    row = EventInvitation.objects.get(event__key="E-call")
    assert (row.state, row.reason, "已谢绝" in page) == ("declined", "timing", True)


def test_wish_becomes_a_meeting_in_both_programmes(sign_in: SignIn, world: World) -> None:
    Meeting.objects.filter(event__key="E-open").delete()

    page = told(sign_in("broker"), "/office/events/E-open/meetings/", {"do": "plan"})

    assert "已排定 1 场洽谈，没有冲突" in page
    assert "演示理工大学" in words(sign_in("editor").get("/desk/events/E-open/"))
    assert "松江激光设备有限公司" in words(sign_in("scholar").get("/desk/events/E-open/"))


def test_both_sides_press_and_are_introduced(sign_in: SignIn) -> None:
    data = {"do": "want", "meeting": "M-show", "wanted": "follow_up"}
    before = Introduction.objects.count()

    told(sign_in("editor"), "/desk/events/E-show/", data)
    page = told(sign_in("scholar"), "/desk/events/E-show/", data)

    meeting = Meeting.objects.get(key="M-show")
    assert ("已转为引荐" in page, Introduction.objects.count() - before) == (True, 1)
    assert (meeting.introduction.source, meeting.introduction.state) == ("event", "interested")
    report = sign_in("broker").get("/office/events/E-show/?export=csv").content.decode("utf-8-sig")
    assert dict(line.split(",") for line in report.splitlines())["转为引荐"] == "1"


def test_move_onto_a_taken_table_says_what_stands_in_the_way(sign_in: SignIn, world: World) -> None:
    row: Event = world.things["event-open"]
    other = Meeting.objects.create(
        key="M-other",
        event=row,
        seeker=world.organizations["hidden"],
        provider=world.organizations["school"],
        slot=1,
        table=0,
    )

    data = {"do": "move", "meeting": other.key, "slot": "0", "table": "1"}
    page = told(sign_in("broker"), "/office/events/E-open/meetings/M-other/", data)

    assert "这张桌子在这个时段已有洽谈" in page
    assert Meeting.objects.get(key="M-other").slot == 1


@pytest.mark.parametrize("slot", ["99", "-1", "x", "", "１"])
def test_slot_that_does_not_exist_is_named(slot: str, sign_in: SignIn) -> None:
    data = {"do": "move", "meeting": "M-open", "slot": slot, "table": "1"}

    assert "没有这个时段或这张桌子" in told(sign_in("broker"), "/office/events/E-open/meetings/M-open/", data)


def test_published_scores_name_nobody(visitor: Client, world: World) -> None:
    page = words(visitor.get("/events/E-over/"))

    assert ("评审结果" in page, "70.00" in page) == (True, True)
    assert "expert" not in page
    Event.objects.filter(key="E-over").update(shows_scores=False)
    assert "70.00" not in words(visitor.get("/events/E-over/"))


def test_scores_of_a_running_roadshow_are_not_public(visitor: Client) -> None:
    assert "80.00" not in words(visitor.get("/events/E-show/"))


def test_panel_and_audience_stand_apart(sign_in: SignIn, world: World) -> None:
    show: Event = world.things["event-show"]
    scholar = world.users["scholar"]
    values = dict.fromkeys(show.criteria.values_list("pk", flat=True), 60)
    by = actor_of(scholar, on=localdate(world.at) + timedelta(days=1))
    event_scores.score(show.items.all()[0], values=values, user=scholar, by=by, at=world.at)

    lines = sign_in("broker").get("/office/events/E-show/scores/?export=csv").content.decode("utf-8-sig").splitlines()

    assert [line.split(",")[4] for line in lines if ",N-public," in line] == ["80.0", "60.0"]


def test_points_beyond_the_scale_are_refused_with_a_sentence(sign_in: SignIn, world: World) -> None:
    show: Event = world.things["event-show"]
    data = {"do": "score", "item": str(show.items.all()[0].pk)}
    data |= {f"c{pk}": "101" for pk in show.criteria.values_list("pk", flat=True)}

    assert "分数从 0 到 100" in told(sign_in("expert"), "/desk/events/E-show/scores/", data)


def test_need_becomes_an_event_with_one_press(sign_in: SignIn) -> None:
    client = sign_in("broker")
    assert "办对接会" in words(client.get("/needs/N-public/"))

    client.post("/office/events/make/", {"listing": "N-public"})

    made = Event.objects.order_by("-pk")[0]
    assert (made.state, made.title, [item.need.key for item in made.items.all()]) == (
        "draft", "光纤激光器功率下降 public 供需对接会", ["N-public"],
    )  # fmt: skip
    assert made.station.key == "station"


def test_theme_finds_a_cluster(sign_in: SignIn) -> None:
    page = sign_in("broker").get("/office/events/new/?theme=光纤激光器功率下降")

    keys = {row.face.key for row in page.context["found"]["need"].rows}
    assert keys >= {"N-public", "N-registered"}


def test_bodies_that_fit_are_proposed_and_invited(sign_in: SignIn, world: World) -> None:
    client = sign_in("broker")
    page = client.get("/office/events/E-draft/guests/proposed/", headers={"HX-Request": "true"})
    keys = [row.organization.key for row in page.context["found"].rows]
    school = world.organizations["school"].key
    assert school in keys
    assert world.organizations["hidden"].key not in keys

    client.post("/office/events/E-draft/guests/", {"do": "invite", "organization": [school]})

    row = EventInvitation.objects.get(event__key="E-draft")
    assert (row.organization.key, row.offer.key, row.item.need.key) == (school, "F-public", "N-public")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"ends_at": "2000-01-01T09:00"}, "结束时间要晚于开始时间"),
        ({"closes_at": "3000-01-01T09:00"}, "报名截止不能晚于活动结束"),
        ({"capacity": "0"}, "大于"),
        ({"online_link": "javascript:alert(1)"}, "URL"),
        ({"starts_at": "soon"}, "日期"),
    ],
)
def test_wrong_facts_come_back_with_what_is_wrong(given: dict, what: str, sign_in: SignIn) -> None:
    data = {"kind": "roadshow", "title": "x", "starts_at": "2999-01-01T09:00", "ends_at": "2999-01-01T12:00",
            "closes_at": "2998-12-31T18:00", "capacity": "9", "slot_minutes": "20", "tables": "2"}  # fmt: skip

    answer = sign_in("broker").post("/office/events/E-draft/edit/", data | given)

    assert answer.status_code == 422
    assert what in words(answer)
    assert Event.objects.get(key="E-draft").kind == "matchmaking"


def test_cancelled_event_says_so_in_english(visitor: Client) -> None:
    assert "The event is cancelled · The place" in words(english(visitor).get("/events/E-off/"))


def test_guests_file_is_for_those_who_run_it(sign_in: SignIn, world: World) -> None:
    event_guests.check_in(
        world.things["event-open"].registrations.get(user=world.users["editor"]), here=True, by=worlds.BY, at=world.at
    )

    lines = sign_in("broker").get("/office/events/E-open/guests/?export=csv").content.decode("utf-8-sig").splitlines()

    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["editor", "松江激光设备有限公司", "已报名"], ["scholar", "演示理工大学", "已报名"],
    ]  # fmt: skip
