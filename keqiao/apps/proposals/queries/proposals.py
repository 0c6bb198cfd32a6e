"""Reads of proposals and of who handles them, for the one who asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import clocks, units
from keqiao.apps.proposals.models import (
    PUBLIC,
    Assignment,
    Body,
    Follow,
    Proposal,
    Signer,
    UnitRole,
)

OPEN = Q(returned_date=None, answered_date=None) & ~Q(role=UnitRole.REFERENCE)


def proposal(key: str) -> Proposal:
    """One proposal; Proposal.DoesNotExist if there is none. Who may see it is asked by its permission."""
    return Proposal.objects.prefetch_related("signers", "assignments", "suggestions").get(key=key)


def public_proposals() -> QuerySet[Proposal]:
    return _joined(Proposal.objects.filter(publication__in=PUBLIC))


def seen_by(actor: Actor) -> Q:
    """Which proposals an actor may see, as a condition on proposals; the same as `can_see_proposal`."""
    if units.is_hand_over(actor):
        return Q()
    found = Q(publication__in=PUBLIC)
    if mine := units.of(actor):
        handled = Assignment.objects.filter(proposal=OuterRef("pk"), unit__in=mine, returned_date=None)
        found |= Q(Exists(handled))
    if actor.key.startswith("user:"):
        signed = Signer.objects.filter(proposal=OuterRef("pk"), user__key=actor.key.removeprefix("user:"))
        found |= Q(Exists(signed))
    return found


def proposals(
    actor: Actor, *, on: date, q: str = "", unit: str = "", overdue: bool = False, **narrow: object
) -> QuerySet[Proposal]:
    """The proposals an actor may see, narrowed by words, unit, overdue ones, and fields of the proposal.

    `narrow`: body, year, term, session, state, kind, is_key; empty values do not narrow.
    """
    allowed = {"body", "year", "term", "session", "state", "kind", "is_key"}
    if unknown := set(narrow) - allowed:
        raise ValueError(f"proposals are not narrowed by {', '.join(sorted(unknown))}")
    rows = Proposal.objects.filter(seen_by(actor), **{name: value for name, value in narrow.items() if value})
    if q.strip():
        signed = Signer.objects.filter(proposal=OuterRef("pk"), name__icontains=q.strip())
        words = Q(title__icontains=q.strip()) | Q(printed__icontains=q.strip()) | Q(Exists(signed))
        rows = rows.filter(words)
    handled = Assignment.objects.filter(proposal=OuterRef("pk"), returned_date=None)
    if unit:
        rows = rows.filter(Exists(handled.filter(unit=unit)))
    if overdue:
        late = handled.filter(OPEN, due_date__lt=on)
        rows = rows.filter(Exists(late.filter(unit=unit) if unit else late))
    return _joined(rows)


def signed_by(user_key: str) -> QuerySet[Proposal]:
    """The proposals that stand under somebody's name here."""
    return _joined(Proposal.objects.filter(signers__user__key=user_key).distinct())


def _joined(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    answering = Prefetch("assignments", Assignment.objects.filter(returned_date=None))
    return rows.prefetch_related("signers", answering).order_by("-year", "body", "kind", "pk")


@dataclass(frozen=True)
class UnitLoad:
    """What one unit has to do on a day: open ones, those past their last day, those near it, and what came back."""

    unit: str
    open: int
    overdue: int
    due_soon: int
    answered: int
    returned: int
    oldest: date | None


def overdue(*, on: date, actor: Actor) -> list[UnitLoad]:
    """One row a unit, the most overdue first: every unit for the office that hands over, their own for the others."""
    rows = Assignment.objects.all()
    if not units.is_hand_over(actor):
        rows = rows.filter(unit__in=units.of(actor))
    found: dict[str, list[Assignment]] = {}
    for row in rows.exclude(role=UnitRole.REFERENCE).order_by("unit", "due_date"):
        found.setdefault(row.unit, []).append(row)
    soon = {body: _soon(body, on) for body in Body.values}
    bodies = dict(Proposal.objects.filter(assignments__in=rows).values_list("pk", "body"))
    loads = [_load(unit, some, on=on, soon=soon, bodies=bodies) for unit, some in found.items()]
    return sorted(loads, key=lambda load: (-load.overdue, -load.due_soon, -load.open, load.unit))


def _soon(body: str, on: date) -> date:
    return on + timedelta(days=clocks.rule("remind_answer", body=body, on=on).value)


def _load(
    unit: str, rows: Iterable[Assignment], *, on: date, soon: Mapping[str, date], bodies: Mapping[int, str]
) -> UnitLoad:
    some = list(rows)
    open_rows = [row for row in some if row.is_open]
    late = [row.due_date for row in open_rows if row.due_date and row.due_date < on]
    near = [row for row in open_rows if row.due_date and on <= row.due_date <= soon[bodies[row.proposal_id]]]
    return UnitLoad(
        unit, len(open_rows), len(late), len(near), sum(row.answered_date is not None for row in some),
        sum(row.returned_date is not None for row in some), min(late, default=None),
    )  # fmt: skip


def assignments(actor: Actor, *, on: date, unit: str = "", state: str = "") -> QuerySet[Assignment]:
    """Assignments an actor may see, most urgent first; `state` is open, overdue, due_soon, answered or returned."""
    rows = Assignment.objects.select_related("proposal").prefetch_related("proposal__signers")
    if not units.is_hand_over(actor):
        rows = rows.filter(unit__in=units.of(actor))
    if unit:
        rows = rows.filter(unit=unit)
    npc, cppcc = (Q(proposal__body=body, due_date__lte=_soon(body, on)) for body in (Body.NPC, Body.CPPCC))
    narrowed = {
        "open": OPEN,
        "overdue": OPEN & Q(due_date__lt=on),
        "due_soon": OPEN & Q(due_date__gte=on) & (npc | cppcc),
        "answered": Q(answered_date__isnull=False),
        "returned": Q(returned_date__isnull=False),
    }
    if state:
        rows = rows.filter(narrowed[state])
    return rows.order_by(F("due_date").asc(nulls_last=True), "pk")


def returned(*, on: date) -> QuerySet[Assignment]:
    """What came back and is with nobody now: the office that hands over has to find another unit."""
    again = Assignment.objects.filter(
        proposal=OuterRef("proposal"), returned_date=None, role__in=(UnitRole.LEAD, UnitRole.SEPARATE)
    )
    rows = Assignment.objects.select_related("proposal").filter(returned_date__lte=on)
    return rows.filter(~Exists(again)).order_by("returned_date", "pk")


def followed_proposals(user_key: str) -> QuerySet[Proposal]:
    """What somebody follows: what they signed, unless they do not want to, and what they chose."""
    chosen = Follow.objects.filter(user__key=user_key, proposal=OuterRef("pk"))
    signed = Signer.objects.filter(user__key=user_key, proposal=OuterRef("pk"))
    rows = Proposal.objects.filter(Exists(signed) | Exists(chosen.filter(is_on=True)))
    return _joined(rows.exclude(Exists(chosen.filter(is_on=False))))
