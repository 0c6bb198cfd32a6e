"""Replies and promises that everybody may read, and the page that reads a reply somebody drops."""

from keqiao.apps.proposals.queries import courses
from keqiao.catalogue.replies.sample import sample_reply
from tests.web.pages import EVERYBODY, SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import replies


def pages(world: World) -> list[Page]:
    keys = {name: world.things[f"reply-{name}"].key for name in ("first", "second", "abstract", "draft", "old", "new")}
    kept, quiet = (world.things[f"promise-{name}"].key for name in ("kept", "quiet"))
    course = courses.courses()[0].key
    nobody = frozenset[str]()
    public = world.things["proposal-public"].key
    return [
        *(Page(path) for path in (
            "/proposals/", "/proposals/?q=optical", "/proposals/?q=zzzz", f"/proposals/{public}/",
            "/proposals/?session=13-4&year=2026&kind=member&unit=industry&limit=running&body=cppcc",
            "/proposals/news.atom", f"/proposals/{public}/news.atom", f"/thread/proposal/{public}/",
            "/replies/", "/replies/?q=平台", "/replies/?q=zzzz", "/replies/?year=2026&unit=science&body=cppcc",
            "/replies/read/", "/replies/read/?sample=1", "/replies/series/", "/replies/series/?q=zzzz",
            f"/replies/series/{course}/", *(f"/replies/{keys[name]}/" for name in keys if name != "draft"),
            "/promises/", "/promises/?state=kept", "/promises/?q=zzzz", "/promises/?due=overdue",
            f"/promises/{kept}/", f"/promises/{quiet}/", "/promises/news.atom", "/promises/news.atom?unit=science",
            f"/promises/{kept}/news.atom",
        )),
        Page(f"/replies/{keys['first']}/?file=json"),
        Page(f"/replies/{keys['draft']}/", nobody, 404),
        *(Page(f"/proposals/{world.things['proposal-open'].key}/{more}", nobody, 404) for more in ("", "news.atom")),
        Page("/proposals/nothing/", nobody, 404),
        Page(f"/thread/proposal/{world.things['proposal-open'].key}/", nobody, 404),
        Page(f"/thread/reply/{keys['draft']}/", nobody, 404),
        Page("/replies/series/nothing/", nobody, 404),
        Page("/replies/nothing/", nobody, 404),
        Page("/promises/nothing/", nobody, 404),
        Page("/promises/nothing/news.atom", nobody, 404),
        Page("/promises/news.atom?unit=nothing", nobody, 404),
    ]  # fmt: skip


def acts(world: World) -> list[Act]:
    given = {"text": sample_reply()}
    return [
        Act("/replies/read/", given, EVERYBODY, leaves_entry=False),
        Act("/replies/read/?as=xlsx", given | {"do": "xlsx"}, EVERYBODY, leaves_entry=False),
        Act(f"/promises/{world.things['promise-kept'].key}/follow/", {"do": "follow"}, SIGNED_IN),
    ]


def grow(world: World) -> None:
    replies.grow(world)
