"""Replies: the text as it was signed, what the parser read in it, and what people corrected."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .proposal import PUBLIC, Proposal, Publication


class ReplyState(models.TextChoices):
    IMPORTED = "imported", _("已导入")
    CHECKED = "checked", _("已核对")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


class Feedback(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    MOSTLY = "mostly", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")


class ContactForm(models.TextChoices):
    FACE = "face", _("面复")
    PHONE = "phone", _("电话")
    MESSAGE = "message", _("微信")
    LETTER = "letter", _("书面")
    SURVEY = "survey", _("调研座谈")


class Reply(models.Model):
    """One version of a reply. The text is never changed: a corrected one comes as a new version beside the old.

    `parsed` is what the reply engine read (contacts included, so it is shown through queries only), `parser` with
    which edition of program and vocabulary.
    """

    key = models.CharField(max_length=12, unique=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="replies")
    issuer = models.CharField(_("答复单位"), max_length=40, blank=True)
    issuer_name = models.CharField(_("答复单位名称"), max_length=100, blank=True)
    doc_number = models.CharField(_("发文字号"), max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    is_current = models.BooleanField(default=True)
    title = models.CharField(_("标题"), max_length=300)
    text = models.TextField(_("正文"), editable=False)
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    attachment = models.CharField(max_length=24, blank=True)
    notes = models.JSONField(default=list)
    parser = models.CharField(max_length=40, blank=True)
    parsed = models.JSONField(default=dict)
    parsed_at = models.DateTimeField(null=True, blank=True)
    signed_date = models.DateField(_("成文日期"), null=True, blank=True)
    answered_date = models.DateField(_("答复日期"), null=True, blank=True)
    result_class = models.CharField(_("办理结果"), max_length=4, blank=True)
    contact_form = models.CharField(_("沟通方式"), max_length=8, choices=ContactForm.choices, blank=True)
    feedback_process = models.CharField(_("对办理过程"), max_length=12, choices=Feedback.choices, blank=True)
    feedback_result = models.CharField(_("对办理结果"), max_length=12, choices=Feedback.choices, blank=True)
    feedback_date = models.DateField(_("反馈日期"), null=True, blank=True)
    publication = models.CharField(
        _("公开方式"), max_length=10, choices=Publication.choices, default=Publication.UNDECIDED
    )
    withheld_reason = models.CharField(_("不公开的理由"), max_length=20, blank=True)
    abstract = models.TextField(_("摘要"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ReplyState.choices, default=ReplyState.IMPORTED)
    published_date = models.DateField(_("发布日期"), null=True, blank=True)
    linked_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.CharField(max_length=80)
    checked_by = models.CharField(max_length=80, blank=True)
    published_by = models.CharField(max_length=80, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-signed_date", "-pk")
        indexes = [
            models.Index(fields=("state", "issuer"), name="proposals_reply_state"),
            models.Index(fields=("parser",), name="proposals_reply_parser"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("issuer_name", "doc_number", "version"), name="proposals_reply_version"),
            models.UniqueConstraint(
                fields=("issuer_name", "doc_number"),
                condition=models.Q(is_current=True),
                name="proposals_reply_current",
            ),
            models.CheckConstraint(
                condition=models.Q(publication=Publication.WITHHELD) | models.Q(withheld_reason=""),
                name="proposals_reply_withheld",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReplyState.PUBLISHED)
                | (models.Q(published_date__isnull=False, publication__in=PUBLIC)),
                name="proposals_reply_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doc_number} {self.title}"

    @property
    def is_public(self) -> bool:
        return self.state == ReplyState.PUBLISHED and self.publication in PUBLIC


class ReplyUnit(models.Model):
    """A unit that speaks in a reply: the one that signed it, and those whose answers stand in it. Rebuilt with it."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="units")
    unit = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=("unit",), name="proposals_unit_speaks")]
        constraints = [models.UniqueConstraint(fields=("reply", "unit"), name="proposals_unit_speaks_once")]

    def __str__(self) -> str:
        return f"{self.unit} in {self.reply_id}"


class Origin(models.TextChoices):
    PARSED = "parsed", _("自动识别")
    CORRECTED = "corrected", _("人工更正")
    ADDED = "added", _("人工增补")
    SPLIT = "split", _("人工拆分")


class ReplyFigure(models.Model):
    """A number in a reply: a cache of the parse with the corrections over it, rebuilt whenever one of them changes.

    `figure_key` is the published figure that it is, or that was stated from this sentence.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="figures")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    raw = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    value_max = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    unit = models.CharField(max_length=40, blank=True)
    unit_raw = models.CharField(max_length=40, blank=True)
    quantity_kind = models.CharField(max_length=12, blank=True)
    modality = models.CharField(max_length=10, blank=True)
    period = models.CharField(max_length=40, blank=True)
    period_source = models.CharField(max_length=10, blank=True)
    indicator = models.CharField(max_length=300, blank=True)
    programme = models.CharField(max_length=200, blank=True)
    organisations = models.JSONField(default=list)
    approx = models.CharField(max_length=10, blank=True)
    suggestion = models.PositiveSmallIntegerField(null=True)
    department = models.CharField(max_length=60, blank=True)
    unit_code = models.CharField(max_length=40, blank=True)
    in_table = models.BooleanField(default=False)
    subset = models.BooleanField(default=False)
    sentence_start = models.PositiveIntegerField()
    sentence_end = models.PositiveIntegerField()
    tier = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PARSED)
    figure_key = models.CharField(max_length=100, blank=True, db_index=True)
    figure_grade = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("start", "end")
        constraints = [models.UniqueConstraint(fields=("reply", "start", "end"), name="proposals_figure_once")]

    def __str__(self) -> str:
        return self.raw


class CorrectionKind(models.TextChoices):
    META = "meta", _("文头信息")
    FIGURE = "figure", _("数字")
    PROMISE = "promise", _("承诺")
    SUGGESTION = "suggestion", _("建议")
    ANSWER = "answer", _("答复段落")


class Op(models.TextChoices):
    SET = "set", _("改正")
    ADD = "add", _("增补")
    REMOVE = "remove", _("去除")
    SPLIT = "split", _("拆分")


class CorrectionState(models.TextChoices):
    APPLIED = "applied", _("有效")
    SUPERSEDED = "superseded", _("已被后来的更正取代")
    MOOT = "moot", _("不再需要")
    LOST = "lost", _("找不到位置")
    WITHDRAWN = "withdrawn", _("已撤销")


class Correction(models.Model):
    """What a person knows better than the parser. The row is never changed but for its state and never dropped.

    Its place is the words it speaks of: `quote`, of which it means the one numbered `occurrence` (from 0) in the
    text. Ids of the parser are not used, for they change with every parse.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="corrections")
    kind = models.CharField(_("对象"), max_length=10, choices=CorrectionKind.choices)
    op = models.CharField(_("方式"), max_length=6, choices=Op.choices)
    field = models.CharField(_("项目"), max_length=30, blank=True)
    quote = models.TextField(_("原文"), blank=True)
    occurrence = models.PositiveSmallIntegerField(default=0)
    value = models.JSONField(_("改为"), null=True)
    before = models.JSONField(_("原为"), null=True)
    reason = models.CharField(_("理由"), max_length=500)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.APPLIED)
    carried_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("state",), name="proposals_correction_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=CorrectionKind.META) | ~models.Q(quote=""), name="proposals_correction_anchored"
            ),
            models.CheckConstraint(
                condition=~models.Q(op=Op.SET) | ~models.Q(field=""), name="proposals_correction_field"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.op} {self.kind} {self.field} of {self.reply_id}"


class LookBack(models.Model):
    """A reply that is "being solved" is looked at again after twelve and after twenty-four months."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="look_backs")
    months = models.PositiveSmallIntegerField()
    due_date = models.DateField(_("回头看日期"))
    rule = models.CharField(max_length=60)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=80, blank=True)
    result_class = models.CharField(_("现在的办理结果"), max_length=4, blank=True)
    note = models.TextField(_("情况"), blank=True)

    class Meta:
        ordering = ("due_date", "pk")
        constraints = [
            models.UniqueConstraint(fields=("reply", "months"), name="proposals_look_back_once"),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | (~models.Q(done_by="") & ~models.Q(note="")),
                name="proposals_look_back_done",
            ),
        ]

    def __str__(self) -> str:
        return f"look at {self.reply_id} after {self.months} months"
