from django.db import models
from django.utils.translation import gettext_lazy as _

from .listing import IndicatorRow, Listing, listing_indexes, published_has_moment


class NeedKind(models.TextChoices):
    PRODUCT = "product", _("新产品")
    PROCESS = "process", _("新工艺")
    MATERIAL = "material", _("新材料")
    EQUIPMENT = "equipment", _("装备")
    QUALITY = "quality", _("质量提升")
    TEST = "test", _("检验检测")
    SOFTWARE = "software", _("软件")
    TALENT = "talent", _("人才")
    INSTRUMENT = "instrument", _("仪器")


class CoopMode(models.TextChoices):
    COMMISSIONED = "commissioned", _("委托开发")
    COOPERATIVE = "cooperative", _("合作开发")
    TRANSFER = "transfer", _("技术转让")
    LICENSE = "license", _("技术许可")
    EQUITY = "equity", _("作价入股")
    CONSULTING = "consulting", _("技术咨询")
    SERVICE = "service", _("技术服务")
    PLATFORM = "platform", _("共建平台")
    TALENT = "talent", _("人才引进")


class IpPolicy(models.TextChoices):
    FIRM = "firm", _("归企业")
    PROVIDER = "provider", _("归研发方")
    JOINT = "joint", _("双方共有")
    AGREEMENT = "agreement", _("另行约定")


class Urgency(models.TextChoices):
    HIGH = "high", _("紧急")
    NORMAL = "normal", _("一般")
    LOW = "low", _("不急")


class Need(Listing):
    """A firm's technology need; `text` is the problem in the firm's own words."""

    need_kind = models.CharField(_("需求类型"), max_length=12, choices=NeedKind.choices, blank=True)
    background = models.TextField(_("背景与现有基础"), blank=True)
    background_en = models.TextField(blank=True)
    benchmark = models.TextField(_("国内外对标"), blank=True)
    is_chokepoint = models.BooleanField(_("依赖进口"), default=False)
    budget_min_fen = models.BigIntegerField(null=True, blank=True)
    budget_max_fen = models.BigIntegerField(null=True, blank=True)
    coop_modes = models.JSONField(_("合作方式"), default=list, blank=True)
    ip_policy = models.CharField(_("产权归属"), max_length=10, choices=IpPolicy.choices, blank=True)
    ip_note = models.CharField(_("产权说明"), max_length=200, blank=True)
    deadline_date = models.DateField(_("完成时限"), null=True, blank=True)
    urgency = models.CharField(_("紧急程度"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    quality = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-published_at", "-id")
        indexes = listing_indexes("need", "field", "area", "need_kind")
        constraints = [
            published_has_moment("need"),
            models.CheckConstraint(
                condition=models.Q(budget_min_fen=None, budget_max_fen=None)
                | models.Q(
                    budget_min_fen__gte=0, budget_max_fen__isnull=False, budget_max_fen__gte=models.F("budget_min_fen")
                ),
                name="market_need_budget",
            ),
        ]


class NeedIndicator(IndicatorRow):
    need = models.ForeignKey(Need, models.CASCADE, related_name="indicators")
    must = models.BooleanField(_("必须达到"), default=True)
    current_value = models.CharField(_("目前水平"), max_length=60, blank=True)
    test_method = models.CharField(_("测试方法"), max_length=120, blank=True)

    class Meta(IndicatorRow.Meta):
        constraints = [models.UniqueConstraint(fields=("need", "position"), name="market_need_indicator_position")]
