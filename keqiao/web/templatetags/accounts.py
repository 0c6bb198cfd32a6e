"""What pages of one's own account say about it."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.timezone import localdate

from keqiao.apps.parties import passwords

register = template.Library()


@dataclass(frozen=True)
class PasswordAge:
    """When somebody has to change the password, whether that day has come, and how many days one holds."""

    date: date | None
    is_due: bool
    days: int


@register.simple_tag(takes_context=True)
def password_age(context: Context) -> PasswordAge:
    day = passwords.change_date(context["user"], context["actor"])
    return PasswordAge(day, is_due=day is not None and day <= localdate(), days=settings.PASSWORD_DAYS)
