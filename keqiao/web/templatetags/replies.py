"""What pages of replies need: the legend with its counts, the box of the document, flags."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from keqiao.apps.proposals.models import Correction, Reply
from keqiao.apps.proposals.queries.courses import Stated, Step
from keqiao.web.parts import promises, reply_files, reply_lines, reply_marks, reply_words
from keqiao.web.parts.reply_marks import Line, Mark
from keqiao.web.parts.reply_sheet import Sheet
from keqiao.web.templatetags.keqiao import is_english

register = template.Library()
_HAN = re.compile("[㐀-鿿]")
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


@register.filter
def grade_name(grade: str) -> str:
    return reply_words.word(reply_words.GRADES, grade)


@register.filter
def result_name(code: str) -> str:
    return reply_words.result_name(code)


@register.filter
def issuer_name(reply: Reply) -> str:
    return reply_words.issuer_name(reply)


@register.filter
def field_name(code: str) -> str:
    return reply_words.word(reply_words.FIELDS, code)


@register.filter
def corrected_to(correction: Correction) -> str:
    """What a correction puts in place, as a reader takes it in."""
    return reply_words.corrected_to(correction.value)


@register.filter
def basis_name(code: str) -> str:
    return reply_words.word(reply_words.BASES, code)


@register.filter
def squeezed(text: str) -> str:
    """A number as it reads, without the white space that its typesetting put in."""
    return "".join(text.split())


@register.filter
def stated_place(point: Stated) -> str:
    """Where a number of a course stands."""
    return promises.place(point.reply.key, point.figure.start, point.figure.end)


@register.filter
def computed_growth(step: Step) -> str:
    """What growth the printed digits allow: one number where they leave no doubt, else from and to."""
    return reply_words.growth(step.low, step.high)


@register.filter
def titled(text: str, key: str) -> str:
    """The title of a window; where the reader's language is not that of the text, which a title cannot say, its key."""
    return key if is_english() and _HAN.search(text) else text
