"""One entry for many: what a bulk action says of the actions inside it."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

import pytest

from keqiao.apps.ledger import actions, queries
from keqiao.apps.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@dataclass(frozen=True)
class Person:
    key: str = "user:1"


def write(*names: str, at: datetime, refused: str = "") -> None:
    for name in names:
        with contextlib.suppress(actions.Refused), actions.action("thing.add", by=Person(), at=at, subject=name) as one:
            one.change(name=name)
            if name == refused:
                raise actions.Refused("no")


def test_bulk_action_leaves_one_entry_with_count_and_subjects(now: datetime) -> None:
    with actions.action("things.add", by=Person(), at=now, subject="batch:1", folds=True) as entry:
        write("thing:1", "thing:2", "thing:3", at=now, refused="thing:2")
        entry.change(file="x")

    (row,) = Entry.objects.all()
    assert (row.kind, row.facts["count"]) == ("things.add", 2)
    assert row.values_row.values["subjects"] == ["thing:1", "thing:3"]
    assert sorted(row.facts["fields"]) == ["digest", "file", "subjects"]
    assert list(queries.verify()) == []


def test_bulk_digest_tells_whether_something_else_was_written(now: datetime) -> None:
    digests = []
    for names, refused in ((("a", "b"), ""), (("a", "b"), ""), (("b", "a"), ""), (("a", "b"), "b")):
        with actions.action("things.add", by=Person(), at=now, folds=True):
            write(*names, at=now, refused=refused)
        digests.append(Entry.objects.order_by("-seq")[0].values_row.values["digest"])

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_bulk_action_inside_another_stands_for_its_own_alone(now: datetime) -> None:
    with actions.action("outer", by=Person(), at=now):
        write("thing:1", at=now)
        with actions.action("things.add", by=Person(), at=now, folds=True):
            write("thing:2", "thing:3", at=now)

    assert [(row.kind, row.facts.get("count")) for row in Entry.objects.order_by("seq")] == [
        ("thing.add", None),
        ("things.add", 2),
        ("outer", None),
    ]


def test_bulk_action_that_fails_leaves_nothing(now: datetime) -> None:
    def fail() -> None:
        with actions.action("things.add", by=Person(), at=now, folds=True):
            write("thing:1", at=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert Entry.objects.count() == 0
