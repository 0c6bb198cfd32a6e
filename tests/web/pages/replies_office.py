"""Replies in the office: for the unit that signed them and the office that hands over; published ones for all units."""

from typing import Any

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.pages.imports import Again
from tests.web.world import World
from tests.web.worlds import proposals as people
from tests.web.worlds import replies_office as worlds

KEEPERS = frozenset({people.HAND_OVER, people.LEAD})
UNITS = KEEPERS | {people.OTHER}
# "region" is an officer of the science department, which handles one of the proposals with the lead.
OUTSIDE = SIGNED_IN | {people.DEPUTY}


def pages(world: World) -> list[Page]:
    def one(name: str) -> str:
        return f"/office/replies/{world.things[f'reply-{name}'].key}/"

    figure = world.things["reply-open"].figures.first()
    return [
        Page("/office/replies/", UNITS),
        Page("/office/replies/?q=演&state=imported&issuer=industry&class=A&lost=1", UNITS),
        Page("/office/replies/?export=csv", UNITS),
        Page("/office/look-backs/", UNITS),
        Page("/office/look-backs/?show=done", UNITS),
        *(Page(one(name), KEEPERS, 404, known=OUTSIDE) for name in ("open", "checked")),
        Page(f"{one('open')}?show=doubtful&row=figure-{figure.start}-{figure.end}", KEEPERS, 404, known=OUTSIDE),
        Page(f"{one('open')}compare/", KEEPERS, 404, known=OUTSIDE),
        Page(one("published"), UNITS, 404, known=OUTSIDE),
        Page(one("other"), frozenset({people.HAND_OVER, people.OTHER}), 404, known=OUTSIDE),
        Page("/office/replies/nothing/", frozenset(), 404, known=OUTSIDE),
    ]


def acts(world: World) -> list[Act]:
    rows = {name: world.things[f"reply-{name}"] for name in ("open", "checked", "published")}
    figure, promise = rows["open"].figures.last(), rows["open"].promises.first()
    row = f"figure-{figure.start}-{figure.end}"
    correction = rows["open"].corrections.first()

    def do(name: str, step: str, **data: Any) -> Act:
        return Act(f"/office/replies/{rows[name].key}/", {"do": step} | data, KEEPERS)

    def correct(step: str, **data: Any) -> Act:
        return Act(f"/office/replies/{rows['open'].key}/correct/", {"do": step} | data, KEEPERS)

    text = worlds.text_of(proposal=163, number=30)
    return [
        Act("/office/replies/bring/", {"files": Again("30.txt", text.encode())}, KEEPERS),
        correct("accept", row=row),
        correct("remove", row=row),
        correct("edit", row=row, value="15", unit="count:个", modality="planned", quantity_kind="count", reason="Read"),
        correct("remove", row=f"promise-{promise.start}-{promise.end}"),
        correct("mark", kind="promise", quote="不建议单独设立培训基地", occurrence="1", **{
            "p-specificity": "concrete", "p-reason": "A refusal"}),
        correct("meta", title="Another title", reason="Read"),
        correct("undo", correction=correction.pk),
        do("open", "parse"),
        do("open", "facts", result_class="B", answered_date="2026-06-12"),
        do("open", "publication", publication="full"),
        do("open", "check"),
        do("checked", "return", reason="Look again"),
        do("published", "withdraw", reason="Wrong file"),
    ]  # fmt: skip


def grow(world: World) -> None:
    worlds.grow(world)
