"""Texts of policies on pages: what stands only in the language of the document keeps it, marked for readers' voices."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keqiao.web.templatetags.keqiao import is_english

register = template.Library()
_HAN = re.compile(r"[㐀-鿿豈-﫿，。；：、（）？！]")


@register.filter
def original(text: str) -> SafeString | str:
    """A name of a document, an office or an article; Chinese inside an English page is marked as such."""
    if is_english() and _HAN.search(text):
        return format_html('<span lang="zh-Hans">{}</span>', text)
    return text
