"""技术合同认定登记: the offices, what is filed with them, how they decide."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization, User

from .agreement import HOME_COUNTRY, Agreement, ContractType, PaymentMode


class RegistrationOffice(models.Model):
    """A body that recognises and registers technology contracts of the places it serves."""

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="+", verbose_name=_("登记机构"))
    code = models.CharField(_("登记点编号"), max_length=10, blank=True)
    areas = models.JSONField(_("服务地区"), default=list)
    is_active = models.BooleanField(_("受理中"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("organization__name",)

    def __str__(self) -> str:
        return str(self.organization)


class RegistrationState(models.TextChoices):
    DRAFT = "draft", _("填写中")
    SUBMITTED = "submitted", _("待受理")
    SUPPLEMENT_REQUIRED = "supplement_required", _("待补正")
    ACCEPTED = "accepted", _("已受理")
    UNDER_REVIEW = "under_review", _("审查中")
    EXPERT_REVIEW = "expert_review", _("专家评审中")
    REGISTERED = "registered", _("已登记")
    REJECTED = "rejected", _("不予登记")
    CHANGED = "changed", _("已变更登记")
    DEREGISTERED = "deregistered", _("已注销")
    PERFORMED = "performed", _("已履行")


# What counts in figures: on the register, whatever came of it later but being struck off.
REGISTERED_STATES = (RegistrationState.REGISTERED, RegistrationState.CHANGED, RegistrationState.PERFORMED)
REVIEW_STATES = (RegistrationState.ACCEPTED, RegistrationState.UNDER_REVIEW, RegistrationState.EXPERT_REVIEW)
WAITING_STATES = (RegistrationState.SUBMITTED, *REVIEW_STATES)


class Flow(models.TextChoices):
    LOCAL = "local", _("就地转化")
    OUT = "out", _("输出省外")
    OUT_ABROAD = "out_abroad", _("输出境外")
    IN = "in", _("吸纳省外")
    IN_ABROAD = "in_abroad", _("吸纳境外")
    ELSEWHERE = "elsewhere", _("双方均在省外")


class RejectReason(models.TextChoices):
    NOT_TECHNOLOGY = "not_technology", _("不属于技术合同")
    INCOMPLETE = "incomplete", _("合同要件不全")
    NOT_IN_FORCE = "not_in_force", _("合同未生效或已失效")
    DUPLICATE = "duplicate", _("重复登记")
    AMOUNT_UNFOUNDED = "amount_unfounded", _("金额无法核实")
    WRONG_OFFICE = "wrong_office", _("不属本机构受理")
    UNLAWFUL = "unlawful", _("内容违反法律法规")
    OTHER = "other", _("其他")


class SupplementReason(models.TextChoices):
    TEXT = "text", _("合同文本不完整")
    ANNEX = "annex", _("缺少附件或权利证明")
    IDENTITY = "identity", _("主体证明或委托书缺失")
    COSTS = "costs", _("缺少费用构成")
    FORM = "form", _("登记表填写有误")
    OTHER = "other", _("其他")


class DeregisterReason(models.TextChoices):
    TERMINATED = "terminated", _("合同已解除")
    VOID = "void", _("合同无效或被撤销")
    MISTAKE = "mistake", _("登记有误")
    FRAUD = "fraud", _("弄虚作假")


class CheckKind(models.TextChoices):
    FORM = "form", _("形式要件")
    TYPE = "type", _("合同类型")
    AMOUNT = "amount", _("金额核定")
    EXPERTS = "experts", _("专家评审")


class Registration(models.Model):
    """One contract on its way to the register, as form JJ-001 describes it. The seller files once.

    The form stands for itself: names and amounts are those of the day of filing, whatever the agreement says later.
    """

    key = models.CharField(max_length=40, unique=True)
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="registration")
    office = models.ForeignKey(
        RegistrationOffice, models.PROTECT, related_name="registrations", verbose_name=_("登记机构")
    )
    state = models.CharField(
        _("状态"), max_length=20, choices=RegistrationState.choices, default=RegistrationState.DRAFT
    )
    version = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(_("登记编号"), max_length=20, null=True, blank=True)
    title = models.CharField(_("项目名称"), max_length=200)
    from_date = models.DateField(_("有效期起"), null=True, blank=True)
    to_date = models.DateField(_("有效期止"), null=True, blank=True)
    signed_date = models.DateField(_("签订日期"))
    seller_name = models.CharField(_("卖方名称"), max_length=200)
    seller_country = models.CharField(_("卖方国别（地区）"), max_length=3, default=HOME_COUNTRY)
    seller_area = models.CharField(_("卖方行政区划"), max_length=20, blank=True)
    seller_nature = models.CharField(_("卖方主体性质"), max_length=20)
    buyer_name = models.CharField(_("买方名称"), max_length=200)
    buyer_country = models.CharField(_("买方国别（地区）"), max_length=3, default=HOME_COUNTRY)
    buyer_area = models.CharField(_("买方行政区划"), max_length=20, blank=True)
    buyer_nature = models.CharField(_("买方主体性质"), max_length=20)
    contract_type = models.CharField(_("合同类型"), max_length=12, choices=ContractType.choices)
    subtype = models.CharField(_("合同子类"), max_length=30)
    field = models.CharField(_("技术领域"), max_length=30)
    ip_type = models.CharField(_("知识产权类型"), max_length=20)
    plan_source = models.CharField(_("计划来源"), max_length=20)
    objective = models.CharField(_("社会经济目标"), max_length=20)
    service_target = models.CharField(_("服务的国民经济行业"), max_length=8, blank=True)
    contract_amount_fen = models.BigIntegerField(_("合同成交额"))
    technology_amount_fen = models.BigIntegerField(_("技术交易额"))
    is_estimate = models.BooleanField(_("提成部分待补登"), default=False)
    payment_mode = models.CharField(_("支付方式"), max_length=14, choices=PaymentMode.choices)
    new_input_fen = models.BigIntegerField(_("预计新增投入"), null=True, blank=True)
    new_output_fen = models.BigIntegerField(_("预计新增产值"), null=True, blank=True)
    handler = models.CharField(_("经办人"), max_length=60)
    filed_date = models.DateField(_("申报日期"), null=True, blank=True)
    flow = models.CharField(max_length=12, choices=Flow.choices)
    is_disputed = models.BooleanField(_("有争议"), default=False)
    # The clock: when it last began, and the last day that the rule in force on that day gives.
    clock_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(_("办理期限"), null=True, blank=True)
    registered_date = models.DateField(_("登记日期"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("原因"), max_length=20, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    tax_report_needed = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("due_date", "id")
        indexes = [
            models.Index(fields=("office", "state", "due_date"), name="market_registration_queue"),
            models.Index(fields=("state", "registered_date"), name="market_registration_register"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("office", "number"), name="market_registration_number"),
            models.CheckConstraint(
                condition=models.Q(
                    technology_amount_fen__gte=0,
                    contract_amount_fen__gt=0,
                    technology_amount_fen__lte=models.F("contract_amount_fen"),
                ),
                name="market_registration_amounts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=REGISTERED_STATES)
                | models.Q(number__isnull=False, registered_date__isnull=False),
                name="market_registration_registered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class RegistrationCheck(models.Model):
    """One check of the office with its opinion; a later look at the same matter takes its place."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="checks")
    kind = models.CharField(_("审查事项"), max_length=8, choices=CheckKind.choices)
    passed = models.BooleanField(_("通过"))
    opinion = models.CharField(_("意见"), max_length=500)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("registration", "kind"), name="market_check_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.registration_id}"


class SupplementRequest(models.Model):
    """What the office asks for, why and until when; the clock begins anew when it comes."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="supplements")
    reason = models.CharField(_("补正原因"), max_length=10, choices=SupplementReason.choices)
    text = models.CharField(_("需补正的内容"), max_length=500)
    deadline_date = models.DateField(_("补正期限"))
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("补正说明"), max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("registration",), condition=models.Q(answered_at=None), name="market_supplement_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"supplement {self.pk} of {self.registration_id}"


class RegistrationVersion(models.Model):
    """The form as it stood before a change of the registration."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    form = models.JSONField()
    note = models.CharField(_("变更说明"), max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(fields=("registration", "version"), name="market_version_once")]

    def __str__(self) -> str:
        return f"version {self.version} of {self.registration_id}"
