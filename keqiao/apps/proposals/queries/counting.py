"""How much was read in each reply of a list, and which promises wait for a third reading."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keqiao.apps.proposals.models import Correction, CorrectionState, Promise, Reply, ReplyFigure, Voice, VoiceRole

from .promises import public_promises


def counted(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    """Replies with `figure_count`, `promise_count` and `lost_count`: corrections that found no place."""
    lost = Correction.objects.filter(state=CorrectionState.LOST, withdrawn_at=None)
    live = Promise.objects.filter(is_lost=False, is_removed=False)
    return rows.annotate(
        figure_count=_count(ReplyFigure.objects.all()), promise_count=_count(live), lost_count=_count(lost)
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    of_reply = rows.filter(reply=OuterRef("pk")).order_by().values("reply").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(of_reply, output_field=IntegerField()), 0)


def promises_for_third_reading() -> QuerySet[Promise]:
    """Promises everybody reads, of which the unit has spoken and no third person has: the longest waiting first."""
    spoken = Voice.objects.filter(promise=OuterRef("pk"))
    said = Exists(spoken.filter(role=VoiceRole.DEPARTMENT))
    read = Exists(spoken.filter(role=VoiceRole.THIRD))
    since = Subquery(spoken.filter(role=VoiceRole.DEPARTMENT).order_by("at").values("at")[:1])
    rows = public_promises().filter(said).exclude(read).annotate(spoken_at=since)
    return rows.select_related("reply__proposal").defer("reply__text", "reply__parsed").order_by("spoken_at", "pk")
