from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    UNIVERSITY = "university", _("高等院校")
    INSTITUTE = "institute", _("科研院所")
    HOSPITAL = "hospital", _("医疗机构")
    PLATFORM = "platform", _("平台与实验室")
    FINANCE = "finance", _("金融机构")
    ASSOCIATION = "association", _("社会团体")
    GOVERNMENT = "government", _("政府部门")
    OTHER = "other", _("其他")


class Scale(models.TextChoices):
    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class Organization(models.Model):
    """A legal body, or a part of one without a code of its own (a laboratory, a team, a foreign body)."""

    key = models.CharField(max_length=40, unique=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=OrganizationKind.choices)
    scale = models.CharField(_("规模"), max_length=10, choices=Scale.choices, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("上级单位")
    )
    area = models.CharField(_("所在地"), max_length=20, blank=True, db_index=True)
    industry = models.CharField(_("行业"), max_length=8, blank=True)
    summary = models.TextField(_("简介"), blank=True)
    summary_en = models.TextField(_("英文简介"), blank=True)
    # Set once two records of one body were merged: this key leads to the other record from then on.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="parties_organization_not_into_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name


class NameKind(models.TextChoices):
    FORMER = "former", _("曾用名")
    SHORT = "short", _("简称")
    OTHER = "other", _("别名")


class OrganizationName(models.Model):
    """Another name a body goes or went by; the days are half-open."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    name = models.CharField(max_length=120, db_index=True)
    kind = models.CharField(max_length=10, choices=NameKind.choices)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organization", "name", "kind"), name="parties_name_once"),
            models.CheckConstraint(
                condition=models.Q(to_date=None)
                | models.Q(from_date=None)
                | models.Q(from_date__lt=models.F("to_date")),
                name="parties_name_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(models.Model):
    """A dated qualification: high-tech enterprise, SRDI, CMA, GMP … by its code in the catalogue's words."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=60, blank=True)
    issued_date = models.DateField()
    # The last day on which it holds, as it is printed on the paper.
    expires_date = models.DateField(null=True, blank=True)
    revoked_date = models.DateField(null=True, blank=True)
    # Whether an office has entered or checked it; what a body enters of itself is its own statement until then.
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_date=None) | models.Q(issued_date__lte=models.F("revoked_date")),
                name="parties_certificate_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by="")
                | (models.Q(confirmed_at__isnull=False) & ~models.Q(confirmed_by="")),
                name="parties_certificate_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_date=None) | models.Q(issued_date__lt=models.F("expires_date")),
                name="parties_certificate_days",
            ),
            models.UniqueConstraint(fields=("organization", "kind", "issued_date"), name="parties_certificate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class TitleBand(models.TextChoices):
    SENIOR = "senior", _("正高级")
    ASSOCIATE = "associate", _("副高级")
    INTERMEDIATE = "intermediate", _("中级")


class Person(models.Model):
    """An expert. Name, title and expertise are shown with consent; phone and e-mail never leave the office."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="people")
    title_band = models.CharField(_("职称级别"), max_length=12, choices=TitleBand.choices)
    title = models.CharField(_("职称"), max_length=40, blank=True)
    title_en = models.CharField(max_length=80, blank=True)
    disciplines = models.JSONField(_("学科"), default=list, blank=True)
    expertise = models.TextField(_("专长"), blank=True)
    expertise_en = models.TextField(blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="parties_person_not_into_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name
