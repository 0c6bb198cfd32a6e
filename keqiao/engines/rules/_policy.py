"""An edition of a policy as it stands in its file, and nothing computed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keqiao.engines.rules._facts import Vocabulary
from keqiao.engines.rules._instalments import Instalment
from keqiao.engines.rules._syntax import Expression

KINDS = ("hard", "score", "veto", "direct", "exempt", "manual", "rate")
ROUNDINGS = ("floor", "half_up", "exact")
BENEFITS = ("grant", "tax", "deduction", "voucher")


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One condition of the text: what is tested, where it says so, and when it is not asked at all.

    `applies` is a condition under which the clause is asked; `exempted_by` one that replaces it. `rate` clauses inform:
    they steer the amount and are not among the conditions.
    """

    id: str
    kind: str
    label: str
    label_en: str
    source: str
    document: str = ""  # where it is another than the policy's
    test: Expression
    text: str
    applies: Expression | None = None
    exempted_by: Expression | None = None
    note: str = ""
    note_en: str = ""
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The value of a parameter from a day on (None: from the beginning), None while nobody knows it."""

    start: date | None
    value: Expression | None
    text: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A number of the policy that changes with time or that an office may want to try out."""

    name: str
    label: str
    label_en: str
    unit: str
    stages: tuple[Stage, ...]
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A named part of expressions; one with a label and points is a part of the score."""

    name: str
    value: Expression
    text: str
    label: str = ""
    label_en: str = ""
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """What an eligible firm gets; an amount is rounded once, at its end, to the unit `to`.

    `stacking` names the groups of benefits that do not simply add up with it, `kind` what the amount is: money paid
    (grant), tax saved (tax), a sum taken off before tax (deduction), or a voucher.
    """

    amount: Expression | None
    text: str
    rounding: str
    to: str
    label: str
    label_en: str
    source: str
    kind: str = "grant"
    stacking: tuple[str, ...] = ()
    fund: str = ""
    instalments: tuple[Instalment, ...] = ()
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Lever:
    """What a firm can change: facts moved by a unit, flags set, or an item added to a list; `cost` weighs a unit."""

    id: str
    label: str
    label_en: str
    unit: str
    cost: int
    most: int
    adds: Mapping[str, int]
    items: str = ""
    item: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, bool] = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Article:
    """Passages of the text and where they went: clauses, the amount, or why there is neither."""

    name: str
    clauses: tuple[str, ...]
    manual: str = ""
    passages: tuple[str, ...] = ()  # its name alone where the file lists none
    is_amount: bool = False


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One edition: `eligible` combines the clauses, `score` adds the points, `articles` say what became of the text."""

    slug: str
    version: str
    title: str
    title_en: str
    document: str
    issuer: str
    region: str
    starts: date | None
    ends: date | None
    supersedes: str
    follows: str  # the slug whose place it takes on its first day
    is_demo: bool
    currency: str
    transition: str
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    clauses: tuple[Clause, ...]
    eligible: Expression
    eligible_text: str
    score: Expression | None
    benefit: Benefit | None
    vocabulary: Vocabulary
    articles: tuple[Article, ...] = ()
    passages: tuple[str, ...] = ()  # every passage of the text, each to be found in some article
    levers: tuple[Lever, ...] = ()
    name: str = ""
    digest: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def clause(self, id: str) -> Clause:
        """Return a clause by its id; KeyError if there is none."""
        return next((one for one in self.clauses if one.id == id), None) or _absent(id)


def _absent(id: str) -> Clause:
    raise KeyError(id)
