"""Words of registers."""

from django import template

from keqiao.apps.registers.models import Entry
from keqiao.apps.registers.words import said
from keqiao.catalogue.registers import Register

register = template.Library()


@register.filter
def level_of(row: Entry, kind: Register) -> str:
    level = kind.level(row.level)
    return said(level) if level else row.level
