"""Form JJ-001: what is drawn from an agreement, what must be filled in, and in which direction technology flows."""

import re
from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.translation import gettext

from keqiao.apps.parties import places
from keqiao.catalogue import codes, contracts

from . import agreement_rules
from .models import HOME_COUNTRY, Agreement, AgreementState, ContractType, Flow, Registration

FORM = (
    "title", "from_date", "to_date", "signed_date", "seller_name", "seller_country", "seller_area", "seller_nature",
    "buyer_name", "buyer_country", "buyer_area", "buyer_nature", "contract_type", "subtype", "field", "ip_type",
    "plan_source", "objective", "service_target", "contract_amount_fen", "technology_amount_fen", "is_estimate",
    "payment_mode", "new_input_fen", "new_output_fen", "handler",
)  # fmt: skip
TABLES = {
    "seller_country": "countries",
    "buyer_country": "countries",
    "seller_nature": "legal_natures",
    "buyer_nature": "legal_natures",
    "field": "fields",
    "ip_type": "ip_types",
    "plan_source": "plan_sources",
    "objective": "objectives",
    "service_target": "industry",
}
REQUIRED = ("title", "signed_date", "seller_name", "buyer_name", "subtype", "field", "ip_type", "plan_source",
            "objective", "payment_mode", "handler")  # fmt: skip
_NUMBER = re.compile(r"\d{14}|\d{16}")


def drawn(agreement: Agreement) -> dict[str, Any]:
    """What the form takes from the agreement; the rest is for a person to fill in."""
    seller, buyer = agreement.seller_party, agreement.buyer_party
    return {
        "title": agreement.title,
        "from_date": agreement.from_date,
        "to_date": agreement.to_date,
        "signed_date": agreement.signed_date,
        "seller_name": seller.name,
        "seller_country": agreement_rules.country_of(seller),
        "seller_area": seller.area,
        "seller_nature": agreement_rules.nature_of(seller),
        "buyer_name": buyer.name,
        "buyer_country": agreement_rules.country_of(buyer),
        "buyer_area": buyer.area,
        "buyer_nature": agreement_rules.nature_of(buyer),
        "contract_type": agreement.contract_type,
        "subtype": agreement.subtype,
        "field": agreement.field,
        "plan_source": "none",
        "contract_amount_fen": agreement.contract_amount_fen or 0,
        "technology_amount_fen": agreement.technology_amount_fen or 0,
        "payment_mode": agreement.payment_mode,
        "is_estimate": agreement.payment_mode in agreement_rules.ROYALTY_MODES,
    }


def problems(row: Registration) -> dict[str, list[str]]:
    """What is wrong or missing on the form, by field."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in REQUIRED:
        if not getattr(row, name):
            found[name].append(gettext("请填写。"))
    for name, table in TABLES.items():
        if (value := getattr(row, name)) and value not in codes.codes(table):
            found[name].append(gettext("请从列表中选择。"))
    for side in ("seller", "buyer"):
        area, country = getattr(row, f"{side}_area"), getattr(row, f"{side}_country")
        if country == HOME_COUNTRY and not area:
            found[f"{side}_area"].append(gettext("境内主体请填写行政区划。"))
        elif text := agreement_rules.check_area(area, country):
            found[f"{side}_area"].append(text)
    _contract_problems(row, found)
    return dict(found)


def _contract_problems(row: Registration, found: dict[str, list[str]]) -> None:
    kinds = codes.codes("contract_types")
    if row.subtype and row.subtype not in {child.code for child in kinds.children(row.contract_type)}:
        found["subtype"].append(gettext("合同子类不属于所选的合同类型，请重新选择。"))
    if row.contract_amount_fen <= 0:
        found["contract_amount_fen"].append(gettext("合同成交额应大于 0。"))
    if not 0 <= row.technology_amount_fen <= max(row.contract_amount_fen, 0):
        found["technology_amount_fen"].append(
            gettext("技术交易额不能大于合同成交额：它是成交额减去设备、仪器、零部件、原材料等非技术性费用。")
        )
    if row.from_date and row.to_date and row.from_date >= row.to_date:
        found["to_date"].append(gettext("有效期止应晚于有效期起。"))
    for name in ("new_input_fen", "new_output_fen"):
        value = getattr(row, name)
        if value is not None and value < 0:
            found[name].append(gettext("金额不能是负数。"))
        if value is not None and row.contract_type not in (ContractType.TRANSFER, ContractType.LICENSE):
            found[name].append(gettext("只有技术转让和技术许可合同填写，请清空。"))


def filing_problems(agreement: Agreement, *, on: date) -> str:
    """The reason code for which an agreement cannot be filed on a day; empty if it can."""
    if agreement.state != AgreementState.SIGNED:
        return f"agreement_is_{agreement.state}"
    if agreement.to_date is not None and agreement.to_date <= on:
        return "contract_expired"
    return ""


def is_inside(area: str) -> bool:
    return places.region().root.code in places.lineage(area)


def flow_of(row: Registration) -> Flow:
    """Where technology flows, seen from the region: 就地转化, 输出, 吸纳."""
    seller_in = row.seller_country == HOME_COUNTRY and is_inside(row.seller_area)
    buyer_in = row.buyer_country == HOME_COUNTRY and is_inside(row.buyer_area)
    if seller_in and buyer_in:
        return Flow.LOCAL
    if seller_in:
        return Flow.OUT if row.buyer_country == HOME_COUNTRY else Flow.OUT_ABROAD
    if buyer_in:
        return Flow.IN if row.seller_country == HOME_COUNTRY else Flow.IN_ABROAD
    return Flow.ELSEWHERE


def number_notice(number: str) -> str:
    """What is unusual about a registration number; it is kept all the same."""
    if _NUMBER.fullmatch(number):
        return ""
    return gettext("登记编号通常是 14 位或 16 位数字，请与全国技术合同管理与服务系统核对。")


def large_from_fen(on: date) -> int | None:
    """From which technology amount a contract is large; None while no rule in force says so."""
    rule = contracts.find("expert_review_from", region=places.region().code, on=on)
    return rule.fen if rule else None


def is_large(row: Registration, *, on: date) -> bool:
    least = large_from_fen(on)
    return least is not None and row.technology_amount_fen >= least
