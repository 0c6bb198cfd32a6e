"""Claims, invitations, sessions."""

from io import BytesIO

from django.core import signing

from keqiao.apps.files import queries as files
from keqiao.apps.files.models import Attachment
from keqiao.apps.parties.actions.claims import subject_of
from keqiao.apps.parties.models import Invitation, OrganizationClaim
from tests.web import world as worlds
from tests.web.pages import EVERYBODY, SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import people

DECIDERS = frozenset({"officer", "security"})


class Letter(BytesIO):
    """A file that can be sent again and again."""

    name = "letter.pdf"

    def read(self, size: int | None = -1) -> bytes:
        self.seek(0)
        return super().read(size)


def _claim(world: World) -> OrganizationClaim:
    found = world.things["claim-outsider-school"]
    assert isinstance(found, OrganizationClaim)
    return found


def _invitation(world: World) -> Invitation:
    found = world.things["invitation"]
    assert isinstance(found, Invitation)
    return found


def _file(world: World) -> Attachment:
    return files.attachments_of(subject_of(_claim(world))).get()


def _link(world: World) -> str:
    return f"/invitations/{signing.Signer(salt='keqiao.invitation').sign(_invitation(world).key)}/"


def pages(world: World) -> list[Page]:
    school = world.organizations["school"].key
    claim = f"/desk/claims/{_claim(world).key}/"
    return [
        Page(f"/organizations/{school}/"),
        Page(f"/desk/organizations/{school}/claim/", SIGNED_IN),
        Page(claim, DECIDERS | {"outsider"}, 404),
        Page(f"{claim}files/{_file(world).key}/", DECIDERS | {"outsider"}, 404),
        Page("/desk/account/sessions/", SIGNED_IN),
        Page("/office/claims/", DECIDERS | {"stranger"}),
        Page("/office/invitations/", frozenset({"security"})),
        Page(_link(world), EVERYBODY),
        Page("/invitations/made-up:token/", frozenset(), 404),
    ]


def acts(world: World) -> list[Act]:
    firm = world.organizations["firm"].key
    claim, invitation = f"/desk/claims/{_claim(world).key}/", _invitation(world).pk
    letter = Letter(people.LETTER)
    return [
        Act(f"/desk/organizations/{firm}/claim/", {"role": "manager", "position": "Dean", "evidence": letter},
            SIGNED_IN - {"manager"}),
        Act(claim, {"do": "approve"}, DECIDERS),
        Act(claim, {"do": "reject", "reason": "evidence"}, DECIDERS),
        Act(claim, {"do": "withdraw"}, frozenset({"outsider"})),
        Act("/office/invitations/", {"email": "new@example.invalid", "role": "broker"}, frozenset({"security"})),
        Act(f"/office/invitations/{invitation}/revoke/", {}, frozenset({"security"})),
        Act(f"/desk/organizations/{firm}/members/invitations/{invitation}/revoke/", {}, frozenset({"manager"})),
        Act(_link(world), {}, frozenset({"expert"})),
    ]  # fmt: skip


def grow(world: World) -> None:
    for number in (1, 2):
        name = f"claimant{number}"
        worlds.user(world, name)
        people.claim(world, name, "school")
        people.claim(world, name, "firm")
        for user in ("manager", "security"):
            people.invite(world, user, email=f"{name}@example.invalid")
        people.claim(world, "outsider", "firm" if number == 1 else "hidden")
