"""What the small market's people have been told so far, and a delivery in each state."""

from datetime import timedelta

from django.utils.timezone import localdate

from keqiao.apps.parties.actors import actor_of, system
from keqiao.apps.post import actions
from keqiao.apps.post.models import Delivery, DeliveryState, Notification
from tests.factories.post import DeliveryFactory, NotificationFactory
from tests.web.world import World

WORKER = system("worker")


def extend(world: World) -> None:
    """Everything that stands is taken up as the worker does; what came of sending it is put there."""
    while actions.take_up(by=WORKER, at=world.at):
        pass
    Delivery.objects.all().delete()
    for user in world.users.values():
        NotificationFactory(user=user, entry=9_000_000, title_en="A need of yours was published", at=world.at)
    mine = Notification.objects.filter(user=world.users["editor"]).order_by("entry")
    world.things["notification"] = mine[0]
    actions.mark_read(mine[1], by=actor_of(world.users["editor"], on=localdate(world.at)), at=world.at)
    for state in DeliveryState:
        row = DeliveryFactory(
            user=world.users["editor"],
            state=state,
            problem="worker_lost" if state == DeliveryState.UNCERTAIN else "",
            claim="0" * 32 if state == DeliveryState.SENDING else None,
            claimed_until=world.at + timedelta(days=9) if state == DeliveryState.SENDING else None,
            due_at=world.at + timedelta(days=9),
            created_at=world.at,
        )
        world.things[f"delivery {state}"] = row


def grow(world: World) -> None:
    for number in (1, 2):
        for user in {user.pk: user for user in world.users.values()}.values():
            NotificationFactory(user=user, entry=10_000_000 + number, title_en=f"More {number}", at=world.at)
        DeliveryFactory(
            state="failed", problem="http_500", user=world.users["manager"], due_at=world.at, created_at=world.at
        )
        DeliveryFactory(state="sent", user=world.users["manager"], due_at=world.at, created_at=world.at)
