"""Figures as they were published: the value, what it means, and the rows it was made of, frozen together."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    """How far a figure opens. It is shown beside every figure, and a figure never claims a better one."""

    ROWS = "rows", _("可打开到明细")
    REGISTER = "register", _("可打开到登记册")
    SENTENCE = "sentence", _("仅有原句")


class Kind(models.TextChoices):
    """What the period does: what happened in it, what stood at its end, what has happened up to its end."""

    FLOW = "flow", _("期内发生")
    STOCK = "stock", _("期末存量")
    CUMULATIVE = "cumulative", _("历年累计")


class Measure(models.TextChoices):
    COUNT = "count", _("计数")
    FEN = "fen", _("金额")
    SUM = "sum", _("求和")
    TEXT = "text", _("原文数字")


class FigureState(models.TextChoices):
    DRAFT = "draft", _("待复核")
    PUBLISHED = "published", _("已发布")
    CORRECTED = "corrected", _("已更正")
    WITHDRAWN = "withdrawn", _("已撤回")
    DROPPED = "dropped", _("未发布")


class EndReason(models.TextChoices):
    ROWS_CORRECTED = "rows_corrected", _("明细已更正")
    WRONG_DEFINITION = "wrong_definition", _("口径有误")
    WRONG_PERIOD = "wrong_period", _("期间有误")
    TYPING_ERROR = "typing_error", _("填写有误")
    NOT_TO_BE_PUBLISHED = "not_to_be_published", _("不宜公开")
    OTHER = "other", _("其他")


class PublishedFigure(models.Model):
    """One edition of one figure of one period. What it says never changes; a later edition may take its place.

    Names, unit and meaning are those of the day: a definition that is written anew leaves old editions as they were.
    `tables` holds the breakdowns as they may be shown, gaps included; `matrix` the two dimensions that are crossed
    and its cells line by line, None where it may not be shown.
    """

    key = models.SlugField(max_length=100, unique=True)
    code = models.SlugField(max_length=60, db_index=True)
    version = models.PositiveSmallIntegerField(default=1)
    grade = models.CharField(_("可核查程度"), max_length=10, choices=Grade.choices)
    kind = models.CharField(_("存量或流量"), max_length=10, choices=Kind.choices)
    measure = models.CharField(max_length=5, choices=Measure.choices)
    theme = models.CharField(max_length=30, blank=True)
    owner = models.CharField(max_length=30, blank=True)
    name_zh = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    meaning_zh = models.TextField(_("口径"), blank=True)
    meaning_en = models.TextField(blank=True)
    unit_zh = models.CharField(_("单位"), max_length=20)
    unit_en = models.CharField(max_length=40, blank=True)
    scope_zh = models.CharField(_("统计范围"), max_length=200, blank=True)
    scope_en = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(_("年份"))
    as_of = models.DateField(_("截至"))
    # The exact value: a whole number of units or of fen, or the digits of a sentence.
    value = models.CharField(_("数值"), max_length=40)
    row_count = models.PositiveIntegerField(default=0)
    alg = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    tables = models.JSONField(default=dict, blank=True)
    matrix = models.JSONField(default=dict, blank=True)
    is_masked = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)
    # Of a figure that stands in a sentence: the sentence, where it stands, and what the text itself says of growth.
    sentence = models.TextField(_("原句"), blank=True)
    source = models.CharField(_("出处"), max_length=300, blank=True)
    about = models.CharField(max_length=120, blank=True, db_index=True)
    printed_growth = models.CharField(_("原文所称增幅"), max_length=40, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=FigureState.choices, default=FigureState.DRAFT)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正的版本")
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    prepared_by = models.CharField(max_length=80)
    prepared_at = models.DateTimeField()
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)

    class Meta:
        ordering = ("code", "-year", "-as_of", "-id")
        indexes = [models.Index(fields=("state", "is_internal", "theme", "code", "-year"), name="ledger_figure_list")]
        constraints = [
            models.UniqueConstraint(
                fields=("code", "year", "as_of"),
                # Two texts may say two numbers; that is what one wants to see.
                condition=Q(state="published") & ~Q(grade="sentence"),
                name="ledger_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by="") | (Q(published_at__isnull=False) & ~Q(published_by="")),
                name="ledger_figure_published",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("published", "corrected")) | Q(published_at__isnull=False),
                name="ledger_figure_published_state",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="ledger_figure_ended",
            ),
            models.CheckConstraint(
                condition=~Q(grade="sentence") | (~Q(sentence="") & ~Q(source="")), name="ledger_figure_sentence"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> str:
        return f"figure:{self.key}"

    @property
    def amount(self) -> Decimal:
        """The value for calculating: units, fen, or what the digits of the sentence say."""
        return Decimal(self.value)

    @property
    def is_public(self) -> bool:
        """Whether visitors find it: published once and not internal; what ended is still shown, as ended."""
        return self.published_at is not None and not self.is_internal

    @property
    def is_whole(self) -> bool:
        """Whether the period was over on the day up to which was counted."""
        return (self.as_of.month, self.as_of.day) == (12, 31)


class FigureRow(models.Model):
    """One row of a published figure. Subject, salt and facts may be erased; the amount and the digest stay.

    `facts` holds the day of the row, its cells in the breakdowns, and who holds it: names for the rule that nobody may
    fill a cell nearly alone; they are never shown.
    """

    figure = models.ForeignKey(PublishedFigure, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    amount = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("figure", "number"), name="ledger_figure_row_once")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.figure_id}"

    @property
    def is_erased(self) -> bool:
        return self.salt == ""
