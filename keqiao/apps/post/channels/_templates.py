"""Channels that are one POST of a JSON body: described, not programmed, as robots and SMS gateways are."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from keqiao.apps.parties.models import User

from . import _http
from ._contract import DestinationField, Letter, SendingFailed

PLACE = re.compile(r"\{([a-z_]+)\}")


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """A JSON template with {names} in its texts replaced; a name that nobody knows stays as it is.

    >>> fill({"msg": ["{title}!", 1, "{other}"]}, {"title": "Hello"})
    {'msg': ['Hello!', 1, '{other}']}
    """
    if isinstance(template, str):
        return PLACE.sub(lambda found: values.get(found[1], found[0]), template)
    if isinstance(template, Mapping):
        return {name: fill(part, values) for name, part in template.items()}
    if isinstance(template, list | tuple):
        return [fill(part, values) for part in template]
    return template


def short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def mistakes(fields: tuple[DestinationField, ...], values: Mapping[str, Any]) -> dict[str, str]:
    wrong = {}
    for one in fields:
        value = str(values.get(one.name, ""))
        if not value and one.is_required:
            wrong[one.name] = _("请填写。")
        elif value and not re.fullmatch(one.pattern, value):
            wrong[one.name] = _("格式不对。请从对方平台完整复制。")
    return wrong


@dataclass(frozen=True)
class JsonChannel:
    """One POST. In `url`, `headers` and `body` the names {key}, {subject}, {title}, {text}, {link}, {name} and those of
    the `fields` stand for what the letter and the person's destination hold.

    `accepted` names the field of the answer that tells success, and its value; `busy` are values of it that ask to come
    back later.
    """

    slug: str
    name: str | Promise
    url: str
    body: Any
    fields: tuple[DestinationField, ...] = ()
    about: str | Promise = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    accepted: tuple[str, Any] | None = None
    busy: frozenset[Any] = frozenset()
    most_letters: int = 2000
    repeats_safely: bool = False

    def is_offered(self) -> bool:
        return bool(self.url)

    def address(self, user: User, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return values or None

    def check(self, values: Mapping[str, Any]) -> dict[str, str]:
        return mistakes(self.fields, values)

    def extras(self, letter: Letter, address: Mapping[str, Any]) -> dict[str, str]:
        """Further names for the templates; a channel that signs its calls adds the signature here."""
        return {}

    def send(self, letter: Letter, address: Mapping[str, Any]) -> None:
        first = letter.items[0] if letter.items else None
        values = {
            "key": str(letter.key), "subject": letter.subject, "name": letter.name,
            "title": first.title if first else letter.subject, "link": first.link if first else letter.settings_url,
            "text": short(letter.text, self.most_letters),
        } | {name: str(value) for name, value in address.items()}  # fmt: skip
        values |= self.extras(letter, address)
        headers = {"Content-Type": "application/json; charset=utf-8"} | fill(self.headers, values)
        body = json.dumps(fill(self.body, values), ensure_ascii=False).encode()
        self._judge(_http.post(fill(self.url, values), body, headers))

    def _judge(self, answer: bytes) -> None:
        """A good status may still carry a bad answer."""
        if self.accepted is None:
            return
        try:
            told = json.loads(answer).get(self.accepted[0])
        except (ValueError, AttributeError) as error:
            raise SendingFailed("answer_unreadable", permanent=False, may_be_out=True) from error
        if told != self.accepted[1]:
            raise SendingFailed(f"answer_{short(str(told), 20)}", permanent=told not in self.busy)
