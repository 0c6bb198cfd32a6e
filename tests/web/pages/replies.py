"""Replies and promises that everybody may read, and the page that reads a reply somebody drops."""

from keqiao.catalogue.replies.sample import sample_reply
from tests.web.pages import EVERYBODY, Act, Page
from tests.web.world import World


def pages(world: World) -> list[Page]:
    return [Page("/replies/read/"), Page("/replies/read/?sample=1")]


def acts(world: World) -> list[Act]:
    given = {"text": sample_reply()}
    return [
        Act("/replies/read/", given, EVERYBODY, leaves_entry=False),
        Act("/replies/read/?as=xlsx", given | {"do": "xlsx"}, EVERYBODY, leaves_entry=False),
    ]


def grow(world: World) -> None:
    return None
