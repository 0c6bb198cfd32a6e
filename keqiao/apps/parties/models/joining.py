"""How people come to belong to a body: they claim it, or somebody who may invites them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .account import Role, User
from .organization import Organization
from .station import Station


class ClaimState(models.TextChoices):
    OPEN = "open", _("待审核")
    APPROVED = "approved", _("已通过")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


class ClaimReason(models.TextChoices):
    """Why a claim was not granted."""

    EVIDENCE = "evidence", _("证明材料不足")
    NOT_STAFF = "not_staff", _("不是该单位人员")
    WRONG_BODY = "wrong_body", _("认领的单位不对")
    ASK_MANAGER = "ask_manager", _("单位已有管理员，请由其添加")


class OrganizationClaim(models.Model):
    """Somebody says that they work for a body that stands in the register already, and shows why."""

    key = models.CharField(max_length=24, unique=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="claims", verbose_name=_("单位"))
    user = models.ForeignKey(User, models.CASCADE, related_name="claims")
    role = models.CharField(_("申请的角色"), max_length=14, choices=Role.choices)
    position = models.CharField(_("本人职务"), max_length=60)
    statement = models.TextField(_("说明"), max_length=1000, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN)
    reason = models.CharField(_("未通过原因"), max_length=20, choices=ClaimReason.choices, blank=True)
    note = models.CharField(_("审核意见"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("提交时间"))
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("organization", "user"),
                condition=models.Q(state=ClaimState.OPEN),
                name="parties_claim_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ClaimState.REJECTED) ^ models.Q(reason=""), name="parties_claim_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ClaimState.OPEN) ^ models.Q(decided_at__isnull=False),
                name="parties_claim_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.organization}"


class Invitation(models.Model):
    """A role that waits for the person behind an e-mail address. The link is signed; only the key stands here."""

    key = models.CharField(max_length=24, unique=True)
    email = models.EmailField(_("对方邮箱"))
    role = models.CharField(_("角色"), max_length=14, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("单位")
    )
    station = models.ForeignKey(
        Station, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("分市场或工作站")
    )
    department = models.CharField(_("部门"), max_length=40, blank=True)
    area = models.CharField(_("地区"), max_length=20, blank=True)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="invitations_sent")
    created_at = models.DateTimeField(_("邀请时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="invitations_accepted")
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None), name="parties_invitation_one_end"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="parties_invitation_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"
