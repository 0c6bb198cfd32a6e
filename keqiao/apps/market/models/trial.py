"""先用后转: a firm uses technology first and pays once what was agreed comes true."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .agreement import Agreement


class TrialTrigger(models.TextChoices):
    SALES = "sales", _("达到约定销售额")
    OUTPUT = "output", _("达到约定产量")
    TIME = "time", _("试用期满")
    ACCEPTANCE = "acceptance", _("验收合格")


class TrialOutcome(models.TextChoices):
    CONVERTED = "converted", _("转为付费许可")
    RETURNED = "returned", _("退回")
    DISPUTE = "dispute", _("有争议")


class Trial(models.Model):
    """A free period with everything fixed up front: when the fee falls due, how much, and at most how much.

    The fee is a sum, or a share of the sales reported (hundredths of a per cent), or both; `cap_fen` is the most.
    `trigger_value` is fen for sales, pieces for output.
    """

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="trial")
    start_date = models.DateField(_("试用开始"))
    end_date = models.DateField(_("试用截止"))
    trigger = models.CharField(_("付费条件"), max_length=12, choices=TrialTrigger.choices)
    trigger_value = models.BigIntegerField(_("触发数值"), null=True, blank=True)
    trigger_note = models.CharField(_("条件说明"), max_length=200, blank=True)
    fee_fen = models.BigIntegerField(_("约定费用"), null=True, blank=True)
    fee_rate = models.PositiveIntegerField(_("按销售额提成比例"), null=True, blank=True)
    cap_fen = models.BigIntegerField(_("费用上限"))
    guarantee = models.CharField(_("担保或保险"), max_length=200, blank=True)
    report_due_date = models.DateField(_("使用报告截止"))
    outcome = models.CharField(_("结果"), max_length=10, choices=TrialOutcome.choices, blank=True)
    outcome_date = models.DateField(_("结果日期"), null=True, blank=True)
    outcome_note = models.CharField(_("结果说明"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=("outcome", "report_due_date"), name="market_trial_due")]
        constraints = [
            models.CheckConstraint(condition=models.Q(start_date__lt=models.F("end_date")), name="market_trial_days"),
            models.CheckConstraint(
                condition=models.Q(cap_fen__gt=0)
                & (models.Q(fee_fen=None) | models.Q(fee_fen__gte=0, fee_fen__lte=models.F("cap_fen")))
                & (models.Q(fee_fen__isnull=False) | models.Q(fee_rate__isnull=False)),
                name="market_trial_fee",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_date=None)
                | ~models.Q(outcome="") & models.Q(outcome_date__isnull=False),
                name="market_trial_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"trial of {self.agreement_id}"


class TrialReport(models.Model):
    """What the user of the technology reports: sales and pieces since the last report, and how it works."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="reports")
    report_date = models.DateField(_("报告日期"))
    sales_fen = models.BigIntegerField(_("本期销售额"), default=0)
    output = models.BigIntegerField(_("本期产量"), default=0)
    text = models.CharField(_("使用情况"), max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("report_date", "id")
        constraints = [
            models.CheckConstraint(condition=models.Q(sales_fen__gte=0, output__gte=0), name="market_trial_report")
        ]

    def __str__(self) -> str:
        return f"report {self.pk} of {self.trial_id}"
