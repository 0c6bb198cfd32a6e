"""What a kept search has found."""

from collections.abc import Iterable

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.models import SavedSearch
from keqiao.apps.market.queries import published
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from .words import title_of

MOST_NAMED = 5
TOPICS = (
    Topic(
        "search.found",
        gettext_lazy("保存的查询有新结果"),
        gettext_lazy("每个查询各有提醒频率；这里决定到时怎么发。"),
        email=Mode.INSTANT,
    ),
)


def search_of(entry: Entry) -> SavedSearch:
    """The search an entry is about; DoesNotExist if it was deleted."""
    return SavedSearch.objects.select_related("user").get(key=entry.subject.partition(":")[2])


def owner(entry: Entry) -> Iterable[User]:
    return [search_of(entry).user]


def may_read(actor: Actor, entry: Entry) -> bool:
    search = search_of(entry)
    return actor.is_registered and actor.key == f"user:{search.user.key}"


def found(entry: Entry, actor: Actor) -> Text | None:
    """Titles of what is public still; what was withdrawn in between is not named."""
    search = search_of(entry)
    keys = search.hits.filter(at=entry.at).values("listing_key")
    rows = list(published(search.listing, on=localdate(entry.at)).filter(key__in=keys))
    if not rows:
        return None
    title = _("“%(name)s”有 %(count)d 条新结果") % {"name": search.name, "count": len(rows)}
    text = "\n".join(title_of(row) for row in rows[:MOST_NAMED])
    return Text(title, text, link=link_to("desk:search", search.key))


NOTICES = (Notice("search.found", ("search.find",), recipients=owner, text=found, may=may_read),)
