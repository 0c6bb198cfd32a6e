import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from .organization import Organization
from .station import Station


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. What they may do stands in their memberships, never here."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("电子邮箱"), unique=True)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField()
    # Empty for whoever has no password here: log-ins of the demo, accounts from outside.
    password_set_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_erased(self) -> bool:
        return self.email == self._erased_email()

    def erase(self) -> None:
        """Forget who this is. The address that must be there is one that no letter can reach."""
        self.email, self.name, self.phone = self._erased_email(), "", ""
        self.is_active, self.last_login, self.password_set_at = False, None, None
        self.set_unusable_password()

    def _erased_email(self) -> str:
        return f"{self.key.hex}@erased.invalid"


class Role(models.TextChoices):
    MEMBER = "member", _("单位成员")
    EDITOR = "editor", _("单位编辑")
    MANAGER = "manager", _("单位管理员")
    BROKER = "broker", _("技术经纪人")
    COORDINATOR = "coordinator", _("分市场负责人")
    REGISTRAR = "registrar", _("合同登记员")
    OFFICER = "officer", _("主管部门工作人员")
    EXPERT = "expert", _("专家")
    AUDITOR = "auditor", _("审计员")
    SECURITY = "security", _("安全管理员")
    ADMINISTRATOR = "administrator", _("系统管理员")


# Whoever has one of these belongs to the body.
ORGANIZATION_ROLES = (Role.MEMBER, Role.EDITOR, Role.MANAGER)
# Graded protection, level 3, keeps these apart; the site must never be left without one of the first two.
SEPARATED_ROLES = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR)
KEPT_ROLES = (Role.ADMINISTRATOR, Role.SECURITY)
# These hold in a body, too, but are a trust that the body itself cannot give.
_SCOPED_TO_ORGANIZATION = (*ORGANIZATION_ROLES, Role.REGISTRAR)


class Membership(models.Model):
    """A role, and where it holds: a body, a station, a department and place, or the whole site. Days are half-open."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("角色"), max_length=14, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("单位")
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("分市场或工作站")
    )
    department = models.CharField(_("部门"), max_length=40, blank=True)
    area = models.CharField(_("地区"), max_length=20, blank=True)
    from_date = models.DateField(_("起始日"))
    to_date = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role__in=_SCOPED_TO_ORGANIZATION) | models.Q(organization__isnull=False),
                name="parties_membership_organization",
            ),
            models.CheckConstraint(
                condition=(models.Q(role=Role.COORDINATOR) & models.Q(station__isnull=False))
                | (~models.Q(role=Role.COORDINATOR) & (models.Q(role=Role.BROKER) | models.Q(station=None))),
                name="parties_membership_station",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OFFICER) | (~models.Q(department="") & ~models.Q(area="")),
                name="parties_membership_officer",
            ),
            models.CheckConstraint(
                condition=models.Q(to_date=None) | models.Q(from_date__lt=models.F("to_date")),
                name="parties_membership_days",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "organization", "from_date"),
                condition=models.Q(organization__isnull=False),
                name="parties_membership_once",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "department", "area", "from_date"),
                condition=models.Q(organization__isnull=True, station__isnull=True),
                name="parties_membership_once_outside",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "station", "from_date"),
                condition=models.Q(station__isnull=False),
                name="parties_membership_once_station",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
