"""Words of introductions: days with their weekday, which side is meant, what is late."""

from datetime import date

from django import template
from django.utils import dates
from django.utils.translation import gettext as _

from keqiao.apps.market.queries import IntroductionFace, SideFace
from keqiao.web.templatetags.keqiao import is_english, say

register = template.Library()
_WEEKDAYS = "一二三四五六日"


@register.filter
def day_name(day: date | None) -> str:
    """12月3日（周四）, Thursday 3 December: a day as one says it."""
    if day is None:
        return ""
    if is_english():
        return f"{dates.WEEKDAYS[day.weekday()]} {day.day} {dates.MONTHS[day.month]}"
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


@register.filter
def weekday(day: date) -> str:
    """周四, Thu: the name over a column of days."""
    return str(dates.WEEKDAYS_ABBR[day.weekday()]) if is_english() else f"周{_WEEKDAYS[day.weekday()]}"


@register.filter
def body_of(side: SideFace) -> str:
    """The body's name, or that it is not shown yet."""
    return say(side, "organization_name") or _("单位暂不公开")


@register.filter
def late_words(face: IntroductionFace) -> list[str]:
    """What is overdue, in words."""
    words = []
    if face.is_answer_late:
        words.append(_("答复已逾期"))
    if face.is_action_late:
        words.append(_("下一步已逾期"))
    return words
