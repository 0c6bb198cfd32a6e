"""What comes out. It is built from faces alone, so that what is hidden is not in it."""

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import TextChoices
from django.urls import reverse
from ninja import Field, Schema

from keqiao.apps.market.answers import Answers
from keqiao.apps.market.models import (
    Answer,
    DeclineReason,
    IntroductionSource,
    IntroductionState,
    IpPolicy,
    Secrecy,
    Side,
    State,
    Urgency,
)
from keqiao.apps.market.models.listing import IndicatorOp, IndicatorSense
from keqiao.apps.market.queries import Face, IntroductionFace, MessageFace


def codes(choices: type[TextChoices], *more: str) -> Any:
    """What an answer's field holds, for its description. The values come from rows that were checked when written."""
    return Field(json_schema_extra={"enum": [*more, *choices.values]})


class IndicatorOut(Schema):
    """One measurable line."""

    name: str
    op: str = codes(IndicatorOp)
    low: float
    high: float | None
    unit: str
    sense: str = codes(IndicatorSense)
    condition: str
    must: bool
    current_value: str


class Terms(Schema):
    """The terms of a need; money in fen."""

    background: str
    background_en: str
    benchmark: str
    budget_min_fen: int | None
    budget_max_fen: int | None
    coop_modes: list[str]
    ip_policy: str = codes(IpPolicy, "")
    ip_note: str
    deadline_date: date | None
    is_chokepoint: bool


class ListingOut(Schema):
    """A need or an offer as the caller may see it."""

    key: str
    listing: Literal["need", "offer"]
    page: str = Field(description="Its page on this site.", examples=["/needs/N-7K2M/"])
    kind: str = Field(description="A code of /codes/need_kinds or /codes/offer_kinds.")
    title: str
    title_en: str
    abstract: str
    abstract_en: str
    keywords: list[str]
    keywords_en: list[str]
    field: str = Field(description="A code of /codes/fields, or empty.")
    area: str = Field(description="A code of /codes/areas, or empty.")
    state: str = codes(State)
    secrecy: str = codes(Secrecy)
    urgency: str = Field(description="Of needs; empty for offers.", json_schema_extra={"enum": ["", *Urgency.values]})
    trl: int | None = Field(description="Technology readiness level. Of offers.")
    published_at: datetime | None
    updated_at: datetime
    expires_date: date | None
    organization_key: str = Field(description="Empty while the caller may not know whose it is.")
    organization_name: str
    organization_name_en: str
    hidden: str = Field(
        description="Why text, indicators, terms and details are not here: a reason code. Empty if they are. "
        "In lists they are never there."
    )
    text: str
    text_en: str
    indicators: list[IndicatorOut]
    terms: Terms | None
    details: dict[str, Any]


def listing_out(face: Face) -> dict[str, Any]:
    own = ("page", "details", "indicators", "terms")
    values = {name: getattr(face, name) for name in ListingOut.model_fields if name not in own}
    values["page"] = reverse("public:listing", kwargs={"listing": face.listing, "key": face.key})
    values["indicators"] = [IndicatorOut.from_orm(line).dict() for line in face.indicators]
    values["terms"] = Terms.from_orm(face.terms).dict() if face.terms else None
    return ListingOut(**values, details=dict(face.details)).model_dump(mode="json")


class Page(Schema):
    """One page of a list."""

    items: list[ListingOut]
    next: str = Field(description="The cursor of the following page; empty on the last.")


class VerdictOut(Schema):
    """One indicator held against what is required of it. Unknown never counts as pass."""

    name: str
    verdict: Literal["pass", "fail", "unknown"]
    margin: float | None = Field(description="How much better than required, relative to it; negative if worse.")
    required: str
    stated: str


class MatchOut(Schema):
    """One match."""

    chance: float = Field(ge=0, le=1, description="Calibrated chance that it is useful, comparable between problems.")
    overall: Literal["pass", "fail", "unknown"]
    words: list[str] = Field(description="The words that both share, the weightiest first.")
    phrase: str = Field(description="Where it is found.")
    indicators: list[VerdictOut]
    item: ListingOut


class Matches(Schema):
    """Ranked matches, the best first."""

    ready: bool = Field(description="False while the index is being built.")
    doubtful: bool = Field(description="Probably nothing here solves the problem.")
    items: list[MatchOut]


def matches_out(found: Answers) -> dict[str, Any]:
    rows = [(row.match, row.face) for row in found.rows]
    items = [
        {
            "chance": round(match.score, 4),
            "overall": str(match.overall),
            "words": [word for word, _weight in match.terms],
            "phrase": match.phrase,
            "indicators": [
                {"name": row.need.name, "verdict": str(row.verdict), "margin": row.margin, "required": row.need_quote,
                 "stated": row.offer_quote}
                for row in match.indicators
            ],
            "item": listing_out(face),
        }
        for match, face in rows
    ]  # fmt: skip
    return {"ready": found.ready, "doubtful": found.doubtful, "items": items}


class MessageOut(Schema):
    """A message."""

    side: str = codes(Side)
    author_name: str = Field(description="Empty where only the side is to be known.")
    text: str
    at: datetime
    is_mine: bool


class Messages(Schema):
    """A conversation."""

    items: list[MessageOut]


def message_out(face: MessageFace) -> dict[str, Any]:
    return MessageOut.from_orm(face).model_dump(mode="json")


class SideOut(Schema):
    """One side of an introduction."""

    listing_key: str
    title: str
    organization_key: str = Field(description="Empty while the caller may not know whose it is.")
    organization_name: str
    organization_name_en: str
    answer: str = codes(Answer, "")
    answered_at: datetime | None
    is_mine: bool = Field(description="The caller belongs to this side.")
    may_answer: bool = Field(description="The caller can answer for this side now.")


class IntroductionOut(Schema):
    """An introduction as the caller may see it."""

    key: str
    state: str = codes(IntroductionState)
    source: str = codes(IntroductionSource)
    seeker: SideOut
    provider: SideOut
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    due_date: date | None = Field(description="A person answers by this day.")
    next_action: str = Field(description="Only for whoever is in charge.")
    next_action_date: date | None
    reason: str = codes(DeclineReason, "")
    closed_side: str = codes(Side, "")


class IntroductionPage(Schema):
    """One page of the list."""

    items: list[IntroductionOut]
    next: str = Field(description="The cursor of the following page; empty on the last.")


def introduction_out(face: IntroductionFace) -> dict[str, Any]:
    names = set(IntroductionOut.model_fields) - {"seeker", "provider"}
    values = {name: getattr(face, name) for name in names}
    for name in ("seeker", "provider"):
        side = getattr(face, name)
        own = {field: getattr(side, field) for field in set(SideOut.model_fields) - {"listing_key", "title"}}
        values[name] = own | {"listing_key": side.listing.key, "title": side.listing.title}
    return IntroductionOut(**values).model_dump(mode="json")


class CodeOut(Schema):
    """One code with its label in the language of Accept-Language. Labels change, codes do not."""

    code: str
    label: str


class Codes(Schema):
    """A table of codes."""

    items: list[CodeOut]
