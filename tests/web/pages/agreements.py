"""Contracts, price notices, registrations, statistics."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import agreements as more

FIRM, FIRM_WRITERS = frozenset({"member", "editor", "manager"}), frozenset({"editor", "manager"})
SCHOOL = frozenset({"scholar"})
SIDES, WRITERS = FIRM | SCHOOL, FIRM_WRITERS | SCHOOL
CHARGE = frozenset({"broker", "coordinator"})
OFFICE = frozenset({"registrar"})
# Officers of the whole region are none of the small market's people; tests/web/test_registration_offices.py has one.
REGION = frozenset[str]()


def pages(world: World) -> list[Page]:
    annex, registry = world.things["annex"].key, world.organizations["registry"].key
    everybody = ["/notices/", f"/notices/{world.things['notice'].key}/"]
    return [
        *(Page(path) for path in everybody),
        Page("/notices/nothing/", frozenset(), 404),
        Page("/desk/agreements/", SIGNED_IN),
        Page("/desk/agreements/?state=signed&export=csv", SIGNED_IN),
        Page("/desk/agreements/new/", WRITERS | {"owner"}),
        Page("/desk/agreements/new/?introduction=D-talking", SIDES | CHARGE | {"officer"}, 404),
        Page("/desk/agreements/A-draft/", SIDES | CHARGE, 404),
        Page("/desk/agreements/A-draft/edit/", WRITERS | CHARGE, 404, known=frozenset({"member"})),
        Page("/desk/agreements/A-draft/payments/", WRITERS | CHARGE, 404, known=frozenset({"member"})),
        Page(f"/desk/agreements/A-draft/files/{annex}/", SIDES | CHARGE, 404),
        Page("/desk/agreements/A-priced/", SIDES, 404),
        Page("/desk/agreements/A-trial/", SIDES, 404),
        Page("/desk/agreements/A-abroad/", FIRM, 404),
        Page("/desk/agreements/A-signed/register/", FIRM_WRITERS, 404, known=SCHOOL | {"member"}),
        Page("/desk/registrations/R-filled/", FIRM, 404),
        *(Page(f"/desk/registrations/R-{name}/", FIRM | OFFICE, 404) for name in ("filed", "asked", "registered")),
        Page("/desk/registrations/R-registered/certificate/", FIRM | OFFICE, 404),
        *(Page(f"/office/registrations/{query}", OFFICE) for query in ("", "?show=register", "?export=xlsx")),
        Page("/office/registrations/R-filed/", OFFICE, 404, known=FIRM),
        Page("/office/registrations/R-review/", OFFICE, 404, known=FIRM),
        Page("/office/registrations/R-registered/", OFFICE, 404, known=FIRM),
        Page("/office/registrations/R-registered/change/", OFFICE, 404, known=FIRM),
        Page("/office/registrations/R-filed/files/nothing/", frozenset(), 404, known=FIRM),
        Page("/office/registration-offices/", REGION),
        Page(f"/office/registration-offices/{registry}/", REGION),
        Page("/office/contracts/?by=month", OFFICE),
    ]


def acts(world: World) -> list[Act]:
    day = localdate(world.at).isoformat()
    later = (localdate(world.at) + timedelta(days=20)).isoformat()

    def desk(name: str, do: str, doers: frozenset[str], **data: Any) -> Act:
        return Act(f"/desk/agreements/A-{name}/", {"do": do} | data, doers)

    def office(name: str, do: str, **data: Any) -> Act:
        return Act(f"/office/registrations/R-{name}/", {"do": do} | data, OFFICE)

    notice = f"/notices/{world.things['notice'].key}/"
    payment = world.things["agreement-draft"].payments.first()
    return [
        Act("/desk/agreements/new/?introduction=D-talking", {}, WRITERS | CHARGE),
        Act("/desk/agreements/new/", _new(world), FIRM_WRITERS),
        Act("/desk/agreements/A-draft/edit/", _terms() | {"title": "Another title"}, WRITERS | CHARGE),
        Act("/desk/agreements/A-draft/payments/", _lines("plan", condition="All", amount_fen="80"), WRITERS | CHARGE),
        desk("draft", "sign", WRITERS | CHARGE, signed_date=day),
        desk("draft", "terminate", WRITERS | CHARGE, reason="not_signed", ended_date=day),
        desk("draft", "remove", CHARGE, row=world.things["annex"].key),
        desk("draft", "paid", frozenset(), row=payment.pk, paid_fen="40", paid_date=day),
        desk("signed", "perform", WRITERS, ended_date=day),
        desk("priced", "answer", SCHOOL, row=world.things["objection"].pk, outcome="dismissed", answer="It was valued"),
        desk("priced", "bid", SCHOOL, bidder="Other Ltd", price_fen="90", bid_date=day),
        desk("priced", "withdraw", SCHOOL, result="Another price"),
        desk("trial", "report", SCHOOL, report_date=day, sales_fen="1", output="2", text="Well"),
        desk("trial", "return", WRITERS, note="Does not fit"),
        Act(notice, {"text": "The price is too low"}, SIGNED_IN),
        Act("/desk/agreements/A-signed/register/", {"office": world.things["office"].pk}, FIRM_WRITERS),
        Act("/desk/registrations/R-filled/", _form() | {"do": "submit"}, FIRM_WRITERS),
        Act("/desk/registrations/R-asked/", _form() | {"do": "submit", "answer": "Attached"}, FIRM_WRITERS),
        Act("/desk/registrations/R-rejected/refile/", {}, FIRM_WRITERS),
        office("filed", "accept"),
        office("filed", "supplement", reason="annex", text="The patent", deadline_date=later),
        office("filed", "reject", reason="incomplete", note="No signature"),
        office("review", "check", kind="amount", passed="no", opinion="Machines are inside"),
        office("review", "experts", is_disputed="on"),
        office("review", "register", number="1" * 16, technology_amount_fen="50"),
        office("registered", "deregister", reason="terminated", note="Ended", tax_report_needed="on"),
        Act("/office/registrations/R-registered/change/",
            _form() | {"note": "A supplement", "technology_amount_fen": "70"}, OFFICE),
        Act("/office/registration-offices/", {"organization": world.organizations["firm"].key, "areas": ["229901"]},
            REGION),
    ]  # fmt: skip


def _lines(prefix: str, **line: str) -> dict[str, Any]:
    counts = {f"{prefix}-TOTAL_FORMS": 1 if line else 0, f"{prefix}-INITIAL_FORMS": 0}
    return counts | {f"{prefix}-0-{name}": value for name, value in line.items()}


def _terms() -> dict[str, Any]:
    return {
        "title": "A new contract", "contract_type": "service", "subtype": "general_service",
        "field": "advanced_manufacturing", "contract_amount_fen": "80", "technology_amount_fen": "60",
        "payment_mode": "instalments",
    } | _lines("promises")  # fmt: skip


def _new(world: World) -> dict[str, Any]:
    return _terms() | {
        "organization": world.organizations["firm"].key, "side": "seller", "other_name": "Meier GmbH",
        "other_nature": "abroad", "other_country": "304",
    }  # fmt: skip


def _form() -> dict[str, Any]:
    return {
        "title": "Laser service", "signed_date": "2026-01-05", "seller_name": "Songjiang", "seller_nature": "limited",
        "seller_country": "142", "seller_area": "229901", "buyer_name": "Institute", "buyer_nature": "university",
        "buyer_country": "142", "buyer_area": "229902", "contract_type": "service", "subtype": "general_service",
        "field": "advanced_manufacturing", "ip_type": "know_how", "plan_source": "none", "objective": "industry",
        "contract_amount_fen": "80", "technology_amount_fen": "60", "payment_mode": "lump_sum", "handler": "Lin Xia",
    }  # fmt: skip


def grow(world: World) -> None:
    more.grow(world)
