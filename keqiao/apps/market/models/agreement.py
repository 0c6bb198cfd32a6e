"""What two sides agreed: the technology contract with its amounts, promised indicators and payments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization, Station, User

from .introduction import Introduction
from .listing import IndicatorRow
from .need import IpPolicy, Need
from .offer import Offer


class ContractType(models.TextChoices):
    DEVELOPMENT = "development", _("技术开发")
    TRANSFER = "transfer", _("技术转让")
    LICENSE = "license", _("技术许可")
    CONSULTING = "consulting", _("技术咨询")
    SERVICE = "service", _("技术服务")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    SIGNED = "signed", _("已签订")
    PERFORMED = "performed", _("已履行")
    TERMINATED = "terminated", _("已终止")


class PricingMode(models.TextChoices):
    AGREEMENT = "agreement", _("协议定价")
    LISTING = "listing", _("挂牌交易")
    AUCTION = "auction", _("拍卖")


class PaymentMode(models.TextChoices):
    LUMP_SUM = "lump_sum", _("一次总付")
    INSTALMENTS = "instalments", _("分期支付")
    ROYALTY = "royalty", _("提成支付")
    ENTRY_ROYALTY = "entry_royalty", _("入门费加提成")


class Agreement(models.Model):
    """One contract. The seller gives technology, the buyer takes it; money is integer fen.

    `contract_amount_fen` is all that the contract says is paid, `technology_amount_fen` what of it is technology.
    Both stay empty while they are negotiated.
    """

    key = models.CharField(max_length=40, unique=True)
    introduction = models.ForeignKey(
        Introduction, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("引荐")
    )
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="agreements")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="agreements")
    seller = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("卖方"))
    buyer = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("买方"))
    broker = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("经纪人"))
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("项目名称"), max_length=200)
    contract_no = models.CharField(_("合同编号"), max_length=60, blank=True)
    contract_type = models.CharField(_("合同类型"), max_length=12, choices=ContractType.choices)
    subtype = models.CharField(_("合同子类"), max_length=30, blank=True)
    field = models.CharField(_("技术领域"), max_length=30, blank=True)
    contract_amount_fen = models.BigIntegerField(_("合同成交额"), null=True, blank=True)
    technology_amount_fen = models.BigIntegerField(_("技术交易额"), null=True, blank=True)
    payment_mode = models.CharField(_("支付方式"), max_length=14, choices=PaymentMode.choices, blank=True)
    pricing_mode = models.CharField(_("定价方式"), max_length=10, choices=PricingMode.choices, blank=True)
    ip_policy = models.CharField(_("产权归属"), max_length=10, choices=IpPolicy.choices, blank=True)
    ip_note = models.CharField(_("产权约定"), max_length=300, blank=True)
    signed_date = models.DateField(_("签订日期"), null=True, blank=True)
    from_date = models.DateField(_("有效期起"), null=True, blank=True)
    to_date = models.DateField(_("有效期止"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=AgreementState.choices, default=AgreementState.DRAFT)
    reason = models.CharField(max_length=30, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-updated_at", "-id")
        indexes = [
            models.Index(fields=("state", "-updated_at"), name="market_agreement_state"),
            models.Index(fields=("signed_date", "contract_type"), name="market_agreement_signed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contract_amount_fen=None)
                | models.Q(contract_amount_fen__gte=0, technology_amount_fen=None)
                | models.Q(
                    contract_amount_fen__gte=0,
                    technology_amount_fen__gte=0,
                    technology_amount_fen__lte=models.F("contract_amount_fen"),
                ),
                name="market_agreement_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(from_date=None)
                | models.Q(to_date=None)
                | models.Q(from_date__lt=models.F("to_date")),
                name="market_agreement_days",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AgreementState.DRAFT)
                | models.Q(state=AgreementState.TERMINATED)
                | models.Q(signed_date__isnull=False, contract_amount_fen__isnull=False),
                name="market_agreement_signed_whole",
            ),
            models.CheckConstraint(condition=~models.Q(seller=models.F("buyer")), name="market_agreement_two_sides"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class AgreementIndicator(IndicatorRow):
    """An indicator that the seller promises, to be tested at acceptance."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="indicators")
    test_method = models.CharField(_("测试方法"), max_length=120, blank=True)

    class Meta(IndicatorRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=("agreement", "position"), name="market_agreement_indicator_position")
        ]


class AgreementPayment(models.Model):
    """One payment the contract promises, and what was paid of it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="payments")
    position = models.PositiveSmallIntegerField()
    condition = models.CharField(_("付款条件"), max_length=200)
    due_date = models.DateField(_("应付日期"), null=True, blank=True)
    amount_fen = models.BigIntegerField(_("金额"), null=True, blank=True)
    paid_date = models.DateField(_("实付日期"), null=True, blank=True)
    paid_fen = models.BigIntegerField(_("实付金额"), null=True, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("agreement", "position"), name="market_payment_position"),
            models.CheckConstraint(
                condition=(models.Q(amount_fen=None) | models.Q(amount_fen__gte=0))
                & (models.Q(paid_fen=None) | models.Q(paid_fen__gte=0)),
                name="market_payment_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_date=None, paid_fen=None)
                | models.Q(paid_date__isnull=False, paid_fen__isnull=False),
                name="market_payment_paid_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.position} of {self.agreement_id}"
