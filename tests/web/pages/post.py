"""Notifications, how one wants to be told, the way out of letters, deliveries."""

from keqiao.apps.post import unsubscribing
from tests.web.pages import EVERYBODY, SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import post as worlds

ADMINISTRATORS = frozenset({"administrator"})


def _way_out(world: World) -> str:
    token = unsubscribing.token(world.users["editor"], ("listing.decided", "introduction.new"))
    return f"/unsubscribe/{token}/"


def pages(world: World) -> list[Page]:
    return [
        Page("/desk/notifications/", SIGNED_IN),
        Page("/desk/notifications/?show=unread&topic=listing.decided", SIGNED_IN),
        Page("/desk/settings/notifications/", SIGNED_IN),
        Page("/office/deliveries/", ADMINISTRATORS),
        Page("/office/deliveries/?state=sent", ADMINISTRATORS),
        Page(_way_out(world)),
        Page("/unsubscribe/changed/", frozenset(), 404),
    ]


def acts(world: World) -> list[Act]:
    settings, row = "/desk/settings/notifications/", world.things["notification"]
    uncertain, failed = (world.things[f"delivery {state}"].key for state in ("uncertain", "failed"))
    hours = {"language": "en", "digest_hour": "7", "digest_weekday": "4", "quiet_from": "22", "quiet_to": "6"}
    return [
        Act(f"/desk/notifications/{row.pk}/read/", {}, frozenset({"editor"})),
        Act("/desk/notifications/read/", {}, SIGNED_IN),
        Act(settings, {"do": "modes", "listing.decided email": "off"}, SIGNED_IN),
        Act(settings, {"do": "preference", **hours}, SIGNED_IN),
        Act(settings, {"do": "destination", "channel": "wecom", "wecom-robot": "0123456789-abc"}, SIGNED_IN),
        Act(settings, {"do": "remove", "channel": "wecom"}, SIGNED_IN),
        Act(settings, {"do": "stop"}, SIGNED_IN),
        Act(f"/office/deliveries/{uncertain}/resend/", {}, ADMINISTRATORS),
        Act(f"/office/deliveries/{failed}/drop/", {}, ADMINISTRATORS),
        Act(_way_out(world), {"List-Unsubscribe": "One-Click"}, EVERYBODY),
        Act(_way_out(world), {"what": "all"}, EVERYBODY),
    ]


def grow(world: World) -> None:
    worlds.grow(world)
