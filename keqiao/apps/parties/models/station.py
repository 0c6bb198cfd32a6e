from django.db import models
from django.utils.translation import gettext_lazy as _

from .organization import Organization


class StationKind(models.TextChoices):
    BRANCH = "branch", _("分市场")
    STATION = "station", _("工作站")


class Station(models.Model):
    """A branch market or a workstation of it: the desk at which brokers work, with a queue and figures of its own."""

    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(_("类型"), max_length=10, choices=StationKind.choices)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="stations", verbose_name=_("所属分市场")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="stations", verbose_name=_("依托单位")
    )
    area = models.CharField(_("所在地"), max_length=20, blank=True, db_index=True)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "name")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=StationKind.STATION) | models.Q(parent=None), name="parties_branch_on_top"
            ),
        ]

    def __str__(self) -> str:
        return self.name
