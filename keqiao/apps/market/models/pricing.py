"""How a price was found in the open: the notice, what people objected, who bid."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User

from .agreement import Agreement, PricingMode


class NoticeState(models.TextChoices):
    RUNNING = "running", _("公示中")
    CONFIRMED = "confirmed", _("公示无异议或异议已处理")
    VOID = "void", _("异议成立，公示作废")


class ObjectionOutcome(models.TextChoices):
    UPHELD = "upheld", _("异议成立")
    DISMISSED = "dismissed", _("异议不成立")


class PricingNotice(models.Model):
    """The name of an achievement and its intended price, shown for days to whoever may object. One runs at a time."""

    key = models.CharField(max_length=40, unique=True)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="notices")
    mode = models.CharField(_("定价方式"), max_length=10, choices=PricingMode.choices)
    title = models.CharField(_("成果名称"), max_length=200)
    title_en = models.CharField(_("成果英文名称"), max_length=300, blank=True)
    price_fen = models.BigIntegerField(_("拟交易价格"))
    place = models.CharField(_("公示地点或交易场所"), max_length=120)
    days = models.PositiveSmallIntegerField(_("公示天数"))
    start_date = models.DateField(_("公示开始"))
    end_date = models.DateField(_("公示截止"))
    state = models.CharField(_("状态"), max_length=10, choices=NoticeState.choices, default=NoticeState.RUNNING)
    result = models.CharField(_("结果说明"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-start_date", "-id")
        indexes = [models.Index(fields=("state", "-start_date"), name="market_notice_state")]
        constraints = [
            models.UniqueConstraint(
                fields=("agreement",), condition=~models.Q(state=NoticeState.VOID), name="market_notice_once"
            ),
            models.CheckConstraint(
                condition=models.Q(end_date__gt=models.F("start_date"), price_fen__gte=0), name="market_notice_days"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def last_date(self) -> date:
        """The last day on which somebody may object; `end_date` is the day after it."""
        return self.end_date - timedelta(days=1)


class Objection(models.Model):
    """What somebody holds against a price; handled with an outcome and a sentence that they can read."""

    notice = models.ForeignKey(PricingNotice, models.CASCADE, related_name="objections")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("异议内容"), max_length=2000)
    at = models.DateTimeField()
    outcome = models.CharField(_("处理结果"), max_length=10, choices=ObjectionOutcome.choices, blank=True)
    answer = models.CharField(_("处理说明"), max_length=500, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", handled_at=None)
                | ~models.Q(outcome="") & ~models.Q(answer="") & models.Q(handled_at__isnull=False),
                name="market_objection_handled",
            )
        ]

    def __str__(self) -> str:
        return f"objection {self.pk} to {self.notice_id}"


class Bid(models.Model):
    """One bid at a listing or an auction, as the seller notes it down; at most one wins."""

    notice = models.ForeignKey(PricingNotice, models.CASCADE, related_name="bids")
    bidder = models.CharField(_("竞买方"), max_length=120)
    price_fen = models.BigIntegerField(_("报价"))
    bid_date = models.DateField(_("报价日期"))
    is_winner = models.BooleanField(_("成交"), default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-price_fen", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("notice",), condition=models.Q(is_winner=True), name="market_notice_one_winner"
            ),
            models.CheckConstraint(condition=models.Q(price_fen__gt=0), name="market_bid_price"),
        ]

    def __str__(self) -> str:
        return f"bid {self.pk} on {self.notice_id}"
