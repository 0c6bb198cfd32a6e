"""The bell, the list behind it, the switches, the way out of letters, and what the administrator sees of deliveries."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from keqiao.apps.market import actions as market
from keqiao.apps.parties.actors import actor_of, system
from keqiao.apps.post import actions, delivering, unsubscribing
from keqiao.apps.post.models import Delivery, Destination, Notification, Preference, Switch
from keqiao.apps.post.readers import reader
from tests.web import html
from tests.web.conftest import SignIn, english
from tests.web.world import World

SETTINGS = "/desk/settings/notifications/"
BY = system("worker")


def text(client: Client, path: str) -> str:
    return html.text(client.get(path))


def badge(client: Client) -> str:
    """What the bell says to those who cannot see it."""
    page = client.get("/desk/").content.decode()
    return page.partition('class="bell"')[2].partition('aria-label="')[2].partition('"')[0]


def test_bell_counts_what_is_unread(world: World, sign_in: SignIn) -> None:
    client = english(sign_in("outsider"))
    assert badge(client) == "Notifications, 1 unread"

    client.post("/desk/notifications/read/")

    assert badge(client) == "Notifications"
    assert 'class="bell"' not in Client().get("/").content.decode()


def test_opening_a_notification_marks_it_and_leads_on(world: World, sign_in: SignIn) -> None:
    row, client = world.things["notification"], sign_in("editor")

    answer = client.post(f"/desk/notifications/{row.pk}/read/")

    assert (answer.status_code, answer["Location"]) == (302, row.link)
    assert Notification.objects.get(pk=row.pk).read_at is not None


def test_notifications_of_others_are_not_there(world: World, sign_in: SignIn) -> None:
    row = world.things["notification"]
    assert sign_in("manager").post(f"/desk/notifications/{row.pk}/read/").status_code == 404
    assert Notification.objects.get(pk=row.pk).read_at is None


def test_notifications_of_one_topic_are_marked_alone(world: World, sign_in: SignIn) -> None:
    mine = Notification.objects.filter(user=world.users["editor"], read_at=None)
    others = mine.exclude(topic="listing.decided").count()

    sign_in("editor").post("/desk/notifications/read/", {"topic": "listing.decided"})

    assert (mine.filter(topic="listing.decided").count(), mine.count()) == (0, others)


def test_switches_are_offered_to_those_they_concern(world: World, sign_in: SignIn) -> None:
    waiting = "Needs and offers waiting for a decision"
    assert waiting in text(english(sign_in("officer")), SETTINGS)
    assert waiting not in text(english(sign_in("editor")), SETTINGS)


def test_switches_are_kept_and_the_default_leaves_no_row(world: World, sign_in: SignIn) -> None:
    client, user = sign_in("editor"), world.users["editor"]
    client.post(SETTINGS, {"do": "modes", "listing.decided email": "weekly", "introduction.new email": "instant"})
    assert list(Switch.objects.filter(user=user).values_list("topic", "mode")) == [("listing.decided", "weekly")]

    client.post(SETTINGS, {"do": "modes", "listing.decided email": "instant"})

    assert not Switch.objects.filter(user=user).exists()


@pytest.mark.parametrize("name", ["nothing email", "listing.decided nothing"])
def test_switches_that_do_not_exist_are_refused(name: str, sign_in: SignIn) -> None:
    answer = sign_in("editor").post(SETTINGS, {"do": "modes", name: "weekly"})

    assert answer.status_code == 422
    assert "没有这种通知、渠道或方式" in answer.content.decode()
    assert not Switch.objects.exists()


def test_quiet_hours_need_both_ends(world: World, sign_in: SignIn) -> None:
    sent = {"do": "preference", "language": "en", "digest_hour": "7", "digest_weekday": "0", "quiet_from": "22"}
    answer = english(sign_in("editor")).post(SETTINGS, {**sent, "quiet_to": ""})
    assert answer.status_code == 422
    assert "Quiet hours need both a beginning and an end" in html.text(answer)

    assert sign_in("editor").post(SETTINGS, {**sent, "quiet_to": "6"}).status_code == 302
    kept = Preference.objects.get(user=world.users["editor"])
    assert (kept.language, kept.digest_hour, kept.quiet_from, kept.quiet_to) == ("en", 7, 22, 6)


def test_secrets_of_channels_are_never_shown(world: World, sign_in: SignIn) -> None:
    client = sign_in("editor")
    secret = "HIDDENSECRET-0123"
    client.post(SETTINGS, {"do": "destination", "channel": "wecom", "wecom-robot": secret})

    assert Destination.objects.get().values == {"robot": secret}
    assert secret not in client.get(SETTINGS).content.decode()
    assert secret not in client.post("/desk/account/export/").content.decode()


def test_channel_that_cannot_work_is_refused_with_a_reason(sign_in: SignIn) -> None:
    sent = {"do": "destination", "channel": "webhook", "webhook-url": "http://intranet/x", "webhook-secret": "short"}
    answer = english(sign_in("editor")).post(SETTINGS, sent)

    shown = html.text(answer)
    assert answer.status_code == 422
    assert "The address must begin with https://" in shown
    assert "This does not look right." in shown
    assert not Destination.objects.exists()


def token(world: World) -> str:
    return unsubscribing.token(world.users["editor"], ("listing.decided",))


def test_unsubscribe_needs_a_press_and_no_sign_in(world: World) -> None:
    client, path = english(Client(enforce_csrf_checks=True)), f"/unsubscribe/{token(world)}/"
    assert "Decisions on my needs and offers" in text(client, path)
    assert not Switch.objects.exists()

    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    mine = reader(world.users["editor"])
    assert (mine.mode("listing.decided", "email"), mine.mode("introduction.new", "email")) == ("off", "instant")


def test_unsubscribe_from_all_is_taken_back_on_the_settings(world: World, sign_in: SignIn) -> None:
    Client().post(f"/unsubscribe/{token(world)}/", {"what": "all"})
    assert reader(world.users["editor"]).mode("introduction.new", "email") == "off"

    sign_in("editor").post(SETTINGS, {"do": "resume"})

    assert reader(world.users["editor"]).mode("introduction.new", "email") == "instant"


def test_unsubscribe_with_a_changed_token_does_nothing(world: World) -> None:
    answer = english(Client()).post(f"/unsubscribe/{token(world)[:-2]}xx/", {"what": "all"})

    assert answer.status_code == 404
    assert "incomplete or too old" in html.text(answer)
    assert not Preference.objects.exists()


def test_letter_is_sent_in_the_reader_s_language_with_whole_addresses(world: World) -> None:
    now, user = timezone.now(), world.users["editor"]
    actions.set_preference(user, language="en", by=actor_of(user, on=now.date()), at=now)
    market.return_to_author(world.needs["submitted"], reason="unclear", by=system("test"), at=now)
    actions.take_up(by=BY, at=now)

    delivering.deliver(by=BY, at=now)

    (letter,) = [one for one in mail.outbox if one.to == [user.email]]
    assert letter.subject.startswith("Need returned: Laser loses power submitted")
    assert "http://127.0.0.1:8000/desk/needs/N-submitted/edit/" in letter.body


def test_deliveries_show_troubles_and_no_content(world: World, sign_in: SignIn) -> None:
    row = Delivery.objects.get(state="failed")
    row.notifications.add(world.things["notification"])
    client = english(sign_in("administrator"))
    shown = text(client, "/office/deliveries/")

    assert "The worker was lost while sending" in shown
    assert world.things["notification"].title_en not in shown
    assert world.users["editor"].email not in shown


def test_deliveries_are_sent_again_once(world: World, sign_in: SignIn) -> None:
    row, client = world.things["delivery uncertain"], english(sign_in("administrator"))
    path = f"/office/deliveries/{row.key}/resend/"
    client.post(path)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.claim) == ("pending", 0, None)

    client.post(path)

    assert "has been dealt with already" in text(client, "/office/deliveries/")
