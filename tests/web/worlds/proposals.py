"""Proposals of the small market: one handed over, one that is late, one kept from the public, one not handed over."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.parties.models import Role
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.actions import SignerInput
from keqiao.apps.proposals.models import Proposal
from tests.web import world as worlds
from tests.web.world import BY, World

ROOT = "229999"
# The people of proposals are none of the market's: their pages are tried by tests/web/test_proposals.py.
HAND_OVER, LEAD, OTHER, DEPUTY = "dispatcher", "lead", "bystander", "deputy"


def extend(world: World) -> None:
    for name, department in ((HAND_OVER, "general_office"), (LEAD, "industry"), (OTHER, "education")):
        worlds.user(world, name, role=Role.OFFICER, department=department, area=ROOT)
    worlds.user(world, DEPUTY)
    proposal(world, "open", number="W163号", days_ago=4, assign=[("industry", "lead"), ("science", "co")])
    proposal(world, "late", number="W164号", days_ago=200, assign=[("industry", "lead")])
    proposal(world, "other", number="W165号", days_ago=4, assign=[("education", "lead")], title="HIDDENNAME proposal")
    proposal(world, "new", number="W166号")
    proposal(world, "public", number="W167号", days_ago=4, assign=[("industry", "lead")])
    actions.decide_publication(world.things["proposal-public"], publication="full", by=BY, at=world.at)


def proposal(world: World, name: str, *, number: str, days_ago: int | None = None, **values: Any) -> Proposal:
    """A member's proposal, handed over so many days ago if at all; the deputy signed it."""
    day = None if days_ago is None else localdate(world.at) - timedelta(days=days_ago)
    given: dict[str, Any] = {
        "body": "cppcc", "term": 13, "session": 4, "title": f"More optical instruments {name}",
        "signers": [SignerInput("Wang Wu", user=world.users[DEPUTY]), SignerInput("Zhao Liu", "co_signer")],
        "suggestions": [("Build a pilot base", "A pilot base is needed"), ("Train people", "")],
        "received_date": day, "assigned_date": day,
    } | values  # fmt: skip
    row = actions.register_proposal(number=number, by=BY, at=world.at, **given)
    world.things[f"proposal-{name}"] = row
    return row


def grow(world: World) -> None:
    for number in (171, 172):
        proposal(world, f"more-{number}", number=f"W{number}号", days_ago=4, assign=[("industry", "lead")])
    row = world.things["proposal-open"]
    more = [SignerInput(f"Signer {number}", "co_signer") for number in range(2)]
    actions.set_signers(row, [SignerInput("Wang Wu", user=world.users[DEPUTY]), *more], by=BY, at=world.at)
