"""What pages of replies need: the legend with its counts, the box of the document, flags."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from keqiao.web.parts import reply_files, reply_lines, reply_marks, reply_words
from keqiao.web.parts.reply_marks import Line, Mark
from keqiao.web.parts.reply_sheet import Sheet

register = template.Library()
LEGEND = {
    "figure": _("数字指标"), "promise": _("承诺事项"), "refusal": _("不予采纳或暂缓"),
    "unanswered": _("没有回应的建议"),
    "finding": _("核对提醒"), "trap": _("不是指标的数字"),
}  # fmt: skip


@register.filter
def legend(sheet: Sheet) -> list[tuple[str, str, int]]:
    """What can be shown or hidden, with how many there are."""
    return [(code, str(name), sheet.counts[code]) for code, name in LEGEND.items()]


@register.filter
def lines(sheet: Sheet) -> list[Line]:
    return reply_lines.lines_of(sheet)


@register.filter
def document(sheet: Sheet) -> list[tuple[str, str]]:
    return reply_files.document(sheet)


@register.filter
def document_kind(code: str) -> str:
    return reply_words.word(reply_words.DOCUMENT_KINDS, code)


@register.filter
def flag(mark: Mark) -> SafeString:
    return reply_marks.flag_of(mark)


@register.filter
def horizon(code: str | None) -> str:
    return reply_words.horizon(code)


@register.filter
def word_of(code: str, table: str) -> Any:
    return reply_words.word(getattr(reply_words, table), code)
