"""How good the matching is: what people judged, what was measured, and the office's own words of trade language."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.parties.models import User

from .need import Need
from .offer import Offer


class Grade(models.IntegerChoices):
    """How far an offer answers a need, as the training reads it."""

    SOLVES = 3, gettext_lazy("能解决")
    HELPS = 2, gettext_lazy("有用")
    RELATED = 1, gettext_lazy("沾边")
    NOTHING = 0, gettext_lazy("无关")


class Judgement(models.Model):
    """What one person says of one need and one offer. A judge whose account was erased is no longer named."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="judgements")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="+")
    judge = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    grade = models.PositiveSmallIntegerField(choices=Grade.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("need", "offer", "judge"), name="market_judgement_once"),
            models.CheckConstraint(condition=Q(grade__lte=3), name="market_judgement_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} × {self.offer_id}: {self.grade}"


class ThesaurusEntry(models.Model):
    """Words of a trade and the technical terms they stand for, beside those that are shipped."""

    MOST_PHRASES = 20
    LONGEST = 40

    key = models.CharField(max_length=20, unique=True)
    trade = models.JSONField(gettext_lazy("行话"), default=list)
    technical = models.JSONField(gettext_lazy("技术用语"), default=list)
    context = models.JSONField(gettext_lazy("语境"), default=list, blank=True)
    note = models.CharField(gettext_lazy("说明"), max_length=200, blank=True)
    is_active = models.BooleanField(gettext_lazy("启用"), default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-updated_at", "pk")

    def __str__(self) -> str:
        return f"{'、'.join(self.trade)} → {'、'.join(self.technical)}"

    def clean(self) -> None:
        wrong = {name: problem for name in ("trade", "technical", "context") if (problem := self._problem(name))}
        if wrong:
            raise ValidationError(wrong)

    def _problem(self, name: str) -> str:
        words = getattr(self, name)
        if len(words) > self.MOST_PHRASES:
            return _("最多 %(most)s 个词，现有 %(count)s 个。") % {"most": self.MOST_PHRASES, "count": len(words)}
        for word in words:
            # A single character occurs everywhere; as context it only narrows, so it may stay.
            if len(word) < 2 and name != "context":
                return _("“%(word)s”只有一个字，会到处命中，请至少写两个字。") % {"word": word}
            if len(word) > self.LONGEST:
                return _("“%(word)s…”太长，请不超过 %(most)s 个字。") % {"word": word[:10], "most": self.LONGEST}
        return ""


class QualityRun(models.Model):
    """One measurement of the ranking against the judgements: asked for by somebody, made by the worker.

    Means run over the needs of which something useful is known; the interval is that of `ndcg` (95 %).
    """

    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    needs = models.PositiveIntegerField(default=0)
    pairs = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    model = models.CharField(max_length=12, blank=True)
    ndcg = models.FloatField(null=True, blank=True)
    ndcg_low = models.FloatField(null=True, blank=True)
    ndcg_high = models.FloatField(null=True, blank=True)
    precision = models.FloatField(null=True, blank=True)
    judged = models.FloatField(null=True, blank=True)
    agreement = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
