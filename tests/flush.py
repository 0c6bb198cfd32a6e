"""Django's `flush` for tests: the ledger refuses DELETE and TRUNCATE, so its triggers step aside for a moment."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from keqiao.apps.ledger import triggers
from keqiao.apps.ledger.hashing import GENESIS
from keqiao.apps.ledger.models import Chain


class FlushLedgerToo(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            super().handle(**options)
            Chain.objects.get_or_create(pk=1, defaults={"seq": 0, "digest": GENESIS})
        finally:
            triggers.install(connection)
