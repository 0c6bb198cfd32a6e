"""Who keeps registers: officers of the whole region, of the department that owns them."""

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.permissions import ALLOWED, Decision, can_keep_figures, refused
from keqiao.catalogue.registers import registers

from .models import Entry


def can_keep_register(actor: Actor, register: str) -> Decision:
    return can_keep_figures(actor, registers()[register].duty)


def can_see_entry(actor: Actor, entry: Entry) -> Decision:
    """What is public and stands is for everybody; the rest for those who keep the register."""
    if entry.is_public and entry.struck_at is None:
        return ALLOWED
    if entry.register in registers() and can_keep_register(actor, entry.register).allowed:
        return ALLOWED
    return refused("not_public")
