"""What an entry of the ledger tells whom. Each app describes its own in `<app>/notices.py`; here they are found.

A `notices.py` holds `TOPICS`, what people switch on and off, and `NOTICES`, which say for kinds of entries who is told
and in what words. Nothing else is needed: no action sends anything.

    TOPICS = (Topic("need.decided", _("需求审核结果"), email=Mode.INSTANT),)
    NOTICES = (Notice("need.decided", ("need.return",), recipients=writers, text=returned, may=may_see),)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from types import ModuleType
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User

from .models import Mode

OURS = "keqiao.apps."


@dataclass(frozen=True)
class Topic:
    """Something one can be told about, with the ways that hold until somebody chooses others.

    `roles`: only people with one of these are offered the switch; empty means everybody.
    """

    slug: str
    name: str | Promise
    about: str | Promise = ""
    email: str = Mode.DAILY
    other: str = Mode.INSTANT
    roles: tuple[str, ...] = ()

    def default(self, channel: str) -> str:
        return self.email if channel == "email" else self.other


@dataclass(frozen=True)
class Text:
    """What one notification says, in the language that is switched on. `link` is an address of this site."""

    title: str
    text: str = ""
    link: str = ""


@dataclass(frozen=True)
class Notice:
    """For entries of these kinds: who is told (the one who acted never is), in what words.

    `recipients` says whose business the entry is; `may` is asked for each of them once more, with what they may do
    today, before anything is written and again before anything leaves the house. `text` is called with the reader, so
    that it says no more than this reader may know; None tells nothing. `tells_who_acted`: also the one in whose name it
    was done, where the product went on with it by itself.
    """

    topic: str
    kinds: tuple[str, ...]
    recipients: Callable[[Entry], Iterable[User]]
    text: Callable[[Entry, Actor], Text | None]
    may: Callable[[Actor, Entry], bool]
    is_urgent: bool = False
    tells_who_acted: bool = False


def link_to(view: str, *arguments: object) -> str:
    """The address of a page by its name; empty if this installation has no such page."""
    try:
        return reverse(view, args=arguments)
    except NoReverseMatch:
        return ""


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = [f"{config.name}.notices" for config in apps.get_app_configs() if config.name.startswith(OURS)]
    found = [import_module(name) for name in names if name != __name__ and find_spec(name) is not None]
    return tuple(found)


def _collect(attribute: str) -> Iterable[Any]:
    return chain.from_iterable(getattr(module, attribute, ()) for module in _modules())


@cache
def topics() -> dict[str, Topic]:
    """All topics by their slug, in the order of the apps."""
    return {topic.slug: topic for topic in _collect("TOPICS")}


@cache
def notices_by_kind() -> dict[str, tuple[Notice, ...]]:
    """The notices for each kind of entry. One that speaks of an unknown topic is a mistake of its app."""
    found: dict[str, tuple[Notice, ...]] = {}
    for notice in _collect("NOTICES"):
        if notice.topic not in topics():
            raise LookupError(f"a notice for {', '.join(notice.kinds)} names the unknown topic {notice.topic}")
        for kind in notice.kinds:
            found[kind] = (*found.get(kind, ()), notice)
    return found


def notice_for(kind: str, topic: str) -> Notice | None:
    return next((notice for notice in notices_by_kind().get(kind, ()) if notice.topic == topic), None)
