"""What goes in and comes out. Output is built from faces alone, so that what is hidden is not in it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.answers import Answered
from keqiao.apps.market.queries import Face, IntroductionFace
from keqiao.engines.matching import Match

Key = Annotated[str, StringConstraints(max_length=40, pattern=r"^[\w-]+$")]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Fen = Annotated[int, Field(ge=0, le=10**15, description="Money in fen: 1 yuan is 100.")]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Op = Literal["ge", "le", "gt", "lt", "eq", "range", "pm"]
Sense = Literal["ge", "le", "cover", "in"]
Step = Literal["submit", "withdraw", "reopen"]


class Strict(Schema):
    """What comes in: a field that does not exist is an error, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class Indicator(Strict):
    """One measurable line: name, comparison, value with unit. `high` only for `range` and `pm`."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    op: Op = "ge"
    low: Number
    high: Number | None = None
    unit: Annotated[str, StringConstraints(max_length=30)] = ""
    sense: Sense = "ge"
    condition: Annotated[str, StringConstraints(max_length=120)] = ""
    must: bool = True
    current_value: Annotated[str, StringConstraints(max_length=60)] = ""

    def row(self) -> IndicatorInput:
        return IndicatorInput(**self.dict())


class ListingIn(Strict):
    """What may be set of a need or an offer. What is left out stays as it is."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    title_en: Annotated[str, StringConstraints(max_length=300)] | None = None
    abstract: Text | None = None
    abstract_en: Text | None = None
    text: Text | None = None
    text_en: Text | None = None
    keywords: list[Annotated[str, StringConstraints(min_length=1, max_length=60)]] | None = Field(None, max_length=30)
    field: Annotated[str, StringConstraints(max_length=30)] | None = Field(None, description="A code of /codes/fields.")
    area: Annotated[str, StringConstraints(max_length=20)] | None = Field(None, description="A code of /codes/areas.")
    secrecy: Literal["public", "abstract_only", "registered", "introduction"] | None = None
    expires_date: date | None = None
    indicators: list[Indicator] | None = Field(None, max_length=30)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as the actions take them."""
        values = {name: getattr(self, name) for name in self.model_fields_set if getattr(self, name) is not None}
        if "indicators" in values:
            values["indicators"] = [line.row() for line in values["indicators"]]
        return values


class NeedIn(ListingIn):
    """A need; `organization` is needed when one is created and cannot be changed later."""

    need_kind: Annotated[str, StringConstraints(max_length=12)] | None = None
    background: Text | None = None
    benchmark: Text | None = None
    is_chokepoint: bool | None = None
    budget_min_fen: Fen | None = None
    budget_max_fen: Fen | None = None
    coop_modes: list[Annotated[str, StringConstraints(max_length=20)]] | None = Field(None, max_length=9)
    ip_policy: Annotated[str, StringConstraints(max_length=10)] | None = None
    deadline_date: date | None = None
    urgency: Literal["high", "normal", "low"] | None = None


class NewNeed(NeedIn):
    organization: Key
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class OfferIn(ListingIn):
    """An offer; `details` is what its kind asks for."""

    trl: Annotated[int, Field(ge=1, le=9)] | None = None
    details: dict[str, Any] | None = None


class NewOffer(OfferIn):
    organization: Key
    kind: Annotated[str, StringConstraints(max_length=30)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class StepIn(Strict):
    """`reason` is asked for when one withdraws: a code of /codes/withdraw_reasons."""

    reason: Annotated[str, StringConstraints(max_length=30)] = ""


class IndicatorOut(Schema):
    name: str
    op: str
    low: float
    high: float | None
    unit: str
    sense: str
    condition: str
    must: bool


class Terms(Schema):
    """The terms of a need; money in fen."""

    budget_min_fen: int | None
    budget_max_fen: int | None
    coop_modes: list[str]
    ip_policy: str
    deadline_date: date | None
    is_chokepoint: bool


class ListingOut(Schema):
    """A need or an offer as the caller may see it. `hidden` says why the full text is not here; empty when it is."""

    key: str
    listing: str
    kind: str
    title: str
    title_en: str
    abstract: str
    abstract_en: str
    keywords: list[str]
    field: str
    area: str
    state: str
    secrecy: str
    published_at: datetime | None
    expires_date: date | None
    organization_key: str
    organization_name: str
    trl: int | None
    hidden: str
    text: str
    indicators: list[IndicatorOut]
    terms: Terms | None
    details: dict[str, Any]


def listing_out(face: Face) -> dict[str, Any]:
    values = {name: getattr(face, name) for name in ListingOut.model_fields if name not in ("details", "indicators")}
    values["indicators"] = [IndicatorOut.from_orm(line).dict() for line in face.indicators]
    return ListingOut(**(values | {"details": dict(face.details)})).model_dump(mode="json")


class Page(Schema):
    """One page of a list; `next` is the cursor of the following one, empty on the last."""

    items: list[ListingOut]
    next: str


class Question(Strict):
    """A problem in plain words. It is matched and forgotten."""

    text: Annotated[str, StringConstraints(min_length=4, max_length=2000)]
    listing: Literal["offer", "need"] = "offer"
    top: Annotated[int, Field(ge=1, le=50)] = 10


class VerdictOut(Schema):
    """One indicator: pass, fail or unknown, and the margin relative to what is required."""

    name: str
    verdict: str
    margin: float | None
    required: str
    stated: str


class MatchOut(Schema):
    """One match. `chance` is the calibrated chance that it is useful, comparable between problems."""

    chance: float
    overall: str
    words: list[str]
    phrase: str
    indicators: list[VerdictOut]
    item: ListingOut


class Matches(Schema):
    """Ranked matches, best first; `doubtful` says that probably nothing here solves the problem."""

    ready: bool
    doubtful: bool
    items: list[MatchOut]


def match_out(answered: Answered) -> dict[str, Any]:
    match: Match = answered.match
    return {
        "chance": round(match.score, 4),
        "overall": match.overall,
        "words": [word for word, _ in match.terms],
        "phrase": match.phrase,
        "indicators": [
            {"name": row.need.name, "verdict": str(row.verdict), "margin": row.margin, "required": row.need_quote,
             "stated": row.offer_quote}
            for row in match.indicators
        ],
        "item": listing_out(answered.face),
    }  # fmt: skip


class NewIntroduction(Strict):
    need: Key
    offer: Key


class AnswerIn(Strict):
    """A side's yes or no; a no gives a reason of /codes/decline_reasons."""

    side: Literal["seeker", "provider"]
    answer: Literal["yes", "no"]
    reason: Annotated[str, StringConstraints(max_length=20)] = ""
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class MessageIn(Strict):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class SideOut(Schema):
    """One side; the organisation is empty while the caller may not know it."""

    listing_key: str
    title: str
    organization_key: str
    organization_name: str
    answer: str
    answered_at: datetime | None


class IntroductionOut(Schema):
    key: str
    state: str
    source: str
    seeker: SideOut
    provider: SideOut
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    due_date: date | None
    next_action: str
    next_action_date: date | None
    reason: str
    closed_side: str


class IntroductionPage(Schema):
    items: list[IntroductionOut]
    next: str


def introduction_out(face: IntroductionFace) -> dict[str, Any]:
    names = set(IntroductionOut.model_fields) - {"seeker", "provider"}
    values = {name: getattr(face, name) for name in names}
    for name in ("seeker", "provider"):
        side = getattr(face, name)
        values[name] = {
            "listing_key": side.listing.key, "title": side.listing.title, "organization_key": side.organization_key,
            "organization_name": side.organization_name, "answer": side.answer, "answered_at": side.answered_at,
        }  # fmt: skip
    return IntroductionOut(**values).model_dump(mode="json")


class CodeOut(Schema):
    code: str
    label: str


class Codes(Schema):
    items: list[CodeOut]
