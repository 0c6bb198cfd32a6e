"""Calls to a server of one's own, signed as the open specification Standard Webhooks has it.

The headers `webhook-id` (the same over all tries, so that a receiver knows a repetition), `webhook-timestamp` and
`webhook-signature`: `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`; the key is what follows `whsec_` in
the secret, decoded from Base64.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.parties.models import User

from . import _http
from ._contract import DestinationField, Letter, SendingFailed
from ._templates import mistakes

PREFIX = "whsec_"


def signature(secret: str, *, key: str, moment: int, body: bytes) -> str:
    """The value of `webhook-signature`.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", key="msg_p5jXN8AQM9LWM0D4loKWxJek", moment=1614265330,
    ...           body=b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{key}.{moment}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def body_of(letter: Letter) -> bytes:
    """The same bytes for the same letter, however often it is sent."""
    items = [
        {"entry": item.entry, "topic": item.topic, "title": item.title, "text": item.text, "link": item.link,
         "at": item.at.isoformat()}
        for item in letter.items
    ]  # fmt: skip
    content = {"type": "keqiao.notifications", "language": letter.language, "data": {"items": items}}
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


class Webhook:
    slug = "webhook"
    name = gettext_lazy("Webhook")
    about = gettext_lazy("向您自己的服务器发送 JSON，按 Standard Webhooks 规范签名。重发时 webhook-id 不变。")
    repeats_safely = True
    fields = (
        DestinationField("url", gettext_lazy("地址"), gettext_lazy("以 https:// 开头。"), pattern=r"https?://\S{3,280}"),
        DestinationField(
            "secret", gettext_lazy("签名密钥"), gettext_lazy("以 whsec_ 开头，后接至少 24 字节的 Base64。"),
            pattern=r"whsec_[0-9A-Za-z+/]{32,100}={0,2}", is_secret=True,
        ),
    )  # fmt: skip

    def is_offered(self) -> bool:
        return True

    def address(self, user: User, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return values or None

    def check(self, values: Mapping[str, Any]) -> dict[str, str]:
        wrong = mistakes(self.fields, values)
        if "url" not in wrong:
            try:
                _http.target_of(str(values["url"]))
            except SendingFailed:
                wrong["url"] = _("地址要以 https:// 开头；内网地址须由系统管理员先行允许。")
        if "secret" not in wrong:
            try:
                base64.b64decode(str(values["secret"]).removeprefix(PREFIX), validate=True)
            except binascii.Error:
                wrong["secret"] = _("密钥不是完整的 Base64，请重新生成或完整复制。")
        return wrong

    def send(self, letter: Letter, address: Mapping[str, Any]) -> None:
        body, moment = body_of(letter), int(letter.at.timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Keqiao",
            "webhook-id": str(letter.key),
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(address["secret"], key=str(letter.key), moment=moment, body=body),
        }
        _http.post(address["url"], body, headers)


CHANNEL = Webhook()
