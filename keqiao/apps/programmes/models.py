"""Where a firm stands with each policy, and how that has changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization


class StandingVerdict(models.TextChoices):
    """What a policy says of a firm; the order is that in which a firm reads them."""

    ELIGIBLE = "eligible", _("符合条件")
    REVIEW = "needs_review", _("须人工认定")
    UNKNOWN = "unknown", _("数据不足")
    INELIGIBLE = "ineligible", _("不符合条件")


class Standing(models.Model):
    """What one policy says of one firm, from all facts the firm itself may use.

    `clauses` holds each clause's state, `missing` the facts that would settle the verdict; `since_at` is when verdict,
    amount or edition became what they are. Rows can be reckoned again from facts, editions and day at any time, are
    written only when they change, and pages that explain compute anew.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    policy = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    verdict = models.CharField(max_length=12, choices=StandingVerdict.choices)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    score_low = models.IntegerField(null=True, blank=True)
    score_high = models.IntegerField(null=True, blank=True)
    clauses = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    since_at = models.DateTimeField()

    class Meta:
        ordering = ("policy",)
        constraints = [models.UniqueConstraint(fields=("organization", "policy"), name="programmes_standing_once")]
        indexes = [models.Index(fields=("policy", "verdict"), name="programmes_standing_by")]

    def __str__(self) -> str:
        return f"{self.policy} of {self.organization_id}: {self.verdict}"


class StandingChange(models.Model):
    """A verdict, an amount or an edition that is another than before; `clauses` are [id, before, after]."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    policy = models.CharField(max_length=60)
    at = models.DateTimeField()
    edition_before = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    verdict_before = models.CharField(max_length=12, choices=StandingVerdict.choices)
    verdict = models.CharField(max_length=12, choices=StandingVerdict.choices)
    amount_before_fen = models.BigIntegerField(null=True, blank=True)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    clauses = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "policy", "pk")
        indexes = [models.Index(fields=("organization", "-at"), name="programmes_change_of")]

    def __str__(self) -> str:
        return f"{self.policy} of {self.organization_id}: {self.verdict_before} → {self.verdict}"


class Reckoning(models.Model):
    """When a firm's standings were last reckoned, so that the worker knows whose turn it is."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()
    # The editions it was reckoned with: another catalogue makes every firm due.
    catalogue = models.CharField(max_length=12)

    def __str__(self) -> str:
        return f"{self.organization_id} on {self.on}"
