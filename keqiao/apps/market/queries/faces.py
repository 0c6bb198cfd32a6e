"""What one actor may see of a listing. Templates and exports get faces, never rows: what is hidden is not in them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keqiao.apps.market import kinds, permissions
from keqiao.apps.market.models import Disclosure, Listing, Need, Offer, Secrecy
from keqiao.apps.market.names import kind_of, subject_of
from keqiao.apps.parties.actors import Actor
from keqiao.catalogue.privacy import Privacy

from .introductions import is_introduced


@dataclass(frozen=True)
class IndicatorFace:
    """One indicator line as it may be shown."""

    name: str
    op: str
    low: float
    high: float | None
    unit: str
    sense: str
    condition: str = ""
    must: bool = True
    current_value: str = ""


@dataclass(frozen=True)
class NeedTerms:
    """The terms of a need that belong to its full text."""

    background: str
    background_en: str
    benchmark: str
    budget_min_fen: int | None
    budget_max_fen: int | None
    coop_modes: tuple[str, ...]
    ip_policy: str
    ip_note: str
    deadline_date: date | None
    is_chokepoint: bool


@dataclass(frozen=True)
class Face:
    """A listing as one actor sees it. `hidden` says why the full text is not here; empty when it is."""

    listing: str
    key: str
    kind: str
    title: str
    title_en: str
    abstract: str
    abstract_en: str
    keywords: tuple[str, ...]
    keywords_en: tuple[str, ...]
    field: str
    area: str
    state: str
    secrecy: str
    is_demo: bool
    published_at: datetime | None
    expires_date: date | None
    updated_at: datetime
    organization_key: str = ""
    organization_name: str = ""
    organization_name_en: str = ""
    urgency: str = ""
    quality: int = 0
    trl: int | None = None
    hidden: str = ""
    text: str = ""
    text_en: str = ""
    indicators: tuple[IndicatorFace, ...] = ()
    terms: NeedTerms | None = None
    details: tuple[tuple[str, Any], ...] = ()
    person_name: str = ""
    person_title: str = ""
    person_title_en: str = ""


def faces(rows: Iterable[Listing], actor: Actor) -> list[Face]:
    """Summaries for a list: title, abstract and who, no full text. Needs `organization` and `author` joined."""
    return [_summary(row, actor, full=_full(row, actor, disclosed=False)) for row in rows]


def face(row: Listing, actor: Actor) -> Face:
    """Everything of one listing that the actor may see."""
    introduced = is_introduced(row, actor)
    disclosed = _is_disclosed(row, actor, introduced=introduced)
    decision = permissions.can_read_full(actor, row, disclosed=disclosed, introduced=introduced)
    summary = _summary(row, actor, full=decision.allowed)
    if not decision.allowed:
        return _replace(summary, hidden=decision.reason)
    extra = _need_part(row) if isinstance(row, Need) else _offer_part(row, actor)
    return _replace(summary, text=row.text, text_en=row.text_en, indicators=_indicators(row), **extra)


def _replace(base: Face, **values: Any) -> Face:
    return Face(**(vars(base) | values))


def _full(row: Listing, actor: Actor, *, disclosed: bool) -> bool:
    return permissions.can_read_full(actor, row, disclosed=disclosed).allowed


def _is_disclosed(row: Listing, actor: Actor, *, introduced: bool) -> bool:
    can_be = row.secrecy == Secrecy.REGISTERED or introduced
    if not can_be or not actor.key.startswith("user:"):
        return False
    return Disclosure.objects.filter(listing=subject_of(row), user__key=actor.key.removeprefix("user:")).exists()


def _summary(row: Listing, actor: Actor, *, full: bool) -> Face:
    known = permissions.can_know_organization(actor, row, full=full)
    return Face(
        listing=kind_of(row),
        key=row.key,
        kind=row.need_kind if isinstance(row, Need) else row.kind,  # type: ignore[attr-defined] # an offer
        title=row.title,
        title_en=row.title_en,
        abstract=row.abstract,
        abstract_en=row.abstract_en,
        keywords=tuple(row.keywords),
        keywords_en=tuple(row.keywords_en),
        field=row.field,
        area=row.area,
        state=row.state,
        secrecy=row.secrecy,
        is_demo=row.is_demo,
        published_at=row.published_at,
        expires_date=row.expires_date,
        updated_at=row.updated_at,
        organization_key=row.organization.key if known else "",
        organization_name=row.organization.name if known else "",
        organization_name_en=row.organization.name_en if known else "",
        urgency=row.urgency if isinstance(row, Need) else "",
        quality=row.quality if isinstance(row, Need) else 0,
        trl=row.trl if isinstance(row, Offer) else None,
    )


def _indicators(row: Listing) -> tuple[IndicatorFace, ...]:
    names: Sequence[str] = ("name", "op", "low", "high", "unit", "sense", "condition")
    if isinstance(row, Need):
        names = (*names, "must", "current_value")
    # Each kind of listing has indicator rows of its own under this name; the abstract model cannot say so.
    stored = row.indicators.all()  # type: ignore[attr-defined]
    return tuple(IndicatorFace(**{name: getattr(line, name) for name in names}) for line in stored)


def _need_part(need: Need) -> dict[str, Any]:
    values = {name: getattr(need, name) for name in NeedTerms.__dataclass_fields__}
    return {"terms": NeedTerms(**(values | {"coop_modes": tuple(need.coop_modes)}))}


def _open_details(offer: Offer, actor: Actor) -> Iterator[tuple[str, Any]]:
    """The details whose class the actor may see; a kind that is gone shows none."""
    kind = kinds.offer_kinds().get(offer.kind)
    for field in kind.fields if kind else ():
        if field.key in offer.details and _may_see(field.privacy, offer, actor):
            yield field.key, offer.details[field.key]


def _may_see(privacy: Privacy, offer: Offer, actor: Actor) -> bool:
    """Everybody the public class, who signed in the internal one, insiders of the listing all."""
    if privacy.is_public or permissions.is_insider(actor, offer):
        return True
    return privacy.is_exportable and actor.is_registered


def _offer_part(row: Listing, actor: Actor) -> dict[str, Any]:
    assert isinstance(row, Offer)  # noqa: S101 - the only other kind of listing
    person = row.person
    return {
        "details": tuple(_open_details(row, actor)),
        "person_name": person.name if person else "",
        "person_title": person.title if person else "",
        "person_title_en": person.title_en if person else "",
    }
