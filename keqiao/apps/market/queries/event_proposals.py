"""What fits an event: whom to invite for what is on show, what belongs to a theme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from keqiao.apps.market import answers
from keqiao.apps.market.models import Event, EventItem, Need
from keqiao.apps.market.names import MODELS, kind_of
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.parties.models import Organization
from keqiao.engines.matching import Match, Query

from . import events as queries
from .faces import Face, faces
from .lists import published

OTHER = {"need": "offer", "offer": "need"}
MATCHES_PER_ITEM = 12
# Below this chance a body is not worth a letter.
FEWEST, LEAST_SCORE = 5, 0.05


@dataclass(frozen=True)
class Proposal:
    """A body worth inviting: for which item, with which listing of its own, and why."""

    organization: Organization
    item: EventItem
    face: Face
    match: Match
    also: int

    @property
    def score(self) -> float:
        return self.match.score


@dataclass(frozen=True)
class Proposals:
    """Bodies by their best match, those already invited left out; not ready before there is an index."""

    rows: tuple[Proposal, ...]
    ready: bool = True


def proposals(event: Event, *, on: date, most: int = 30) -> Proposals:
    """Bodies whose listings answer what is on show, the best match first.

    Only what everybody may read is matched; a body that is kept back is not named.
    """
    invited = set(event.invitations.values_list("organization_id", flat=True))
    found: list[tuple[EventItem, Match]] = []
    for item in queries.items_of(event):
        engine = answers.current_matcher(OTHER[kind_of(item.listing)])
        if engine is None:
            return Proposals((), ready=False)
        answer = engine.answer(answers.query_of(item.listing, full=False), top=MATCHES_PER_ITEM)
        found += [(item, match) for match in answer.matches]
    known = _known({match.key for _item, match in found}, on=on)
    by_body: dict[int, list[tuple[EventItem, Match, Face, Organization]]] = {}
    for item, match in sorted(found, key=lambda pair: -pair[1].score):
        if match.key not in known:
            continue
        face, body = known[match.key]
        if body.pk not in invited and body.pk != item.listing.organization_id:
            by_body.setdefault(body.pk, []).append((item, match, face, body))
    rows = [Proposal(first[3], first[0], first[2], first[1], len(rest)) for first, *rest in by_body.values()]
    return Proposals(tuple(row for place, row in enumerate(rows) if place < FEWEST or row.score >= LEAST_SCORE)[:most])


def _known(keys: set[str], *, on: date) -> dict[str, tuple[Face, Organization]]:
    """The published listings among the keys whose body everybody may know."""
    found: dict[str, tuple[Face, Organization]] = {}
    for listing in OTHER:
        rows = list(published(listing, on=on).filter(key__in=keys))
        for row, face in zip(rows, faces(rows, VISITOR), strict=True):
            if face.organization_key:
                found[row.key] = (face, row.organization)
    return found


def fitting(theme: str, listing: str, *, actor: Actor, on: date, top: int = 12) -> answers.Answers:
    """The needs or offers that belong to a theme."""
    return answers.answer(listing, Query(text=theme), actor=actor, on=on, top=top)


def counterparts(event: Event, organization: Organization, *, on: date) -> list[tuple[EventItem, Face]]:
    """What is on show of other bodies that have a place: whom one may ask for a meeting."""
    coming = set(event.registrations.filter(state="in").values_list("organization_id", flat=True))
    items = [row for row in queries.items_of(event) if row.listing.organization_id in coming - {organization.pk}]
    return queries.item_faces(items)


def answering(event: Event, organization: Organization) -> list[Any]:
    """Bodies with a place that were invited for what this body shows: whom it may ask for a meeting in turn."""
    coming = event.registrations.filter(state="in").values("organization")
    rows = queries.invitations_of(event).filter(organization__in=coming).exclude(organization=organization)
    mine = [row for row in rows if row.item and row.item.listing.organization_id == organization.pk]
    return sorted(mine, key=lambda row: -(row.score or 0))


def own_listings(organizations: Iterable[Organization], *, on: date) -> dict[str, list[Any]]:
    """The published needs and offers of bodies, for choosing what a meeting is about."""
    bodies = [row.pk for row in organizations]
    return {name: list(published(name, on=on).filter(organization__in=bodies)) for name in OTHER}


def match_between(need: Need, offer_key: str) -> float:
    """What the matching says of one pair; 0 where the offer is not among the first."""
    engine = answers.current_matcher("offer")
    if engine is None:
        return 0.0
    found = engine.answer(answers.query_of(need, full=False), top=MATCHES_PER_ITEM).matches
    return next((match.score for match in found if match.key == offer_key), 0.0)


def listing_of(face: Face) -> dict[str, Any]:
    """The row behind a face, under the name of its kind."""
    return {face.listing: MODELS[face.listing]._default_manager.get(key=face.key)}
