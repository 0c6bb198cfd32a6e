"""High-tech enterprises in plain Python: years since the founding, points of experts as intervals, use-once rights."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.catalogue.plain import WAN, YI, Facts, Truth, among, both, either, equals, opposite, truth, years_back

Span = tuple[int, int]
STEPS = [(35, (9, 10)), (25, (7, 8)), (15, (5, 6)), (5, (3, 4))]


def counted(f: Facts) -> list[int]:
    """The years back that count: from the founding on, all of them while it is not known."""
    founded = f.day("founded")
    return [k for k in (1, 2, 3) if founded is None or founded.year <= f.as_of.year - k]


def summed(f: Facts, name: str) -> int | None:
    found = [f.number(f"{name}_t{k}") for k in counted(f)]
    return None if None in found else sum(one for one in found if one is not None)


def expert(f: Facts, name: str, least: int, most: Span) -> Span:
    """What experts gave, held within the range; the whole range while half of it is missing or it is turned round."""
    low, high = f.number(f"expert_{name}_lo"), f.number(f"expert_{name}_hi")
    if low is None or high is None or low > high:
        return least, most[1]
    return max(least, min(low, most[0])), max(least, min(high, most[1]))


def usable(f: Facts, item: dict[str, Any], *classes: int) -> Truth:
    used = either(equals(item, "class", 1), both(equals(item, "class", 2), opposite(truth(item, "used_for_hte"))))
    wanted = either(*(equals(item, "class", one) for one in classes)) if classes else True
    return both(f.good(item), used, wanted)


def rights(f: Facts) -> Span:
    some = f.exists("ip_items", lambda one: usable(f, one))
    if some is False:
        return 0, 0
    first, second = (f.count("ip_items", lambda one, c=c: usable(f, one, c)) for c in (1, 2))
    steps = ((5, (5, 6)), (3, (3, 4)), (1, (1, 2)))
    ends = []
    for end in (0, 1):
        best = next((points[end] for bound, points in steps if second[end] >= bound), 0)
        ends.append(max(best, (7, 8)[end] if first[end] >= 1 else 0))
    own = f.exists("ip_items", lambda one: both(usable(f, one), among(one, "acquisition", ("own_rd",))))
    most = {True: (6, 6), False: (3, 3), None: (3, 6)}[own]
    levels = ("international", "national", "industry")
    standards = f.exists("standards", lambda one: among(one, "level", levels))
    bonus = 0 if standards is False else 2
    advance, core = expert(f, "ip_advance", 0, (8, 8)), expert(f, "ip_core", 0, (8, 8))
    acquired = expert(f, "ip_acquire", 1, most)
    low = min(30, advance[0] + core[0] + ends[0] + acquired[0])
    return (low if some else 0), min(30, advance[1] + core[1] + ends[1] + acquired[1] + bonus)


def put_to_use(f: Facts) -> Span:
    total, years = summed(f, "transformations"), len(counted(f))
    if not years:
        return 0, 0
    if total is None:
        return 0, 30
    steps = ((5, (25, 30)), (4, (19, 24)), (3, (13, 18)), (2, (7, 12)), (1, (1, 6)))
    return next((points for bound, points in steps if Fraction(total, years) >= bound), (0, 0))


def grown(f: Facts, name: str) -> Span:
    years = counted(f)
    values = [f.number(f"{name}_t{k}") for k in years]
    if len(values) < 2:
        return 0, 0
    if None in values:
        return 0, 10
    last, middle, *oldest = (one for one in values if one is not None)
    if middle <= 0:
        return 0, 0
    rate = Fraction(last, middle) - 1
    if oldest and oldest[0] > 0:
        rate = (Fraction(middle, oldest[0]) + Fraction(last, middle)) / 2 - 1
    return next((points for bound, points in STEPS if rate >= Fraction(bound, 100)), (1, 2) if rate > 0 else (0, 0))


def at_least(top: int | None, bottom: int | None, bound: Fraction | None) -> Truth:
    if top is None or bottom is None or bound is None:
        return None
    return bottom > 0 and Fraction(top, bottom) >= bound


def high_tech(f: Facts) -> tuple[dict[str, Any], Truth, Span]:
    founded, field, last = f.day("founded"), f.text("hightech_field"), f.number("sales_fen_t1")
    last = last if 1 in counted(f) else 0
    rate = None if last is None else 5 if last <= 5000 * WAN else 4 if last <= 2 * YI else 3
    parts = [
        rights(f),
        put_to_use(f),
        expert(f, "mgmt", 0, (20, 20)),
        grown(f, "sales_fen"),
        grown(f, "net_assets_fen"),
    ]
    low, high = sum(one[0] for one in parts), sum(one[1] for one in parts)
    kinds = ("safety", "quality", "environment")
    t: dict[str, Any] = {
        "base.registered": None if founded is None else (f.as_of - founded).days >= 365,
        "base.core_ip": f.exists("ip_items", lambda one: usable(f, one)),
        "base.field": None if field is None else field in [f"0{k}" for k in range(1, 9)],
        "base.tech_staff": f.ratio("tech_staff_t1", "staff_t1", ">=", Fraction(1, 10)),
        "base.rd_ratio": at_least(summed(f, "rd_fen"), summed(f, "sales_fen"), rate and Fraction(rate, 100)),
        "base.rd_domestic": at_least(summed(f, "rd_domestic_fen"), summed(f, "rd_fen"), Fraction(6, 10)),
        "base.income": f.ratio("hightech_income_fen_t1", "total_income_fen_t1", ">=", Fraction(6, 10)),
        "base.score": True if low > 70 else False if high <= 70 else None,
        "base.incidents": f.incidents(kinds, years_back(f.as_of, 1)),
    }  # fmt: skip
    return t, both(*t.values()), (low, high)


def lacks_points(f: Facts) -> bool:
    """Whether a register, and not an expert, would narrow the score."""
    years = counted(f)
    named = [f"transformations_t{k}" for k in years]
    # Of one year there is no growth, whatever it was.
    named += [f"{name}_t{k}" for name in ("sales_fen", "net_assets_fen") for k in years if len(years) > 1]
    low, high = f.count("ip_items", lambda one: usable(f, one))
    levels = ("international", "national", "industry")
    is_open = f.exists("standards", lambda one: among(one, "level", levels)) is None
    return any(f.number(name) is None for name in named) or low != high or is_open
