"""Channels against real little servers: what arrives, what each answer means, where a letter may never go."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from keqiao.apps.post.channels import Item, Letter, SendingFailed, channel, channels
from keqiao.apps.post.channels import _http as http
from keqiao.apps.post.channels._templates import JsonChannel
from tests.apps.post.servers import HttpSink, MailSink, http_sink, mail_sink
from tests.factories.parties import UserFactory

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def sink(settings: Any) -> Iterator[HttpSink]:
    with http_sink() as found:
        settings.POST_PRIVATE_HOSTS = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture
def mail(settings: Any) -> Iterator[MailSink]:
    with mail_sink() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        yield found


@pytest.fixture
def letter(now: datetime) -> Letter:
    item = Item(7, "listing.decided", '需求被退回："粘丝"', "原因\n第二行", "https://x.example/desk/", now)
    return Letter(
        UUID(int=5), "zh-hans", item.title, (item,), now, "乙", "https://x.example/settings/", "https://x.example/u/t/"
    )


def send(slug: str, letter: Letter, address: dict[str, str]) -> None:
    found = channel(slug)
    assert found is not None
    found.send(letter, address)


def failure(slug: str, letter: Letter, address: dict[str, str]) -> tuple[str, bool, bool]:
    with pytest.raises(SendingFailed) as raised:
        send(slug, letter, address)
    return raised.value.code, raised.value.permanent, raised.value.may_be_out


def test_channels_are_found_and_email_is_first() -> None:
    assert list(channels()) == ["email", "dingtalk", "sms", "webhook", "wecom"]
    assert {slug for slug, one in channels().items() if one.repeats_safely} == {"webhook"}


def test_webhook_is_signed_and_the_same_over_all_tries(sink: HttpSink, letter: Letter) -> None:
    for _try in range(2):
        send("webhook", letter, {"url": sink.url, "secret": SECRET})

    first, second = sink.calls
    identity, moment = first.headers["webhook-id"], first.headers["webhook-timestamp"]
    wanted = hmac.digest(b"k" * 32, f"{identity}.{moment}.".encode() + first.body, hashlib.sha256)
    assert first.headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
    assert (identity, first.body) == (second.headers["webhook-id"], second.body)
    (item,) = json.loads(first.body)["data"]["items"]
    assert (item["title"], item["entry"]) == (letter.items[0].title, 7)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (500, ("http_500", False, False)),
        (429, ("http_429", False, False)),
        (410, ("http_410", True, False)),
        (302, ("redirected", True, False)),
        (0, ("no_answer", False, True)),
    ],
)
def test_webhook_answers_mean(status: int, expected: tuple[str, bool, bool], sink: HttpSink, letter: Letter) -> None:
    sink.status, sink.headers = status, {"Location": f"http://127.0.0.1:{sink.port}/elsewhere"}

    assert failure("webhook", letter, {"url": sink.url, "secret": SECRET}) == expected
    assert len(sink.calls) == 1


def test_webhook_to_a_closed_port_is_tried_again(letter: Letter) -> None:
    with http_sink() as gone:
        url, port = gone.url, gone.port
    with override_settings(POST_PRIVATE_HOSTS=[f"127.0.0.1:{port}"]):
        assert failure("webhook", letter, {"url": url, "secret": SECRET}) == ("no_connection", False, False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "address_not_https"),
        ("ftp://example.com/", "address_unreadable"),
        ("https://user:secret@example.com/", "address_unreadable"),
        ("https://example.com:99999/", "address_unreadable"),
        ("https://[::1", "address_unreadable"),
        ("https://127.0.0.1/", "address_inside"),
        ("https://[::ffff:10.0.0.1]/", "address_inside"),
        ("https://169.254.169.254/latest/", "address_inside"),
        ("https://2130706433/", "address_inside"),
        ("https://localhost./", "address_inside"),
    ],
)
def test_webhook_never_goes_where_it_must_not(url: str, code: str, letter: Letter) -> None:
    assert failure("webhook", letter, {"url": url, "secret": SECRET}) == (code, True, False)


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("10.1.2.3", False), ("192.168.0.1", False),
        ("172.16.0.1", False), ("100.64.0.1", False), ("0.1.2.3", False), ("224.0.0.1", False), ("fe80::1", False),
        ("fc00::1", False), ("::ffff:8.8.8.8", True), ("::ffff:127.0.0.1", False), ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::808:808", True),
    ],
)  # fmt: skip
def test_addresses_that_are_public(address: str, *, is_public: bool) -> None:
    assert http.is_public(address) is is_public


def test_webhook_asks_for_an_address_and_a_secret_it_can_use() -> None:
    found = channel("webhook")
    assert found is not None
    assert found.check({"url": "https://example.com/x", "secret": SECRET}) == {}
    assert found.check({"url": "http://example.com/x", "secret": "short"}).keys() == {"url", "secret"}
    assert found.check({}).keys() == {"url", "secret"}


def robot(slug: str, port: int) -> JsonChannel:
    """The channel as it is, at the address of the test's server."""
    found = channel(slug)
    assert isinstance(found, JsonChannel)
    return replace(found, url=found.url.replace("https://", f"http://127.0.0.1:{port}/"))


def test_wecom_robot_is_told_in_its_own_form(sink: HttpSink, letter: Letter) -> None:
    robot("wecom", sink.port).send(letter, {"robot": "key-1234567"})

    (call,) = sink.calls
    assert call.path == "/qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234567"
    content = f"{letter.subject}\n{letter.text}"
    assert json.loads(call.body) == {"msgtype": "text", "text": {"content": content}}


def test_dingtalk_robot_signs_each_call(sink: HttpSink, letter: Letter) -> None:
    robot("dingtalk", sink.port).send(letter, {"robot": "t" * 20, "secret": "SEC" + "a" * 20})

    moment = str(int(letter.at.timestamp() * 1000))
    digest = hmac.digest(b"SEC" + b"a" * 20, f"{moment}\nSEC{'a' * 20}".encode(), hashlib.sha256)
    query = sink.calls[0].path.partition("?")[2]
    signature = base64.b64encode(digest).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    assert query == f"access_token={'t' * 20}&timestamp={moment}&sign={signature}"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b'{"errcode": 93000}', ("answer_93000", True, False)),
        (b'{"errcode": 45009}', ("answer_45009", False, False)),
        (b"<html>", ("answer_unreadable", False, True)),
        (b"[]", ("answer_unreadable", False, True)),
    ],
)
def test_robot_answers_mean(answer: bytes, expected: tuple[str, bool, bool], sink: HttpSink, letter: Letter) -> None:
    sink.answer = answer
    with pytest.raises(SendingFailed) as raised:
        robot("wecom", sink.port).send(letter, {"robot": "key-1234567"})

    assert (raised.value.code, raised.value.permanent, raised.value.may_be_out) == expected


def test_sms_holds_the_title_alone(sink: HttpSink, letter: Letter, settings: Any) -> None:
    settings.POST_SMS_URL, settings.POST_SMS_AUTHORIZATION = sink.url, "Bearer x"
    send("sms", letter, {"phone": "13800000000"})

    (call,) = sink.calls
    assert json.loads(call.body) == {"phone": "13800000000", "text": f"{letter.subject} https://x.example/desk/"}
    assert call.headers["authorization"] == "Bearer x"


@pytest.mark.django_db
def test_addresses_of_people(settings: Any) -> None:
    """Invented people get nothing; text messages need a gateway and a telephone."""
    person, invented = UserFactory(phone="13800000000"), UserFactory(is_demo=True, phone="13800000000")
    email, sms = channel("email"), channel("sms")
    assert email is not None
    assert sms is not None
    assert (email.address(person, None), email.address(invented, None)) == ({"email": person.email}, None)
    assert (sms.address(person, None), sms.address(invented, None)) == ({"phone": "13800000000"}, None)
    assert (sms.is_offered(), email.is_offered()) == (False, True)
    settings.POST_SMS_URL = "https://sms.example/"
    assert sms.is_offered()


def test_email_is_plain_and_html_with_a_way_out(mail: MailSink, letter: Letter) -> None:
    hostile = replace(letter, subject="a\r\nBcc: x@example.com", items=(replace(letter.items[0], title="<b>x</b>"),))
    send("email", hostile, {"email": "a@example.invalid"})

    found = message_from_bytes(mail.letters[0].encode(), policy=default)
    plain, page = (part.get_content() for part in found.iter_parts())  # type: ignore[attr-defined]
    assert (found["Subject"], found["To"], found["Bcc"]) == ("a Bcc: x@example.com", "a@example.invalid", None)
    assert found["List-Unsubscribe"] == "<https://x.example/u/t/>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Message-ID"].startswith(f"<{letter.key}@")
    assert "<b>x</b>" in plain
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "https://x.example/u/t/" in plain


def test_email_in_english_speaks_english(mail: MailSink, letter: Letter) -> None:
    send("email", replace(letter, language="en"), {"email": "a@example.invalid"})

    found = message_from_bytes(mail.letters[0].encode(), policy=default)
    plain = next(found.iter_parts()).get_content()  # type: ignore[attr-defined]
    assert plain.startswith("Dear 乙,")


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [("550 no such user", ("mail_recipient", True, False)), ("451 later", ("mail_recipient", False, False))],
)
def test_email_refusals_mean(refusal: str, expected: tuple[str, bool, bool], mail: MailSink, letter: Letter) -> None:
    mail.refusal = refusal

    assert failure("email", letter, {"email": "a@example.invalid"}) == expected


def test_email_that_broke_off_may_be_out(mail: MailSink, letter: Letter) -> None:
    mail.breaks = True

    assert failure("email", letter, {"email": "a@example.invalid"}) == ("mail_no_answer", False, True)


def test_email_without_a_server_is_tried_again(letter: Letter, settings: Any) -> None:
    with mail_sink() as gone:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", gone.port
    assert failure("email", letter, {"email": "a@example.invalid"}) == ("mail_server", False, False)
