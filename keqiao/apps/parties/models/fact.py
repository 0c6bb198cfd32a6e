"""What is known about a firm: values from registers and of its own, each with the year, the source and the purposes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.catalogue import facts
from keqiao.catalogue.privacy import Privacy

from .organization import Organization

# The vocabulary's words for the source of a firm's own statements, and of what the platform keeps as rows of their own.
DECLARED = "企业自报"
PLATFORM = "平台登记"


class Purpose(models.TextChoices):
    """What a value may be used for."""

    SUPPORT = "support", _("惠企支持")
    STATISTICS = "statistics", _("统计分析")


class FactStatus(models.TextChoices):
    """What a value counts as. A row is confirmed or declared; a conflict lies between rows and is found in reading."""

    CONFIRMED = "confirmed", _("已核实")
    SELF_DECLARED = "self_declared", _("企业自报")
    CONFLICT = "conflict", _("有冲突")


class FactEnd(models.TextChoices):
    """Why a value does not count any more."""

    SUPERSEDED = "superseded", _("有了新值")
    CORRECTED = "corrected", _("已更正")
    WITHDRAWN = "withdrawn", _("已撤回")
    RESOLVED = "resolved", _("核对后不采用")


class Fact(models.Model):
    """One value of one fact, as one register or the firm itself states it; replaced values stay as ended rows.

    No constraint keeps two live values of one register apart: the actions do, but the merge of two records of one
    body may bring two, and then both must stay and be seen as the conflict they are.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="facts")
    # The name in the vocabulary without the year: revenue_fen, certificates.
    name = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    value = models.JSONField(_("值"))
    register = models.CharField(_("数据来源"), max_length=40)
    observed_on = models.DateField(_("数据日期"))
    status = models.CharField(_("状态"), max_length=14, choices=FactStatus.choices)
    purposes = models.JSONField(_("允许的用途"), default=list)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    brought_by = models.CharField(max_length=80)
    brought_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=FactEnd.choices, blank=True)

    class Meta:
        ordering = ("name", "-year", "register", "pk")
        indexes = [
            models.Index(
                fields=("organization", "name", "year"), condition=models.Q(ended_at=None), name="parties_fact_live"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=(FactStatus.CONFIRMED, FactStatus.SELF_DECLARED)),
                name="parties_fact_status",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by="", end_reason="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="") & ~models.Q(end_reason="")),
                name="parties_fact_end",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by="")
                | (models.Q(confirmed_at__isnull=False) & ~models.Q(confirmed_by="")),
                name="parties_fact_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year or ''}".strip()

    @property
    def about(self) -> facts.Fact:
        return facts.facts()[self.name]

    @property
    def is_declared(self) -> bool:
        """Whether the firm states it itself, also once somebody has confirmed it."""
        return self.register == DECLARED

    @property
    def is_statistical(self) -> bool:
        """Whether it was collected for statistics alone: then it feeds no verdict and contradicts none that does."""
        return Purpose.SUPPORT not in self.purposes

    @property
    def privacy(self) -> Privacy:
        """The class of the value; what was surveyed for statistics alone is sensitive, whatever it says."""
        return Privacy.P4 if self.is_statistical else self.about.privacy

    @property
    def needs_consent(self) -> bool:
        """Whether the office may use it only where the firm has agreed."""
        return self.status == FactStatus.SELF_DECLARED or not self.privacy.is_exportable


class FactConsent(models.Model):
    """What a firm lets its office use its own statements and its confidential values for."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("用途"), max_length=20, choices=Purpose.choices)
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField(_("授权时间"))
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        ordering = ("-given_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("organization", "purpose"), condition=models.Q(ended_at=None), name="parties_consent_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
                name="parties_consent_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.purpose}"
