"""Figures of a branch market or station: what is open, how quick the first answer was, what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from keqiao.apps.market.models import DeclineReason, Introduction, IntroductionState
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, Station

from .introductions import IS_OPEN, is_late, is_ownerless

FIGURES_DAYS = 365
MOST_MEASURED = 5000
SECONDS_A_DAY = 86400


@dataclass(frozen=True)
class StationFigures:
    """How a set of introductions stands; the speed and the reasons are those of the last year."""

    by_state: tuple[tuple[str, int], ...]
    by_reason: tuple[tuple[str, int], ...]
    first_answer_days: float | None
    measured: int
    late: int
    ownerless: int


def station_figures(rows: QuerySet[Introduction], *, at: datetime) -> StationFigures:
    """Three queries, whatever the number of rows. `first_answer_days` is the median from request to contact."""
    plain = rows.select_related(None).order_by()
    since = at - timedelta(days=FIGURES_DAYS)
    counts = plain.aggregate(
        late=Count("pk", filter=IS_OPEN & is_late(at)),
        ownerless=Count("pk", filter=IS_OPEN & Q(is_ownerless(localdate(at)))),
        **{str(state): Count("pk", filter=Q(state=state)) for state in IntroductionState},
    )
    reasons = dict(
        plain.filter(state=IntroductionState.DECLINED, closed_at__gte=since)
        .values_list("reason")
        .annotate(n=Count("pk"))
    )
    spans = plain.filter(created_at__gte=since, contacted_at__isnull=False).values_list("created_at", "contacted_at")
    days = [(end - start).total_seconds() / SECONDS_A_DAY for start, end in spans[:MOST_MEASURED] if end is not None]
    return StationFigures(
        by_state=tuple((str(state), counts[state]) for state in IntroductionState),
        by_reason=tuple(
            sorted(((str(r), reasons[r]) for r in DeclineReason if r in reasons), key=lambda pair: -pair[1])
        ),
        first_answer_days=median(days) if days else None,
        measured=len(days),
        late=counts["late"],
        ownerless=counts["ownerless"],
    )


def stations_of(actor: Actor) -> QuerySet[Station]:
    """The branch markets and stations the actor works at, those below a coordinator's branch included."""
    above, beside = actor.stations(Role.COORDINATOR), actor.stations(Role.BROKER)
    rows = Station.objects.select_related("parent", "organization")
    return (rows.filter(key__in=above | beside) | rows.filter(parent__key__in=above)).order_by("kind", "name")
