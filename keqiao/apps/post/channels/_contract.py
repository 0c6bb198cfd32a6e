"""What a channel has to do, and the one exception it may raise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from keqiao.apps.parties.models import User


class SendingFailed(Exception):
    """It did not go out. `code` is a stable word for what happened; `permanent`: trying again cannot help.

    `may_be_out`: the line broke after the letter had been handed over, so that nobody can tell whether it arrived.
    """

    def __init__(self, code: str, *, permanent: bool, may_be_out: bool = False) -> None:
        super().__init__(code)
        self.code, self.permanent, self.may_be_out = code, permanent, may_be_out


@dataclass(frozen=True)
class Item:
    """One notification in a letter, in the reader's language."""

    entry: int
    topic: str
    title: str
    text: str
    link: str
    at: datetime


@dataclass(frozen=True)
class Letter:
    """One delivery, ready to go. `key` stays the same over all tries; links are whole addresses."""

    key: UUID
    language: str
    subject: str
    items: tuple[Item, ...]
    at: datetime
    name: str = ""
    settings_url: str = ""
    unsubscribe_url: str = ""

    @property
    def text(self) -> str:
        """The letter as plain lines, for channels that know nothing else."""
        lines: list[str] = []
        for item in self.items:
            lines += [item.title, *([item.text] if item.text else []), *([item.link] if item.link else []), ""]
        return "\n".join(lines).strip()


@dataclass(frozen=True)
class DestinationField:
    """One thing a person has to give so that a channel can reach them. `pattern` must match all of it."""

    name: str
    label: str | Promise
    help: str | Promise = ""
    pattern: str = r".{1,300}"
    is_secret: bool = False
    is_required: bool = True


class Channel(Protocol):
    """`repeats_safely`: the receiver knows a letter again by its key, so that one that may have gone out is simply sent
    once more. Where it is False, such a letter waits for a person to decide."""

    slug: str
    name: str | Promise
    about: str | Promise
    repeats_safely: bool
    fields: tuple[DestinationField, ...]

    def is_offered(self) -> bool:
        """Whether this installation has the channel at all."""
        ...

    def address(self, user: User, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """What `send` needs to reach the person, from the account and from the values the person gave; None if they
        cannot be reached so."""
        ...

    def check(self, values: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with the values that a person gives, by field."""
        ...

    def send(self, letter: Letter, address: Mapping[str, Any]) -> None:
        """Return when the letter is out; else raise SendingFailed."""
        ...
