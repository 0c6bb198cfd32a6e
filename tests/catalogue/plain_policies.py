"""Nine policies of the reference bench in plain Python: clause states, verdict, score and amount of one firm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.catalogue.plain import (
    INF,
    WAN,
    YI,
    Facts,
    Truth,
    among,
    banded,
    both,
    either,
    equals,
    opposite,
    truth,
    whole,
    years_back,
)
from tests.catalogue.plain_hte import high_tech

Span = tuple[int, int]
NA = "not_applicable"
BASE = ("safety", "quality", "environment", "data_security", "tax")
LISTS = ("abnormal_operation", "serious_dishonesty")
ZERO = Fraction(0)


def percent(number: float) -> Fraction:
    return Fraction(str(number)) / 100


def share(f: Facts, top: str, bottom: str, steps: list[tuple[float, int]]) -> Span:
    a, b = f.number(top), f.number(bottom)
    known = a is not None and b is not None
    value = Fraction(a, b) if known and b > 0 else None
    return banded(value, known, [(percent(bound), points) for bound, points in steps])


def add(*spans: Span) -> Span:
    return sum(low for low, _ in spans), sum(high for _, high in spans)


def larger(*spans: Span) -> Span:
    return max(low for low, _ in spans), max(high for _, high in spans)


def reaches(span: Span, bound: int) -> Truth:
    return True if span[0] >= bound else False if span[1] < bound else None


def steps_of(count: tuple[float, float], steps: list[tuple[int, int]]) -> Span:
    low, high = (next((points for bound, points in steps if end >= bound), 0) for end in count)
    return low, high


def every(truths: Mapping[str, Any], *prefixes: str) -> list[Truth]:
    return [one for id, one in truths.items() if id.startswith(prefixes) and one != NA]


def product(f: Facts) -> Truth:
    value = f.text("product_category")
    return None if value is None else value == "normal"


def base(f: Facts) -> dict[str, Any]:
    return {
        "base.legal_person": f.flag("independent_legal_person"), "base.sme": f.flag("is_sme"),
        "base.product": product(f), "base.lists": f.lists_off(*LISTS),
        "base.incidents": f.incidents(BASE, years_back(f.as_of, 3)),
    }  # fmt: skip


def tech_sme(f: Facts) -> tuple[dict[str, Any], Truth, Span]:
    def right(class_: int) -> tuple[float, float]:
        return f.count("ip_items", lambda one: both(f.good(one), equals(one, "class", class_)))

    def standard(one: dict[str, Any]) -> Truth:
        level = among(one, "level", ("international", "national", "industry"))
        return both(level, among(one, "role", ("lead",)), f.since(one, years_back(f.as_of, 5)))

    staff = share(f, "tech_staff_t1", "staff_t1", [(30, 20), (25, 16), (20, 12), (15, 8), (10, 4)])
    rd = larger(
        share(f, "rd_fen_t1", "sales_fen_t1", [(6, 50), (5, 40), (4, 30), (3, 20), (2, 10)]),
        share(f, "rd_fen_t1", "cost_fen_t1", [(30, 50), (25, 40), (20, 30), (15, 20), (10, 10)]),
    )
    results = larger(steps_of(right(1), [(1, 30)]), steps_of(right(2), [(4, 24), (3, 18), (2, 12), (1, 6)]))
    total = add(staff, rd, results)
    kinds = ("safety", "quality", "environment", "research_misconduct")
    t: dict[str, Any] = {
        "base.resident": f.flag("resident"), "base.staff": f.most("staff_t1", 500),
        "base.sales": f.most("sales_fen_t1", 2 * YI), "base.assets": f.most("assets_fen_t1", 2 * YI),
        "base.product": product(f), "base.incidents": f.incidents(kinds, date(f.as_of.year - 1, 1, 1)),
        "base.lists": f.lists_off(*LISTS), "direct.hte": f.certificate("high_tech_enterprise"),
        "direct.award": f.award(("national",), 5, rank=3), "direct.rd_body": f.rd_body(),
        "direct.standard": f.exists("standards", standard), "score.total": reaches(total, 60),
        "score.staff": reaches(staff, 1),
    }  # fmt: skip
    passed = either(*every(t, "direct."), both(*every(t, "score.")))
    return t, both(*every(t, "base."), passed), total


def innovative(f: Facts) -> tuple[dict[str, Any], Truth, Span]:
    def rights(*more: Callable[[dict[str, Any]], Truth], class_: int = 1) -> tuple[float, float]:
        return f.count("ip_items", lambda one: both(f.good(one), equals(one, "class", class_), *(m(one) for m in more)))

    ip = larger(
        steps_of(rights(lambda one: truth(one, "high_value")), [(1, 20)]),
        steps_of(rights(lambda one: among(one, "acquisition", ("own_rd",))), [(1, 15)]),
        steps_of(rights(), [(1, 10)]), steps_of(rights(class_=2), [(1, 5)]),
    )  # fmt: skip
    now, before = f.number("main_revenue_fen_t1"), f.number("main_revenue_fen_t2")
    known = now is not None and before is not None
    growth = Fraction(now - before, before) if known and before > 0 else None
    growth_points = banded(growth, known, [(percent(15), 20), (percent(10), 15), (percent(5), 10), (ZERO, 5)])
    owed = [f.ratio("liabilities_fen_t1", "assets_fen_t1", "<=", percent(bound)) for bound in (55, 75)]
    debt = (0, 10) if owed[0] is None else (10, 10) if owed[0] else (5, 5) if owed[1] else (0, 0)
    strategic = f.flag("strategic_product")
    kind = (5, 10) if strategic is None else (10, 10) if strategic else (5, 5)
    main = share(f, "main_revenue_fen_t1", "revenue_fen_t1", [(70, 20), (60, 15), (55, 10), (50, 5)])
    innovation = add(ip, share(f, "rd_fen_t1", "revenue_fen_t1", [(5, 20), (3, 15), (2, 10), (1, 5)]))
    grown, special = add(growth_points, debt), add(kind, main)
    total = add(innovation, grown, special)
    t = base(f) | {
        "direct.award": f.award(("national", "provincial"), 3),
        "direct.title": f.certificate("high_tech_enterprise", "national_innovation_demo", "ip_advantage", "ip_demo"),
        "direct.rd_body": f.rd_body(), "direct.equity": f.equity(3, 500 * WAN), "score.total": reaches(total, 60),
        "score.innovation": reaches(innovation, 20), "score.growth": reaches(grown, 15),
        "score.specialisation": reaches(special, 15),
    }  # fmt: skip
    return t, both(*every(t, "base."), either(*every(t, "direct."), both(*every(t, "score.")))), total


def shares(f: Facts, main: int, debt: int) -> dict[str, Truth]:
    return {
        "req.main_share": f.ratio("main_revenue_fen_t1", "revenue_fen_t1", ">=", percent(main)),
        "req.debt": f.ratio("liabilities_fen_t1", "assets_fen_t1", "<=", percent(debt)),
        "req.rd_ratio_t1": f.ratio("rd_fen_t1", "revenue_fen_t1", ">=", percent(3)),
        "req.rd_ratio_t2": f.ratio("rd_fen_t2", "revenue_fen_t2", ">=", percent(3)),
        "veto.falsified": f.incidents(
            ("falsified_data",), years_back(f.as_of, 3) + timedelta(days=1), any_severity=True
        ),
    }


def niche(f: Facts) -> Truth:
    day = f.day("niche_start")
    return None if day is None else day <= years_back(f.as_of, 3)


def said(value: str | None, wanted: str) -> Truth:
    return None if value is None else value == wanted


def srdi(f: Facts) -> tuple[dict[str, Any], Truth, None]:
    def right(one: dict[str, Any]) -> Truth:
        return both(f.good(one), equals(one, "class", 1), truth(one, "in_use"))

    old = both(said(f.text("application_type"), "recheck"), f.least("platform_score_centi_t2", 5000))
    t: dict[str, Any] = base(f) | shares(f, 80, 80) | {
        "scope.in_force": f.as_of >= date(2026, 4, 1), "req.niche": niche(f),
        "req.tier1": f.certificate("innovative_sme", "tech_sme", "tech_innovative_sme"),
        "size.revenue": f.least("revenue_fen_t1", 1500 * WAN), "size.equity": f.equity(2, 2000 * WAN),
        "req.rd_amount_t1": f.least("rd_fen_t1", 100 * WAN), "req.rd_amount_t2": f.least("rd_fen_t2", 100 * WAN),
        "req.ip": f.exists("ip_items", right), "exempt.rd_body": f.rd_body(),
        "exempt.award": f.award(("national", "provincial"), 3, rank=3), "req.market": f.flag("market_leading_reviewed"),
        "req.platform": either(f.least("platform_score_centi_t1", 5000), old),
    }  # fmt: skip
    free, rest = (
        either(*every(t, "exempt.")),
        {id: one for id, one in t.items() if id.startswith("req.") and id != "req.ip"},
    )
    whole_ = both(
        *every(t, "scope.", "base.", "veto."), *rest.values(), either(*every(t, "size.")), either(free, t["req.ip"])
    )
    if free is True:
        t["req.ip"] = NA
    return t, whole_, None


def little_giant(f: Facts) -> tuple[dict[str, Any], Truth, None]:
    def right(one: dict[str, Any]) -> Truth:
        rank = whole(one, "owner_rank")
        bought = among(one, "acquisition", ("transfer",))
        placed = None if rank is None else rank in (1, 2, 3)
        return both(f.good(one), equals(one, "class", 1), truth(one, "in_use"), opposite(bought), placed)

    low, high = f.count("ip_items", right)
    kind, rank = f.text("application_type"), f.number("market_rank_national")
    rd = [f.number("rd_fen_t1"), f.number("rd_fen_t2")]
    grown = f.ratio("revenue_fen_t1", "revenue_fen_t3", ">=", Fraction(11025, 10000))
    t: dict[str, Any] = base(f) | shares(f, 90, 75) | {
        "scope.in_force": f.as_of >= date(2026, 4, 1), "scope.new_applicant": said(kind, "new"), "req.niche": niche(f),
        "req.tier2": f.certificate("srdi"), "req.revenue": f.least("revenue_fen_t1", 5000 * WAN),
        "req.cagr": NA if kind == "recheck" else None if kind is None else grown,
        "req.rd_sum": None if None in rd else sum(rd) >= 1200 * WAN,
        "req.ip": True if low >= 4 else False if high < 4 else None, "exempt.award": f.award(("national",), 3, rank=3),
        "market.share": f.least("market_share_bp", 1000), "market.rank": None if rank is None else rank in (1, 2, 3),
        "req.key_field": f.flag("key_chain_link"), "req.platform": f.least("platform_score_centi_t1", 6000),
        "veto.champion": opposite(f.certificate("single_champion")),
        "veto.controlled": opposite(f.flag("controlled_by_little_giant")),
        "veto.same_group": opposite(f.flag("same_group_similar_product")),
    }  # fmt: skip
    rest = [one for id, one in t.items() if id.startswith("req.") and id != "req.ip" and one != NA]
    free = t["exempt.award"]
    whole_ = both(*every(t, "scope.", "base.", "veto."), *rest, either(*every(t, "market.")), either(free, t["req.ip"]))
    if free is True:
        t["req.ip"] = NA
    return t, whole_, None


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def deduction(f: Facts) -> tuple[dict[str, Any], Truth, int | None]:
    year, division = f.number("tax_year"), f.text("industry_division")

    def listed(*names: str) -> Truth:
        return f.exists(
            "list_years",
            lambda one: both(among(one, "list", names), None if year is None else equals(one, "year", year)),
        )

    def asked(first: Any, truth_: Truth) -> Any:
        return None if year is None else truth_ if first else NA

    sectors = ("16", "51", "52", "61", "62", "70", "71", "72", "90")
    made = None if division is None else division.isdigit() and 13 <= int(division) <= 43
    t: dict[str, Any] = {
        "scope.year": None if year is None else 2016 <= year <= 2027, "base.resident": f.flag("resident"),
        "base.levy": f.flag("accounts_levy"), "base.sector": None if division is None else division not in sectors,
        "rate.special": asked(year and 2023 <= year <= 2027, listed("ic", "machine_tool")),
        "rate.tech_sme": asked(year in (2017, 2022), listed("tech_sme")),
        "rate.manufacturing": asked(year in (2021, 2022), made),
    }  # fmt: skip
    return t, both(*every(t, "scope.", "base.")), _deducted(f, year, t)


def _deducted(f: Facts, year: int | None, t: dict[str, Any]) -> int | None:
    names = ("rd_five_fen", "rd_other_fen", "rd_out_domestic_fen", "rd_out_overseas_fen", "rd_amort_fen")
    parts = [f.number(name) for name in names]
    if None in parts or year is None:
        return None
    five, other, at_home, abroad, amort = (Fraction(one) for one in parts if one is not None)
    domestic = five + min(other, five / 9) + at_home * 8 / 10
    x = domestic + min(abroad * 8 / 10, domestic * 2 / 3) + amort
    special, tech, made = (t[f"rate.{name}"] for name in ("special", "tech_sme", "manufacturing"))
    favoured = either(*(one for one in (tech, made) if one != NA))
    if year == 2022:
        method, paid = f.text("q4_method"), f.number("rd_q4_fen")
        q = (
            None
            if method is None
            else x / 4
            if method == "proportional"
            else None
            if paid is None
            else min(Fraction(paid), x)
        )
        if favoured is None or (not favoured and q is None):
            return None
        return half_up(x if favoured else (x - q) * 3 / 4 + q)  # type: ignore[operator]
    plain = 50 if year <= 2017 else 75 if year <= 2022 else 100
    raised = {2017: 75, 2021: 100}.get(year, 120 if year >= 2023 else plain)
    which = special if year >= 2023 else favoured if year in (2017, 2021) else False
    return None if which is None else half_up(x * (raised if which else plain) / 100)


def transfer(f: Facts) -> tuple[dict[str, Any], Truth, int | None]:
    year = f.number("tax_year")

    def qualifies(one: dict[str, Any]) -> Truth:
        years = whole(one, "licence_years")
        long_ = None if years is None else years >= 5
        plain = both(among(one, "type", ("nonexclusive_licence",)), long_, None if year is None else year >= 2016)
        kind = either(among(one, "type", ("transfer",)), both(among(one, "type", ("exclusive_licence",)), long_), plain)
        own_year = None if year is None else equals(one, "tax_year", year)
        return both(kind, opposite(truth(one, "related_100pct")), own_year, f.not_after(one, "registered_on"))

    low, high = 0.0, 0.0
    for one in f.items("tech_contracts") or []:
        amounts = [whole(one, name) for name in ("receipts_fen", "cost_fen", "taxes_fen")]
        holds = qualifies(one)
        if holds is False:
            continue
        span = (-INF, INF) if None in amounts else (amounts[0] - amounts[1] - amounts[2],) * 2  # type: ignore[operator]
        low += min(0, span[0]) if holds is None else span[0]
        high += max(0, span[1]) if holds is None else span[1]
    if f.items("tech_contracts") is None:
        low, high = -INF, INF
    some = f.exists("tech_contracts", qualifies)
    income = True if low > 0 else False if high <= 0 else None
    limit = 500 * WAN
    tier = NA if income is False else True if high <= limit else False if low > limit else None
    t = {"base.resident": f.flag("resident"), "contracts.qualifying": some, "income.positive": income,
         "tier.exempt_only": tier}  # fmt: skip
    saved = (
        half_up((min(Fraction(int(low)), limit) + max(ZERO, Fraction(int(low)) - limit) / 2) / 4)
        if low == high
        else None
    )
    return t, both(t["base.resident"], some, income), saved


def rd_grant(f: Facts) -> tuple[dict[str, Any], Truth, int | None]:
    now, before, founded = f.number("rd_fen_t1"), f.number("rd_fen_t2"), f.day("founded")
    province = f.text("province_code")
    t = {
        "base.province": said(province, "99"), "base.title": f.certificate("high_tech_enterprise", "tech_sme"),
        "base.rd_floor": f.least("rd_fen_t1", 50 * WAN), "base.filed": f.flag("a107012_filed_t1"),
        "base.lists": f.lists_off("serious_dishonesty"),
    }  # fmt: skip

    def grant(bonus: int) -> int:
        rd = now or 0
        part = Fraction(min(rd, 200 * WAN), 10) + Fraction(max(0, min(rd, 1000 * WAN) - 200 * WAN), 20)
        part += Fraction(max(0, rd - 1000 * WAN), 50) + Fraction(bonus, 10)
        return int(min(part, Fraction(100 * WAN))) // 100 * 100

    if now is None:
        return t, both(*t.values()), None
    full = now if before is None else max(0, now - before)
    is_young = None if founded is None else founded.year >= f.as_of.year - 1
    least = grant(0 if is_young is not False or before is None else full)
    most = grant(0 if is_young else full)
    return t, both(*t.values()), least if least == most else None


def voucher(f: Facts) -> tuple[dict[str, Any], Truth, int | None]:
    service, team, ordered = f.text("order_service"), f.flag("incubated_team"), f.day("order_date")
    invoice, used = f.number("order_invoice_fen"), f.number("voucher_used_fen_ytd")
    start = f.as_of - timedelta(days=90)
    t = {
        "base.holder": either(f.flag("is_sme"), team),
        "order.service": None if service is None else service in ("testing", "design"),
        "order.provider": f.flag("provider_registered"), "order.unrelated": opposite(f.flag("provider_related")),
        "order.invoice_unused": opposite(f.flag("invoice_used_before")),
        "order.year": None if ordered is None else ordered.year == f.as_of.year and ordered <= f.as_of,
        "order.window": None if ordered is None else start <= ordered <= f.as_of,
        "quota.remaining": None if used is None else used < 20 * WAN,
    }  # fmt: skip
    whole_ = both(*t.values())
    if service is None or invoice is None or used is None:
        return t, whole_, None
    rate = 50 if service == "testing" else 30
    found = {
        min(invoice * (rate + more) // 100, 5 * WAN, 20 * WAN - used)
        for more in {None: (0, 10), True: (10,), False: (0,)}[team]
    }
    return t, whole_, found.pop() if len(found) == 1 else None


POLICIES: dict[str, Callable[[Facts], tuple[dict[str, Any], Truth, Any]]] = {
    "tech-sme-2017": tech_sme, "innovative-sme-2022": innovative, "srdi-2026": srdi, "little-giant-2026": little_giant,
    "rd-super-deduction": deduction, "tech-transfer-income-tax": transfer, "demo-rd-grant": rd_grant,
    "voucher-demo": voucher, "high-tech-enterprise-2016": high_tech,
}  # fmt: skip
SCORED = ("tech-sme-2017", "innovative-sme-2022", "high-tech-enterprise-2016")
