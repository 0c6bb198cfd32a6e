"""Contracts of the small market: a draft, a price on notice, a trial, and a registration in each state."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.files import actions as files
from keqiao.apps.files.models import Attachment
from keqiao.apps.market.actions import agreements, offices, payments, pricing, registering, registrations, trials
from keqiao.apps.market.actions.agreements import PartyInput, subject_of
from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.actions.payments import PaymentInput
from keqiao.apps.market.actions.trials import TrialInput
from keqiao.apps.market.models import Agreement, Registration, Trial
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import Role
from keqiao.apps.parties.permissions import ALLOWED
from tests.web import world as worlds
from tests.web.world import BY, World

AMOUNT = 80_000_000
TERMS: dict[str, Any] = {
    "subtype": "general_service", "field": "advanced_manufacturing", "contract_amount_fen": AMOUNT,
    "technology_amount_fen": 60_000_000, "payment_mode": "lump_sum",
}  # fmt: skip
REST = {"ip_type": "know_how", "objective": "industry", "handler": "Lin Xia"}


def extend(world: World) -> None:
    registry = worlds.organization(world, "registry", 61, kind="association", name_en="Demo Registry")
    worlds.parties.grant(
        world.users["registrar"], role=Role.REGISTRAR, organization=registry, by=BY, at=world.at
    )  # fmt: skip
    # Unlike the registrar, who serves at the school's office too, this one may decide on the school's contracts.
    worlds.user(world, "clerk", role=Role.REGISTRAR, organization=registry)
    world.things["office"] = offices.add_office(registry, areas=["229999"], code="01", by=BY, at=world.at)
    worlds.organization(world, "mill", 62)
    _drafts(world)
    _trial(world)
    contract(world, "signed", signed=True)
    for name in ("filled", "filed", "asked", "review", "rejected", "registered"):
        registration(world, name, state=name)
    for name in ("trial", "filed"):
        world.things[f"annex-{name}"] = annex(world, name, content=f"HIDDEN{name.upper()}")


def contract(world: World, name: str, *, signed: bool = False, **values: Any) -> Agreement:
    """A service contract of the firm for the school, unless said otherwise."""
    sides = {"seller": world.organizations["firm"], "buyer": world.organizations["school"]}
    given = {"title": f"Laser service {name}", "contract_type": "service"} | TERMS | sides | values
    row = agreements.create_agreement(key=f"A-{name}", by=BY, at=world.at, **given)
    if signed:
        agreements.sign(row, signed_date=localdate(world.at), by=BY, at=world.at)
    world.things[f"agreement-{name}"] = row
    return row


def annex(world: World, name: str, *, content: str) -> Attachment:
    return files.attach(
        subject=f"agreement:A-{name}", name=f"{name}.txt", content=content.encode(), permit=ALLOWED, by=BY, at=world.at
    )


def _drafts(world: World) -> None:
    draft = contract(
        world, "draft", payment_mode="instalments", broker=world.users["broker"], station=world.stations["station"],
        indicators=[IndicatorInput(name="Output power", op="ge", low=3, unit="kW", test_method="Meter")],
    )  # fmt: skip
    plan = [
        PaymentInput("On signature", localdate(world.at), AMOUNT // 2),
        PaymentInput("On acceptance", None, AMOUNT // 2),
    ]
    payments.set_payments(draft, plan, by=BY, at=world.at)
    world.things["annex"] = files.attach(
        subject=subject_of(draft), name="contract.txt", content=b"HIDDENCONTRACT", permit=ALLOWED, by=BY, at=world.at
    )
    priced = contract(
        world, "priced", seller=world.organizations["school"], buyer=world.organizations["firm"],
        contract_type="license", subtype="patent_license", license_kind="plain",
    )  # fmt: skip
    notice = pricing.publish_notice(
        priced, title="Fibre laser", title_en="Fibre laser", price_fen=AMOUNT, place="Notice board", mode="listing",
        start_date=localdate(world.at), by=BY, at=world.at,
    )  # fmt: skip
    world.things["notice"] = notice
    world.things["objection"] = objection(world, "expert")
    pricing.record_bid(notice, bidder="Bidder Ltd", price_fen=AMOUNT, bid_date=localdate(world.at), by=BY, at=world.at)
    abroad = PartyInput(name="Meier GmbH", nature="abroad", country="304")
    contract(world, "abroad", seller=abroad, buyer=world.organizations["firm"])


def objection(world: World, name: str) -> Any:
    user = world.users[name]
    by = actor_of(user, on=localdate(world.at))
    return pricing.object_to(world.things["notice"], text="Too cheap for what it does", by=by, at=world.at)


def _trial(world: World) -> None:
    day = localdate(world.at)
    row = contract(world, "trial", contract_type="license", subtype="know_how_license")
    terms = TrialInput(
        start_date=day, end_date=day + timedelta(days=90), trigger="time", cap_fen=5_000_000, fee_fen=1_000_000,
        report_due_date=day + timedelta(days=30),
    )  # fmt: skip
    trials.set_trial(row, terms, by=BY, at=world.at)
    agreements.sign(row, signed_date=day, by=BY, at=world.at)
    report(world)


def report(world: World) -> None:
    trial = Trial.objects.select_related("agreement").get(agreement__key="A-trial")
    trials.report_trial(
        trial, report_date=localdate(world.at), sales_fen=100, output=1, text="Runs well", by=BY, at=world.at
    )


def registration(world: World, name: str, *, state: str) -> Registration:
    """A contract on its way to the register, as far as the state says."""
    # The registrar works at the school, too, and decides on none of its contracts.
    agreement = contract(world, name, signed=True, buyer=world.organizations["mill"])
    row = registrations.file_registration(
        agreement, office=world.things["office"], key=f"R-{name}", by=BY, at=world.at, **REST
    )
    who: dict[str, Any] = {"by": BY, "at": world.at}
    if state != "filled":
        registrations.submit(row, **who)
    if state == "asked":
        later = localdate(world.at) + timedelta(days=9)
        registering.ask_supplement(row, reason="annex", text="The patent is missing", deadline_date=later, **who)
    if state == "rejected":
        registering.reject(row, reason="incomplete", note="No signature", **who)
    if state in ("review", "registered"):
        registering.accept(row, **who)
        for kind in ("form", "type", "amount"):
            registering.check(row, kind=kind, passed=True, opinion="Fine", **who)
    if state == "registered":
        registering.register(row, number=f"{20262299010000 + Registration.objects.count()}", **who)
    return row


def grow(world: World) -> None:
    for number in (1, 2):
        registration(world, f"more-registered-{number}", state="registered")
        registration(world, f"more-filed-{number}", state="filed")
        user = worlds.user(world, f"objector{number}")
        objection(world, user.name)
        report(world)
        files.attach(
            subject="agreement:A-draft", name=f"annex{number}.txt", content=f"annex {number}".encode(), permit=ALLOWED,
            by=BY, at=world.at,
        )  # fmt: skip
        more = contract(
            world, f"more-priced-{number}", seller=world.organizations["school"], buyer=world.organizations["firm"],
            contract_type="license", subtype="patent_license",
        )  # fmt: skip
        pricing.publish_notice(
            more, title="Another laser", price_fen=AMOUNT, place="Notice board", start_date=localdate(world.at), by=BY,
            at=world.at,
        )  # fmt: skip
        body = worlds.organization(world, f"office{number}", 63 + number, kind="association")
        offices.add_office(body, areas=["229901"], by=BY, at=world.at)
