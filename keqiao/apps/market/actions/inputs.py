"""What writing a need and writing an offer share: cleaning, indicator rows, the changed fields for the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from keqiao.apps.market.models import Listing
from keqiao.engines.matching import Indicator, validate

LISTING_FIELDS = frozenset(
    {
        "title", "title_en", "abstract", "abstract_en", "text", "text_en", "keywords", "keywords_en", "field", "area",
        "secrecy", "expires_date",
    }
)  # fmt: skip


@dataclass(frozen=True)
class IndicatorInput:
    """One line of the indicator table as a person confirmed it."""

    name: str
    op: str
    low: float
    high: float | None = None
    unit: str = ""
    sense: str = "ge"
    condition: str = ""
    must: bool = True
    current_value: str = ""
    test_method: str = ""

    def engine(self) -> Indicator:
        value = (self.low,) if self.high is None else (self.low, self.high)
        return Indicator(name=self.name, op=self.op, value=value, unit=self.unit, sense=self.sense, must=self.must)


def assign(listing: Listing, values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """Set allowed fields and return those that changed; an unknown field is a programming error."""
    if unknown := set(values) - allowed:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in values.items() if getattr(listing, name) != value}
    for name, value in changed.items():
        setattr(listing, name, value)
    return changed


def check_indicators(rows: Iterable[IndicatorInput]) -> None:
    """A ValidationError that names every line with an unknown unit, an impossible range or no value."""
    problems = [
        f"第 {number} 行“{row.name}”：{problem.message}"
        for number, row in enumerate(rows, start=1)
        for problem in validate(row.engine())
    ]
    if problems:
        raise ValidationError({"indicators": problems})


def ledger_value(value: Any) -> Any:
    """A value as JSON can keep it."""
    return value if isinstance(value, str | int | bool | list | dict | type(None)) else str(value)
