"""Scores at a roadshow: one from each person, by the panel and by the audience."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import EventItem, EventScore, Jury
from keqiao.apps.parties import permissions as parties_permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User

from .events import lock, subject_of

HIGHEST = 100


def total_of(values: Mapping[int, int], weights: Mapping[int, int]) -> int:
    """The weighted mean in hundredths of a point, rounded half up.

    >>> total_of({1: 80, 2: 91}, {1: 2, 2: 1})
    8367
    """
    weight = sum(weights.values())
    points = sum(values[key] * share for key, share in weights.items())
    return (200 * points + weight) // (2 * weight)


def score(item: EventItem, *, values: Mapping[int, int], user: User, by: Actor, at: datetime) -> EventScore:
    """Give 0–100 points for each criterion; until the event ends one may think again, and still counts once."""
    event = item.event
    with ledger.action("event.score", by=by, at=at, subject=subject_of(event)) as entry:
        entry.require(parties_permissions.can_act_for(by, user))
        lock(event)
        is_panelist = event.panel.filter(user=user).exists()
        jury = Jury.PANEL if is_panelist else Jury.AUDIENCE
        registration = event.registrations.select_related("organization").filter(user=user).first()
        entry.require(permissions.can_score(by, item, jury=jury, registration=registration, is_panelist=is_panelist))
        weights = dict(event.criteria.values_list("pk", "weight"))
        if set(values) != set(weights) or not weights:
            raise ValidationError({"values": _("请给每个评审项打分。")})
        if [value for value in values.values() if not 0 <= value <= HIGHEST]:
            raise ValidationError({"values": _("分数从 0 到 100。")})
        row, _made = EventScore.objects.update_or_create(
            item=item, user=user,
            defaults={
                "jury": jury, "values": {str(key): value for key, value in values.items()},
                "total": total_of(values, weights), "at": at,
            },
        )  # fmt: skip
        # How much somebody gave stays in the row; the ledger keeps that it was given.
        entry.change(item=item.listing.key, jury=str(jury))
    return row
