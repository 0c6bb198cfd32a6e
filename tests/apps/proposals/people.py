"""Who acts in the tests of proposals."""

from keqiao.apps.parties.actors import Actor, Grant
from keqiao.apps.parties.models import Role, User
from tests.apps.acting import person

ROOT = "229999"


def officer_of(unit: str, user: User | None = None) -> Actor:
    """An officer of a department of the whole region."""
    return person(user, Grant(Role.OFFICER, department=unit, area=ROOT))


def hand_over_office(user: User | None = None) -> Actor:
    return officer_of("general_office", user)


def expert(user: User | None = None) -> Actor:
    return person(user, Grant(Role.EXPERT))
