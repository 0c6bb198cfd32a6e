"""The demo's contracts: what the agreed matters came to, from a draft on notice to the register."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from keqiao.apps.market.actions import agreements, offices, payments, pricing, registering, registrations
from keqiao.apps.market.actions.payments import PaymentInput
from keqiao.apps.market.models import Agreement, Registration, RegistrationOffice
from keqiao.apps.parties.actors import Actor, actor_of, system

from .log_ins import DEMO_AREA, OFFICE

if TYPE_CHECKING:
    from .loader import Load, Row, Source

BY = system("loader")
FEN_PER_WAN = 1_000_000
# What the contracts of the year come to, turn by turn: type, subtype, and the amount in 万元.
KINDS = (
    ("development", "commissioned", 86),
    ("development", "cooperative", 240),
    ("service", "general_service", 18),
    ("development", "commissioned", 1250),
    ("consulting", "feasibility", 9),
    ("development", "implementation", 64),
)
OBJECTIVES = {"agriculture": "agriculture", "environment_resources": "environment", "biomedicine_devices": "health"}
DAYS_TO_SIGN, DAYS_TO_FILE, DAYS_TO_ACCEPT, DAYS_TO_REGISTER = 6, 12, 14, 21
DAYS_ON_NOTICE_SO_FAR = 8


def plan(run: "Load", source: "Source", row: "Row", *, agreed: int, owner: str, number: int) -> None:
    """Let an agreed matter come to its contract: signed, filed, accepted and registered, as far as the days allow."""
    contract = Contract(run, row["key"], owner, number)
    for days, what in (
        (0, contract.draft),
        (DAYS_TO_SIGN, contract.sign),
        (DAYS_TO_FILE, contract.file),
        (DAYS_TO_ACCEPT, contract.accept),
        (DAYS_TO_REGISTER, contract.register),
    ):
        day = agreed + days
        if day < 0:
            run.plan(run.at + timedelta(days=day, hours=1), what, source=source, row=row)


def plan_notice(run: "Load", source: "Source", row: "Row", *, owner: str) -> None:
    """A licence whose price is on notice now: it cannot be signed before the notice has run."""
    begin = run.at - timedelta(days=DAYS_ON_NOTICE_SO_FAR)
    run.plan(begin, partial(_notice, run, row["key"], owner), source=source, row=row)


def add_office(run: "Load", at: datetime) -> None:
    if OFFICE in run.organizations:
        run.offices.append(offices.add_office(run.organizations[OFFICE], areas=[DEMO_AREA], code="01", by=BY, at=at))


def _notice(run: "Load", key: str, owner: str, at: datetime) -> None:
    by = _broker(run, owner, at)
    agreement = agreements.draft_from_introduction(
        run.matters[key], contract_type="license", subtype="patent_license", contract_amount_fen=180 * FEN_PER_WAN,
        technology_amount_fen=180 * FEN_PER_WAN, payment_mode="entry_royalty", key=f"A-{key}", is_demo=True,
        license_kind="exclusive", royalty_base="sales", royalty_course="fixed", royalty_rate=300, by=by, at=at,
    )  # fmt: skip
    pricing.publish_notice(
        agreement, title=agreement.offer.title if agreement.offer else agreement.title,
        title_en=agreement.offer.title_en if agreement.offer else "", price_fen=180 * FEN_PER_WAN,
        place="本单位公告栏与门户网站", start_date=localdate(at), by=BY, at=at,
    )  # fmt: skip


def _broker(run: "Load", owner: str, at: datetime) -> Actor:
    return actor_of(run.users[owner], on=localdate(at))


class Contract:
    """One contract of the demo, step by step on its days."""

    def __init__(self, run: "Load", key: str, owner: str, number: int) -> None:
        self.run, self.key, self.owner, self.number = run, key, owner, number
        self.kind, self.subtype, wan = KINDS[number % len(KINDS)]
        self.amount = wan * FEN_PER_WAN
        self.row: Agreement | None = None
        self.registration: Registration | None = None

    @property
    def office(self) -> RegistrationOffice:
        return self.run.offices[0]

    def draft(self, at: datetime) -> None:
        day, by = localdate(at), _broker(self.run, self.owner, at)
        self.row = agreements.draft_from_introduction(
            self.run.matters[self.key], contract_type=self.kind, subtype=self.subtype, contract_amount_fen=self.amount,
            technology_amount_fen=self.amount * 9 // 10, payment_mode="instalments", key=f"A-{self.key}", is_demo=True,
            from_date=day, to_date=day + timedelta(days=540), is_equity=False, by=by, at=at,
        )  # fmt: skip
        first = self.amount * 3 // 10
        plan = [
            PaymentInput(condition="合同签订后 10 日内", amount_fen=first, due_date=day + timedelta(days=16)),
            PaymentInput(condition="验收合格后 30 日内", amount_fen=self.amount - first, due_date=None),
        ]
        payments.set_payments(self.row, plan, by=by, at=at)

    def sign(self, at: datetime) -> None:
        agreements.sign(self._row(), signed_date=localdate(at), by=_broker(self.run, self.owner, at), at=at)
        first = self._row().payments.first()
        if first is not None and first.amount_fen:
            payments.record_payment(first, paid_fen=first.amount_fen, paid_date=localdate(at), by=BY, at=at)

    def file(self, at: datetime) -> None:
        row = self._row()
        self.registration = registrations.file_registration(
            row, office=self.office, key=f"R-{self.key}", ip_type=("know_how", "invention", "none")[self.number % 3],
            objective=OBJECTIVES.get(row.field, "industry"), plan_source=("none", "province")[self.number % 2],
            handler="赵经办", by=BY, at=at,
        )  # fmt: skip
        registrations.submit(self.registration, by=BY, at=at)

    def accept(self, at: datetime) -> None:
        registering.accept(self._filed(), by=BY, at=at)

    def register(self, at: datetime) -> None:
        row = self._filed()
        for kind, opinion in (("form", "材料齐全。"), ("type", "类型相符。"), ("amount", "金额核定无误。")):
            registering.check(row, kind=kind, passed=True, opinion=opinion, by=BY, at=at)
        registering.register(row, number=f"{localdate(at):%y}22901{self.number:07d}", by=BY, at=at)

    def _row(self) -> Agreement:
        if self.row is None:
            raise ValueError("the contract is drafted before anything else happens to it")
        return self.row

    def _filed(self) -> Registration:
        if self.registration is None:
            raise ValueError("the contract is filed before the office decides on it")
        return self.registration
