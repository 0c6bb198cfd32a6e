"""The menu of the office."""

from django import template

from keqiao.apps.parties.actors import Actor
from keqiao.web.parts.office_menu import Menu, menu

register = template.Library()


@register.simple_tag
def office_menu(actor: Actor, tab: str) -> Menu:
    return menu(actor, tab)
