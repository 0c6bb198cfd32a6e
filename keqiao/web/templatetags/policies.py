"""Words, colours and texts of policies on pages: verdicts, clause states, and what keeps the document's language."""

import re
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from keqiao.catalogue import policies
from keqiao.engines.rules import Move
from keqiao.web.parts.policies import language
from keqiao.web.templatetags.keqiao import is_english, money

register = template.Library()
_HAN = re.compile(r"[㐀-鿿豈-﫿，。；：、（）？！]")


@register.filter
def original(text: str) -> SafeString | str:
    """A name of a document, an office or an article; Chinese inside an English page is marked as such."""
    if is_english() and _HAN.search(text):
        return format_html('<span lang="zh-Hans">{}</span>', text)
    return text


TAGS = {
    "eligible": "pass", "needs_review": "unknown", "unknown": "unknown", "ineligible": "fail",
    "pass": "pass", "fail": "fail", "manual": "unknown",
}  # fmt: skip
STATES = {
    "pass": _("符合"),
    "fail": _("不符合"),
    "unknown": _("缺数据"),
    "manual": _("待人工认定"),
    "not_applicable": _("不适用"),
}


@register.filter
def verdict_tag(verdict: str) -> str:
    return TAGS.get(verdict, "")


NOTICES = {"eligible": "good", "needs_review": "warn", "unknown": "warn", "ineligible": "bad"}


@register.filter
def notice_of(verdict: str) -> str:
    return NOTICES.get(verdict, "")


@register.filter
def state_tag(state: str) -> str:
    return TAGS.get(state, "")


@register.filter
def state_word(state: str) -> str:
    return str(STATES.get(state, state))


@register.filter
def points_of(score: int | tuple[int, int]) -> str:
    """75, or 62–71 while experts have not spoken."""
    return f"{score[0]}–{score[1]}" if isinstance(score, tuple) else str(score)


@register.filter
def lever_amount(move: Move) -> str:
    """How far a lever is moved: 5 人, 120万元."""
    if move.unit == "分":
        return money(move.amount)
    if move.unit == "次":
        return ""  # done once or not at all
    unit = policies.vocabulary().unit_names_en.get(move.unit, move.unit) if language() == "en" else move.unit
    return f"{move.amount} {unit}"


@register.filter
def unit_word(unit: str) -> str:
    """A unit in the reader's language."""
    return policies.vocabulary().unit_names_en.get(unit, unit) if language() == "en" else unit


@register.filter
def plain(value: Decimal) -> str:
    """A number as form fields want it, whatever the language of the page."""
    return f"{value:f}"
