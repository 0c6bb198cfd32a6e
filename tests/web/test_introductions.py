"""The broker's desk on screen: list, board, calendar, one introduction, files; and what each side sees of it."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from icalendar import Calendar

from keqiao.apps.files.models import Attachment
from keqiao.apps.market.actions import introductions
from keqiao.apps.market.models import Contact, Disclosure, Event, Introduction, Message
from tests.web.conftest import SignIn
from tests.web.html import links, text
from tests.web.world import BY, World

NEW, TALKING, KEPT = (f"/desk/introductions/D-{name}/" for name in ("new", "talking", "kept"))


@pytest.fixture
def broker(sign_in: SignIn) -> Client:
    return sign_in("broker")


def rows(client: Client, query: str) -> list[dict[str, str]]:
    content = client.get(f"/desk/introductions/?export=csv&{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def keys(client: Client, query: str = "") -> set[str]:
    return {row["编号"].removeprefix("D-") for row in rows(client, query)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"new", "talking", "declined", "free"}),
        ("show=mine", {"new", "talking", "declined"}),
        ("show=ownerless", {"free"}),
        ("show=late", set()),
        ("state=open", {"new", "talking", "free"}),
        ("state=declined", {"declined"}),
        ("state=nonsense&show=nonsense", {"new", "talking", "declined", "free"}),
        ("q=D-new", {"new"}),
        ("q=秸秆", {"declined", "free"}),
        ("q=松江激光", {"new", "talking", "declined", "free"}),
        ("station=station&state=open", {"new", "talking", "free"}),
    ],
)
def test_list_shows_what_is_asked_for(query: str, found: set[str], broker: Client) -> None:
    assert keys(broker, query) == found


def test_search_does_not_find_a_seeker_by_the_name_that_is_kept_back(sign_in: SignIn) -> None:
    provider = sign_in("scholar")

    assert "kept" in keys(provider)
    assert keys(provider, "q=HIDDENNAME") == set()
    assert [row["需求方"] for row in rows(provider, "q=D-kept")] == ["单位暂不公开"]


def test_file_holds_no_next_action_for_the_sides(sign_in: SignIn) -> None:
    assert [row["下一步"] for row in rows(sign_in("broker"), "q=D-new")] == ["Call the firm"]
    assert [row["下一步"] for row in rows(sign_in("editor"), "q=D-new")] == [""]


def test_board_has_a_column_for_each_state(broker: Client) -> None:
    page = text(broker.get("/desk/introductions/board/"))

    assert [page.count(words) for words in ("待联系 1", "洽谈中 1", "未成 1", "双方有意 0")] == [1, 1, 1, 1]


def test_board_moves_without_dragging(broker: Client) -> None:
    for move in ("yes:seeker", "yes:provider", "talk", "agree"):
        answer = broker.post(NEW, {"do": "move", "move": move, "back": "board"})
        assert (answer.status_code, answer["Location"]) == (302, "/desk/introductions/board/")

    assert Introduction.objects.get(key="D-new").state == "agreed"


@pytest.mark.parametrize("move", ["", "fly", "yes:nobody", "no:nonsense", "agree"])
def test_board_says_why_a_move_is_not_possible(move: str, broker: Client) -> None:
    page = broker.post(NEW, {"do": "move", "move": move, "back": "board"}, follow=True).content.decode()

    assert 'class="notice error' in page or 'class="notice bad' in page
    assert Introduction.objects.get(key="D-new").state == "proposed"


def test_calendar_holds_next_actions_and_answers(broker: Client) -> None:
    row = Introduction.objects.get(key="D-new")
    assert row.next_action_date is not None
    assert row.due_at is not None
    due = localdate(row.due_at - timedelta(seconds=1))

    page = broker.get(f"/desk/introductions/calendar/?month={due:%Y-%m}").content.decode()
    book = Calendar.from_ical(broker.get("/desk/introductions/calendar.ics").content)

    assert "答复双方" in page
    events = {str(event["UID"]): (event["DTSTART"].dt, str(event["SUMMARY"])) for event in book.walk("VEVENT")}
    assert events["D-new-action@keqiao"] == (row.next_action_date, "Call the firm · 光纤激光器功率下降 registered")
    assert events["D-new-answer@keqiao"][0] == due


@pytest.mark.parametrize(
    ("name", "address"), [("broker", "/office/events/E-open/"), ("editor", "/desk/events/E-open/"), ("outsider", "")]
)
def test_calendar_holds_the_events_one_runs_or_goes_to(name: str, address: str, sign_in: SignIn) -> None:
    starts = timezone.localtime(Event.objects.get(key="E-open").starts_at)
    client = sign_in(name)
    page = client.get(f"/desk/introductions/calendar/?month={starts:%Y-%m}")
    book = Calendar.from_ical(client.get("/desk/introductions/calendar.ics").content)

    assert (address in links(page)) is bool(address)
    found = {str(event["UID"]): event["DTSTART"].dt for event in book.walk("VEVENT")}
    assert found.get("E-open-event@keqiao") == (starts.date() if address else None)


@pytest.mark.parametrize("month", ["2026-13", "x", "0001-01", "9999-12", "2026-1", "２０２６-01"])
def test_calendar_of_an_odd_month_is_this_months(month: str, broker: Client) -> None:
    answer = broker.get("/desk/introductions/calendar/", {"month": month})

    assert answer.status_code == 200
    assert f"{timezone.localdate():%Y-%m}" in answer.content.decode()


def test_side_is_told_by_when_a_person_answers(sign_in: SignIn) -> None:
    page = text(sign_in("editor").get(NEW))

    assert "前有专人答复您。" in page
    assert "联系记录" not in page
    assert "Broker's note" not in page
    assert "Ms Wang" not in page


def test_late_answer_is_visible_at_once(sign_in: SignIn, world: World) -> None:
    Introduction.objects.filter(key="D-new").update(due_at=timezone.now() - timedelta(hours=1))

    for path in (NEW, "/desk/introductions/", "/desk/introductions/board/", "/desk/"):
        assert "答复已逾期" in sign_in("broker").get(path).content.decode(), path


def test_match_is_introduced_with_one_press(broker: Client, world: World) -> None:
    found = broker.get("/needs/N-introduction/matches/").content.decode()
    answer = broker.post("/desk/introduce/", {"need": "N-abstract_only", "offer": "F-public"})

    row = Introduction.objects.get(need__key="N-abstract_only")
    assert 'action="/desk/introduce/"' in found
    assert answer["Location"] == f"/desk/introductions/{row.key}/"
    assert (row.owner, row.source, row.rank is not None) == (world.users["broker"], "match", True)


def test_pair_that_stands_leads_to_where_it_stands(broker: Client) -> None:
    answer = broker.post("/desk/introduce/", {"need": "N-public", "offer": "F-public"}, follow=True)

    assert answer.redirect_chain == [(TALKING, 302)]
    assert "这一对已经在对接中。" in answer.content.decode()
    assert Introduction.objects.filter(need__key="N-public", offer__key="F-public").count() == 1


@pytest.mark.parametrize("pair", [{}, {"need": "N-public"}, {"need": "F-public", "offer": "N-public"}])
def test_introducing_nothing_answers_like_nothing(pair: dict[str, str], broker: Client) -> None:
    assert broker.post("/desk/introduce/", pair).status_code == 404


def test_match_button_is_not_for_visitors(visitor: Client) -> None:
    assert "/desk/introduce/" not in visitor.get("/needs/N-public/matches/").content.decode()


def test_both_sides_answer_and_talk(sign_in: SignIn) -> None:
    sign_in("editor").post(NEW, {"do": "answer", "side": "seeker", "answer": "yes"})
    sign_in("scholar").post(NEW, {"do": "answer", "side": "provider", "answer": "yes"})
    page = text(sign_in("scholar").get(NEW))
    sign_in("scholar").post(NEW, {"do": "talk"})

    assert "开始洽谈" in page
    assert Introduction.objects.get(key="D-new").state == "talking"


def test_kept_back_need_opens_step_by_step(sign_in: SignIn, world: World) -> None:
    provider, seeker = sign_in("scholar"), sign_in("owner")
    hidden = ("HIDDENNAME", "HIDDENTEXT")

    before = provider.get(KEPT).content.decode()
    seeker.post(KEPT, {"do": "answer", "side": "seeker", "answer": "yes"})
    willing = provider.get(KEPT).content.decode()
    seeker.post(KEPT, {"do": "promise", "side": "seeker"})
    provider.post(KEPT, {"do": "open", "listing": "need"})
    too_early = provider.get(KEPT).content.decode()
    provider.post(KEPT, {"do": "promise", "side": "provider"})
    offered = provider.get(KEPT).content.decode()
    provider.post(KEPT, {"do": "open", "listing": "need"})
    opened = provider.get(KEPT).content.decode()

    seen = [[word in page for word in hidden] for page in (before, willing, too_early, offered, opened)]
    assert seen == [[False, False], [True, False], [True, False], [True, False], [True, True]]
    assert "HIDDENTEXT" in provider.get("/needs/N-introduction/").content.decode()
    assert Disclosure.objects.filter(listing="need:N-introduction", user=world.users["scholar"]).count() == 1
    assert "HIDDENTEXT" not in sign_in("coordinator").get(KEPT).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"do": "log", "kind": "call", "held_date": "2026-01-02", "text": ""}, "这个字段是必填项。"),
        ({"do": "log", "kind": "call", "held_date": "2999-01-02", "text": "x"}, "联系日期不能晚于今天"),
        ({"do": "log", "kind": "call", "held_date": "yesterday", "text": "x"}, "输入一个有效的日期。"),
        ({"do": "plan", "next_action": "x", "next_action_date": ""}, "下一步要同时写明做什么和哪一天。"),
        ({"do": "plan", "next_action": "x", "next_action_date": "2020-01-01"}, "下一步的日期已经过去"),
        ({"do": "message", "text": "  "}, "这个字段是必填项。"),
        ({"do": "file"}, "这个字段是必填项。"),
        ({"do": "hand-over", "to": "nobody", "reason": "workload"}, "nobody"),
    ],
)
def test_forms_say_what_is_wrong_and_keep_what_was_typed(data: dict[str, str], said: str, broker: Client) -> None:
    before = (Contact.objects.count(), Message.objects.count(), Attachment.objects.count())
    answer = broker.post(NEW, data)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert (Contact.objects.count(), Message.objects.count(), Attachment.objects.count()) == before


def test_unknown_button_answers_like_nothing(broker: Client) -> None:
    assert broker.post(NEW, {"do": "destroy"}).status_code == 404


@pytest.mark.parametrize(
    "data",
    [{"do": "answer", "side": "seeker", "answer": "no"}, {"do": "answer", "side": "broker", "answer": "yes"},
     {"do": "decline", "reason": "other"}, {"do": "decline", "reason": ""}],
)  # fmt: skip
def test_no_needs_its_reason(data: dict[str, str], broker: Client) -> None:
    answer = broker.post(NEW, data, follow=True)

    assert "请选择" in answer.content.decode() or "请用一句话说明原因" in answer.content.decode()
    assert Introduction.objects.get(key="D-new").state == "proposed"


def test_logged_call_and_what_follows_are_written_together(broker: Client) -> None:
    day = timezone.localdate()
    data = {
        "do": "log", "kind": "visit", "side": "provider", "person": "Dr Li", "held_date": day.isoformat(),
        "text": "Saw the pilot line", "next_action": "Send minutes", "next_action_date": day.isoformat(),
    }  # fmt: skip
    broker.post(NEW, data)
    bad = broker.post(NEW, data | {"text": "Again", "next_action_date": "2020-01-01"})

    row = Introduction.objects.get(key="D-new")
    assert (row.next_action, row.next_action_date, row.state) == ("Send minutes", day, "contacted")
    assert bad.status_code == 422
    assert not Contact.objects.filter(text="Again").exists()


def test_file_goes_up_and_down_and_away(sign_in: SignIn) -> None:
    editor, provider = sign_in("editor"), sign_in("scholar")
    file = SimpleUploadedFile("方案.pdf", b"%PDF-1.7 test")
    editor.post(TALKING, {"do": "file", "file": file})
    key = Attachment.objects.get(name="方案.pdf").key

    down = provider.get(f"{TALKING}files/{key}/")
    refused = provider.post(TALKING, {"do": "remove", "file": key}, follow=True)
    editor.post(TALKING, {"do": "remove", "file": key})

    assert (down.content, down["Content-Type"]) == (b"%PDF-1.7 test", "application/pdf")
    assert "附件由上传人或负责人移除。" in refused.content.decode()
    assert provider.get(f"{TALKING}files/{key}/").status_code == 404


def test_file_that_is_not_what_it_says_is_refused(broker: Client) -> None:
    answer = broker.post(TALKING, {"do": "file", "file": SimpleUploadedFile("x.pdf", b"MZ\x00\x01")})

    assert answer.status_code == 422
    assert "x.pdf" in answer.content.decode()


def test_file_of_one_introduction_is_not_served_by_another(broker: Client, world: World) -> None:
    assert broker.get(f"{NEW}files/{world.things['file'].key}/").status_code == 404


def test_station_shows_what_nobody_is_in_charge_of(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    page = text(client.get("/desk/stations/branch/?show=ownerless"))

    assert "2 无人负责" in page
    assert "高新区工作站" in page


def test_station_hands_everything_over(sign_in: SignIn, world: World) -> None:
    client, to = sign_in("coordinator"), world.users["coordinator"]
    path = "/desk/stations/station/"
    nothing = client.post(path, {"owner": "", "to": str(to.key), "reason": "absence"})
    client.post(path, {"owner": str(world.users["broker"].key), "to": str(to.key), "reason": "absence"})

    assert (nothing.status_code, "请选择移交谁的对接。" in nothing.content.decode()) == (422, True)
    assert set(Introduction.objects.filter(owner=to).values_list("key", flat=True)) == {"D-new", "D-talking"}


def test_broker_at_one_station_is_led_to_it(broker: Client) -> None:
    assert broker.get("/desk/stations/")["Location"] == "/desk/stations/station/"


def test_ended_need_stays_readable_for_its_parties(sign_in: SignIn, world: World) -> None:
    from keqiao.apps.market import actions  # noqa: PLC0415 - one test withdraws

    actions.withdraw(world.needs["registered"], reason="solved", by=BY, at=timezone.now())
    page = sign_in("scholar").get(NEW)

    assert page.status_code == 200
    assert 'href="/needs/N-registered/"' not in page.content.decode()


def test_agreed_one_can_be_resumed(broker: Client) -> None:
    introductions.agree(Introduction.objects.get(key="D-talking"), by=BY, at=timezone.now())

    broker.post(TALKING, {"do": "resume"})

    assert Introduction.objects.get(key="D-talking").state == "talking"
