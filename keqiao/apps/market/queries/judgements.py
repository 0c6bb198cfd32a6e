"""What people judged, which needs wait for a judge, and the office's trade language."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from keqiao.apps.market.models import Judgement, Need, QualityRun, ThesaurusEntry
from keqiao.apps.parties.models import User
from keqiao.engines.matching import Entry

from .lists import published


def needs_to_judge(judge: User, *, on: date) -> "QuerySet[Need]":
    """Published needs, those least judged first; each says how many offers were judged, by the judge and by all."""
    rows = published("need", on=on).annotate(
        own=Count("judgements", filter=Q(judgements__judge=judge)), judged=Count("judgements")
    )
    return rows.order_by("own", "judged", "-published_at", "-id")


def own_grades(need: Need, judge: User) -> dict[str, int]:
    """The judge's grades of a need by the keys of the offers."""
    return dict(Judgement.objects.filter(need=need, judge=judge).values_list("offer__key", "grade"))


def grades_by_pair() -> list[list[int]]:
    """For each judged pair the grades of those who are named: what the agreement is measured on."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = Judgement.objects.exclude(judge=None).order_by("pk").values_list("need_id", "offer_id", "grade")
    for need, offer, grade in rows:
        found[need, offer].append(grade)
    return list(found.values())


def thesaurus_rows() -> "QuerySet[ThesaurusEntry]":
    return ThesaurusEntry.objects.all()


def thesaurus_entries(*, without: str = "") -> Sequence[Entry]:
    """The office's entries in use, as the matching reads them."""
    rows = ThesaurusEntry.objects.filter(is_active=True).exclude(key=without).order_by("pk")
    return [Entry(tuple(row.trade), tuple(row.technical), tuple(row.context)) for row in rows]


def quality_runs() -> "QuerySet[QualityRun]":
    return QualityRun.objects.all()
