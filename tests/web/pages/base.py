"""Listings, organisations, screening, users, ledger: what stood before there were introductions."""

from datetime import timedelta

from tests.web import world as worlds
from tests.web.pages import EVERYBODY, SIGNED_IN, Act, Page
from tests.web.world import World

# Whoever has work in the office is led to it.
WORKERS = frozenset(
    {"officer", "stranger", "registrar", "security", "administrator", "auditor", "coordinator", "broker"}
)


def public_pages(world: World) -> list[Page]:
    firm = world.organizations["firm"].key
    everybody = ["/", "/demo/", "/needs/", "/needs/?q=激光", "/needs/?q=zzzz", "/offers/", "/offers/?kind=achievement",
                 "/organizations/", f"/organizations/{firm}/", "/needs/N-public/", "/needs/N-abstract_only/",
                 "/needs/N-public/matches/", "/needs/N-introduction/matches/", "/offers/F-public/matches/",
                 "/needs/N-registered/", "/needs/N-introduction/", "/offers/F-public/", "/offers/F-corn/",
                 "/needs/N-public/matches/", "/offers/F-public/matches/"]  # fmt: skip
    own = frozenset({"member", "editor", "manager"})
    return [
        *(Page(path) for path in everybody),
        Page("/needs/N-draft/", own, 404),
        Page("/needs/N-submitted/", own | {"officer"}, 404),
        Page("/offers/F-draft/", frozenset({"scholar"}), 404),
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
    own = frozenset({"member", "editor", "manager"})
    return [
        *(Page(path, SIGNED_IN) for path in everybody),
        Page("/desk/needs/N-draft/edit/", own, 404),
        Page("/desk/offers/F-draft/edit/", frozenset({"scholar"}), 404),
        Page(f"/desk/organizations/{firm}/edit/", frozenset({"editor", "manager"}), 404),
        Page(f"/desk/organizations/{firm}/records/", frozenset({"editor", "manager"}), 404),
        Page(f"/desk/organizations/{firm}/members/", frozenset({"manager"}), 404),
    ]


def office_pages(world: World) -> list[Page]:
    screeners = frozenset({"officer", "stranger"})
    administrators = frozenset({"administrator"})
    deciders = frozenset({"officer"})
    return [
        Page("/office/", frozenset(), known=EVERYBODY - WORKERS, otherwise=302),
        Page("/office/queue/needs/", screeners),
        Page("/office/queue/offers/", screeners),
        Page("/office/queue/needs/N-submitted/", deciders, 404, known=frozenset({"member", "editor", "manager"})),
        Page("/office/queue/offers/F-submitted/", deciders, 404, known=frozenset({"scholar"})),
        Page("/office/users/", administrators | {"security"}),
        Page("/office/users/new/", administrators),
        Page(f"/office/users/{world.users['editor'].key}/", administrators | {"security"}),
        Page("/office/ledger/", frozenset({"auditor"})),
    ]


def pages(world: World) -> list[Page]:
    return [*public_pages(world), *account_pages(), *desk_pages(world), *office_pages(world)]


def acts(world: World) -> list[Act]:
    """What people do on these pages, by who may."""
    firm, user = world.organizations["firm"].key, world.users["expert"].key
    writers = frozenset({"member", "editor", "manager"}) - {"member"}
    screeners = frozenset({"officer"})
    administrators = frozenset({"administrator"})
    return [
        Act("/desk/needs/N-draft/submit/", {}, writers),
        Act("/desk/needs/N-withdrawn/reopen/", {}, writers),
        Act("/desk/offers/F-draft/submit/", {}, frozenset({"scholar"})),
        Act("/desk/offers/F-public/withdraw/", {"reason": "wrong"}, frozenset({"scholar", *screeners})),
        Act("/office/queue/needs/N-submitted/", {"step": "screen"}, screeners),
        Act("/office/queue/offers/F-submitted/", {"step": "return", "reason": "unclear"}, screeners),
        Act("/office/users/new/", {"email": "x@example.invalid", "name": "x"}, administrators),
        Act(f"/office/users/{user}/", {"do": "deactivate"}, administrators),
        Act(f"/office/users/{user}/", {"do": "grant", "role": "broker"}, frozenset({"security"})),
        Act(f"/desk/organizations/{firm}/members/", {"email": "expert@example.invalid", "role": "member"},
            frozenset({"manager"})),
        Act(f"/desk/organizations/{firm}/records/", {"do": "name", "name-name": "Sj", "name-kind": "short"},
            frozenset({"editor", "manager"})),
        Act("/needs/N-registered/full-text/", {}, SIGNED_IN),
        Act("/desk/account/export/", {}, SIGNED_IN),
        Act("/desk/account/erase/", {"email": "expert@example.invalid"}, frozenset({"expert"})),
        Act(f"/desk/organizations/{firm}/members/{_membership(world)}/end/", {},
            frozenset({"manager"})),
        Act("/ask/", {"problem": "光纤激光器掉功率"}, EVERYBODY, leaves_entry=False),
    ]  # fmt: skip


def _membership(world: World) -> int:
    return world.users["member"].memberships.get().pk


def grow(world: World) -> None:
    """Two more of everything that a list shows."""
    for number in (1, 2):
        for state in ("published", "submitted", "draft"):
            worlds.need(world, f"more-{state}-{number}", state=state)
            worlds.offer(world, f"more-{state}-{number}", state=state)
        firm = worlds.organization(world, f"more{number}", 40 + number)
        worlds.user(world, f"more{number}", role="editor", organization=world.organizations["firm"])
        for name in ("editor", "manager"):
            worlds.parties.grant(world.users[name], role="manager" if name == "editor" else "editor", organization=firm,
                                 by=worlds.BY, at=world.at + timedelta(seconds=number))  # fmt: skip
