"""A table that somebody brings along, row by row, from the upload to the last row written.

What the rows are about stands in the apps above; here they are values under the names of fields.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attachment import Attachment


class ImportState(models.TextChoices):
    MAPPING = "mapping", _("待对应列")
    CHECKING = "checking", _("正在核对")
    CHECKED = "checked", _("待导入")
    WRITING = "writing", _("正在导入")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已暂停")
    FAILED = "failed", _("无法继续")


AT_WORK = (ImportState.CHECKING, ImportState.WRITING)


class ImportVerdict(models.TextChoices):
    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    DUPLICATE = "duplicate", _("重复")
    WRONG = "wrong", _("有误")


class ImportRun(models.Model):
    """One file on its way in. `position` is the mark of progress; it moves in the same transaction as the rows."""

    key = models.CharField(max_length=24, unique=True)
    kind = models.CharField(_("内容"), max_length=30)
    # Who sends the rows: their own numbers and the columns they use are remembered under it.
    sender = models.CharField(max_length=80, db_index=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    # How the columns of the sheet were read: the lines of the heading, its texts, and the field of each column.
    header = models.JSONField(default=list)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    signature = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(_("状态"), max_length=10, choices=ImportState.choices, default=ImportState.MAPPING)
    # Where to go on after a pause: the state that was left.
    paused_state = models.CharField(max_length=10, choices=ImportState.choices, blank=True)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(_("已写入"), default=0)
    problem = models.TextField(blank=True)
    by = models.CharField(max_length=80, db_index=True)
    created_at = models.DateTimeField(_("上传时间"))
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=("state", "updated_at"), name="files_import_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ImportRow(models.Model):
    """One row of a file: its cells as they stood, what is wrong or would change, and what became of it."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    # The place in the file as people count it: the line of the sheet, the number of the form in a document.
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, choices=ImportVerdict.choices)
    # What is wrong: [{"field", "where", "text" or "code"}]; what would change: {field: [old, new]}.
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    # What makes the row this thing and no other; and the thing it became or belongs to.
    match = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    is_written = models.BooleanField(default=False)

    class Meta:
        ordering = ("line",)
        constraints = [models.UniqueConstraint(fields=("run", "line"), name="files_import_line_once")]
        indexes = [
            models.Index(fields=("run", "verdict", "is_written", "line"), name="files_import_verdict"),
            models.Index(fields=("run", "match"), name="files_import_match"),
            models.Index(fields=("subject",), name="files_import_subject"),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of {self.run_id}"


class ImportMapping(models.Model):
    """How a sender read the columns of a table with these headings the last time."""

    kind = models.CharField(max_length=30)
    sender = models.CharField(max_length=80)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("kind", "sender", "signature"), name="files_import_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.sender}"


class ImportedNumber(models.Model):
    """A sender's own number of a thing, so that the same row finds the same thing the next time."""

    kind = models.CharField(max_length=30)
    sender = models.CharField(max_length=80)
    number = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("kind", "sender", "number"), name="files_imported_number_once")]

    def __str__(self) -> str:
        return f"{self.number} of {self.sender}"
