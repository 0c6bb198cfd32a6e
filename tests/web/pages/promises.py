"""Proposals, replies and promises on the desk, promises in the office: who may look, who may speak in which role."""

from typing import Any

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.pages.imports import Again
from tests.web.world import World
from tests.web.worlds import proposals as people

HAND_OVER, LEAD, DEPUTY = (frozenset({name}) for name in (people.HAND_OVER, people.LEAD, people.DEPUTY))
UNITS = HAND_OVER | LEAD | {people.OTHER}
KEEPERS = HAND_OVER | LEAD
THIRD = frozenset({"expert", "auditor"})
ALL = SIGNED_IN | UNITS | DEPUTY


def pages(world: World) -> list[Page]:
    def proposal(name: str) -> str:
        return f"/desk/proposals/{world.things[f'proposal-{name}'].key}/"

    def reply(name: str) -> str:
        return f"/desk/replies/{world.things[f'reply-{name}'].key}/"

    promise = f"/desk/promises/{world.things['promise'].key}/"
    hidden = world.things["reply-open"].promises.first().key
    return [
        Page("/desk/proposals/", ALL),
        Page(proposal("public"), ALL),
        Page(proposal("open"), KEEPERS | DEPUTY, 404),
        Page(reply("published"), ALL),
        Page(reply("open"), KEEPERS, 404),
        Page(promise, ALL),
        Page(f"/desk/promises/{hidden}/", KEEPERS, 404),
        Page("/desk/promises/nothing/", frozenset(), 404),
        Page(f"{promise}files/{world.things['promise-file'].key}/", KEEPERS | DEPUTY | THIRD, 404),
        Page(f"{promise}files/nothing/", frozenset(), 404),
        Page("/office/promises/", UNITS),
        Page("/office/promises/?show=due&q=中试&year=2026&words=concrete&state=not_due", UNITS),
        Page("/office/promises/?show=indicator", UNITS),
        Page("/office/promises/?show=all&unit=industry&export=csv", UNITS),
    ]


def acts(world: World) -> list[Act]:
    row, proposal, reply = world.things["promise"], world.things["proposal-public"], world.things["reply-published"]
    evidence = row.evidence.get(kind="file")

    def do(step: str, doers: frozenset[str], **data: Any) -> Act:
        return Act(f"/desk/promises/{row.key}/", {"do": step} | data, doers)

    def on_proposal(step: str, doers: frozenset[str], **data: Any) -> Act:
        return Act(f"/desk/proposals/{proposal.key}/", {"do": step} | data, doers)

    day = {"due_date": "2027-06-30", "unit": "industry", "direction": "up", "target_value": "20", "target_unit": "个"}
    return [
        do("speak", LEAD, role="department", stance="under_way", text="We are building"),
        do("speak", DEPUTY, role="proposer", stance="not_kept", text="I saw none"),
        do("speak", THIRD | HAND_OVER, role="third", stance="cannot_tell", text="No list"),
        do("file", KEEPERS, file=Again("list.txt", b"A list"), supports="partly"),
        do("reject", KEEPERS, evidence=evidence.pk, reason="Another year"),
        do("edit", KEEPERS, **day),
        do("follow", ALL),
        do("unfollow", ALL),
        on_proposal("follow", ALL),
        on_proposal("unfollow", ALL),
        on_proposal(
            "feedback", DEPUTY | KEEPERS, reply=reply.key, process="satisfied", result="mostly", date="2026-06-20"
        ),
    ]


def grow(world: World) -> None:
    """The rows of replies grow with them: tests/web/worlds/replies_office.py."""
