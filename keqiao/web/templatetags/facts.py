"""Facts in words: names, values, sources, the rows of a list, what one may do."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Fact
from keqiao.catalogue import facts
from keqiao.catalogue.privacy import Privacy

register = template.Library()


def _language() -> str:
    return get_language() or "zh-hans"


@register.filter
def in_words(about: Any) -> str:
    """The name of a fact, a group, or a field of a list in the reader's language."""
    return str(about.label(_language()))


@register.filter
def fact_value(row: Fact) -> str:
    return facts.said(row.about, row.value, _language())


@register.filter
def register_name(word: str) -> str:
    names = facts.registers().get(word)
    return names[_language() == "en"] if names else word


PRIVACY: dict[Privacy, Promise] = {
    Privacy.P0: _("公开"),
    Privacy.P1: _("内部"),
    Privacy.P2: _("商业秘密"),
    Privacy.P3: _("个人信息"),
    Privacy.P4: _("敏感"),
}


@register.filter
def privacy_name(privacy: Privacy) -> str:
    return str(PRIVACY[privacy])


@register.filter
def item_columns(row: Fact) -> list[facts.ItemField]:
    """The fields that any item of a list fills."""
    return [field for name, field in row.about.fields.items() if any(name in item for item in row.value)]


@register.filter
def item_rows(row: Fact) -> list[list[str]]:
    """The items of a list, cell by cell under its columns."""
    return [
        [facts.said(field, item[field.name], _language()) if field.name in item else "—" for field in item_columns(row)]
        for item in row.value
    ]
