from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Person

from .listing import IndicatorRow, Listing, listing_indexes, published_has_moment


class Offer(Listing):
    """Something that can answer a need. `kind` names a catalogue item, which says what `details` holds."""

    kind = models.CharField(_("供给类型"), max_length=30)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("联系专家")
    )
    trl = models.PositiveSmallIntegerField(_("技术就绪度"), null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-published_at", "-id")
        indexes = listing_indexes("offer", "field", "area", "kind")
        constraints = [
            published_has_moment("offer"),
            models.CheckConstraint(
                condition=models.Q(trl=None) | models.Q(trl__gte=1, trl__lte=9), name="market_offer_trl"
            ),
        ]


class OfferIndicator(IndicatorRow):
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="indicators")

    class Meta(IndicatorRow.Meta):
        constraints = [models.UniqueConstraint(fields=("offer", "position"), name="market_offer_indicator_position")]
