"""What `keqiao ledger verify` must name: a changed, a missing, a reordered row, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from django.core.management import call_command
from django.db import connection

from keqiao.apps.ledger import actions, hashing, queries, triggers
from keqiao.apps.ledger.models import Chain, Entry, EntryValues

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@dataclass(frozen=True)
class Person:
    key: str = "user:1"


@pytest.fixture
def chain(now: datetime) -> None:
    for number in range(1, 7):
        with actions.action("thing.edit", by=Person(), at=now, subject=f"thing:{number}") as entry:
            entry.change(size=number)


@contextmanager
def tampering() -> Iterator[None]:
    """Somebody with the database's password switches the triggers off."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def found() -> list[tuple[int, str]]:
    return [(problem.seq, problem.kind) for problem in queries.verify()]


def test_sound_chain_has_no_problems(chain: None) -> None:
    assert found() == []


def test_changed_row_is_named(chain: None) -> None:
    with tampering():
        Entry.objects.filter(seq=3).update(subject="thing:99")

    assert found() == [(3, "changed")]


def test_row_changed_with_a_new_digest_is_found_by_the_next(chain: None) -> None:
    with tampering():
        row = Entry.objects.filter(seq=3).values().get() | {"subject": "thing:99"}
        Entry.objects.filter(seq=3).update(subject="thing:99", digest=queries.hashing.entry_digest(row))

    assert found() == [(4, "changed")]


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_missing_row_is_named(seq: int, chain: None) -> None:
    with tampering():
        EntryValues.objects.filter(entry_id=seq).delete()
        Entry.objects.filter(seq=seq).delete()

    assert found() == [(seq, "missing")]


@pytest.mark.parametrize(("one", "other"), [(2, 5), (3, 4)])
def test_reordered_rows_are_named(one: int, other: int, chain: None) -> None:
    with tampering():
        EntryValues.objects.all().delete()
        Entry.objects.filter(seq=one).update(seq=99)
        Entry.objects.filter(seq=other).update(seq=one)
        Entry.objects.filter(seq=99).update(seq=other)

    assert found() == [(one, "reordered"), (other, "reordered")]


def test_changed_value_is_named(chain: None) -> None:
    with tampering():
        EntryValues.objects.filter(entry_id=2).update(values={"size": 7})

    assert found() == [(2, "values")]


def test_cut_off_end_is_named(chain: None) -> None:
    with tampering():
        EntryValues.objects.filter(entry_id__gte=5).delete()
        Entry.objects.filter(seq__gte=5).delete()

    assert found() == [(5, "missing"), (6, "missing")]
    assert Chain.objects.get().seq == 6


def test_end_that_says_something_else_is_named(chain: None) -> None:
    Chain.objects.update(digest="0" * 64)

    assert found() == [(6, "changed")]


def test_end_that_lies_before_the_last_entry_is_named(chain: None) -> None:
    Chain.objects.update(seq=4)

    assert found() == [(6, "changed")]


def test_entries_are_read_newest_first_and_by_subject(chain: None) -> None:
    assert [entry.seq for entry in queries.entries()] == [6, 5, 4, 3, 2, 1]
    assert [entry.seq for entry in queries.entries_of("thing:2")] == [2]
    assert [entry.seq for entry in queries.entries_after(4, kinds=("thing.edit",))] == [5, 6]
    assert (str(queries.entries()[0]), str(Chain.objects.get())) == ("6 thing.edit thing:6", "chain at 6")
    assert str(EntryValues.objects.get(entry_id=1)) == "values of 1"


def test_triggers_that_a_rebuilt_table_lost_come_back_after_migrating(chain: None) -> None:
    triggers.remove(connection)
    assert triggers.installed(connection) == set()

    call_command("migrate", verbosity=0)

    assert triggers.installed(connection) == triggers.wanted(connection)


def test_algorithm_is_named_by_each_row() -> None:
    assert hashing.digest("sha256", "甲") != hashing.digest("sm3", "甲")
    with pytest.raises(ValueError, match="knows no algorithm 'md5', only sha256, sm3"):
        hashing.digest("md5", "甲")


def test_moments_are_written_in_one_way_and_other_things_as_text(now: datetime) -> None:
    local = now.astimezone(timezone(timedelta(hours=8)))

    assert hashing.canonical([local, now.date()]) == '["2026-11-21T02:00:00.000000+00:00","2026-11-21"]'
