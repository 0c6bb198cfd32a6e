"""What would happen to each figure if it were frozen now, in words, so that nobody learns it from a refusal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.figures import Definition, Measure, definitions
from keqiao.apps.ledger.figures.checking import draft_problem
from keqiao.apps.ledger.figures.readiness import Readiness, readiness
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.web.parts import reasons
from keqiao.web.templatetags.keqiao import grouped, money

# Refusals first, then what can be frozen, then what needs nothing.
STATES: dict[str, tuple[str, Promise]] = {
    "refused": ("fail", _("会被拒绝")), "new": ("pass", _("可以冻结")),
    "correction": ("unknown", _("可以冻结，将更正现有版本")),
    "waits": ("", _("稿子待复核")), "same": ("", _("与现有版本相同")), "empty": ("", _("没有明细，数值为零")),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One figure as it would be frozen now."""

    figure: Definition
    found: Readiness

    @property
    def state(self) -> str:
        if self.found.problem == "figure_draft_exists":
            return "waits"
        if self.found.problem == "figure_unchanged":
            return "same"
        if self.found.problem:
            return "refused"
        if self.found.standing:
            return "correction"
        return "new" if self.found.count else "empty"

    @property
    def name(self) -> str:
        return str(STATES[self.state][1])

    @property
    def tag(self) -> str:
        return STATES[self.state][0]

    @property
    def why(self) -> str:
        """The sentence of a refusal, the same that freezing would answer."""
        return reasons.sentence(self.found.problem) if self.state == "refused" else ""

    @property
    def value(self) -> str:
        if self.figure.measure == Measure.FEN:
            return money(self.found.value)
        return f"{grouped(self.found.value)} {self.figure.unit}"

    @property
    def withheld(self) -> list[str]:
        """The breakdowns that would not be shown at all."""
        found = (self.figure.dimension(code) for code in self.found.withheld)
        return [str(one.label) for one in found if one]


def lines(figures: Iterable[Definition], *, year: int, as_of: date) -> list[Line]:
    """Each figure with what freezing it now would come to, refusals first."""
    digest = ledger.last_digest()
    found = [Line(one, _read(one.code, year, as_of, digest)) for one in figures]
    order = list(STATES)
    return sorted(found, key=lambda line: order.index(line.state))


@lru_cache(maxsize=500)
def _read(code: str, year: int, as_of: date, digest: str) -> Readiness:
    """Reading all rows anew is kept until the ledger says that something has happened."""
    return readiness(definitions()[code], year=year, as_of=as_of)


def of_edition(figure: PublishedFigure) -> Line | None:
    """The same for the period of an edition that stands; None where its rows are not counted here any more."""
    known = definitions().get(figure.code)
    if known is None:
        return None
    return Line(known, _read(known.code, figure.year, figure.as_of, ledger.last_digest()))


@lru_cache(maxsize=200)
def _draft_problem(pk: int, digest: str) -> str:
    return draft_problem(PublishedFigure.objects.select_related("replaces").get(pk=pk))


def why_not_published(figure: PublishedFigure) -> str:
    """Why a draft would be refused if somebody published it now, as a sentence; empty if it would not."""
    problem = _draft_problem(figure.pk, ledger.last_digest())
    return reasons.sentence(problem) if problem else ""
