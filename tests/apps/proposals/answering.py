"""Replies as the tests bring them in."""

from datetime import date, datetime
from typing import Any

from keqiao.apps.parties.actors import system
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Promise, Proposal, Reply
from tests.factories.proposals import AssignmentFactory, ProposalFactory

from .people import officer_of
from .texts import FIRST, SECOND

LOADER = system("loader")
SCIENCE = officer_of("science")


def asked(**changed: Any) -> Proposal:
    """The proposal that the first reply answers, with the science department in the lead."""
    values = {
        "number": "163", "printed": "W163号", "session": 3, "year": 2025, "received_date": date(2025, 1, 20),
        "assigned_date": date(2025, 3, 10),
    }  # fmt: skip
    found: Proposal = ProposalFactory(**(values | changed))
    AssignmentFactory(proposal=found, unit="science", assigned_date=date(2025, 3, 10), due_date=date(2025, 6, 10))
    return found


def bring(now: datetime, text: str = FIRST, **values: Any) -> Reply:
    return actions.import_reply(text=text, by=values.pop("by", SCIENCE), at=now, **values)


def publish(reply: Reply, now: datetime, **values: Any) -> Reply:
    """Checked by one, published by the product, in full."""
    actions.decide_reply_publication(reply, publication="full", by=LOADER, at=now)
    actions.check_reply(reply, by=SCIENCE, at=now)
    actions.publish_reply(reply, by=LOADER, at=now, **values)
    return reply


def published(now: datetime, text: str = FIRST, **values: Any) -> Reply:
    return publish(bring(now, text, by=LOADER, **values), now)


def place(reply: Reply, words: str) -> dict[str, int]:
    """Where words stand, as corrections name it."""
    start = reply.text.index(words)
    return {"start": start, "end": start + len(words)}


def of(reply: Reply, words: str) -> Promise:
    return reply.promises.get(text__contains=words)


def follow_all(now: datetime) -> int:
    return actions.follow_due(by=LOADER, at=now)


__all__ = [
    "FIRST",
    "LOADER",
    "SCIENCE",
    "SECOND",
    "asked",
    "bring",
    "follow_all",
    "of",
    "place",
    "publish",
    "published",
]
