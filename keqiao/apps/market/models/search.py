"""A search somebody keeps, and what it has found since."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User
from keqiao.apps.post.models import Mode


class SavedSearch(models.Model):
    """Words and filters of a list under a name. `seq` is the last entry of the ledger that was looked at for it."""

    key = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    listing = models.CharField(max_length=5, choices=[("need", _("需求")), ("offer", _("供给"))])
    name = models.CharField(_("名称"), max_length=60)
    values = models.JSONField(default=dict)
    alert = models.CharField(_("提醒"), max_length=8, choices=Mode.choices, default=Mode.DAILY)
    seq = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint(fields=("user", "name"), name="market_search_name")]
        indexes = [models.Index(fields=("listing", "seq"), name="market_search_due")]

    def __str__(self) -> str:
        return self.name


class SearchHit(models.Model):
    """A listing that a search found when it was published; each counts once."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits")
    listing_key = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("search", "listing_key"), name="market_hit_once")]

    def __str__(self) -> str:
        return f"{self.listing_key} for {self.search_id}"
