"""The site map of the tests: every page that answers GET, who may open it, and what it needs."""

from dataclasses import dataclass

from tests.web.world import World

EVERYBODY = frozenset(
    {"", "outsider", "member", "editor", "manager", "scholar", "owner", "broker", "expert", "officer", "stranger",
     "auditor", "administrator"}
)  # fmt: skip
SIGNED_IN = EVERYBODY - {""}


@dataclass(frozen=True)
class Page:
    """One address; `readers` get 200, `known` people 403, others `otherwise`; visitors are sent to sign in."""

    path: str
    readers: frozenset[str] = EVERYBODY
    otherwise: int = 403
    known: frozenset[str] = frozenset()

    def status_for(self, name: str) -> int:
        if name in self.readers:
            return 200
        if name == "" and self.path.startswith(("/desk/", "/office/", "/account/")):
            return 302
        return 403 if name in self.known else self.otherwise


def public_pages(world: World) -> list[Page]:
    firm = world.organizations["firm"].key
    everybody = ["/", "/demo/", "/needs/", "/needs/?q=激光", "/needs/?q=zzzz", "/offers/", "/offers/?kind=achievement",
                 "/organizations/", f"/organizations/{firm}/", "/needs/N-public/", "/needs/N-abstract_only/",
                 "/needs/N-public/matches/", "/needs/N-introduction/matches/", "/offers/F-public/matches/",
                 "/needs/N-registered/", "/needs/N-introduction/", "/offers/F-public/", "/offers/F-corn/",
                 "/needs/N-public/matches/", "/offers/F-public/matches/"]  # fmt: skip
    own = frozenset({"member", "editor", "manager", "administrator"})
    return [
        *(Page(path) for path in everybody),
        Page("/needs/N-draft/", own, 404),
        Page("/needs/N-submitted/", own | {"officer"}, 404),
        Page("/offers/F-draft/", frozenset({"scholar", "administrator"}), 404),
    ]


def account_pages() -> list[Page]:
    return [Page("/account/login/", frozenset({""})), Page("/account/signup/", frozenset({""})),
            Page("/account/password/reset/"), Page("/account/password/change/", SIGNED_IN)]  # fmt: skip


def desk_pages(world: World) -> list[Page]:
    firm = world.organizations["firm"].key
    everybody = [
        "/desk/",
        "/desk/needs/new/",
        "/desk/offers/new/",
        "/desk/offers/new/achievement/",
        "/desk/organizations/new/",
        "/desk/account/",
    ]
    own = frozenset({"member", "editor", "manager", "administrator"})
    return [
        *(Page(path, SIGNED_IN) for path in everybody),
        Page("/desk/needs/N-draft/edit/", own, 404),
        Page("/desk/offers/F-draft/edit/", frozenset({"scholar", "administrator"}), 404),
        Page(f"/desk/organizations/{firm}/edit/", frozenset({"editor", "manager", "administrator"}), 404),
        Page(f"/desk/organizations/{firm}/records/", frozenset({"editor", "manager", "administrator"}), 404),
        Page(f"/desk/organizations/{firm}/members/", frozenset({"manager", "administrator"}), 404),
    ]


def office_pages(world: World) -> list[Page]:
    screeners = frozenset({"officer", "stranger", "administrator"})
    administrators = frozenset({"administrator"})
    deciders = frozenset({"officer", "administrator"})
    return [
        Page("/office/queue/needs/", screeners),
        Page("/office/queue/offers/", screeners),
        Page("/office/queue/needs/N-submitted/", deciders, 404, known=frozenset({"member", "editor", "manager"})),
        Page("/office/queue/offers/F-submitted/", deciders, 404, known=frozenset({"scholar"})),
        Page("/office/users/", administrators),
        Page("/office/users/new/", administrators),
        Page(f"/office/users/{world.users['editor'].key}/", administrators),
        Page("/office/ledger/", frozenset({"auditor", "administrator"})),
    ]


def all_pages(world: World) -> list[Page]:
    return [*public_pages(world), *account_pages(), *desk_pages(world), *office_pages(world)]
