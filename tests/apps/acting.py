"""People who act in the tests of the apps, and what the ledger says about them."""

from uuid import UUID

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import Actor, Grant, system
from keqiao.apps.parties.models import Organization, Role, Station, User


def person(user: User | None = None, *grants: Grant) -> Actor:
    """A registered person with these grants; without a user somebody unknown to the tables."""
    return Actor(key=f"user:{user.key if user else UUID(int=0)}", grants=frozenset(grants), is_registered=True)


def editor(organization: Organization, user: User | None = None) -> Actor:
    return person(user, Grant(Role.EDITOR, organization.key))


def manager(organization: Organization, user: User | None = None) -> Actor:
    return person(user, Grant(Role.MANAGER, organization.key))


def officer(area: str, user: User | None = None) -> Actor:
    return person(user, Grant(Role.OFFICER, department="science", area=area))


def broker(user: User | None = None) -> Actor:
    return person(user, Grant(Role.BROKER))


def security(user: User | None = None) -> Actor:
    return person(user, Grant(Role.SECURITY))


def product() -> Actor:
    """The product itself, which may take every step."""
    return system("test")


def administrator(user: User | None = None) -> Actor:
    return person(user, Grant(Role.ADMINISTRATOR))


def last_entry() -> tuple[str, str, str, str, str]:
    """Kind, actor, subject, outcome and reason of the newest entry."""
    entry = Entry.objects.order_by("-seq")[0]
    return entry.kind, entry.actor, entry.subject, entry.outcome, entry.reason


def broker_at(station: Station, user: User | None = None) -> Actor:
    return person(user, Grant(Role.BROKER, station=station.key))


def coordinator(station: Station, user: User | None = None) -> Actor:
    return person(user, Grant(Role.COORDINATOR, station=station.key))


def registrar(organization: Organization, user: User | None = None) -> Actor:
    return person(user, Grant(Role.REGISTRAR, organization.key))
