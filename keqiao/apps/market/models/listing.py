"""What needs and offers have in common: their words, their state, who may see how much."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization, User


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    SCREENED = "screened", _("已审核")
    PUBLISHED = "published", _("已发布")
    EXPIRED = "expired", _("已到期")
    WITHDRAWN = "withdrawn", _("已撤回")


class Secrecy(models.TextChoices):
    PUBLIC = "public", _("全文公开")
    ABSTRACT_ONLY = "abstract_only", _("仅公开摘要")
    REGISTERED = "registered", _("登录用户可见")
    INTRODUCTION = "introduction", _("引荐后可见")


class IndicatorOp(models.TextChoices):
    GE = "ge", "≥"
    LE = "le", "≤"
    GT = "gt", ">"
    LT = "lt", "<"
    EQ = "eq", "="
    RANGE = "range", _("范围")
    PM = "pm", "±"


class IndicatorSense(models.TextChoices):
    GE = "ge", _("越大越好")
    LE = "le", _("越小越好")
    COVER = "cover", _("需覆盖该范围")
    IN = "in", _("需落在范围内")


class Listing(models.Model):
    """Something on the market. Title and abstract are public once published; the rest is shown by its secrecy."""

    key = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("单位"))
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("英文标题"), max_length=300, blank=True)
    abstract = models.TextField(_("摘要"), blank=True)
    abstract_en = models.TextField(_("英文摘要"), blank=True)
    text = models.TextField(_("正文"), blank=True)
    text_en = models.TextField(_("英文正文"), blank=True)
    keywords = models.JSONField(_("关键词"), default=list, blank=True)
    keywords_en = models.JSONField(_("英文关键词"), default=list, blank=True)
    field = models.CharField(_("技术领域"), max_length=30, blank=True)
    area = models.CharField(_("所在地"), max_length=20, blank=True)
    secrecy = models.CharField(_("保密要求"), max_length=16, choices=Secrecy.choices, default=Secrecy.PUBLIC)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    expires_date = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class IndicatorRow(models.Model):
    """One measurable line: name, comparison, value with unit. A person has confirmed it or typed it."""

    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("指标"), max_length=60)
    op = models.CharField(_("比较"), max_length=5, choices=IndicatorOp.choices)
    low = models.FloatField(_("数值"))
    high = models.FloatField(_("上限"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=30, blank=True)
    sense = models.CharField(_("方向"), max_length=5, choices=IndicatorSense.choices)
    condition = models.CharField(_("测试条件"), max_length=120, blank=True)

    class Meta:
        abstract = True
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.position}"


class Disclosure(models.Model):
    """A signed-in person asked to see the full text of one listing and was shown it."""

    listing = models.CharField(max_length=60)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "listing"), name="market_disclosed_once")]

    def __str__(self) -> str:
        return f"{self.listing} to {self.user_id}"


def listing_indexes(name: str, *filters: str) -> list[models.Index]:
    """The indexes that keep list pages quick at 100,000 rows: newest first, over all and by each filter.

    The last day and the other filters stand at the end of each, so that counting and turning pages read the index
    alone, whatever filters are combined.
    """
    order = ("-published_at", "-id", "expires_date")
    by_filter = [
        models.Index(
            fields=("state", field, *order, *(other for other in filters if other != field)),
            name=f"market_{name}_{field}",
        )
        for field in filters
    ]
    return [
        models.Index(fields=("state", *order, *filters), name=f"market_{name}_new"),
        models.Index(fields=("state", "expires_date"), name=f"market_{name}_expiry"),
        *by_filter,
    ]


def published_has_moment(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=~models.Q(state=State.PUBLISHED) | models.Q(published_at__isnull=False, expires_date__isnull=False),
        name=f"market_{name}_published",
    )
