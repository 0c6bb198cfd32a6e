"""Attaching files to things and taking them away. Who may is decided by the app whose thing it is."""

import secrets
from datetime import datetime

from keqiao.apps.files import contents, store
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger import actions as ledger

LONGEST_NAME = 200


def attach(
    *,
    subject: str,
    name: str,
    content: bytes,
    permit: ledger.Verdict,
    by: ledger.Actor,
    at: datetime,
    purpose: str = "",
) -> Attachment:
    """Keep a file of a thing; `permit` is the verdict of the app that owns the thing.

    A ValidationError names what is wrong with the file. Only the last part of the sender's path is kept as the name.
    """
    plain = name.replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:] or "file"
    with ledger.action("file.attach", by=by, at=at, subject=subject) as entry:
        entry.require(permit)
        kind = contents.kind_of(plain, content)
        row = Attachment.objects.create(
            key=secrets.token_urlsafe(12), subject=subject, purpose=purpose, name=plain,
            content_type=kind.content_type, size=len(content), sha256=store.keep(content), by=by.key, at=at,
        )  # fmt: skip
        entry.change(file=row.key, name=row.name, sha256=row.sha256)
    return row


def remove(attachment: Attachment, *, permit: ledger.Verdict, by: ledger.Actor, at: datetime) -> None:
    """Take a file off its thing. The bytes stay in the store until nothing names them."""
    with ledger.action("file.remove", by=by, at=at, subject=attachment.subject) as entry:
        entry.require(permit)
        attachment.refresh_from_db(from_queryset=Attachment.objects.select_for_update())
        if attachment.removed_at is None:
            attachment.removed_at = at
            attachment.save(update_fields=["removed_at"])
        entry.change(file=attachment.key)
