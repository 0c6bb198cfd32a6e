"""What people are told: notifications read from the ledger, the switches of each reader, and what leaves the house."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import User


class Mode(models.TextChoices):
    INSTANT = "instant", _("即时")
    DAILY = "daily", _("每日汇总")
    WEEKLY = "weekly", _("每周汇总")
    OFF = "off", _("关闭")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("星期一")
    TUESDAY = 1, _("星期二")
    WEDNESDAY = 2, _("星期三")
    THURSDAY = 3, _("星期四")
    FRIDAY = 4, _("星期五")
    SATURDAY = 5, _("星期六")
    SUNDAY = 6, _("星期日")


class Language(models.TextChoices):
    CHINESE = "zh-hans", _("中文")
    ENGLISH = "en", "English"


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    RETRY = "retry", _("待重试")
    UNCERTAIN = "uncertain", _("不确定")
    FAILED = "failed", _("发送失败")
    DROPPED = "dropped", _("不再发送")


WAITING = (DeliveryState.PENDING, DeliveryState.RETRY)
IN_TROUBLE = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


class Pointer(models.Model):
    """How far the ledger has been taken up. Writers hold the row, so that two workers never take up the same."""

    name = models.CharField(max_length=20, unique=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"


class Preference(models.Model):
    """How one person wants to be told. No row means what the field defaults say."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    language = models.CharField(_("通知语言"), max_length=10, choices=Language.choices, default=Language.CHINESE)
    digest_hour = models.PositiveSmallIntegerField(_("汇总时间（点）"), default=8)
    digest_weekday = models.PositiveSmallIntegerField(_("每周汇总日"), choices=Weekday.choices, default=Weekday.MONDAY)
    quiet_from = models.PositiveSmallIntegerField(_("免打扰开始（点）"), null=True, blank=True)
    quiet_to = models.PositiveSmallIntegerField(_("免打扰结束（点）"), null=True, blank=True)
    is_mail_stopped = models.BooleanField(_("停发全部邮件"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest_hour__lt=24, digest_weekday__lt=7), name="post_preference_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None) | models.Q(quiet_from__lt=24, quiet_to__lt=24),
                name="post_preference_quiet",
            ),
        ]

    def __str__(self) -> str:
        return f"preference of {self.user_id}"


class Switch(models.Model):
    """One choice that differs from the default: this topic, by this channel, in this way."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    mode = models.CharField(max_length=8, choices=Mode.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "topic", "channel"), name="post_switch_once")]

    def __str__(self) -> str:
        return f"{self.topic} by {self.channel}: {self.mode}"


class Destination(models.Model):
    """Where a channel of one's own leads: the address of a webhook, the key of a robot. At most one a channel."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "channel"), name="post_destination_once")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.user_id}"


class Notification(models.Model):
    """One thing that one person is told, once, because of one entry of the ledger."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    entry = models.BigIntegerField()
    topic = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    is_urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-entry",)
        constraints = [models.UniqueConstraint(fields=("user", "entry"), name="post_notified_once")]
        indexes = [
            models.Index(fields=("user",), condition=models.Q(read_at=None), name="post_unread"),
            models.Index(fields=("read_at",), condition=models.Q(read_at__isnull=False), name="post_read"),
        ]

    def __str__(self) -> str:
        return f"entry {self.entry} to {self.user_id}"


class Delivery(models.Model):
    """One letter or call to the outside. `key` stays the same however often it is tried.

    A worker first commits its claim, then sends, then notes how it went: what stands in `sending` under a claim
    whose time is over may have gone out or not.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    channel = models.CharField(_("渠道"), max_length=20)
    notifications = models.ManyToManyField(Notification, related_name="deliveries")
    is_digest = models.BooleanField(default=False)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(_("问题"), max_length=40, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=DeliveryState.SENDING)
                | models.Q(claim__isnull=False, claimed_until__isnull=False),
                name="post_delivery_claimed",
            )
        ]
        indexes = [
            models.Index(fields=("due_at",), condition=models.Q(state__in=WAITING), name="post_delivery_due"),
            models.Index(fields=("state", "-id"), name="post_delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key} {self.state}"
