"""Dated rules for technology contracts: how long a price is on notice, how soon an office decides, what is large.

`national.toml` holds for the country, `<region code>.toml` for one region, which goes first. Each rule has the days it
holds for and its source. A rule without a first day is a draft: it is listed as needing confirmation, never applied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from keqiao.catalogue import calendar
from keqiao.catalogue.files import CatalogueError, read_settings

FOLDER = Path(__file__).parent
NAMES = ("pricing_notice", "registration", "registration_experts", "expert_review_from")
UNITS = ("days", "working_days", "wan")
STARTS = ("submission", "acceptance")
_FIELDS = frozenset({"name", "value", "unit", "starts", "valid_from", "valid_to", "source", "note"})
_FEN_PER_WAN = 1_000_000


class NoRuleError(LookupError):
    """No rule of this name holds on a day.

    >>> str(NoRuleError("no rule"))
    'no rule'
    """


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One number with the days it holds for, half-open; `valid_from` None marks a draft.

    >>> rule = Rule(name="registration", value=15, unit="working_days", starts="submission", source="", note="",
    ...             valid_from=date(2026, 1, 1), valid_to=None)
    >>> rule.last_day(date(2026, 11, 27)), rule.holds(on=date(2025, 12, 31))
    (datetime.date(2026, 12, 18), False)
    """

    name: str
    value: int
    unit: str
    starts: str
    valid_from: date | None
    valid_to: date | None
    source: str
    note: str

    @property
    def needs_confirmation(self) -> bool:
        """Whether the rule is known only as a draft.

        >>> [rule.needs_confirmation for rule in rules("22") if rule.name == "registration"]
        [False, True]
        """
        return self.valid_from is None

    def holds(self, *, on: date) -> bool:
        """Return whether the rule is in force on a day.

        >>> rules("22")[0].holds(on=date(2015, 1, 1))
        False
        """
        return self.valid_from is not None and self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def last_day(self, start: date) -> date:
        """Return the last day of a period that begins the day after `start`.

        >>> rule("registration", region="22", on=date(2026, 1, 1)).last_day(date(2026, 1, 1))
        datetime.date(2026, 1, 31)
        """
        if self.unit == "working_days":
            return calendar.working_days_after(start, self.value)
        return start + timedelta(days=self.value)

    @property
    def fen(self) -> int:
        """The value of a rule about money.

        >>> rule("expert_review_from", region="229999", on=date(2026, 1, 1)).fen
        500000000
        """
        return self.value * _FEN_PER_WAN


@cache
def rules(region: str) -> tuple[Rule, ...]:
    """Return the rules of a region, its own before the country's.

    >>> [rule.value for rule in rules("229999") if rule.name == "registration"]
    [15, 30, 15]
    """
    own = FOLDER / f"r{region}.toml"
    return (*(_read(own) if own.exists() else ()), *_read(FOLDER / "national.toml"))


def rule(name: str, *, region: str, on: date) -> Rule:
    """Return the rule of a name that holds in a region on a day.

    Raises :class:`NoRuleError` where none does.

    >>> rule("registration", region="22", on=date(2026, 6, 1)).value
    30
    """
    found = find(name, region=region, on=on)
    if found is None:
        raise NoRuleError(f"no rule {name} holds in {region} on {on}: add one to catalogue/contracts/r{region}.toml")
    return found


def find(name: str, *, region: str, on: date) -> Rule | None:
    """Return the rule that holds, or None; of several the one that came last.

    >>> find("expert_review_from", region="22", on=date(2026, 6, 1)) is None
    True
    """
    for source in (f"r{region}.toml", "national.toml"):
        path = FOLDER / source
        held = [row for row in _read(path) if row.name == name and row.holds(on=on)] if path.exists() else []
        if held:
            return max(held, key=lambda row: row.valid_from or date.min)
    return None


@cache
def _read(path: Path) -> tuple[Rule, ...]:
    return tuple(_rule(table, path=path) for table in read_settings(path).get("rule", []))


def _rule(table: Mapping[str, Any], *, path: Path) -> Rule:
    name = str(table.get("name", ""))
    if unknown := set(table) - _FIELDS:
        raise CatalogueError(path=path, what=f"{name} has {', '.join(sorted(unknown))}", remedy="correct the spelling")
    allowed = {"name": NAMES, "unit": UNITS, "starts": (*STARTS, "")}
    for field, values in allowed.items():
        if table.get(field, "") not in values:
            raise CatalogueError(path=path, what=f"{field} of {name!r}", remedy=f"use one of {', '.join(values)}")
    value, source = table.get("value"), table.get("source", "")
    if not isinstance(value, int) or value < 1 or not source:
        raise CatalogueError(path=path, what=f"{name} lacks a whole value above 0 or a source", remedy="write both")
    return Rule(
        name=name,
        value=value,
        unit=table["unit"],
        starts=table.get("starts", ""),
        valid_from=table.get("valid_from"),
        valid_to=table.get("valid_to"),
        source=source,
        note=table.get("note", ""),
    )
