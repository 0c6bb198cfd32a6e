"""Keeping up where each firm stands. The worker alone writes it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization
from keqiao.engines.rules import Verdict

from . import permissions, queries
from .models import Reckoning, Standing, StandingChange
from .reckoning import catalogue_stamp, reckon

BATCH = 50


def reckon_due(*, by: Actor, at: datetime) -> int:
    """Reckon the firms whose facts, day or catalogue have changed since; returns how many. Run by the worker.

    Verdicts are computed before the write begins. A firm whose standing has changed leaves an entry of its own, from
    which its people are told; the first time is no change.
    """
    on = localdate(at)
    firms = list(queries.due(on=on, catalogue=catalogue_stamp())[:BATCH])
    if not firms:
        return 0
    facts = queries.facts_of_own(firms, on=on)
    found = {firm.pk: reckon(facts[firm.key], on=on).verdicts for firm in firms}
    with ledger.action("standing.reckon", by=by, at=at, subject="standings:") as entry:
        entry.require(permissions.can_reckon(by))
        before: dict[int, dict[str, Standing]] = {firm.pk: {} for firm in firms}
        for row in Standing.objects.select_for_update().filter(organization__in=firms).select_related("organization"):
            before[row.organization_id][row.policy] = row
        fresh = [one for firm in firms for one in _keep(firm, before[firm.pk], found[firm.pk], by=by, at=at)]
        Standing.objects.bulk_create(fresh)
        Reckoning.objects.bulk_create(
            (Reckoning(organization=firm, at=at, on=on, catalogue=catalogue_stamp()) for firm in firms),
            update_conflicts=True, unique_fields=["organization"], update_fields=["at", "on", "catalogue"],
        )  # fmt: skip
        entry.count = len(firms)
    return len(firms)


def _keep(
    firm: Organization, before: Mapping[str, Standing], verdicts: Mapping[str, Verdict], *, by: Actor, at: datetime
) -> Iterator[Standing]:
    """Write what is another than before, and yield the rows that are new."""
    if gone := [row.pk for slug, row in before.items() if slug not in verdicts]:
        Standing.objects.filter(pk__in=gone).delete()
    changes = []
    for slug, verdict in verdicts.items():
        values, row = _values(verdict), before.get(slug)
        if row is None:
            yield Standing(organization=firm, policy=slug, since_at=at, **values)
            continue
        if change := _change(row, values, at=at):
            changes.append(change)
            row.since_at = at
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    if changes:
        with ledger.action("standing.change", by=by, at=at, subject=f"standing:{firm.key}") as entry:
            StandingChange.objects.bulk_create(changes)
            entry.change(policies=[change.policy for change in changes])


def _values(verdict: Verdict) -> dict[str, Any]:
    low, high = verdict.score if isinstance(verdict.score, tuple) else (verdict.score, verdict.score)
    return {
        "edition": verdict.version, "verdict": verdict.verdict, "amount_fen": verdict.amount_fen, "score_low": low,
        "score_high": high, "clauses": dict(verdict.clauses), "missing": list(verdict.missing),
    }  # fmt: skip


def _change(row: Standing, values: Mapping[str, Any], *, at: datetime) -> StandingChange | None:
    """What a firm would want to know: another verdict, amount or edition. A clause alone changes nothing for it."""
    if (row.verdict, row.amount_fen, row.edition) == (values["verdict"], values["amount_fen"], values["edition"]):
        return None
    now: Mapping[str, str] = values["clauses"]
    return StandingChange(
        organization=row.organization, policy=row.policy, at=at, edition_before=row.edition, edition=values["edition"],
        verdict_before=row.verdict, verdict=values["verdict"], amount_before_fen=row.amount_fen,
        amount_fen=values["amount_fen"],
        clauses=[[id, row.clauses.get(id, ""), state] for id, state in now.items() if row.clauses.get(id, "") != state],
    )  # fmt: skip
