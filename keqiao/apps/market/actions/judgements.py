"""Judging what the matching finds, and measuring the ranking against it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions, search_quality
from keqiao.apps.market.models import Grade, Judgement, Listing, Need, Offer, QualityRun
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User


def judge(need: Need, offer: Offer, *, grade: int, judge: User, by: Actor, at: datetime) -> None:
    """Say how far an offer answers a need; who says it again replaces what they said before."""
    with ledger.action("judgement.record", by=by, at=at, subject=f"judgement:{need.key}") as entry:
        entry.require(permissions.can_judge(by, judge))
        _require_public(by, need, offer, at=at)
        if grade not in Grade.values:
            raise ValidationError(_("评分只能是 0、1、2、3。"))
        # One writer at a time for each judge, so that two presses at once make one row.
        User.objects.select_for_update().get(pk=judge.pk)
        defaults = {"grade": grade, "at": at}
        Judgement.objects.update_or_create(need=need, offer=offer, judge=judge, defaults=defaults)
        entry.change(offer=offer.key, grade=grade)


def _require_public(by: Actor, *listings: Listing, at: datetime) -> None:
    for listing in listings:
        found = permissions.can_see(by, listing, on=localdate(at))
        if not found.allowed:
            raise ledger.Refused(found.reason)


def take_back(need: Need, offer: Offer, *, judge: User, by: Actor, at: datetime) -> None:
    """Unsay a judgement; one that is not there stays so."""
    with ledger.action("judgement.take_back", by=by, at=at, subject=f"judgement:{need.key}") as entry:
        entry.require(permissions.can_judge(by, judge))
        Judgement.objects.filter(need=need, offer=offer, judge=judge).delete()
        entry.change(offer=offer.key)


def record_list(rows: Iterable[tuple[Need, Offer, int]], *, by: Actor, at: datetime) -> int:
    """Bring a list of judgements in nobody's name; returns how many. Only the product itself does so."""
    with ledger.action("judgement.load", by=by, at=at, subject="judgements:") as entry:
        if not by.is_product:
            raise ledger.Refused("product_only")
        made = Judgement.objects.bulk_create(
            Judgement(need=need, offer=offer, grade=grade, at=at) for need, offer, grade in rows
        )
        entry.count = len(made)
    return len(made)


def ask_for_measurement(*, by: Actor, at: datetime) -> QualityRun:
    """Have the ranking measured by the worker; a measurement that waits already is the answer."""
    with ledger.action("quality.ask", by=by, at=at, subject="quality:") as entry:
        entry.require(permissions.can_measure(by))
        waiting = QualityRun.objects.select_for_update().filter(made_at=None).first()
        if waiting is not None:
            raise ledger.Refused("measuring_already")
        return QualityRun.objects.create(asked_at=at)


def measure_due(*, by: Actor, at: datetime) -> int:
    """Make the measurement that waits, if there is one; returns how many were made. Run by the worker.

    The ranking is measured before the write begins, so that nobody waits for it.
    """
    run = QualityRun.objects.filter(made_at=None).order_by("pk").first()
    if run is None:
        return 0
    found = search_quality.measure(on=localdate(at))
    if found is None:  # no index yet: the worker builds it first
        return 0
    with ledger.action("quality.measure", by=by, at=at, subject="quality:") as entry:
        if not by.is_product:
            raise ledger.Refused("product_only")
        for name, value in vars(found).items():
            setattr(run, name, value)
        run.made_at = at
        run.save()
        entry.change(ndcg=found.ndcg, needs=found.needs)
    return 1
