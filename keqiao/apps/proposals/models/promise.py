"""Promises: what a reply says will be done, what stands for it since, and what people say of it.

The computed state and people's views are kept apart: rows speak for the first, voices for the second.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User

from .proposal import Proposal
from .reply import Origin, Reply


class DueBasis(models.TextChoices):
    STATED = "stated", _("原文写明")
    ASSUMED = "assumed", _("原文未写，按次年年底推定")
    SET = "set", _("责任单位填报")


class Specificity(models.TextChoices):
    CONCRETE = "concrete", _("具体")
    SOFT = "soft", _("笼统")


class Direction(models.TextChoices):
    UP = "up", _("不少于")
    DOWN = "down", _("不多于")


class PromiseState(models.TextChoices):
    KEPT = "kept", _("已兑现（有依据）")
    PARTLY = "partly", _("部分兑现")
    NO_MENTION = "no_mention", _("未见后续提及")
    NOT_DUE = "not_due", _("未到期")
    TOO_SOFT = "too_soft", _("表述笼统，无法核对")


class Promise(models.Model):
    """One act that a reply promises. Its key stays whatever the parser reads later: people follow it by that.

    `state` is reckoned from the evidence by a rule that is published, can be reckoned anew at any time, and is never
    more than the evidence says. `looked_in` is how many later replies were looked through.
    """

    key = models.CharField(max_length=12, unique=True)
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="promises")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField(_("承诺"))
    sentence_start = models.PositiveIntegerField()
    sentence_end = models.PositiveIntegerField()
    sentence = models.TextField(_("原句"))
    anchor = models.CharField(max_length=200, blank=True)
    suggestion = models.PositiveSmallIntegerField(null=True)
    department = models.CharField(_("承诺单位"), max_length=60, blank=True)
    unit = models.CharField(_("责任单位"), max_length=40, blank=True)
    action = models.CharField(max_length=60, blank=True)
    horizon = models.CharField(max_length=20, blank=True)
    due_date = models.DateField(_("到期日"))
    due_basis = models.CharField(max_length=8, choices=DueBasis.choices)
    specificity = models.CharField(_("表述"), max_length=8, choices=Specificity.choices)
    in_next_steps = models.BooleanField(default=False)
    tier = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PARSED)
    indicator = models.CharField(_("指标"), max_length=60, blank=True)
    proposed_indicator = models.CharField(max_length=60, blank=True)
    proposed_because = models.CharField(max_length=200, blank=True)
    target_value = models.DecimalField(_("目标值"), max_digits=30, decimal_places=6, null=True, blank=True)
    target_unit = models.CharField(_("单位"), max_length=40, blank=True)
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    next_look_date = models.DateField(_("下次查看"), null=True, blank=True)
    # What an office has set by hand: a later parse leaves these fields as they are.
    set_by_hand = models.JSONField(default=list)
    state = models.CharField(_("核对结果"), max_length=10, choices=PromiseState.choices, default=PromiseState.NOT_DUE)
    state_why = models.CharField(max_length=30, blank=True)
    looked_in = models.PositiveIntegerField(default=0)
    since_at = models.DateTimeField()
    checked_on = models.DateField(null=True, blank=True)
    is_lost = models.BooleanField(default=False)
    is_removed = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("reply", "start")
        indexes = [
            models.Index(fields=("unit", "state"), name="proposals_promise_unit"),
            models.Index(fields=("checked_on",), name="proposals_promise_checked"),
            models.Index(fields=("due_date",), name="proposals_promise_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("reply", "start", "end"), condition=models.Q(is_lost=False), name="proposals_promise_once"
            ),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")) & ~models.Q(sentence=""),
                name="proposals_promise_anchored",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.text[:40]}"

    @property
    def needs_indicator(self) -> bool:
        return not self.indicator

    @property
    def is_live(self) -> bool:
        return not (self.is_lost or self.is_removed)


class EvidenceKind(models.TextChoices):
    FIGURE = "figure", _("数据")
    REPLY = "reply", _("后来的答复")
    FILE = "file", _("文件")


class Supports(models.TextChoices):
    KEPT = "kept", _("表明已兑现")
    PARTLY = "partly", _("表明部分兑现")


class Evidence(models.Model):
    """Something that can be looked up: an edition of a figure, a sentence of a later reply, a file. Never a bare claim.

    What a machine found and a person refused stays as a row, so that it is not found again.
    """

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    figure_key = models.CharField(max_length=100, blank=True)
    later = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="evidence")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    attachment = models.CharField(max_length=24, blank=True)
    supports = models.CharField(_("说明"), max_length=8, choices=Supports.choices)
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    is_automatic = models.BooleanField(default=False)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    rejected_at = models.DateTimeField(null=True, blank=True)
    rejected_by = models.CharField(max_length=80, blank=True)
    reject_reason = models.CharField(_("不采用的理由"), max_length=500, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=EvidenceKind.FIGURE, later=None, attachment="") & ~models.Q(figure_key="")
                | (
                    models.Q(kind=EvidenceKind.REPLY, later__isnull=False, end__gt=models.F("start"), attachment="")
                    & ~models.Q(quote="")
                )
                | (models.Q(kind=EvidenceKind.FILE, later=None, figure_key="") & ~models.Q(attachment="")),
                name="proposals_evidence_cites",
            ),
            models.UniqueConstraint(
                fields=("promise", "later", "start", "end"),
                condition=models.Q(kind=EvidenceKind.REPLY),
                name="proposals_evidence_span",
            ),
            models.UniqueConstraint(
                fields=("promise", "figure_key"),
                condition=models.Q(kind=EvidenceKind.FIGURE),
                name="proposals_evidence_figure",
            ),
            models.CheckConstraint(
                condition=models.Q(rejected_at=None) | (~models.Q(rejected_by="") & ~models.Q(reject_reason="")),
                name="proposals_evidence_rejected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.promise_id}"

    @property
    def counts(self) -> bool:
        return self.rejected_at is None


class PromiseMove(models.Model):
    """A computed state that is another than before, and why."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    before = models.CharField(max_length=10, choices=PromiseState.choices)
    after = models.CharField(max_length=10, choices=PromiseState.choices)
    why = models.CharField(max_length=30)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.promise_id}: {self.before} → {self.after}"


class VoiceRole(models.TextChoices):
    DEPARTMENT = "department", _("责任单位")
    PROPOSER = "proposer", _("提出人")
    THIRD = "third", _("第三方")


class Stance(models.TextChoices):
    KEPT = "kept", _("已落实")
    PARTLY = "partly", _("部分落实")
    UNDER_WAY = "under_way", _("正在推进")
    NOT_KEPT = "not_kept", _("未落实")
    CANNOT_TELL = "cannot_tell", _("无法判断")


class Voice(models.Model):
    """What somebody says of a promise in their role. A later one of the role takes its place; none is changed."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="voices")
    role = models.CharField(_("身份"), max_length=10, choices=VoiceRole.choices)
    stance = models.CharField(_("看法"), max_length=12, choices=Stance.choices)
    text = models.TextField(_("说明"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="proposals_voice_text")]

    def __str__(self) -> str:
        return f"{self.role} on {self.promise_id}: {self.stance}"


class Follow(models.Model):
    """Who wants to be told, or, signing a proposal, does not want to be."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, blank=True, related_name="follows")
    promise = models.ForeignKey(Promise, models.CASCADE, null=True, blank=True, related_name="follows")
    is_on = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proposal=None, promise__isnull=False)
                | models.Q(proposal__isnull=False, promise=None),
                name="proposals_follow_one",
            ),
            models.UniqueConstraint(fields=("user", "proposal"), name="proposals_follow_proposal"),
            models.UniqueConstraint(fields=("user", "promise"), name="proposals_follow_promise"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows"
