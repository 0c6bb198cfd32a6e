"""E-mail through the server of the settings: plain text beside a small page, with a way out in every letter."""

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User

from ._contract import DestinationField, Letter, SendingFailed

SECONDS = 20
PERMANENT_FROM = 500


class Email:
    slug = "email"
    name = _("电子邮件")
    about = _("发到登录邮箱。")
    repeats_safely = False
    fields: tuple[DestinationField, ...] = ()

    def is_offered(self) -> bool:
        return True

    def address(self, user: User, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """The demo's people are invented: nothing is sent to them."""
        return None if user.is_demo or user.is_erased else {"email": user.email}

    def check(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def send(self, letter: Letter, address: Mapping[str, Any]) -> None:
        with translation.override(letter.language):
            context = {"letter": letter}
            plain = render_to_string("letters/notifications.txt", context)
            page = render_to_string("letters/notifications.html", context)
        server = get_connection(timeout=SECONDS)
        message = EmailMultiAlternatives(
            subject=" ".join(letter.subject.split()),
            body=plain,
            to=[address["email"]],
            headers=_headers(letter),
            connection=server,
        )
        message.attach_alternative(page, "text/html")
        _open(server)
        try:
            _hand_over(message)
        finally:
            _close(server)


def _open(server: BaseEmailBackend) -> None:
    """Nothing has been said yet: whatever goes wrong here, the letter is still in the house."""
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        raise SendingFailed("mail_server", permanent=False) from error


def _close(server: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        server.close()


def _hand_over(message: EmailMultiAlternatives) -> None:
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        refusals = [code for code, _text in error.recipients.values()]
        raise SendingFailed("mail_recipient", permanent=min(refusals, default=0) >= PERMANENT_FROM) from error
    except smtplib.SMTPResponseException as error:
        raise SendingFailed(f"mail_{error.smtp_code}", permanent=error.smtp_code >= PERMANENT_FROM) from error
    except (OSError, smtplib.SMTPException) as error:
        raise SendingFailed("mail_no_answer", permanent=False, may_be_out=True) from error


def _headers(letter: Letter) -> dict[str, str]:
    """One press in the mail program is enough to be left alone (RFC 8058); programs do not answer such letters."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {"Message-ID": f"<{letter.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


CHANNEL = Email()
