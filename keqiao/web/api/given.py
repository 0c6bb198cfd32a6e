"""What programs send: typed, bounded, with no field that does not exist."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.models import CoopMode, DeclineReason, IpPolicy, NeedKind, Secrecy, Urgency
from keqiao.apps.market.models.listing import IndicatorOp, IndicatorSense
from keqiao.apps.market.states import WithdrawReason

Key = Annotated[str, StringConstraints(max_length=40, pattern=r"^[\w-]+$")]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Fen = Annotated[int, Field(strict=True, ge=0, le=10**15, description="Money in fen: 1 yuan is 100.")]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Top = Annotated[int, Field(ge=1, le=50, description="How many at most.")]
DEEPEST = 8
Step = Literal["submit", "withdraw", "reopen"]


def checked_text(value: Any, *, name: str = "") -> Any:
    """The value, if no text in it holds what databases cannot keep and it is not nested deeper than any form is."""
    left: list[tuple[Any, int]] = [(value, 0)]  # a list instead of recursion: JSON is read as deep as it is sent
    while left:
        part, depth = left.pop()
        if isinstance(part, str) and "\0" in part:
            raise ValidationError({name: _("文字中有不能保存的字符（零字节）。")})
        inner = [*part.keys(), *part.values()] if isinstance(part, Mapping) else part
        if isinstance(inner, list | tuple):
            if depth == DEEPEST:
                raise ValidationError({name: _("嵌套过深：最多 %(most)d 层。") % {"most": DEEPEST}})
            left += [(row, depth + 1) for row in inner]
    return value


class Strict(Schema):
    """What comes in: a field that does not exist is an error, not something to pass over."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _without_zero_bytes(cls, value: Any) -> Any:
        try:
            return checked_text(value)
        except ValidationError as error:
            raise PydanticCustomError("not_kept", "{told}", {"told": error.messages[0]}) from error


class Indicator(Strict):
    """One measurable line: name, comparison, value with unit. `high` only for `range` and `pm`."""

    name: Word = Field(examples=["输出功率"])
    op: IndicatorOp = IndicatorOp.GE
    low: Number = Field(examples=[2])
    high: Number | None = None
    unit: Annotated[str, StringConstraints(max_length=30)] = Field("", examples=["kW"])
    sense: IndicatorSense = Field(IndicatorSense.GE, description="Which way is better.")
    condition: Annotated[str, StringConstraints(max_length=120)] = Field("", description="How it is measured.")
    must: bool = Field(True, description="Without it the need is not solved. Of needs only.")
    current_value: Annotated[str, StringConstraints(max_length=60)] = Field("", description="Of needs only.")

    def row(self) -> IndicatorInput:
        return IndicatorInput(**plain(self.dict()))


# A field without a default of its own: left out it stays as it is, and null is not a value.
_UNSET: Any = None


class ListingIn(Strict):
    """What may be set of a need or an offer. What is left out stays as it is; null empties what can be empty."""

    title: Title = Field(_UNSET)
    title_en: Annotated[str, StringConstraints(max_length=300)] = Field(_UNSET)
    abstract: Text = Field(_UNSET, description="Public once published, whatever `secrecy` says.")
    abstract_en: Text = Field(_UNSET)
    text: Text = Field(_UNSET, description="The whole of it, shown as `secrecy` says.")
    text_en: Text = Field(_UNSET)
    keywords: list[Word] = Field(_UNSET, max_length=30)
    keywords_en: list[Word] = Field(_UNSET, max_length=30)
    field: Annotated[str, StringConstraints(max_length=30)] = Field(_UNSET, description="A code of /codes/fields.")
    area: Annotated[str, StringConstraints(max_length=20)] = Field(_UNSET, description="A code of /codes/areas.")
    secrecy: Secrecy = Field(_UNSET)
    expires_date: date | None = Field(None, description="The last day; by default a year after it is published.")
    indicators: list[Indicator] = Field(_UNSET, max_length=30)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as the actions take them: codes as plain words."""
        values: dict[str, Any] = {name: plain(getattr(self, name)) for name in self.model_fields_set}
        if "indicators" in values:
            values["indicators"] = [line.row() for line in values["indicators"]]
        return values


def plain(value: Any) -> Any:
    """Codes as the words that are stored."""
    if isinstance(value, list):
        return [plain(row) for row in value]
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return str(value) if isinstance(value, TextChoices) else value


class NeedIn(ListingIn):
    """A change of a need that is a draft."""

    need_kind: NeedKind | Literal[""] = Field(_UNSET)
    background: Text = Field(_UNSET, description="What has been tried, what there is.")
    background_en: Text = Field(_UNSET)
    benchmark: Text = Field(_UNSET, description="What others reach.")
    is_chokepoint: bool = Field(_UNSET, description="It can only be imported today.")
    budget_min_fen: Fen | None = None
    budget_max_fen: Fen | None = None
    coop_modes: list[CoopMode] = Field(_UNSET, max_length=9)
    ip_policy: IpPolicy | Literal[""] = Field(_UNSET, description="Whose the results are.")
    ip_note: Annotated[str, StringConstraints(max_length=200)] = Field(_UNSET)
    deadline_date: date | None = Field(None, description="When it has to be solved.")
    urgency: Urgency = Field(_UNSET)


class NewNeed(NeedIn):
    """A need of an organisation, as a draft."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organization": "…", "title": "光纤激光器掉功率", "text": "切割两小时后功率从 2 kW 掉到 1.5 kW。",
                    "need_kind": "equipment", "budget_min_fen": 10_000_000, "budget_max_fen": 30_000_000,
                    "indicators": [{"name": "输出功率", "op": "ge", "low": 2, "unit": "kW"}],
                }
            ]
        }
    )  # fmt: skip
    organization: Key = Field(description="The key of the organisation whose need it is; it cannot be changed later.")
    title: Title


class OfferIn(ListingIn):
    """A change of an offer that is a draft."""

    trl: Annotated[int, Field(ge=1, le=9)] | None = Field(None, description="Technology readiness level.")
    details: dict[str, Any] = Field(_UNSET, description="What its kind asks for, by field.")


class NewOffer(OfferIn):
    """An offer of an organisation, as a draft."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "organization": "…", "kind": "achievement", "title": "3 kW 光纤激光器", "trl": 7,
                    "abstract": "输出功率 3 kW，功率波动不超过 1%。",
                }
            ]
        }
    )  # fmt: skip
    organization: Key = Field(description="The key of the organisation whose offer it is; it cannot be changed later.")
    kind: Annotated[str, StringConstraints(max_length=30)] = Field(description="A code of /codes/offer_kinds.")
    title: Title


class StepIn(Strict):
    """What a step asks for."""

    reason: WithdrawReason | Literal[""] = Field("", description="Why it is withdrawn; asked for by that step alone.")


class Question(Strict):
    """A problem in plain words. It is matched and forgotten."""

    text: Annotated[str, StringConstraints(min_length=4, max_length=2000)] = Field(examples=["光纤激光器老是掉功率"])
    listing: Literal["offer", "need"] = Field("offer", description="What to look among.")
    top: Top = 10


class NewIntroduction(Strict):
    """A published need and a published offer that should meet."""

    need: Key
    offer: Key


class AnswerIn(Strict):
    """A side's answer."""

    side: Literal["seeker", "provider"]
    answer: Literal["yes", "no"]
    reason: DeclineReason | Literal[""] = Field("", description="Why not; asked for with a no.")
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class MessageIn(Strict):
    """A message to all who take part."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
