"""The office's own trade language, beside what is shipped. The matching takes it up within seconds."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import ThesaurusEntry
from keqiao.apps.market.names import new_key
from keqiao.apps.parties.actors import Actor
from keqiao.engines.text import normalise

Words = Iterable[str]


def add_entry(
    *, trade: Words, technical: Words, context: Words = (), note: str = "", by: Actor, at: datetime
) -> ThesaurusEntry:
    """Say which technical terms the words of a trade stand for."""
    row = ThesaurusEntry(key=new_key("T"), created_at=at, updated_at=at)
    with ledger.action("thesaurus.add", by=by, at=at, subject=f"thesaurus:{row.key}") as entry:
        _write(row, entry, trade=trade, technical=technical, context=context, note=note, by=by)
        row.save(force_insert=True)
    return row


def edit_entry(
    row: ThesaurusEntry, *, trade: Words, technical: Words, context: Words, note: str, by: Actor, at: datetime
) -> None:
    with ledger.action("thesaurus.edit", by=by, at=at, subject=f"thesaurus:{row.key}") as entry:
        _write(row, entry, trade=trade, technical=technical, context=context, note=note, by=by)
        row.updated_at = at
        row.save(update_fields=["trade", "technical", "context", "note", "updated_at"])


def switch_entry(row: ThesaurusEntry, *, on: bool, by: Actor, at: datetime) -> None:
    """Use the entry in matching, or leave it out without losing it."""
    step = "enable" if on else "disable"
    with ledger.action(f"thesaurus.{step}", by=by, at=at, subject=f"thesaurus:{row.key}") as entry:
        entry.require(permissions.can_keep_words(by))
        row.is_active, row.updated_at = on, at
        row.save(update_fields=["is_active", "updated_at"])
        entry.change(is_active=on)


def _write(
    row: ThesaurusEntry, entry: ledger.Draft, *, trade: Words, technical: Words, context: Words, note: str, by: Actor
) -> None:
    entry.require(permissions.can_keep_words(by))
    row.trade, row.technical, row.context, row.note = clean(trade), clean(technical), clean(context), note.strip()
    row.full_clean(exclude=["key"])
    for other in ThesaurusEntry.objects.exclude(pk=row.pk).only("key", "trade", "technical", "context"):
        if _words(other) == _words(row):
            raise ValidationError({"trade": _("已有相同的词条：%(entry)s。") % {"entry": other}})
    entry.change(trade=row.trade, technical=row.technical, context=row.context)


def clean(words: Words) -> list[str]:
    """As the matching reads them, each once."""
    return list(dict.fromkeys(filter(None, (normalise(word).strip() for word in words))))


def _words(row: ThesaurusEntry) -> tuple[frozenset[str], ...]:
    return frozenset(row.trade), frozenset(row.technical), frozenset(row.context)
