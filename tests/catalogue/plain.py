"""The semantics of the reference bench in plain Python, written from its text and not from the engine, to test against.

Truth is True, False or None (open). A policy is a function from a `Facts` to (clause states, verdict, score, amount).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

INF = float("inf")
WAN, YI = 1_000_000, 10_000_000_000
OWNED = ("own_rd", "transfer", "gift", "merger")
SIGNED = ("net_assets_fen",)
Truth = bool | None


def both(*parts: Truth) -> Truth:
    return False if False in parts else None if None in parts else True


def either(*parts: Truth) -> Truth:
    return True if True in parts else None if None in parts else False


def opposite(one: Truth) -> Truth:
    return None if one is None else not one


def years_back(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class Facts:
    """One firm's facts as the schema reads them: what is absent, malformed or of another year is None."""

    def __init__(self, given: dict[str, Any], as_of: date) -> None:
        self.given, self.as_of = given, as_of

    def number(self, name: str) -> int | None:
        value = self._own(name)
        signed = name.startswith(SIGNED)
        return value if type(value) is int and (value >= 0 or signed) and abs(value) <= 2**53 else None

    def flag(self, name: str) -> Truth:
        value = self._own(name)
        return value if isinstance(value, bool) else None

    def text(self, name: str) -> str | None:
        value = self._own(name)
        return value if isinstance(value, str) else None

    def day(self, name: str) -> date | None:
        return as_day(self._own(name))

    def _own(self, name: str) -> Any:
        k = int(name[-1]) if name[-3:-1] == "_t" and name[-1].isdigit() else 0
        said = self.given.get("_periods", {}).get(name, self.as_of.year - k)
        return self.given.get(name) if not k or said == self.as_of.year - k else None

    def items(self, name: str) -> list[dict[str, Any]] | None:
        value = self.given.get(name)
        return value if isinstance(value, list) else None

    # Truths that several policies share

    def ratio(self, top: str | int | None, bottom: str | int | None, op: str, bound: Fraction) -> Truth:
        a = self.number(top) if isinstance(top, str) else top
        b = self.number(bottom) if isinstance(bottom, str) else bottom
        if a is None or b is None:
            return None
        if b <= 0:
            return False
        return {">=": Fraction(a, b) >= bound, "<=": Fraction(a, b) <= bound}[op]

    def least(self, name: str, bound: int) -> Truth:
        value = self.number(name)
        return None if value is None else value >= bound

    def most(self, name: str, bound: int) -> Truth:
        value = self.number(name)
        return None if value is None else value <= bound

    def count(self, name: str, test: Callable[[dict[str, Any]], Truth]) -> tuple[float, float]:
        some = self.items(name)
        if some is None:
            return 0, INF
        found = [test(one) for one in some]
        return found.count(True), len(found) - found.count(False)

    def exists(self, name: str, test: Callable[[dict[str, Any]], Truth]) -> Truth:
        low, high = self.count(name, test)
        return True if low >= 1 else False if high < 1 else None

    def since(self, item: dict[str, Any], start: date, field: str = "date") -> Truth:
        day = as_day(item.get(field))
        return None if day is None else start <= day <= self.as_of

    def incidents(self, kinds: Iterable[str], start: date, *, any_severity: bool = False) -> Truth:
        """Whether there is none."""

        def test(item: dict[str, Any]) -> Truth:
            major = True if any_severity else among(item, "severity", ("major",))
            return both(among(item, "kind", tuple(kinds)), major, self.since(item, start))

        found = self.exists("incidents", test)
        covered = self.given.get("incidents_from")
        if found is not False:
            return opposite(found)
        day = as_day(covered)
        return None if covered is not None and (day is None or day > start) else True

    def lists_off(self, *names: str) -> Truth:
        return both(*map(self._off, names))

    def _off(self, name: str) -> Truth:
        some = self.items("list_checks")
        if some is None:
            return None
        start = self.as_of - timedelta(days=30)
        holds = [(both(among(one, "list", (name,)), self.since(one, start, "checked_at")), one) for one in some]
        newest = max((as_day(one["checked_at"]) for sure, one in holds if sure is True), default=None)
        if newest is None:
            return None
        said = set()
        for sure, one in holds:
            day = as_day(one.get("checked_at"))
            if sure is not False and (day is None or day >= newest):
                said.add(one.get("status") if isinstance(one.get("status"), str) else None)
        return None if len(said) > 1 or None in said else said == {"off"}

    def good(self, item: dict[str, Any]) -> Truth:
        return both(
            among(item, "acquisition", OWNED), self.not_after(item, "granted"), self.not_before(item, "valid_to"),
            opposite(truth(item, "disputed")), truth(item, "product_linked"),
        )  # fmt: skip

    def not_after(self, item: dict[str, Any], field: str) -> Truth:
        day = as_day(item.get(field))
        return None if day is None else day <= self.as_of

    def not_before(self, item: dict[str, Any], field: str) -> Truth:
        day = as_day(item.get(field))
        return None if day is None else day >= self.as_of

    def certificate(self, *types: str) -> Truth:
        def test(item: dict[str, Any]) -> Truth:
            gone = item.get("revoked_on")
            revoked = None if gone is not None and as_day(gone) is None else gone is None or as_day(gone) > self.as_of
            return both(among(item, "type", types), self.not_after(item, "from"), self.not_before(item, "to"), revoked)

        return self.exists("certificates", test)

    def rd_body(self) -> Truth:
        def test(item: dict[str, Any]) -> Truth:
            end = True if item.get("to") is None else self.not_before(item, "to")
            return both(among(item, "level", ("national", "ministry", "provincial")), self.not_after(item, "from"), end)

        return self.exists("rd_bodies", test)

    def award(self, levels: tuple[str, ...], years: int, *, rank: int = 0) -> Truth:
        def test(item: dict[str, Any]) -> Truth:
            placed = True if not rank else up_to(item, "rank", rank)
            recent = self.since(item, years_back(self.as_of, years))
            return both(among(item, "kind", ("st_prize",)), among(item, "level", levels), placed, recent)

        return self.exists("awards", test)

    def equity(self, years: int, bound: int) -> Truth:
        some = self.items("equity_rounds")
        if some is None:
            return None
        low, high = 0.0, 0.0
        for item in some:
            holds = both(truth(item, "qualified"), self.since(item, years_back(self.as_of, years)))
            paid = whole(item, "paid_in_fen")
            if holds is not False:
                low += (paid or 0) if holds else 0
                high += INF if paid is None else paid
        return True if low >= bound else None if high >= bound else False


def as_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def among(item: dict[str, Any], field: str, values: tuple[str, ...]) -> Truth:
    value = item.get(field)
    return value in values if isinstance(value, str) else None


def truth(item: dict[str, Any], field: str) -> Truth:
    value = item.get(field)
    return value if isinstance(value, bool) else None


def whole(item: dict[str, Any], field: str) -> int | None:
    value = item.get(field)
    return value if type(value) is int and 0 <= value <= 2**53 else None


def up_to(item: dict[str, Any], field: str, most: int) -> Truth:
    value = whole(item, field)
    return None if value is None else value <= most


def equals(item: dict[str, Any], field: str, wanted: int) -> Truth:
    value = whole(item, field)
    return None if value is None else value == wanted


def banded(value: Fraction | None, known: bool, steps: list[tuple[Fraction, int]]) -> tuple[int, int]:
    """Points of a ratio: none where its base is not above zero, anything where it is not known."""
    if not known:
        return 0, max(points for _, points in steps)
    points = next((points for bound, points in steps if value is not None and value >= bound), 0)
    return points, points
