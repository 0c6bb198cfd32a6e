"""Deliveries: claimed before they are sent, noted afterwards, never sent again where nobody can tell."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions as market
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions, channels, delivering
from keqiao.apps.post.actions.deliveries import BATCH, CLAIM_FOR, Outcome
from keqiao.apps.post.models import Delivery, DeliveryState, Notification
from tests.apps.acting import administrator, last_entry, officer, person
from tests.apps.post.servers import HttpSink, MailSink, http_sink, mail_sink
from tests.apps.post.test_channels import SECRET
from tests.factories.market import NeedFactory
from tests.factories.parties import MembershipFactory
from tests.factories.post import DeliveryFactory, DestinationFactory, NotificationFactory, SwitchFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")


@pytest.fixture
def mail(settings: Any) -> Iterator[MailSink]:
    with mail_sink() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        yield found


@pytest.fixture
def sink(settings: Any) -> Iterator[HttpSink]:
    with http_sink() as found:
        settings.POST_PRIVATE_HOSTS = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture
def user(now: datetime) -> User:
    """Somebody whose need was returned, with the letter about it waiting."""
    place = MembershipFactory()
    need = NeedFactory(organization=place.organization, title_en="Sticky tow", state="submitted")
    market.return_to_author(need, reason="unclear", by=officer("229901"), at=now)
    actions.take_up(by=BY, at=now)
    return place.user


def state() -> tuple[str, str, int]:
    row = Delivery.objects.get()
    return row.state, row.problem, row.attempts


def test_deliver_sends_once_and_notes_it(user: User, mail: MailSink, now: datetime) -> None:
    assert [delivering.deliver(by=BY, at=now) for _ in range(2)] == [1, 0]

    assert (len(mail.letters), state()) == (1, ("sent", "", 1))
    entries = Entry.objects.filter(kind__startswith="delivery.").order_by("seq").values_list("kind", "facts__count")
    assert list(entries) == [("delivery.claim", 1), ("delivery.finish", 1)]
    assert list(ledger.verify()) == []


def test_deliver_waits_until_it_is_due(user: User, mail: MailSink, now: datetime) -> None:
    Delivery.objects.update(due_at=now + timedelta(hours=1))
    before = ledger.last_seq()

    assert delivering.deliver(by=BY, at=now) == 0
    assert (mail.letters, ledger.last_seq()) == ([], before)


def test_deliver_tries_again_ever_later_and_gives_up(user: User, mail: MailSink, now: datetime) -> None:
    mail.refusal, pauses, at = "451 later", [], now
    while Delivery.objects.get().state in ("pending", "retry"):
        delivering.deliver(by=BY, at=at)
        pauses.append(round((Delivery.objects.get().due_at - at).total_seconds() / 60))
        at = max(at, Delivery.objects.get().due_at)

    assert pauses == [1, 5, 30, 120, 360, 720, 0]
    assert state() == ("failed", "mail_recipient", 7)


def test_deliver_gives_up_at_once_what_cannot_work(user: User, mail: MailSink, now: datetime) -> None:
    mail.refusal = "550 no such user"
    delivering.deliver(by=BY, at=now)

    assert state() == ("failed", "mail_recipient", 1)


def test_deliver_leaves_to_a_person_what_may_be_out(user: User, mail: MailSink, now: datetime) -> None:
    mail.breaks = True
    for hours in range(3):
        delivering.deliver(by=BY, at=now + timedelta(hours=hours))

    assert (len(mail.letters), state()) == (1, ("uncertain", "mail_no_answer", 1))


def test_deliver_repeats_a_webhook_with_the_same_identity(user: User, sink: HttpSink, now: datetime) -> None:
    DestinationFactory(user=user, channel="webhook", values={"url": sink.url, "secret": SECRET})
    Delivery.objects.update(channel="webhook")
    sink.status = 0
    delivering.deliver(by=BY, at=now)
    assert state() == ("retry", "no_answer", 1)
    sink.status = 200
    delivering.deliver(by=BY, at=now + timedelta(hours=1))

    assert state() == ("sent", "", 2)
    assert len({(call.headers["webhook-id"], call.body) for call in sink.calls}) == 1 < len(sink.calls)


def test_deliver_goes_on_after_a_channel_that_fails(
    user: User, mail: MailSink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(type(channels.channels()["webhook"])):  # type: ignore[misc] # a channel like any other
        def send(self, letter: channels.Letter, address: object) -> None:
            raise ZeroDivisionError

    monkeypatch.setitem(channels.channels(), "broken", Broken())
    DestinationFactory(user=user, channel="broken")
    other = DeliveryFactory(user=user, channel="broken", due_at=now - timedelta(hours=1))
    other.notifications.add(Notification.objects.get())

    assert delivering.deliver(by=BY, at=now) == 2

    other.refresh_from_db()
    assert (other.state, other.problem, len(mail.letters)) == ("retry", "channel_failed", 1)


def test_deliver_that_is_stopped_gives_back_what_it_has_not_begun(
    user: User, mail: MailSink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopping(type(channels.channels()["webhook"])):  # type: ignore[misc]
        def send(self, letter: channels.Letter, address: object) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(channels.channels(), "stopping", Stopping())
    DestinationFactory(user=user, channel="stopping")
    told = Notification.objects.get()
    rows = [
        DeliveryFactory(user=user, channel=channel, due_at=now - timedelta(minutes=minutes))
        for channel, minutes in (("email", 9), ("stopping", 8), ("email", 7))
    ]
    for row in rows:
        row.notifications.add(told)

    with pytest.raises(KeyboardInterrupt):
        delivering.deliver(by=BY, at=now)

    states = [Delivery.objects.get(pk=row.pk) for row in rows]
    assert [(row.state, row.attempts) for row in states] == [("sent", 1), ("sending", 0), ("pending", 0)]


@pytest.mark.parametrize("how", ["switched off", "left the firm", "locked", "stopped all", "need gone"])
def test_deliver_leaves_out_what_the_reader_may_or_will_not_read_any_more(
    how: str, user: User, mail: MailSink, now: datetime
) -> None:
    later = now + timedelta(days=1)
    if how == "switched off":
        SwitchFactory(user=user, mode="off")
    elif how == "left the firm":
        user.memberships.update(to_date=later.date())
    elif how == "locked":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif how == "stopped all":
        actions.stop_mail(user, by=person(user), at=now)
    else:
        NeedFactory._meta.model.objects.all().delete()

    delivering.deliver(by=BY, at=later)

    assert (mail.letters, state()) == ([], ("dropped", "nothing_to_say", 1))


def test_deliver_to_a_channel_that_was_removed_is_dropped(user: User, now: datetime) -> None:
    Delivery.objects.update(channel="wecom")
    delivering.deliver(by=BY, at=now)

    assert state() == ("dropped", "no_address", 1)


def test_digest_is_one_letter_with_all_of_it(user: User, mail: MailSink, now: datetime) -> None:
    row, entry = Delivery.objects.get(), Notification.objects.get().entry
    market.submit(NeedFactory._meta.model.objects.get(), by=system("test"), at=now)
    market.return_to_author(NeedFactory._meta.model.objects.get(), reason="unclear", by=officer("229901"), at=now)
    second = NotificationFactory(user=user, entry=ledger.last_seq(), title="第二条")
    row.notifications.add(second)

    delivering.deliver(by=BY, at=now)

    (letter,) = mail.letters
    subject = message_from_bytes(letter.encode(), policy=default)["Subject"]
    assert (subject, second.entry > entry) == ("科桥：2 条新通知", True)


def test_claims_are_small_and_taken_once(now: datetime) -> None:
    for _ in range(BATCH + 2):
        DeliveryFactory()
    first, second = (actions.claim(by=BY, at=now)[1] for _ in range(2))

    assert (len(first), len(second), set(first) & set(second)) == (BATCH, 2, set())


@pytest.mark.parametrize(
    ("channel", "expected"), [("email", "uncertain"), ("webhook", "retry"), ("wecom", "uncertain")]
)
def test_recover_finds_what_a_lost_worker_had(channel: str, expected: str, now: datetime) -> None:
    DeliveryFactory(channel=channel)
    actions.claim(by=BY, at=now)
    assert actions.recover(by=BY, at=now + CLAIM_FOR) == 0

    assert actions.recover(by=BY, at=now + CLAIM_FOR + timedelta(seconds=1)) == 1

    assert state() == (expected, "worker_lost", 1)


def test_finish_of_a_worker_that_was_only_slow_settles_the_uncertain(now: datetime) -> None:
    row = DeliveryFactory()
    token, _taken = actions.claim(by=BY, at=now)
    later = now + timedelta(hours=1)
    actions.recover(by=BY, at=later)

    actions.finish(token, [Outcome(row.pk, DeliveryState.SENT)], by=BY, at=later)

    assert Delivery.objects.get().state == "sent"


def test_finish_leaves_alone_what_belongs_to_another_claim(now: datetime) -> None:
    row = DeliveryFactory()
    actions.claim(by=BY, at=now)

    actions.finish(uuid4(), [Outcome(row.pk, DeliveryState.SENT)], by=BY, at=now)

    assert Delivery.objects.get().state == "sending"


@pytest.mark.parametrize("act", [actions.resend, actions.drop])
def test_troubles_are_dealt_with_by_administrators_once(act: Any, now: datetime) -> None:
    row = DeliveryFactory(state="uncertain", problem="worker_lost", attempts=1)
    with pytest.raises(Refused) as refusal:
        act(row, by=person(), at=now)
    assert refusal.value.reason == "administrators_only"

    act(row, by=administrator(), at=now)
    with pytest.raises(Refused) as refusal:
        act(row, by=administrator(), at=now)

    assert refusal.value.reason == "delivery_not_in_trouble"
    assert last_entry()[2:4] == (f"delivery:{row.key}", "refused")


def test_product_alone_claims_finishes_recovers_and_tidies(now: datetime) -> None:
    DeliveryFactory(state="sent", ended_at=now - timedelta(days=900))
    DeliveryFactory(), DeliveryFactory(state="sending", claim=uuid4(), claimed_until=now - timedelta(hours=1))
    reasons = []
    for act in (
        lambda: actions.claim(by=person(), at=now),
        lambda: actions.finish(uuid4(), [Outcome(1, "sent")], by=person(), at=now),
        lambda: actions.recover(by=person(), at=now),
        lambda: actions.tidy(by=person(), at=now),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        reasons.append(refusal.value.reason)

    assert reasons == ["product_only"] * 4


def test_tidy_deletes_what_was_read_long_ago(now: datetime, settings: Any) -> None:
    settings.POST_KEEP_DAYS = 90
    old, recent = now - timedelta(days=91), now - timedelta(days=89)
    waiting = DeliveryFactory()
    kept = [NotificationFactory(), NotificationFactory(read_at=recent), NotificationFactory(read_at=old)]
    waiting.notifications.add(kept[2])
    NotificationFactory(read_at=old)
    sent = DeliveryFactory(state="sent", ended_at=old)
    failed = DeliveryFactory(state="failed", ended_at=old)

    assert actions.tidy(by=BY, at=now) == 2

    assert set(Notification.objects.values_list("pk", flat=True)) == {row.pk for row in kept}
    assert set(Delivery.objects.values_list("pk", flat=True)) == {waiting.pk, failed.pk} != {sent.pk}
    assert (last_entry()[0], Entry.objects.order_by("-seq")[0].facts["count"]) == ("notification.tidy", 2)
    assert actions.tidy(by=BY, at=now) == 0
