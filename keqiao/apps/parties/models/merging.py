"""Two records of one body or one person: where they were found, how they were merged, and all that it takes to undo it.

Bodies and people stand here by their keys, never by a relation: a merge moves relations, and not its own record.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PairState(models.TextChoices):
    OPEN = "open", _("待核对")
    DIFFERENT = "different", _("不是同一个")
    MERGED = "merged", _("已合并")


class DuplicatePair(models.Model):
    """Two records that may be one, with the reasons; `one` is the smaller key, so that a pair stands once."""

    noun = models.CharField(max_length=12)
    one = models.CharField(max_length=40)
    other = models.CharField(max_length=40)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=10, choices=PairState.choices, default=PairState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("-score", "id")
        constraints = [
            models.UniqueConstraint(fields=("noun", "one", "other"), name="parties_pair_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="parties_pair_order"),
        ]
        indexes = [models.Index(fields=("state", "noun", "-score"), name="parties_pair_queue")]

    def __str__(self) -> str:
        return f"{self.noun} {self.one} = {self.other}?"


class MergeRecord(models.Model):
    """One merge: `gone` leads to `kept` until it is split again."""

    noun = models.CharField(max_length=12)
    kept = models.CharField(max_length=40, db_index=True)
    gone = models.CharField(max_length=40, db_index=True)
    kept_name = models.CharField(max_length=120)
    gone_name = models.CharField(max_length=120)
    note = models.CharField(_("依据"), max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    split_by = models.CharField(max_length=80, blank=True)
    split_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(split_at=None, split_by="")
                | (models.Q(split_at__isnull=False) & ~models.Q(split_by="")),
                name="parties_merge_split_whole",
            ),
            models.UniqueConstraint(
                fields=("noun", "gone"), condition=models.Q(split_at=None), name="parties_merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.gone} into {self.kept}"


class MoveKind(models.TextChoices):
    MOVED = "moved", _("已转到保留的记录")
    LEFT = "left", _("未转：保留的记录已有同样的一条")
    FILLED = "filled", _("补入空缺")
    ADDED = "added", _("新增")


class MergeMove(models.Model):
    """One row that a merge touched: which, which field, what stood there before and what stands there since."""

    record = models.ForeignKey(MergeRecord, models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=6, choices=MoveKind.choices)
    table = models.CharField(max_length=60)
    row = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("record", "table", "row", "field"), name="parties_move_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.field}"
