"""The worker's part of imports: the next batch of the run whose turn it is, as the person who started it."""

from datetime import datetime

from django.utils.timezone import localdate

from keqiao.apps.files import actions, queries

from .actors import Actor, actor_of
from .models import User


def advance_next(*, at: datetime) -> int:
    """Check or write one batch; returns how many rows it was, 0 if nothing waits.

    The rights are those that the person has now: who lost a role meanwhile writes nothing under it.
    """
    run = queries.next_import()
    return actions.advance_import(run, by=_actor(run.by, at=at), at=at) if run else 0


def _actor(key: str, *, at: datetime) -> Actor:
    user = User.objects.filter(key=key.removeprefix("user:")).first() if key.startswith("user:") else None
    return actor_of(user, on=localdate(at)) if user else Actor(key=key)
