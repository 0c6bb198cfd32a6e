"""Reads of attached files."""

from django.db.models import QuerySet

from keqiao.apps.files.models import Attachment


def attachments_of(subject: str) -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject=subject, removed_at=None)


def attachment(key: str) -> Attachment:
    """One file that has not been taken away; Attachment.DoesNotExist otherwise."""
    return Attachment.objects.get(key=key, removed_at=None)


def digests() -> set[str]:
    """What the store must hold: the digests of all files that some row names, removed ones included."""
    return set(Attachment.objects.values_list("sha256", flat=True).distinct())
