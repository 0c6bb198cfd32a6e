"""Where each role's work for others begins: the market's offices, its branch markets and stations, and the office that
hands proposals over."""

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role
from keqiao.apps.proposals import units

EVENTS, STATIONS, PROPOSALS = "/office/events/", "/desk/stations/", "/office/proposals/"
# Whoever has several of these roles begins with the first.
WORK = (
    (Role.OFFICER, "/office/queue/needs/"),
    (Role.REGISTRAR, "/office/registrations/"),
    (Role.SECURITY, "/office/users/"),
    (Role.ADMINISTRATOR, "/office/users/"),
    (Role.AUDITOR, "/office/ledger/"),
    (Role.COORDINATOR, STATIONS),
    (Role.BROKER, STATIONS),
)


def workplace(actor: Actor) -> str:
    """The address where somebody's office work waits; empty for whoever has none."""
    if units.hands_over_alone(actor):
        return PROPOSALS
    for role, address in WORK:
        if actor.has(role):
            # A broker may serve the whole market without a station: events are what they run there.
            return EVENTS if address == STATIONS and not actor.stations() else address
    return ""
