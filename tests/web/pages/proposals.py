"""Proposals in the office: the office that hands over sees all, a unit what is with it or public."""

from typing import Any

from django.utils.timezone import localdate

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import proposals as worlds

HAND_OVER, LEAD = frozenset({worlds.HAND_OVER}), frozenset({worlds.LEAD})
UNITS = HAND_OVER | LEAD | {worlds.OTHER}
# Whom the lists are not for; whose lists they are is not told that another unit has one.
OUTSIDE = SIGNED_IN | {worlds.DEPUTY}


def pages(world: World) -> list[Page]:
    def one(name: str) -> str:
        return f"/office/proposals/{world.things[f'proposal-{name}'].key}/"

    return [
        Page("/office/proposals/", UNITS),
        Page(
            "/office/proposals/?q=optical&body=cppcc&class=member&unit=industry&state=assigned&due=overdue&key=", UNITS
        ),
        Page("/office/proposals/?export=csv", UNITS),
        Page("/office/proposals/new/", UNITS),
        Page("/office/proposals/overdue/", UNITS),
        Page("/office/proposals/overdue/?show=open&unit=industry", UNITS),
        *(Page(one(name), HAND_OVER | LEAD, 404, known=OUTSIDE) for name in ("open", "late")),
        Page(one("public"), UNITS, 404, known=OUTSIDE),
        Page(one("other"), HAND_OVER | {worlds.OTHER}, 404, known=OUTSIDE),
        Page(one("new"), HAND_OVER, 404, known=OUTSIDE),
        Page(f"{one('open')}edit/", HAND_OVER | LEAD, 404, known=OUTSIDE),
        Page(f"{one('public')}edit/", HAND_OVER | LEAD, 404, known=OUTSIDE | {worlds.OTHER}),
        Page("/office/proposals/nothing/", frozenset(), 404, known=OUTSIDE),
    ]


def acts(world: World) -> list[Act]:
    day = localdate(world.at).isoformat()
    rows = {name: world.things[f"proposal-{name}"] for name in ("open", "new", "public")}
    lead = rows["open"].assignments.get(role="lead").pk

    def do(name: str, step: str, doers: frozenset[str], **data: Any) -> Act:
        return Act(f"/office/proposals/{rows[name].key}/", {"do": step} | data, doers)

    return [
        Act("/office/proposals/new/", _new(day), HAND_OVER | LEAD),  # what was handed to the unit elsewhere
        do("new", "hand_over", HAND_OVER, assigned_date=day, **lines("units", unit="industry", role="lead")),
        do("open", "take_up", LEAD, assignment=lead),
        do("open", "return", LEAD, assignment=lead, reason="not_our_duty", note="For education"),
        do("open", "answered", HAND_OVER | LEAD, assignment=lead, answered_date=day),
        do("open", "broad", HAND_OVER | LEAD, agreed_by="Wang Wu", agreed_date=day),
        do("public", "publication", HAND_OVER | LEAD, publication="withheld", withheld_reason="privacy"),
        Act(f"/office/proposals/{rows['open'].key}/edit/", {"do": "data", "title": "Another title"}, HAND_OVER | LEAD),
        Act(f"/office/proposals/{rows['open'].key}/edit/",
            {"do": "suggestions"} | lines("suggestions", title="Another"), HAND_OVER | LEAD),
        Act(f"/office/proposals/{rows['open'].key}/edit/",
            {"do": "signers"} | lines("signers", name="Qian Qi", role="proposer"), HAND_OVER | LEAD),
    ]  # fmt: skip


def lines(prefix: str, **line: str) -> dict[str, Any]:
    counts = {f"{prefix}-TOTAL_FORMS": 1 if line else 0, f"{prefix}-INITIAL_FORMS": 0}
    return counts | {f"{prefix}-0-{name}": value for name, value in line.items()}


def _new(day: str) -> dict[str, Any]:
    return {
        "body": "cppcc", "term": "13", "session": "4", "number": "W200号", "title": "A new proposal",
        "received_date": day, "assigned_date": day,
    } | lines("signers", name="Wang Wu", role="proposer") | lines("suggestions", title="Do it") | lines(
        "units", unit="industry", role="lead")  # fmt: skip


def grow(world: World) -> None:
    worlds.grow(world)
