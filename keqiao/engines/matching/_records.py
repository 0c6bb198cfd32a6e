"""What goes into the index, what is asked of it and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keqiao.engines.matching._indicators import Indicator, IndicatorVerdict


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to be found: an achievement, instrument, service, policy or person.

    `trl` is 1–9; `budget_fen` is the asking price in fen, lower and upper end; `extra` holds further facet texts.
    Where `indicators` is empty they are read from the text.

    >>> Document(key="offer-1", title="激光熔覆涂层", text="用于轧辊修复").kind
    'offer'
    """

    key: str
    title: str
    text: str
    keywords: tuple[str, ...] = ()
    kind: str = "offer"
    field: str = ""
    region: str = ""
    trl: int | None = None
    budget_fen: tuple[int, int] | None = None
    valid_until: date | None = None
    indicators: tuple[Indicator, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """One need. `kinds` is the only hard filter; field, region, TRL, budget and deadline only nudge and are shown.

    `expand` switches the thesaurus of trade language on and off.

    >>> Query(text="轧辊磨损太快").expand
    True
    """

    text: str
    title: str = ""
    keywords: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    field: str = ""
    region: str = ""
    trl_min: int | None = None
    budget_fen: tuple[int, int] | None = None
    deadline: date | None = None
    kinds: frozenset[str] | None = None
    expand: bool = True


@dataclass(frozen=True, slots=True)
class Expansion:
    """A trade phrase of the need and the technical terms it stands for; `span` counts in the normalised need."""

    trade: str
    technical: tuple[str, ...]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FacetNote:
    """One soft facet that both sides name: what each says and whether they agree."""

    name: str
    need: str
    offer: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Match:
    """One offer of an answer with its reasons.

    `score` is the calibrated chance that the offer is useful; `terms` the shared words with their weight, heaviest
    first; `phrase` the longest shared run of characters; `via` the expansions that led to the offer.
    """

    key: str
    score: float
    terms: tuple[tuple[str, float], ...] = ()
    phrase: str = ""
    indicators: tuple[IndicatorVerdict, ...] = ()
    overall: str = "unknown"
    facets: tuple[FacetNote, ...] = ()
    via: tuple[Expansion, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The ranked matches of one need; `chance_any` is the chance that a useful offer is among them at all."""

    matches: list[Match] = field(default_factory=list)
    expansions: list[Expansion] = field(default_factory=list)
    chance_any: float = 0.0
