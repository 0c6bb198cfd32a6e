"""For whom somebody brings a table: their body, the office of a place, a station, or themselves as a broker."""

from .actors import Actor
from .models import Role


def senders_of(actor: Actor, *, collects: bool = False) -> list[str]:
    """The senders one may act as; brokers and coordinators only where needs of other bodies are collected."""
    found = [f"area:{area}" for area in sorted(actor.areas())]
    found += [f"organization:{key}" for key in sorted(actor.organizations(Role.EDITOR, Role.MANAGER))]
    if collects and actor.has(Role.BROKER, Role.COORDINATOR):
        stations = sorted(actor.stations(Role.BROKER, Role.COORDINATOR))
        found += [f"station:{key}" for key in stations] or [actor.key]
    return found


def may_send(actor: Actor, sender: str, *, collects: bool = False) -> bool:
    return actor.is_product or sender in senders_of(actor, collects=collects)
