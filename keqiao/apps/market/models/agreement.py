"""What two sides agreed: the technology contract with its amounts, promised indicators and payments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization, Station, User

from .introduction import Introduction
from .listing import IndicatorRow
from .need import IpPolicy, Need
from .offer import Offer

HOME_COUNTRY = "142"  # the customs' code


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


class LicenseKind(models.TextChoices):
    EXCLUSIVE = "exclusive", _("独占许可")
    SOLE = "sole", _("排他许可")
    PLAIN = "plain", _("普通许可")


class RoyaltyBase(models.TextChoices):
    PRICE = "price", _("产品价格")
    ADDED_VALUE = "added_value", _("新增产值")
    PROFIT = "profit", _("利润")
    SALES = "sales", _("销售额")


class RoyaltyCourse(models.TextChoices):
    FIXED = "fixed", _("固定比例")
    RISING = "rising", _("逐年递增")
    FALLING = "falling", _("逐年递减")


class TerminationReason(models.TextChoices):
    MUTUAL = "mutual", _("双方协商解除")
    SELLER_BREACH = "seller_breach", _("卖方违约")
    BUYER_BREACH = "buyer_breach", _("买方违约")
    TECHNICAL_FAILURE = "technical_failure", _("出现无法克服的技术困难")
    TECHNOLOGY_PUBLIC = "technology_public", _("技术已由他人公开")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")
    NOT_SIGNED = "not_signed", _("没有谈成")
    OTHER = "other", _("其他")


class PricingMode(models.TextChoices):
    AGREEMENT = "agreement", _("协议定价")
    LISTING = "listing", _("挂牌交易")
    AUCTION = "auction", _("拍卖")


class PaymentMode(models.TextChoices):
    LUMP_SUM = "lump_sum", _("一次总付")
    INSTALMENTS = "instalments", _("分期支付")
    ROYALTY = "royalty", _("提成支付")
    ENTRY_ROYALTY = "entry_royalty", _("入门费加提成")


class Counterparty(models.Model):
    """A party that is not registered here: a body abroad, in another province, or a natural person."""

    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    country = models.CharField(_("国别（地区）"), max_length=3, default=HOME_COUNTRY)
    area = models.CharField(_("行政区划"), max_length=20, blank=True)
    nature = models.CharField(_("主体性质"), max_length=20)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


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
    seller = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("卖方")
    )
    seller_other = models.OneToOneField(Counterparty, models.PROTECT, null=True, blank=True, related_name="+")
    buyer = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("买方")
    )
    buyer_other = models.OneToOneField(Counterparty, models.PROTECT, null=True, blank=True, related_name="+")
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
    royalty_base = models.CharField(_("提成基数"), max_length=12, choices=RoyaltyBase.choices, blank=True)
    royalty_course = models.CharField(_("提成方式"), max_length=8, choices=RoyaltyCourse.choices, blank=True)
    # Hundredths of a per cent: 250 is 2.5 %.
    royalty_rate = models.PositiveIntegerField(_("提成比例"), null=True, blank=True)
    may_inspect_accounts = models.BooleanField(_("卖方可查账"), default=False)
    license_kind = models.CharField(_("许可方式"), max_length=10, choices=LicenseKind.choices, blank=True)
    is_equity = models.BooleanField(_("作价投资"), default=False)
    pricing_mode = models.CharField(_("定价方式"), max_length=10, choices=PricingMode.choices, blank=True)
    ip_policy = models.CharField(_("产权归属"), max_length=10, choices=IpPolicy.choices, blank=True)
    ip_note = models.CharField(_("产权约定"), max_length=300, blank=True)
    signed_date = models.DateField(_("签订日期"), null=True, blank=True)
    from_date = models.DateField(_("有效期起"), null=True, blank=True)
    to_date = models.DateField(_("有效期止"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=AgreementState.choices, default=AgreementState.DRAFT)
    reason = models.CharField(_("终止原因"), max_length=30, choices=TerminationReason.choices, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    ended_date = models.DateField(_("履行或终止日期"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=models.Q(seller=None) | models.Q(buyer=None) | ~models.Q(seller=models.F("buyer")),
                name="market_agreement_two_sides",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((side, None), (f"{side}_other__isnull", False))
                    | models.Q((f"{side}__isnull", False), (f"{side}_other", None)),
                    name=f"market_agreement_one_{side}",
                )
                for side in ("seller", "buyer")
            ),
            models.CheckConstraint(
                condition=models.Q(state=AgreementState.TERMINATED) ^ models.Q(reason=""),
                name="market_agreement_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def seller_party(self) -> Organization | Counterparty:
        """Who gives technology: a registered body or a row of its own."""
        return _party(self.seller, self.seller_other)

    @property
    def buyer_party(self) -> Organization | Counterparty:
        return _party(self.buyer, self.buyer_other)


def _party(body: Organization | None, other: Counterparty | None) -> Organization | Counterparty:
    party = body or other
    if party is None:
        raise ValueError("an agreement without a side: the database refuses such a row")
    return party


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
    # A fee that fell due because a trial met its trigger comes on top of what the contract named.
    is_trial_fee = models.BooleanField(default=False)
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
