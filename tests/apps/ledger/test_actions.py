from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from keqiao.apps.ledger import actions, queries
from keqiao.apps.ledger.models import Entry, EntryValues

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@dataclass(frozen=True)
class Person:
    key: str = "user:1"


@dataclass(frozen=True)
class No:
    allowed: bool = False
    reason: str = "not_you"


def test_action_appends_one_entry_with_digests_of_what_changed(now: datetime) -> None:
    with actions.action("thing.edit", by=Person(), at=now, subject="thing:1") as entry:
        entry.change(phone="13800000000")

    row = Entry.objects.get()
    assert (row.seq, row.kind, row.actor, row.subject, row.outcome) == (1, "thing.edit", "user:1", "thing:1", "done")
    assert list(row.facts["fields"]) == ["phone"]
    assert "13800000000" not in str(row.facts)
    assert row.values_row.values == {"phone": "13800000000"}


def test_nested_actions_are_appended_together_inner_first(now: datetime) -> None:
    with actions.action("outer", by=Person(), at=now), actions.action("inner", by=Person(), at=now):
        pass

    assert list(Entry.objects.values_list("seq", "kind")) == [(1, "inner"), (2, "outer")]


def test_failed_action_leaves_neither_row_nor_entry(now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), actions.action("outer", by=Person(), at=now):
        with actions.action("inner", by=Person(), at=now):
            pass
        raise ZeroDivisionError

    assert Entry.objects.count() == 0


def test_refused_action_leaves_an_entry_with_the_reason(now: datetime) -> None:
    with pytest.raises(actions.Refused), actions.action("thing.edit", by=Person(), at=now, subject="thing:1") as entry:
        entry.require(No())

    row = Entry.objects.get()
    assert (row.kind, row.outcome, row.reason, row.subject) == ("thing.edit", "refused", "not_you", "thing:1")


@pytest.mark.parametrize("sql", ["UPDATE ledger_entry SET reason = 'x'", "DELETE FROM ledger_entry"])
def test_database_refuses_to_change_entries(sql: str, now: datetime) -> None:
    actions.record("thing.edit", by=Person(), at=now)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert Entry.objects.get().reason == ""


def test_database_refuses_to_empty_the_table(now: datetime) -> None:
    actions.record("thing.edit", by=Person(), at=now)
    empty = "TRUNCATE ledger_entry CASCADE" if connection.vendor == "postgresql" else "DELETE FROM ledger_entry"

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(empty)

    assert Entry.objects.count() == 1


def test_erased_values_leave_the_chain_whole(now: datetime) -> None:
    with actions.action("person.add", by=Person(), at=now, subject="person:1") as entry:
        entry.change(name="某某")

    erased = actions.erase_values("person:1", by=Person(), at=now, reason="asked")

    assert erased == 1
    assert EntryValues.objects.count() == 0
    assert list(queries.verify()) == []
    assert Entry.objects.get(kind="ledger.erase").facts == {"count": 1}
