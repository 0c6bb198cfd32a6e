"""The hash chain of everything that was done, tried or refused.

An entry holds names of fields and salted digests; the values themselves stand in `EntryValues`, which a lawful
erasure may delete without breaking the chain.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    DONE = "done", _("已完成")
    REFUSED = "refused", _("被拒绝")


class Entry(models.Model):
    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60, db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    alg = models.CharField(max_length=12)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject}"


class EntryValues(models.Model):
    """What the fields of one entry held. Salt and values go together: without the salt a digest tells nothing."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="values_row")
    salt = models.CharField(max_length=64)
    values = models.JSONField()

    def __str__(self) -> str:
        return f"values of {self.entry_id}"


class Chain(models.Model):
    """The one row that writers lock: where the chain ends."""

    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_chain")]

    def __str__(self) -> str:
        return f"chain at {self.seq}"
