"""A matchmaking event or a roadshow: what is on show, who is asked, who comes, who meets whom, who gave which score."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization, Station, User

from .introduction import DeclineReason, Introduction, Side
from .need import Need
from .offer import Offer


class EventKind(models.TextChoices):
    MATCHMAKING = "matchmaking", _("供需对接")
    ROADSHOW = "roadshow", _("路演")


class EventState(models.TextChoices):
    DRAFT = "draft", _("筹备中")
    PUBLISHED = "published", _("报名中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已结束")
    CANCELLED = "cancelled", _("已取消")


class CancelReason(models.TextChoices):
    TOO_FEW = "too_few", _("报名人数不足")
    POSTPONED = "postponed", _("改期举行")
    VENUE = "venue", _("场地原因")
    WEATHER = "weather", _("天气等不可抗力")
    OTHER = "other", _("其他")


class InvitationState(models.TextChoices):
    SENT = "sent", _("待答复")
    ACCEPTED = "accepted", _("接受")
    DECLINED = "declined", _("谢绝")


class PlaceState(models.TextChoices):
    IN = "in", _("已报名")
    WAITING = "waiting", _("候补")
    WITHDRAWN = "withdrawn", _("已退出")


class MeetingResult(models.TextChoices):
    MET = "met", _("已见面")
    NO_SHOW = "no_show", _("未到场")


class Wanted(models.TextChoices):
    FOLLOW_UP = "follow_up", _("希望继续")
    DECLINED = "declined", _("不再继续")


class Jury(models.TextChoices):
    PANEL = "panel", _("评审专家")
    AUDIENCE = "audience", _("现场观众")


class Event(models.Model):
    """One day on which people meet. Meetings have slots of one length from the start to the end, on some tables."""

    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=EventKind.choices, default=EventKind.MATCHMAKING)
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    summary = models.TextField(_("简介"), blank=True, max_length=4000)
    summary_en = models.TextField(_("英文简介"), blank=True, max_length=4000)
    theme = models.CharField(_("主题词"), max_length=200, blank=True)
    organizer = models.CharField(_("主办单位"), max_length=200, blank=True)
    organizer_en = models.CharField(_("主办单位（英文）"), max_length=300, blank=True)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分市场或工作站")
    )
    area = models.CharField(_("所在地"), max_length=20, blank=True)
    place = models.CharField(_("地点"), max_length=200, blank=True)
    online_link = models.URLField(_("线上会议链接"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    closes_at = models.DateTimeField(_("报名截止"))
    capacity = models.PositiveIntegerField(
        _("名额"), default=100, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("每场洽谈（分钟）"), default=20, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    tables = models.PositiveSmallIntegerField(
        _("洽谈桌数"), default=6, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    has_audience = models.BooleanField(_("现场观众打分"), default=False)
    drops_extremes = models.BooleanField(_("去掉一个最高分和一个最低分"), default=False)
    shows_scores = models.BooleanField(_("结束后公布评分（不含姓名）"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=EventState.choices, default=EventState.DRAFT)
    reason = models.CharField(_("取消原因"), max_length=12, choices=CancelReason.choices, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("负责人"))
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_at", "id")
        indexes = [
            models.Index(fields=("state", "starts_at"), name="market_event_start"),
            models.Index(fields=("state", "ends_at"), name="market_event_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), closes_at__lte=F("ends_at")), name="market_event_times"
            ),
            models.CheckConstraint(
                condition=Q(state=EventState.CANCELLED) & ~Q(reason="") | ~Q(state=EventState.CANCELLED) & Q(reason=""),
                name="market_event_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slots(self) -> int:
        """How many meetings fit one after the other."""
        return max(1, int((self.ends_at - self.starts_at).total_seconds() // 60) // self.slot_minutes)


class EventItem(models.Model):
    """A need or an offer on show."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="items")
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=("event", "need"), name="market_event_need_once"),
            models.UniqueConstraint(fields=("event", "offer"), name="market_event_offer_once"),
            models.CheckConstraint(
                condition=Q(need__isnull=False, offer=None) | Q(need=None, offer__isnull=False),
                name="market_event_item_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.listing)

    @property
    def listing(self) -> Need | Offer:
        found = self.need or self.offer
        assert found is not None  # noqa: S101 - a constraint holds it
        return found


class EventInvitation(models.Model):
    """A body that is asked to come: for which item, with which listing of its own, and how likely they fit."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="invitations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    item = models.ForeignKey(EventItem, models.SET_NULL, null=True, blank=True, related_name="+")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    score = models.FloatField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.SENT)
    reason = models.CharField(_("原因"), max_length=20, choices=DeclineReason.choices, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-score", "id")
        constraints = [
            models.UniqueConstraint(fields=("event", "organization"), name="market_invited_once"),
            models.CheckConstraint(
                condition=Q(state=InvitationState.DECLINED) & ~Q(reason="")
                | ~Q(state=InvitationState.DECLINED) & Q(reason=""),
                name="market_invitation_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} to {self.event_id}"


class EventRegistration(models.Model):
    """A person who comes for a body. Who registers when all places are taken waits; places go by the moment."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PlaceState.choices)
    # Slots, counted from 0, in which this person has no time.
    busy = models.JSONField(default=list, blank=True)
    registered_at = models.DateTimeField()
    # When the place was given; later than the registration for those who had waited.
    placed_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("registered_at", "id")
        constraints = [models.UniqueConstraint(fields=("event", "user"), name="market_registered_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.event_id}"


class MeetingWish(models.Model):
    """A seeker and a provider who should meet, wished by one of them or by whoever runs the event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="wishes")
    seeker = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    score = models.FloatField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=("event", "seeker", "provider", "side"), name="market_wished_once"),
            models.CheckConstraint(condition=~Q(seeker=F("provider")), name="market_wish_two_bodies"),
        ]

    def __str__(self) -> str:
        return f"{self.seeker_id} and {self.provider_id} at {self.event_id}"


class Meeting(models.Model):
    """A seeker and a provider at one table in one slot, and what came of it."""

    key = models.CharField(max_length=40, unique=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="meetings")
    seeker = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="+")
    score = models.FloatField(default=0)
    slot = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField()
    # Placed by a person: planning again leaves it where it is.
    is_fixed = models.BooleanField(default=False)
    result = models.CharField(_("结果"), max_length=8, choices=MeetingResult.choices, blank=True)
    seeker_wants = models.CharField(max_length=10, choices=Wanted.choices, blank=True)
    provider_wants = models.CharField(max_length=10, choices=Wanted.choices, blank=True)
    closed_side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    reason = models.CharField(_("原因"), max_length=20, choices=DeclineReason.choices, blank=True)
    introduction = models.ForeignKey(Introduction, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("slot", "table")
        constraints = [
            models.UniqueConstraint(fields=("event", "slot", "table"), name="market_table_once"),
            models.UniqueConstraint(fields=("event", "seeker", "provider"), name="market_meeting_once"),
            models.CheckConstraint(condition=~Q(seeker=F("provider")), name="market_meeting_two_bodies"),
        ]

    def __str__(self) -> str:
        return self.key


class MeetingSeat(models.Model):
    """One side of a meeting. The database itself refuses a body that would be in two meetings in one slot."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("event", "organization", "slot"), name="market_no_clash"),
            models.UniqueConstraint(fields=("meeting", "organization"), name="market_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} in slot {self.slot}"


class EventCriterion(models.Model):
    """What is judged at a roadshow, and how much it counts."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="criteria")
    name = models.CharField(_("评审项"), max_length=60)
    name_en = models.CharField(_("评审项（英文）"), max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(_("权重"), validators=[MinValueValidator(1), MaxValueValidator(100)])
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=("event", "name"), name="market_criterion_once")]

    def __str__(self) -> str:
        return self.name


class PanelMember(models.Model):
    """An expert on the panel of an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="panel")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("event", "user"), name="market_panel_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.event_id}"


class EventScore(models.Model):
    """What one person gave one item: 0–100 for each criterion, and the weighted total in hundredths of a point."""

    item = models.ForeignKey(EventItem, models.CASCADE, related_name="scores")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    jury = models.CharField(max_length=8, choices=Jury.choices)
    values = models.JSONField()
    total = models.PositiveIntegerField(validators=[MaxValueValidator(10_000)])
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("item", "user"), name="market_scored_once")]

    def __str__(self) -> str:
        return f"{self.total} for {self.item_id}"
