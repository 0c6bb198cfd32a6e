"""Rows of registers: what happened outside the platform, each with its source and its owner."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization


class StrikeReason(models.TextChoices):
    DUPLICATE = "duplicate", _("重复")
    MISTAKE = "mistake", _("录入有误")
    REVOKED = "revoked", _("已被撤销")
    OTHER = "other", _("其他")


class Entry(models.Model):
    """One row of one register. A row that is wrong is corrected, one that should not be there is struck; none is lost.

    The body stands as a link where it is known here, and always by the name the source gives it.
    """

    key = models.CharField(max_length=40, unique=True)
    register = models.CharField(_("登记册"), max_length=30)
    title = models.CharField(_("名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    level = models.CharField(_("级别"), max_length=20, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    organization_name = models.CharField(_("单位名称"), max_length=120, blank=True)
    area = models.CharField(_("所在地"), max_length=20, blank=True)
    field = models.CharField(_("技术领域"), max_length=30, blank=True)
    start_date = models.DateField(_("起始日"))
    end_date = models.DateField(_("终止日"), null=True, blank=True)
    amount_fen = models.BigIntegerField(_("金额"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("数量"), null=True, blank=True)
    number = models.CharField(_("文号或编号"), max_length=80, blank=True)
    source = models.CharField(_("来源"), max_length=300)
    source_link = models.URLField(_("来源网址"), max_length=400, blank=True)
    owner = models.CharField(_("责任部门"), max_length=30, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    is_public = models.BooleanField(_("公开"), default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.CharField(max_length=80, blank=True)
    strike_reason = models.CharField(_("剔除原因"), max_length=12, choices=StrikeReason.choices, blank=True)

    class Meta:
        ordering = ("-start_date", "-id")
        indexes = [models.Index(fields=("register", "struck_at", "-start_date", "-id"), name="registers_entry_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(start_date__lte=models.F("end_date")), name="registers_entry_days"
            ),
            models.CheckConstraint(condition=Q(amount_fen=None) | Q(amount_fen__gte=0), name="registers_entry_amount"),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by="", strike_reason="")
                | (Q(struck_at__isnull=False) & ~Q(struck_by="") & ~Q(strike_reason="")),
                name="registers_entry_struck",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"entry:{self.key}"
