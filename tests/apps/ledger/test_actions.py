import contextlib
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from keqiao.apps.ledger import actions, queries
from keqiao.apps.ledger.models import Chain, Entry, EntryValues

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
    def fail_behind_an_inner_action() -> None:
        with actions.action("outer", by=Person(), at=now):
            with actions.action("inner", by=Person(), at=now):
                pass
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_behind_an_inner_action()

    assert Entry.objects.count() == 0


def test_refused_inner_action_leaves_no_writes_where_the_outer_goes_on(now: datetime) -> None:
    def refuse_behind_a_write() -> None:
        with actions.action("inner", by=Person(), at=now, subject="thing:1") as entry:
            actions.record("innermost", by=Person(), at=now)
            Chain.objects.filter(pk=1).update(digest="f" * 64)
            entry.change(secret="x")
            entry.require(No())

    with actions.action("outer", by=Person(), at=now), contextlib.suppress(actions.Refused):
        refuse_behind_a_write()

    assert list(Entry.objects.values_list("kind", "outcome", "reason")) == [
        ("inner", "refused", "not_you"),
        ("outer", "done", ""),
    ]
    assert EntryValues.objects.count() == 0
    assert list(queries.verify()) == []


def test_failed_inner_action_is_forgotten_where_the_outer_goes_on(now: datetime) -> None:
    def fail() -> None:
        with actions.action("inner", by=Person(), at=now):
            raise ZeroDivisionError

    with actions.action("outer", by=Person(), at=now), contextlib.suppress(ZeroDivisionError):
        fail()

    assert list(Entry.objects.values_list("kind", flat=True)) == ["outer"]


def test_record_inside_an_action_stands_before_it(now: datetime) -> None:
    with actions.action("outer", by=Person(), at=now):
        actions.record("noted", by=Person(), at=now)

    assert list(Entry.objects.values_list("seq", "kind")) == [(1, "noted"), (2, "outer")]


def test_values_come_back_from_every_database_as_they_were_hashed(now: datetime) -> None:
    with actions.action("thing.edit", by=Person(), at=now, subject="thing:1") as entry:
        entry.change(
            huge=1e16, whole=3.0, broken=0.1, negative=-0.0, text="二〇二六 é \u2028", deep={"b": [1.0, None], "a": {}}
        )

    assert list(queries.verify()) == []


def test_draft_does_not_show_its_values_in_a_trace(now: datetime) -> None:
    with actions.action("thing.edit", by=Person(), at=now) as entry:
        entry.change(phone="13800000000")

        assert "13800000000" not in repr(entry)


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


@pytest.mark.django_db
def test_refused_inner_action_is_recorded_though_all_is_rolled_back(now: datetime) -> None:
    def refuse_inside() -> None:
        with (
            actions.action("outer", by=Person(), at=now, subject="thing:1"),
            actions.action("inner", by=Person(), at=now, subject="thing:2"),
        ):
            actions.record("innermost", by=Person(), at=now)
            raise actions.Refused("not_you")

    with pytest.raises(actions.Refused):
        refuse_inside()

    assert list(Entry.objects.order_by("seq").values_list("kind", "subject", "outcome", "reason")) == [
        ("inner", "thing:2", "refused", "not_you"), ("outer", "thing:1", "refused", "not_you"),
    ]  # fmt: skip
