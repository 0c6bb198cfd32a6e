"""Writing, signing and ending technology contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import agreement_rules as rules
from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    HOME_COUNTRY,
    Agreement,
    AgreementIndicator,
    AgreementState,
    ContractType,
    Counterparty,
    Introduction,
    IntroductionState,
    Need,
    NeedIndicator,
    Offer,
    OfferIndicator,
    PricingMode,
    Registration,
    RegistrationState,
    TerminationReason,
)
from keqiao.apps.market.names import new_key
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, Station, User

from . import introductions
from .inputs import IndicatorInput, check_indicators, check_rows
from .pricing import require_priced

FIELDS = frozenset(
    {
        "title", "contract_no", "contract_type", "subtype", "field", "contract_amount_fen", "technology_amount_fen",
        "payment_mode", "royalty_base", "royalty_course", "royalty_rate", "may_inspect_accounts", "license_kind",
        "is_equity", "pricing_mode", "ip_policy", "ip_note", "from_date", "to_date", "broker", "station",
    }
)  # fmt: skip
_RELATIONS = ("introduction", "need", "offer", "seller", "buyer", "seller_other", "buyer_other", "broker", "station")
# What a need asks for, as the type of the contract that would answer it.
TYPES = {
    "commissioned": ContractType.DEVELOPMENT,
    "cooperative": ContractType.DEVELOPMENT,
    "transfer": ContractType.TRANSFER,
    "equity": ContractType.TRANSFER,
    "license": ContractType.LICENSE,
    "consulting": ContractType.CONSULTING,
    "service": ContractType.SERVICE,
}


@dataclass(frozen=True)
class PartyInput:
    """A side that is not registered here."""

    name: str
    nature: str
    country: str = HOME_COUNTRY
    area: str = ""
    name_en: str = ""


Party = Organization | PartyInput


def subject_of(agreement: Agreement) -> str:
    return f"agreement:{agreement.key}"


def lock(agreement: Agreement) -> None:
    """Hold the row and read it again: somebody may have changed it since it was shown."""
    agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())


def require_state(agreement: Agreement, *states: str) -> None:
    if agreement.state not in states:
        raise ledger.Refused(f"agreement_is_{agreement.state}")


def create_agreement(
    *,
    seller: Party,
    buyer: Party,
    title: str,
    contract_type: str,
    by: Actor,
    at: datetime,
    introduction: Introduction | None = None,
    need: Need | None = None,
    offer: Offer | None = None,
    indicators: Sequence[IndicatorInput] = (),
    key: str = "",
    is_demo: bool = False,
    **values: Any,
) -> Agreement:
    """Draft a contract between two sides, registered or not. A ValidationError names each fault by its field."""
    row = Agreement(
        key=key or new_key("A"), introduction=introduction, need=need, offer=offer, created_at=at, updated_at=at,
        is_demo=is_demo,
    )  # fmt: skip
    with ledger.action("agreement.create", by=by, at=at, subject=subject_of(row)) as entry:
        bodies = frozenset(party.key for party in (seller, buyer) if isinstance(party, Organization))
        entry.require(permissions.can_draft_agreement(by, bodies=bodies, introduction=introduction))
        if introduction is not None:
            _require_no_other(introduction)
        _set_side(row, "seller", seller, at=at)
        _set_side(row, "buyer", buyer, at=at)
        if row.seller is not None and row.seller == row.buyer:
            raise ValidationError({"buyer": [_("买方和卖方不能是同一单位。")]})
        _assign(row, values | {"title": title, "contract_type": contract_type})
        _clean(row)
        row.save(force_insert=True)
        _replace_indicators(row, indicators)
        entry.change(
            introduction=introduction.key if introduction else "", seller=row.seller_party.name,
            buyer=row.buyer_party.name, title=row.title, contract_type=str(row.contract_type),
        )  # fmt: skip
    return row


def _require_no_other(introduction: Introduction) -> None:
    """One contract at a time comes from an introduction; after one that fell through another may be drafted."""
    introductions.lock(introduction)
    if introduction.agreements.exclude(state=AgreementState.TERMINATED).exists():
        raise ledger.Refused("agreement_exists")


def _set_side(row: Agreement, side: str, party: Party, *, at: datetime) -> None:
    if isinstance(party, Organization):
        setattr(row, side, party)
        return
    other = Counterparty(
        name=party.name.strip(), name_en=party.name_en.strip(), country=party.country, area=party.area,
        nature=party.nature, created_at=at,
    )  # fmt: skip
    if found := rules.check_party(other):
        raise ValidationError({f"{side}_{name}": texts for name, texts in found.items()})
    other.save(force_insert=True)
    setattr(row, f"{side}_other", other)


def _assign(row: Agreement, values: dict[str, Any]) -> list[str]:
    if unknown := set(values) - FIELDS:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _clean(row: Agreement) -> None:
    if found := rules.problems(row):
        raise ValidationError(found)
    row.full_clean(
        exclude=[
            "introduction",
            "need",
            "offer",
            "seller",
            "buyer",
            "seller_other",
            "buyer_other",
            "broker",
            "station",
        ],
        validate_constraints=False,
    )


def draft_from_introduction(introduction: Introduction, *, by: Actor, at: datetime, **values: Any) -> Agreement:
    """The contract that an introduction leads to, filled in from both listings; given values go first."""
    need, offer = introduction.need, introduction.offer
    mode = next((TYPES[mode] for mode in need.coop_modes if mode in TYPES), ContractType.DEVELOPMENT)
    drawn: dict[str, Any] = {
        "title": need.title, "contract_type": mode, "is_equity": need.coop_modes[:1] == ["equity"],
        "field": need.field or offer.field, "ip_policy": need.ip_policy, "ip_note": need.ip_note,
        "broker": introduction.owner, "station": introduction.station,
        "indicators": promised(need, offer),
    }  # fmt: skip
    return create_agreement(
        seller=offer.organization, buyer=need.organization, introduction=introduction, need=need, offer=offer, by=by,
        at=at, **(drawn | values),
    )  # fmt: skip


def promised(need: Need, offer: Offer) -> list[IndicatorInput]:
    """What the seller would promise: each line that the need insists on, with the offer's value where it has one."""
    given = {row.name: row for row in offer.indicators.all()}
    return [
        _line(given.get(asked.name) or asked, test_method=asked.test_method)
        for asked in need.indicators.all()
        if asked.must
    ]


def _line(row: NeedIndicator | OfferIndicator, *, test_method: str) -> IndicatorInput:
    return IndicatorInput(
        name=row.name, op=row.op, low=row.low, high=row.high, unit=row.unit, sense=row.sense, condition=row.condition,
        test_method=test_method,
    )  # fmt: skip


def edit_agreement(
    agreement: Agreement,
    *,
    by: Actor,
    at: datetime,
    indicators: Sequence[IndicatorInput] | None = None,
    **values: Any,
) -> None:
    """Change a draft; what was signed stays as it was signed."""
    with ledger.action("agreement.edit", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.DRAFT)
        changed = _assign(agreement, values)
        _clean(agreement)
        agreement.updated_at = at
        agreement.save()
        if indicators is not None:
            _replace_indicators(agreement, indicators)
            changed.append("indicators")
        entry.change(**{name: _plain(getattr(agreement, name)) for name in changed if name != "indicators"})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, User | Station):
        return str(value.key)
    return value if isinstance(value, int | bool) or value is None else str(value)


def _replace_indicators(agreement: Agreement, inputs: Sequence[IndicatorInput]) -> None:
    check_indicators(inputs)
    rows = [
        AgreementIndicator(
            agreement=agreement, position=place, name=line.name, op=line.op, low=line.low, high=line.high,
            unit=line.unit, sense=line.sense, condition=line.condition, test_method=line.test_method,
        )
        for place, line in enumerate(inputs)
    ]  # fmt: skip
    check_rows(rows, owner="agreement")
    agreement.indicators.all().delete()
    AgreementIndicator.objects.bulk_create(rows)


def sign(agreement: Agreement, *, signed_date: date | None, by: Actor, at: datetime) -> None:
    """Both sides have signed. A price that must be on notice has been; an introduction is agreed with it."""
    with ledger.action("agreement.sign", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.DRAFT)
        payments = list(agreement.payments.all())
        found = rules.problems(agreement) | rules.missing(agreement, payments, signed=signed_date, on=localdate(at))
        if found:
            raise ValidationError(found)
        require_priced(agreement, signed=signed_date or localdate(at))
        if agreement.pricing_mode == "":
            agreement.pricing_mode = PricingMode.AGREEMENT
        agreement.state, agreement.signed_date, agreement.updated_at = AgreementState.SIGNED, signed_date, at
        agreement.save()
        if agreement.introduction is not None and agreement.introduction.state != IntroductionState.AGREED:
            introductions.agree(agreement.introduction, by=by, at=at)
        entry.change(state=str(agreement.state), signed_date=_plain(signed_date))


def perform(agreement: Agreement, *, ended_date: date, by: Actor, at: datetime) -> None:
    """All that was promised is done; a registration of the contract says so, too."""
    with ledger.action("agreement.perform", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.SIGNED)
        _set_end(agreement, ended_date, on=localdate(at))
        agreement.state, agreement.updated_at = AgreementState.PERFORMED, at
        agreement.save()
        _perform_registration(agreement, by=by, at=at)
        entry.change(state=str(agreement.state), ended_date=ended_date.isoformat())


def _set_end(agreement: Agreement, day: date, *, on: date) -> None:
    if day > on:
        raise ValidationError({"ended_date": [_("日期不能晚于今天。")]})
    if agreement.signed_date and day < agreement.signed_date:
        raise ValidationError({"ended_date": [_("日期不能早于签订日期。")]})
    agreement.ended_date = day


def _perform_registration(agreement: Agreement, *, by: Actor, at: datetime) -> None:
    rows = Registration.objects.select_for_update().filter(agreement=agreement)
    row = rows.filter(state__in=(RegistrationState.REGISTERED, RegistrationState.CHANGED)).first()
    if row is not None:
        with ledger.action("registration.perform", by=by, at=at, subject=f"registration:{row.key}") as entry:
            row.state, row.updated_at = RegistrationState.PERFORMED, at
            row.save(update_fields=["state", "updated_at"])
            entry.change(state=str(row.state))


def terminate(agreement: Agreement, *, reason: str, ended_date: date, by: Actor, at: datetime, note: str = "") -> None:
    """It ends before it is performed, or a draft comes to nothing. The reason is classified.

    A contract on the register stays there until the office strikes it off: the seller asks for that.
    """
    with ledger.action("agreement.terminate", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.DRAFT, AgreementState.SIGNED)
        if reason not in TerminationReason.values:
            raise ValidationError({"reason": [_("请选择终止原因。")]})
        was_draft = agreement.state == AgreementState.DRAFT
        if was_draft != (reason == TerminationReason.NOT_SIGNED):
            raise ValidationError({"reason": [_("没有签订的合同请选“没有谈成”，已签订的请选解除的原因。")]})
        if reason == TerminationReason.OTHER and not note.strip():
            raise ValidationError({"note": [_("选择“其他”时，请用一句话说明原因。")]})
        _set_end(agreement, ended_date, on=localdate(at))
        agreement.state, agreement.reason, agreement.note = AgreementState.TERMINATED, reason, note.strip()[:300]
        agreement.updated_at = at
        agreement.save()
        entry.reason = reason
        entry.change(state=str(agreement.state), ended_date=ended_date.isoformat())
