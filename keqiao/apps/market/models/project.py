"""What was done before there was this system: past contracts and projects, as their keepers wrote them down."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization


class ProjectKind(models.TextChoices):
    CONTRACT = "contract", _("技术合同")
    PROJECT = "project", _("科技项目")
    TRANSFER = "transfer", _("成果转化")
    OTHER = "other", _("其他")


class LegacyProject(models.Model):
    """One past contract or project: a dated row with its source and the source's number. It is never published."""

    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=ProjectKind.choices, default=ProjectKind.PROJECT)
    title = models.CharField(_("项目名称"), max_length=200)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("承担单位"))
    partner = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("合作单位")
    )
    # The other side as the source names it, where it is no body of the register.
    partner_name = models.CharField(_("合作单位名称"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    signed_date = models.DateField(_("签订或立项日期"), null=True, blank=True)
    amount_fen = models.BigIntegerField(_("金额"), null=True, blank=True)
    field = models.CharField(_("技术领域"), max_length=30, blank=True)
    area = models.CharField(_("所在地"), max_length=20, blank=True, db_index=True)
    number = models.CharField(_("编号"), max_length=80, blank=True)
    source = models.CharField(_("来源"), max_length=120)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-year", "-id")
        indexes = [
            models.Index(fields=("organization", "-year"), name="market_project_body"),
            models.Index(fields=("area", "-year"), name="market_project_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen=None) | models.Q(amount_fen__gte=0), name="market_project_amount"
            ),
            models.CheckConstraint(condition=models.Q(year__gte=1949, year__lte=2100), name="market_project_year"),
            models.UniqueConstraint(
                fields=("source", "number"), condition=~models.Q(number=""), name="market_project_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"
