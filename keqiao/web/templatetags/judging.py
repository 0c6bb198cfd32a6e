"""Search quality: who judges, and figures between 0 and 1."""

from django import template

from keqiao.apps.market import permissions
from keqiao.apps.parties.actors import Actor

register = template.Library()


@register.filter
def judges(actor: Actor | None) -> bool:
    return actor is not None and permissions.can_judge(actor).allowed


@register.filter
def figure(value: float | None) -> str:
    """.823 as 0.823; a dash where nothing was measured."""
    return "—" if value is None else f"{value:.3f}"
