"""The indicators of a need against those of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keqiao.engines.matching._indicators import Indicator, IndicatorVerdict, check, indicators_from, overall
from keqiao.engines.matching._pack import Packed
from keqiao.engines.matching._records import Query

if TYPE_CHECKING:
    from keqiao.engines.text import Lexicon


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdicts on one candidate and their sum."""

    rows: tuple[IndicatorVerdict, ...] = ()
    overall: str = "unknown"

    @property
    def shares(self) -> tuple[float, float]:
        """Shares of the need's indicators that pass and that fail."""
        if not self.rows:
            return 0.0, 0.0
        passed = sum(row.verdict == "pass" for row in self.rows)
        failed = sum(row.verdict == "fail" for row in self.rows)
        return passed / len(self.rows), failed / len(self.rows)


def need_indicators(query: Query, *, lexicon: Lexicon | None) -> tuple[Indicator, ...]:
    """Return the indicators of `query`: as given, else read from its text."""
    if query.indicators or lexicon is None:
        return query.indicators
    return tuple(indicators_from(f"{query.title}。{query.text}", lexicon=lexicon))


def verdicts_of(needs: Sequence[Indicator], record: Packed, *, lexicon: Lexicon | None) -> Checked:
    """Return the verdicts on `record`; a need without indicators, or an engine without lexicon, gives none."""
    if not needs or lexicon is None:
        return Checked()
    rows = tuple(check(needs, record.indicators, lexicon=lexicon))
    return Checked(rows, overall(rows))
