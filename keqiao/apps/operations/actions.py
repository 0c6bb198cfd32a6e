"""Entries that say a backup was taken or brought back."""

from datetime import datetime

from keqiao.apps.ledger import actions as ledger

from .backup import Taken
from .restore import Restored


def note_backup(taken: Taken, *, by: ledger.Actor, at: datetime) -> None:
    """The ledger keeps which backups there are: an auditor can tell whether one is missing."""
    with ledger.action("backup.take", by=by, at=at, subject=f"backup:{taken.path.name[:100]}") as entry:
        entry.change(
            sha256=taken.sha256, size=taken.size, ledger_seq=taken.manifest.ledger_seq,
            missing=len(taken.manifest.missing), sealed=taken.path.name.endswith(".sealed"),
        )  # fmt: skip


def note_restore(restored: Restored, *, by: ledger.Actor, at: datetime) -> None:
    """The first entry after a restore: what follows the backup's last entry is new."""
    with ledger.action("backup.restore", by=by, at=at, subject="installation") as entry:
        entry.change(taken_at=restored.manifest.at, ledger_seq=restored.manifest.ledger_seq, aside=restored.aside)
