"""Concurrent writers keep one chain."""

import threading
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection

from keqiao.apps.ledger import actions, queries
from keqiao.apps.ledger.models import Entry

WRITERS, ENTRIES = 8, 12


@dataclass(frozen=True)
class Person:
    key: str = "user:1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.databases
@pytest.mark.slow
def test_concurrent_writers_keep_one_chain(now: datetime) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(ENTRIES):
                with actions.action("thing.edit", by=Person(), at=now, subject=f"thing:{writer}") as entry:
                    entry.change(number=number)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert list(queries.verify()) == []
    assert Entry.objects.count() == WRITERS * ENTRIES
