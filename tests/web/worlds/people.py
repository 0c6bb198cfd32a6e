"""A claim that waits for the office, one that its claimant took back, an invitation that waits."""

from django.utils.timezone import localdate

from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import Actor, actor_of
from keqiao.apps.parties.models import Invitation, Role, User
from tests.web.world import World

LETTER = b"%PDF-1.7\n%HIDDENLETTER of the firm"


def extend(world: World) -> None:
    claim(world, "outsider", "school")
    world.things["invitation"] = invite(world, "manager", email="expert@example.invalid")


def invite(world: World, name: str, *, email: str) -> Invitation:
    """The manager invites an editor to the firm, the security administrator a broker."""
    sender = world.users[name]
    firm = world.organizations["firm"]
    scope = {"role": Role.EDITOR, "organization": firm} if name == "manager" else {"role": Role.BROKER}
    return actions.invite(email=email, user=sender, by=_actor(world, sender), at=world.at, **scope)


def _actor(world: World, user: User) -> Actor:
    return actor_of(user, on=localdate(world.at))


def claim(world: World, user: str, organization: str) -> None:
    row = world.users[user]
    world.things[f"claim-{user}-{organization}"] = actions.claim_organization(
        world.organizations[organization], user=row, role=Role.MANAGER, position="Engineer",
        evidence=("letter.pdf", LETTER), by=_actor(world, row), at=world.at,
    )  # fmt: skip
