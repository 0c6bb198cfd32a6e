import re

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.parties import passwords
from keqiao.apps.parties.models import User

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
WANTED = 3


class CharacterClassesValidator:
    """Three of four: small letters, capitals, digits, other characters (graded protection, level 3)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < WANTED:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _("密码须包含小写字母、大写字母、数字、其他字符中的三类。")


class LengthValidator(MinimumLengthValidator):
    """Django's own check; Django 5.2 has no Chinese for its sentence."""

    def get_help_text(self) -> str:
        return _("至少 %(min_length)d 个字符。") % {"min_length": self.min_length}

    def get_error_message(self) -> str:
        return _("密码太短，至少要有 %(min_length)d 个字符。") % {"min_length": self.min_length}


class SimilarityValidator(UserAttributeSimilarityValidator):
    """Django's own check, in the house's words."""

    def get_help_text(self) -> str:
        return _("不能与姓名、邮箱或电话相似。")


class CommonValidator(CommonPasswordValidator):
    """Django's own check, in the house's words."""

    def get_help_text(self) -> str:
        return _("不能是常见的密码。")


class HistoryValidator:
    """None of the last passwords again (graded protection)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and user.pk is not None and passwords.was_used(user, password):
            raise ValidationError(self.get_help_text(), code="password_used")

    def get_help_text(self) -> str:
        return _("不能使用最近 %(count)d 次用过的密码。") % {"count": passwords.HISTORY}
