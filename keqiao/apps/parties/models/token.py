from django.db import models
from django.utils.translation import gettext_lazy as _

from .account import User


class Scope(models.TextChoices):
    NEEDS_READ = "needs:read", _("读取需求")
    NEEDS_WRITE = "needs:write", _("写需求")
    OFFERS_READ = "offers:read", _("读取供给")
    OFFERS_WRITE = "offers:write", _("写供给")
    MATCHES_READ = "matches:read", _("匹配")
    INTRODUCTIONS_READ = "introductions:read", _("读取对接")
    INTRODUCTIONS_WRITE = "introductions:write", _("写对接")


class ApiToken(models.Model):
    """A key with which a person's own programs act for them. Only a digest of the secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("名称"), max_length=60)
    prefix = models.CharField(_("开头"), max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("权限范围"), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeptAnswer(models.Model):
    """What a write through the interface was answered, so that the same request sent again is not done again."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("token", "key"), name="parties_answer_once")]

    def __str__(self) -> str:
        return f"answer to {self.key}"
