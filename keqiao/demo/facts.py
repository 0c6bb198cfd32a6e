"""The demo firms' facts: made up by a fixed recipe, so that every verdict and clause state of the policies is met.

A firm's figures follow from its key, size and certificates. Registers deliver in the middle of the year after; what
changes quickly (lists, orders) is as of the load day. Some firms lack a fact, two sources contradict each other about
others, some authorise nothing, and three are quite unknown. One firm, that of the demo's log-ins, is composed by hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actions import Statement
from keqiao.apps.parties.actors import system
from keqiao.catalogue.facts import facts

from .log_ins import FIRM

if TYPE_CHECKING:
    from .loader import Load, Row, Source

BY = system("loader")
WAN = 1_000_000  # 分
NOTE = "演示数据"
YEARS = (1, 2, 3)
# Revenue of the last year in 万元 and staff, from and to.
SIZES = {"large": ((82_000, 190_000), (900, 2600)), "medium": ((9_000, 19_500), (110, 420)),
         "small": ((1_300, 8_800), (18, 105))}  # fmt: skip
FIELDS = {"biomedicine": "02", "agriculture": "02", "automotive": "08", "materials": "04", "optics": "01"}
TITLES = {"hte": ("high_tech_enterprise",), "srdi": ("srdi", "innovative_sme"), "little_giant": ("srdi",)}
# What goes wrong with every so-many-th firm: the facts that nobody delivers.
GAPS: Mapping[int, tuple[str, ...]] = {
    8: ("platform_score_centi",), 4: ("tech_staff",), 5: ("main_revenue_fen",), 7: ("rd_fen",), 9: ("list_checks",),
    11: ("founded", "a107012_filed"), 13: ("ip_items",),
}  # fmt: skip


Values = dict[tuple[str, int | None], Any]  # by the name of the fact and the year


def plan(run: "Load", rows: Iterable[tuple["Source", "Row"]]) -> None:
    """Let the firms' facts arrive year by year, in the order of time."""
    firms = [(source, row) for source, row in rows if row["kind"] == "enterprise"]
    for number, (source, row) in enumerate(firms, start=1):
        if number % 15 == 14 and row["key"] != FIRM:
            continue
        with source.named(row):
            stated = list(statements(row, number, on=localdate(run.at)))
        for year in sorted({one.year or 0 for one in stated}):
            some = [one for one in stated if (one.year or 0) == year]
            run.plan(_arrival(run, year), partial(_state, run, row, some), source=source, row=row)
        if number % 5 or row["key"] == FIRM:
            run.plan(run.start, partial(_authorise, run, row), source=source, row=row)


def _arrival(run: "Load", year: int) -> datetime:
    """The end of May after the year; what belongs to no year is as of the load day."""
    return datetime(year + 1, 5, 31, 2, tzinfo=UTC) if year else run.at


def _state(run: "Load", row: "Row", stated: list[Statement], at: datetime) -> None:
    body = run.organizations[row["key"]]
    declared = [one for one in stated if one.register == parties.Statement.register]
    brought = [one for one in stated if one.register != parties.Statement.register]
    if brought:
        parties.bring_facts(body, brought, by=BY, at=at)
    if declared:
        parties.declare_facts(body, declared, by=BY, at=at)


def _authorise(run: "Load", row: "Row", at: datetime) -> None:
    parties.authorise(run.organizations[row["key"]], purpose="support", by=BY, at=at)


def statements(row: "Row", number: int, *, on: date) -> Iterator[Statement]:
    """All that is stated of the firm of a row, the `number`-th of the demo, if the demo is loaded on a day."""
    today, random = on, Random(f"facts of {row['key']}")
    values = _figures(row, random, today, is_strong=number % 6 == 3) | _marks(row, random, today, number)
    if row["key"] == FIRM:
        values |= _composed(today)
        values = {key: value for key, value in values.items() if not key[0].startswith("expert_")}
    else:
        gaps = {name for step, names in GAPS.items() if number % step == 0 for name in names}
        values = {(name, year): value for (name, year), value in values.items() if name not in gaps}
    for (name, year), value in values.items():
        about = facts()[name]
        yield Statement(name=name, year=year, value=value, register=about.source or "科技", note=NOTE)
    yield from _contradictions(values, row, number, today)


def _contradictions(
    values: Mapping[tuple[str, int | None], Any], row: "Row", number: int, today: date
) -> Iterator[Statement]:
    """What a second source says otherwise; and a survey that serves statistics alone."""
    year = today.year - 1
    if row["key"] == FIRM:
        yield Statement(name="cost_fen", year=year, value=values["cost_fen", year] - 620 * WAN, note=NOTE)
    elif number % 6 == 1 and ("revenue_fen", year) in values:
        value = values["revenue_fen", year] * 104 // 100
        yield Statement(name="revenue_fen", year=year, value=value, register="统计/工信", note=NOTE)
    yield Statement(
        name="staff", year=year, value=values["staff", year] + 3, register="统计/工信", purposes=("statistics",),
        note=NOTE,
    )  # fmt: skip


def _figures(row: "Row", random: Random, today: date, *, is_strong: bool) -> Values:
    """Accounts of three years that fit each other; a strong firm grows fast and does much research."""
    (low, high), (few, many) = SIZES[row.get("scale") or "small"]
    revenue = random.randint(low, high)
    growth = random.uniform(0.36, 0.48) if is_strong else random.uniform(0.01, 0.3)
    intensity = random.uniform(0.062, 0.09) if is_strong else random.uniform(0.018, 0.085)
    share, talent = random.uniform(0.91 if is_strong else 0.72, 0.97), random.uniform(0.16 if is_strong else 0.07, 0.34)
    hightech, debt, staff = (
        random.uniform(0.62 if is_strong else 0.52, 0.88),
        random.uniform(0.3, 0.6 if is_strong else 0.78),
        random.randint(few, many),
    )
    found: Values = {}
    for back in YEARS:
        year = today.year - back
        research = int(revenue * intensity)
        amounts = {
            "revenue_fen": revenue, "sales_fen": revenue * 98 // 100, "main_revenue_fen": int(revenue * share),
            "rd_fen": research, "rd_domestic_fen": research * 96 // 100, "net_assets_fen": int(revenue * (1.3 - debt)),
        }  # fmt: skip
        if back == 1:
            total = revenue * 102 // 100
            amounts |= {
                "total_income_fen": total, "hightech_income_fen": int(total * hightech), "cost_fen": revenue * 9 // 10,
                "assets_fen": revenue * 13 // 10, "liabilities_fen": int(revenue * 1.3 * debt),
            }  # fmt: skip
        for name, wan in amounts.items():
            if back in facts()[name].periods:
                found[name, year] = wan * WAN
        found["transformations", year] = random.randint(5 if is_strong else 0, 7)
        revenue = int(revenue / (1 + growth))
    last = today.year - 1
    found["staff", last], found["tech_staff", last] = staff, int(staff * talent)
    found["a107012_filed", last] = True
    found["platform_score_centi", last] = random.randint(6100 if is_strong else 4600, 8200)
    return found


def _marks(row: "Row", random: Random, today: date, number: int) -> Values:
    """What belongs to no year: the body, its rights and certificates, lists, the deduction, sometimes an order."""
    field = next((code for word, code in FIELDS.items() if word in row["key"]), "08")
    found: dict[str, Any] = {
        "founded": _day(today, random.randint(1200, 8000)), "resident": True, "independent_legal_person": True,
        "is_sme": row.get("scale") != "large", "product_category": "restricted" if number % 19 == 0 else "normal",
        "industry_division": row.get("industry", "C39")[1:3], "province_code": "99", "accounts_levy": number % 17 != 0,
        "hightech_field": field, "strategic_product": random.random() < 0.7,
        "niche_start": _day(today, random.randint(700, 4000)), "application_type": "new",
        "listed_company": row.get("scale") == "large" and number % 2 == 0, "key_support_before": False,
        "plan_investment_fen": random.randint(600, 5200) * WAN, "contest_top500": number % 10 == 3,
        "champion_product_is_new": number % 8 == 1, "market_rank_world": random.randint(1, 25),
        "controlled_by_little_giant": False, "same_group_similar_product": False,
        "market_share_bp": random.randint(300, 2400), "market_rank_national": random.randint(1, 12),
        "key_chain_link": random.random() < 0.75, "ip_items": _rights(random, today, number),
        "certificates": _certificates(row, random, today), "awards": [], "equity_rounds": [], "rd_bodies": [],
        "standards": [], "list_checks": _checks(today, is_listed=number % 21 == 0), "list_years": [],
        "incidents": [{"kind": "safety", "severity": "major", "date": _day(today, 200)}] if number % 16 == 0 else [],
        "tech_contracts": _contracts(random, today) if number % 4 == 0 else [],
    }  # fmt: skip
    if number % 3 == 0:
        found |= {"expert_ip_advance_lo": 7, "expert_ip_advance_hi": 8, "expert_ip_core_lo": 7, "expert_ip_core_hi": 8,
                  "expert_ip_acquire_lo": 5, "expert_ip_acquire_hi": 6, "expert_mgmt_lo": 15, "expert_mgmt_hi": 18,
                  "market_leading_reviewed": True}  # fmt: skip
    if number % 6 == 3:
        rights = [one | {"class": 1, "kind": "invention"} for one in _rights(random, today, number, least=4)]
        titles = [{"type": title, "from": _day(today, 300), "to": _day(today, -700)} for title in ("srdi", "tech_sme")]
        found |= {"ip_items": rights, "market_share_bp": random.randint(1050, 2600), "key_chain_link": True,
                  "niche_start": _day(today, random.randint(1200, 4000)),
                  "certificates": [*found["certificates"], *titles]}  # fmt: skip
    if number % 7 == 0:
        found["rd_bodies"] = [{"level": "provincial", "from": _day(today, 1500)}]
    wan = random.randint(40, 900) * WAN
    found |= {"tax_year": today.year - 1, "rd_five_fen": wan, "rd_other_fen": wan // 8, "rd_amort_fen": 0,
              "rd_out_domestic_fen": wan // 5, "rd_out_overseas_fen": 0}  # fmt: skip
    return {(name, None): value for name, value in (found | _order(random, today, row)).items()}


def _rights(random: Random, today: date, number: int, *, least: int = 1) -> list[dict[str, Any]]:
    items = []
    for place in range(1, random.randint(least + 1, 7)):
        granted = random.randint(60, 2400)
        is_invention = random.random() < 0.6
        items.append({
            "id": f"演示-{number:02d}-{place}", "class": 1 if is_invention else 2,
            "kind": "invention" if is_invention else "utility_model", "granted": _day(today, granted),
            "valid_to": _day(today, granted - 365 * (18 if is_invention else 8)), "disputed": False,
            "product_linked": True, "in_use": True, "acquisition": "own_rd", "owner_rank": 1, "high_value": place == 1,
            "used_for_hte": False,
        })  # fmt: skip
    return items


def _certificates(row: "Row", random: Random, today: date) -> list[dict[str, Any]]:
    """What the register of certificates says, by the words of the policies; many are technology-based SMEs, too."""
    found = [
        {"type": title, "from": _day(today, -one["issued_offset_days"]),
         "to": _day(today, -one.get("expires_offset_days", one["issued_offset_days"] + 3 * 365))}
        for one in row.get("certificates", ()) for title in TITLES.get(one["kind"], ())
    ]  # fmt: skip
    if row.get("scale") == "small" and random.random() < 0.8:
        found.append({"type": "tech_sme", "from": _day(today, 150), "to": _day(today, -215)})
    return found


def _checks(today: date, *, is_listed: bool) -> list[dict[str, Any]]:
    return [
        {"list": name, "status": "on" if is_listed and name == "abnormal_operation" else "off",
         "checked_at": _day(today, 6)}
        for name in ("abnormal_operation", "serious_dishonesty")
    ]  # fmt: skip


def _contracts(random: Random, today: date) -> list[dict[str, Any]]:
    receipts = random.randint(80, 1200) * WAN
    return [{
        "id": "演示合同-1", "type": "transfer", "registered_on": _day(today, 90), "related_100pct": False,
        "tax_year": today.year - 1, "receipts_fen": receipts, "cost_fen": receipts // 4, "taxes_fen": receipts // 50,
    }]  # fmt: skip


def _order(random: Random, today: date, row: "Row") -> dict[str, Any]:
    """A small firm's last order of a service, this year where the year is old enough."""
    if row.get("scale") != "small":
        return {}
    day = max(date(today.year, 1, 1), today - timedelta(days=random.randint(10, 110)))
    return {
        "order_service": random.choice(["testing", "design"]), "order_date": min(day, today).isoformat(),
        "order_invoice_fen": random.randint(2, 18) * WAN, "provider_registered": True,
        "provider_related": random.random() < 0.1, "invoice_used_before": random.random() < 0.1,
        "voucher_used_fen_ytd": random.choice([0, 3, 12, 20]) * WAN, "incubated_team": False,
    }  # fmt: skip


def _composed(today: date) -> Values:
    """The firm one can sign in to, what is special of it: it misses the little giants by one patent; of the
    certificate that the SRDI firms need the last day is unknown; its experts have not scored it yet.
    """
    last = today.year - 1
    found: Values = {
        ("staff", last): 186, ("tech_staff", last): 31, ("platform_score_centi", last): 6640,
        ("total_income_fen", last): 24_100 * WAN, ("hightech_income_fen", last): 16_400 * WAN,
        ("cost_fen", last): 21_100 * WAN, ("assets_fen", last): 27_500 * WAN, ("liabilities_fen", last): 12_900 * WAN,
    }  # fmt: skip
    accounts = ((23_800, 22_400, 760, 4, 14_600), (20_900, 19_500, 660, 4, 12_900), (18_700, 17_300, 590, 3, 11_400))
    for back, (revenue, main, research, transformations, net) in enumerate(accounts, start=1):
        year = today.year - back
        amounts = {"revenue_fen": revenue, "sales_fen": revenue, "main_revenue_fen": main, "rd_fen": research,
                   "rd_domestic_fen": research, "net_assets_fen": net}  # fmt: skip
        found |= {(name, year): wan * WAN for name, wan in amounts.items() if back in facts()[name].periods}
        found["transformations", year] = transformations
    rights = _rights(Random(1), today, 0)[0]
    own = {"class": 1, "kind": "invention", "valid_to": _day(today, -4000)}
    found |= {(name, None): value for name, value in {
        "founded": _day(today, 4100), "niche_start": _day(today, 3300), "market_share_bp": 1240,
        "market_rank_national": 4, "key_chain_link": True, "market_leading_reviewed": True, "is_sme": True,
        "product_category": "normal", "accounts_levy": True, "incidents": [], "tech_contracts": [], "rd_bodies": [],
        "list_checks": _checks(today, is_listed=False),
        "ip_items": [rights | own | {"id": f"演示-00-{place}", "granted": _day(today, 300 * place)}
                     for place in (1, 2, 3)],
        "certificates": [
            {"type": "high_tech_enterprise", "from": _day(today, 500), "to": _day(today, -595)},
            {"type": "srdi", "from": _day(today, 420), "to": _day(today, -675)},
            {"type": "tech_sme", "from": _day(today, 160)},
        ],
        "order_service": "testing", "order_date": max(date(today.year, 1, 1), today - timedelta(days=30)).isoformat(),
        "order_invoice_fen": 9 * WAN, "provider_registered": True, "provider_related": False,
        "invoice_used_before": False, "voucher_used_fen_ytd": 20 * WAN, "incubated_team": False,
    }.items()}  # fmt: skip
    return found


def _day(today: date, days_ago: int) -> str:
    return (today - timedelta(days=days_ago)).isoformat()
