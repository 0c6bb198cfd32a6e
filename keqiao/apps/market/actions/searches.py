"""Searches that people keep, and looking for them what has been published since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger import queries as entries
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import indexing, narrowing, permissions
from keqiao.apps.market.models import SavedSearch, SearchHit
from keqiao.apps.market.names import MODELS, new_key
from keqiao.apps.market.queries import published
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.parties.permissions import can_act_for
from keqiao.apps.post.models import Mode
from keqiao.apps.post.planning import due_at
from keqiao.apps.post.readers import reader, readers

MOST_SEARCHES = 30
LONGEST_TEXT = 200
BATCH = 200


def save_search(
    user: User, *, listing: str, name: str, values: Mapping[str, Any], alert: str, by: Actor, at: datetime
) -> SavedSearch:
    """Keep words (`q`) and filters of a list; what is new is counted from now on."""
    given = {key: str(values.get(key) or "").strip() for key in ("q", *narrowing.NAMES[listing])}
    kept = {key: value for key, value in given.items() if value}
    if not kept:
        raise ValidationError(_("请先填写关键词或选择条件，再保存查询。"))
    row = SavedSearch(
        key=new_key("S"), user=user, listing=listing, name=name.strip(), alert=alert, seen_at=at, created_at=at,
        values=kept | ({"q": kept["q"][:LONGEST_TEXT]} if "q" in kept else {}),
    )  # fmt: skip
    with ledger.action("search.save", by=by, at=at, subject=f"search:{row.key}") as entry:
        entry.require(can_act_for(by, user))
        User.objects.select_for_update().get(pk=user.pk)
        if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
            raise ledger.Refused("too_many_searches")
        row.seq, row.next_at = entries.last_seq(), _next_at(alert, user, at=at)
        _check(row)
        row.save(force_insert=True)
        entry.change(listing=listing, name=row.name, values=row.values, alert=alert)
    return row


def edit_search(search: SavedSearch, *, name: str, alert: str, by: Actor, at: datetime) -> None:
    with ledger.action("search.edit", by=by, at=at, subject=f"search:{search.key}") as entry:
        entry.require(can_act_for(by, search.user))
        if alert != search.alert:
            search.next_at = _next_at(alert, search.user, at=at)
        search.name, search.alert = name.strip(), alert
        _check(search)
        search.save(update_fields=["name", "alert", "next_at"])
        entry.change(name=search.name, alert=alert)


def _check(search: SavedSearch) -> None:
    search.full_clean(validate_constraints=False, validate_unique=False, exclude=["user"])
    same = SavedSearch.objects.filter(user=search.user, name=search.name).exclude(pk=search.pk)
    if same.exists():
        raise ValidationError({"name": _("您已有同名的查询，请换一个名称。")})


def delete_search(search: SavedSearch, *, by: Actor, at: datetime) -> None:
    with ledger.action("search.delete", by=by, at=at, subject=f"search:{search.key}") as entry:
        entry.require(can_act_for(by, search.user))
        search.delete()


def mark_seen(search: SavedSearch, *, by: Actor, at: datetime) -> None:
    """From now on only what comes later is new."""
    with ledger.action("search.see", by=by, at=at, subject=f"search:{search.key}") as entry:
        entry.require(can_act_for(by, search.user))
        search.seen_at = at
        search.save(update_fields=["seen_at"])


def _next_at(alert: str, user: User, *, at: datetime) -> datetime | None:
    """When to look again: at once for instant alerts, else at the reader's digest hour; None without alerts, too."""
    if alert in (Mode.INSTANT, Mode.OFF):
        return None
    return due_at(alert, reader(user).wishes, at=at, zone=ZoneInfo(settings.TIME_ZONE))


def look(*, by: Actor, at: datetime) -> int:
    """Look for what was published since, for each search whose time has come; returns how many. Run by the worker."""
    return sum(_look_among(listing, by=by, at=at) for listing in MODELS)


def _look_among(listing: str, *, by: Actor, at: datetime) -> int:
    newest = entries.entries_after(0, kinds=(f"{listing}.publish",)).order_by("-seq").values_list("seq", flat=True)
    last = newest.first()
    indexed = indexing.place(listing)
    # Words are looked for in the index: what it does not hold yet waits for the next time.
    if last is None or indexed is None or indexed.seq < last:
        return 0
    due = SavedSearch.objects.filter(listing=listing, seq__lt=last).exclude(alert=Mode.OFF)
    due = due.filter(Q(next_at=None) | Q(next_at__lte=at))
    if not due.exists():
        return 0
    with ledger.action("search.look", by=by, at=at, subject=f"post:{listing}s") as entry:
        entry.require(permissions.can_look(by))
        rows = list(due.select_for_update(of=("self",)).select_related("user").order_by("pk")[:BATCH])
        people = readers({row.user_id: row.user for row in rows}.values())
        zone = ZoneInfo(settings.TIME_ZONE)
        for row in rows:
            _note(row, _hits(row, until=last, at=at), by=by, at=at)
            wishes = people[row.user_id].wishes
            row.seq = last
            row.next_at = None if row.alert == Mode.INSTANT else due_at(row.alert, wishes, at=at, zone=zone)
        SavedSearch.objects.bulk_update(rows, ["seq", "next_at"])
        entry.count = len(rows)
    return len(rows)


def _hits(search: SavedSearch, *, until: int, at: datetime) -> list[str]:
    """Keys of what was published since the last look and that the search finds, newest first."""
    since = Entry.objects.filter(
        seq__gt=search.seq, seq__lte=until, kind=f"{search.listing}.publish", outcome="done"
    ).values_list("subject", flat=True)
    keys = {subject.partition(":")[2] for subject in since}
    known = set(search.hits.filter(listing_key__in=keys).values_list("listing_key", flat=True))
    rows = published(search.listing, on=localdate(at)).filter(key__in=keys - known)
    rows = narrowing.narrow(rows, search.listing, search.values, on=localdate(at))
    if text := search.values.get("q"):
        found = narrowing.search(rows, search.listing, text, kind=search.values.get("kind", ""))
        rows = rows.filter(pk__in=found)
    return list(rows.values_list("key", flat=True))


def _note(search: SavedSearch, keys: Iterable[str], *, by: Actor, at: datetime) -> None:
    hits = [SearchHit(search=search, listing_key=key, at=at) for key in keys]
    if not hits:
        return
    with ledger.action("search.find", by=by, at=at, subject=f"search:{search.key}") as entry:
        SearchHit.objects.bulk_create(hits)
        entry.count = len(hits)
