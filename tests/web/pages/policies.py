"""The policy library; everybody may read it, and it writes nothing."""

from keqiao.catalogue import policies
from tests.web.pages import EVERYBODY, Act, Page
from tests.web.world import World


def pages(world: World) -> list[Page]:
    some = [f"/policies/{slug}/" for slug in policies.editions()]
    return [
        *(
            Page(path)
            for path in (
                "/policies/",
                "/policies/?q=研发",
                "/policies/?q=zzzz",
                "/policies/changes/",
                "/policies/changes/?month=2026-04",
                *some,
            )
        ),
        Page(f"{some[0]}file/"),
        *(Page(f"{path}check/") for path in some),
        Page("/policies/nothing/check/", frozenset(), 404),
        Page("/policies/nothing/", frozenset(), 404),
    ]


def acts(world: World) -> list[Act]:
    return [
        Act(
            "/policies/tech-sme-2017/check/", {"asked": ["staff_t1"], "q-staff_t1": "50"}, EVERYBODY, leaves_entry=False
        )
    ]


def grow(world: World) -> None:
    return None
