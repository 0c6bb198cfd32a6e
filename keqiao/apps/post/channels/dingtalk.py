"""钉钉 group robots: an access token and, as their settings advise, a secret that signs each call."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from ._contract import DestinationField, Letter
from ._templates import JsonChannel


@dataclass(frozen=True)
class DingTalk(JsonChannel):
    def extras(self, letter: Letter, address: Mapping[str, Any]) -> dict[str, str]:
        moment, secret = str(int(letter.at.timestamp() * 1000)), str(address.get("secret", ""))
        digest = hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256)
        return {"moment": moment, "signature": quote(base64.b64encode(digest).decode(), safe="")}


CHANNEL = DingTalk(
    slug="dingtalk",
    name=_("钉钉机器人"),
    about=_("在钉钉群里添加自定义机器人，安全设置选“加签”，填入 access_token 和密钥。群里的人都会看到。"),
    url="https://oapi.dingtalk.com/robot/send?access_token={robot}&timestamp={moment}&sign={signature}",
    body={"msgtype": "text", "text": {"content": "{subject}\n{text}"}},
    fields=(
        DestinationField("robot", "access_token", pattern=r"[0-9A-Za-z]{10,128}", is_secret=True),
        DestinationField("secret", _("加签密钥"), pattern=r"SEC[0-9A-Za-z]{10,128}", is_secret=True),
    ),
    accepted=("errcode", 0),
    busy=frozenset({-1, 130101}),
)
