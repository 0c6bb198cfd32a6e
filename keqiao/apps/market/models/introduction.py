"""A need and an offer brought together by a person: from the first call to an agreement or a reasoned no."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Station, User

from .need import Need
from .offer import Offer


class IntroductionState(models.TextChoices):
    PROPOSED = "proposed", _("待联系")
    CONTACTED = "contacted", _("联系中")
    INTERESTED = "interested", _("双方有意")
    TALKING = "talking", _("洽谈中")
    AGREED = "agreed", _("已达成")
    DECLINED = "declined", _("未成")


OPEN_STATES = (
    IntroductionState.PROPOSED,
    IntroductionState.CONTACTED,
    IntroductionState.INTERESTED,
    IntroductionState.TALKING,
)


# Both sides have said yes: they know each other's names, and what is kept back can be opened.
WILLING_STATES = (IntroductionState.INTERESTED, IntroductionState.TALKING, IntroductionState.AGREED)


class IntroductionSource(models.TextChoices):
    MATCH = "match", _("匹配结果")
    EVENT = "event", _("对接活动")
    BROKER = "broker", _("经纪人推荐")
    INTERFACE = "interface", _("接口")


class Side(models.TextChoices):
    SEEKER = "seeker", _("需求方")
    PROVIDER = "provider", _("供给方")
    BROKER = "broker", _("经纪人")


class Answer(models.TextChoices):
    YES = "yes", _("愿意")
    NO = "no", _("不愿意")


class DeclineReason(models.TextChoices):
    """Why an introduction came to nothing: classified, so that matching can learn from it."""

    NOT_RELEVANT = "not_relevant", _("与需求不符")
    INDICATOR_SHORT = "indicator_short", _("指标达不到")
    TOO_EARLY = "too_early", _("技术还不成熟")
    TOO_EXPENSIVE = "too_expensive", _("价格或投入不合适")
    IP_TERMS = "ip_terms", _("产权条件谈不拢")
    TIMING = "timing", _("时间不合适")
    CAPACITY = "capacity", _("暂无人手")
    SOLVED_OTHERWISE = "solved_otherwise", _("已另有方案")
    CONFLICT = "conflict", _("有竞争或利益冲突")
    NOT_REACHABLE = "not_reachable", _("联系不上")
    OTHER = "other", _("其他")


class HandOverReason(models.TextChoices):
    STAFF_CHANGE = "staff_change", _("人员变动")
    WORKLOAD = "workload", _("工作量调整")
    EXPERTISE = "expertise", _("更熟悉该领域")
    CONFLICT = "conflict", _("回避利益冲突")
    ABSENCE = "absence", _("休假或出差")
    TAKEN = "taken", _("认领")


class ContactKind(models.TextChoices):
    CALL = "call", _("电话")
    VISIT = "visit", _("走访")
    MEETING = "meeting", _("会面")
    MESSAGE = "message", _("短信或微信")
    NOTE = "note", _("内部备注")
    HAND_OVER = "hand_over", _("移交")


class Introduction(models.Model):
    """One need and one offer. Each side answers for itself; both must be willing before anything more is shown."""

    key = models.CharField(max_length=40, unique=True)
    need = models.ForeignKey(Need, models.PROTECT, related_name="introductions")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="introductions")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分市场或工作站")
    )
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("负责人"))
    state = models.CharField(
        _("状态"), max_length=12, choices=IntroductionState.choices, default=IntroductionState.PROPOSED
    )
    source = models.CharField(_("来源"), max_length=10, choices=IntroductionSource.choices)
    # What the matching said when the introduction was made; it trains the ranking later.
    score = models.FloatField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    seeker_answer = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    seeker_answered_at = models.DateTimeField(null=True, blank=True)
    seeker_nda_at = models.DateTimeField(null=True, blank=True)
    provider_answer = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    provider_answered_at = models.DateTimeField(null=True, blank=True)
    provider_nda_at = models.DateTimeField(null=True, blank=True)
    closed_side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    reason = models.CharField(_("原因"), max_length=20, choices=DeclineReason.choices, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    next_action = models.CharField(_("下一步"), max_length=200, blank=True)
    next_action_date = models.DateField(_("下一步日期"), null=True, blank=True)
    # The service level: a person answers before this moment; nothing is due while the market has answered.
    due_at = models.DateTimeField(_("答复期限"), null=True, blank=True)
    # When what is late was put before the coordinator: once for an answer, once for a next action.
    escalated_at = models.DateTimeField(null=True, blank=True)
    action_escalated_at = models.DateTimeField(null=True, blank=True)
    # The first moment of each state; a reopened introduction keeps them.
    contacted_at = models.DateTimeField(null=True, blank=True)
    interested_at = models.DateTimeField(null=True, blank=True)
    talking_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-updated_at", "-id")
        indexes = [
            models.Index(fields=("state", "-updated_at"), name="market_intro_state"),
            models.Index(fields=("owner", "state", "next_action_date"), name="market_intro_owner"),
            models.Index(fields=("station", "state", "next_action_date"), name="market_intro_station"),
            models.Index(fields=("state", "due_at"), name="market_intro_due"),
            models.Index(fields=("state", "next_action_date"), name="market_intro_action"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("need", "offer"),
                condition=models.Q(state__in=(*OPEN_STATES, IntroductionState.AGREED)),
                name="market_introduced_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state=IntroductionState.DECLINED, closed_at__isnull=False)
                & ~models.Q(reason="")
                & ~models.Q(closed_side="")
                | ~models.Q(state=IntroductionState.DECLINED) & models.Q(reason="", closed_side=""),
                name="market_introduction_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """What one side or the broker writes to all others of an introduction. Nothing is taken back or changed."""

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="messages")
    side = models.CharField(max_length=8, choices=Side.choices)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("留言"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"message {self.pk} in {self.introduction_id}"


class Contact(models.Model):
    """One line of the contact log: a call, a visit, a note. For brokers and coordinators, never for the sides."""

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("方式"), max_length=10, choices=ContactKind.choices)
    side = models.CharField(_("对象"), max_length=8, choices=Side.choices, blank=True)
    person = models.CharField(_("联系人"), max_length=60, blank=True)
    text = models.TextField(_("内容"), max_length=2000)
    held_date = models.DateField(_("日期"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-held_date", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} in {self.introduction_id}"
