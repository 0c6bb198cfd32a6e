"""Short messages through the gateway the office has a contract with: its address and body stand in the settings."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User

from ._contract import DestinationField, Letter
from ._templates import JsonChannel


class Sms:
    """Reaches the telephone number of the account; a message is one line with the title, never a text."""

    slug = "sms"
    name = _("短信")
    about = _("发到账号中的手机号，只含标题。")
    repeats_safely = False
    fields: tuple[DestinationField, ...] = ()

    def is_offered(self) -> bool:
        return bool(settings.POST_SMS_URL)

    def address(self, user: User, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return {"phone": user.phone} if user.phone and not user.is_demo else None

    def check(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def send(self, letter: Letter, address: Mapping[str, Any]) -> None:
        header = {"Authorization": settings.POST_SMS_AUTHORIZATION} if settings.POST_SMS_AUTHORIZATION else {}
        gateway = JsonChannel(
            slug=self.slug, name="", url=settings.POST_SMS_URL, body=json.loads(settings.POST_SMS_BODY), headers=header
        )
        gateway.send(letter, address)


CHANNEL = Sms()
