"""What a technology contract must say, before anybody signs it: one clear sentence for each fault.

`problems` gives them by field. `default_ip` is what the Civil Code says of rights where the contract is silent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties import places
from keqiao.apps.parties.models import Organization, OrganizationKind
from keqiao.catalogue import codes

from .models import HOME_COUNTRY, Agreement, AgreementPayment, ContractType, Counterparty, PaymentMode

PUBLIC_SELLERS = (OrganizationKind.UNIVERSITY, OrganizationKind.INSTITUTE, OrganizationKind.HOSPITAL)
PRICED_IN_THE_OPEN = (ContractType.TRANSFER, ContractType.LICENSE)
ROYALTY_MODES = (PaymentMode.ROYALTY, PaymentMode.ENTRY_ROYALTY)
WHOLE_RATE = 10_000

# The legal nature that a body of each kind has, unless the form says otherwise.
NATURES: Mapping[str, str] = {
    OrganizationKind.ENTERPRISE: "other_enterprise",
    OrganizationKind.UNIVERSITY: "university",
    OrganizationKind.INSTITUTE: "research",
    OrganizationKind.HOSPITAL: "medical",
    OrganizationKind.PLATFORM: "research",
    OrganizationKind.FINANCE: "other_enterprise",
    OrganizationKind.ASSOCIATION: "association",
    OrganizationKind.GOVERNMENT: "organ",
    OrganizationKind.OTHER: "other_institution",
}

_NEW_RESULTS = _(
    "未约定时：受托人利用委托人资料完成的新成果归受托人，委托人利用受托人成果完成的归委托人。（民法典第 885 条）"
)
_DEFAULT_IP: Mapping[str, Promise] = {
    "commissioned": _(
        "未约定时：申请专利的权利属于研究开发人；委托人可以依法实施该专利，转让申请权时委托人有同等条件优先受让权。"
        "（民法典第 859 条）"
    ),
    "cooperative": _(
        "未约定时：申请专利的权利属于合作开发的当事人共有，一方转让其份额时其他各方有优先受让权。"
        "（民法典第 860 条）"
    ),
    "development": _("未约定时：委托开发的专利申请权归研究开发人，合作开发的归各方共有。（民法典第 859、860 条）"),
    "transfer": _("未约定时：后续改进的技术成果归改进方，其他各方无权分享。（民法典第 875 条）"),
    "license": _("未约定时：后续改进的技术成果归改进方；专利许可只在专利有效期内有效。（民法典第 865、875 条）"),
    "consulting": _NEW_RESULTS,
    "service": _NEW_RESULTS,
}  # fmt: skip


def default_ip(contract_type: str, subtype: str = "") -> str:
    """The rule that holds where the contract says nothing of rights."""
    rule = _DEFAULT_IP.get(subtype) or _DEFAULT_IP.get(contract_type)
    return str(rule) if rule else ""


def nature_of(party: Organization | Counterparty) -> str:
    return party.nature if isinstance(party, Counterparty) else NATURES.get(party.kind, "other_institution")


def country_of(party: Organization | Counterparty) -> str:
    return party.country if isinstance(party, Counterparty) else HOME_COUNTRY


def is_public_seller(body: Organization | None) -> bool:
    """A public university, institute or hospital, or a part of one."""
    while body is not None:
        if body.kind in PUBLIC_SELLERS:
            return True
        body = body.parent
    return False


def needs_notice(agreement: Agreement) -> bool:
    """Whether the price must have been on notice: public sellers that assign, license or invest technology."""
    gives_away = agreement.contract_type in PRICED_IN_THE_OPEN or agreement.is_equity
    return gives_away and is_public_seller(agreement.seller)


def check_area(area: str, country: str = HOME_COUNTRY) -> str:
    """What is wrong with the area code of a party; empty if nothing is."""
    if country != HOME_COUNTRY:
        return "" if not area else gettext("境外主体不填行政区划。")
    known = area in places.region().areas
    if known or (len(area) == 6 and area.isdigit() and f"{area[:2]}0000" in codes.codes("provinces")):
        return ""
    return gettext("行政区划应为 GB/T 2260 的 6 位数字，例如北京市是 110000。")


def check_party(party: Counterparty) -> dict[str, list[str]]:
    """What is wrong with the row of a party that is not registered here."""
    found: dict[str, list[str]] = defaultdict(list)
    if not party.name.strip():
        found["name"].append(gettext("请填写名称。"))
    if party.country not in codes.codes("countries"):
        found["country"].append(gettext("请从列表中选择国别（地区）。"))
    if party.nature not in codes.codes("legal_natures"):
        found["nature"].append(gettext("请从列表中选择主体性质。"))
    if text := check_area(party.area, party.country):
        found["area"].append(text)
    return dict(found)


def problems(row: Agreement) -> dict[str, list[str]]:
    """What is wrong with an agreement, by field; a draft may be incomplete but not contradict itself."""
    found: dict[str, list[str]] = defaultdict(list)
    kinds = codes.codes("contract_types")
    if row.subtype and row.subtype not in {child.code for child in kinds.children(row.contract_type)}:
        found["subtype"].append(gettext("合同子类不属于所选的合同类型，请重新选择。"))
    if row.field and row.field not in codes.codes("fields"):
        found["field"].append(gettext("请从列表中选择技术领域。"))
    if row.license_kind and row.contract_type != ContractType.LICENSE:
        found["license_kind"].append(gettext("只有技术许可合同有许可方式，请清空。"))
    if row.from_date and row.to_date and row.from_date >= row.to_date:
        found["to_date"].append(gettext("有效期止应晚于有效期起。"))
    _amount_problems(row, found)
    _royalty_problems(row, found)
    return dict(found)


def _amount_problems(row: Agreement, found: dict[str, list[str]]) -> None:
    whole, part = row.contract_amount_fen, row.technology_amount_fen
    if any(amount is not None and amount < 0 for amount in (whole, part)):
        found["contract_amount_fen"].append(gettext("金额不能是负数。"))
    elif part is not None and whole is None:
        found["contract_amount_fen"].append(gettext("填写技术交易额前，请先填写合同成交额。"))
    elif part is not None and whole is not None and part > whole:
        found["technology_amount_fen"].append(
            gettext("技术交易额不能大于合同成交额：它是成交额减去设备、仪器、零部件、原材料等非技术性费用。")
        )


def _royalty_problems(row: Agreement, found: dict[str, list[str]]) -> None:
    if row.royalty_rate is not None and not 0 < row.royalty_rate <= WHOLE_RATE:
        found["royalty_rate"].append(gettext("提成比例应大于 0%，不超过 100%。"))
    if row.payment_mode in ROYALTY_MODES:
        if not row.royalty_base:
            found["royalty_base"].append(gettext("提成支付要写明以什么为基数。"))
        if row.royalty_rate is None:
            found["royalty_rate"].append(gettext("提成支付要写明提成比例。"))
    elif row.royalty_base or row.royalty_rate is not None:
        found["payment_mode"].append(gettext("填写了提成条款，支付方式请选“提成支付”或“入门费加提成”。"))


def missing(
    row: Agreement, payments: Sequence[AgreementPayment], *, signed: date | None, on: date
) -> dict[str, list[str]]:
    """What an agreement lacks to be signed, besides what contradicts itself."""
    found: dict[str, list[str]] = defaultdict(list)
    if row.contract_amount_fen is None:
        found["contract_amount_fen"].append(gettext("签订前请填写合同成交额。"))
    if row.technology_amount_fen is None:
        found["technology_amount_fen"].append(gettext("签订前请填写技术交易额。"))
    if not row.subtype:
        found["subtype"].append(gettext("签订前请选择合同子类。"))
    if not row.payment_mode:
        found["payment_mode"].append(gettext("签订前请选择支付方式。"))
    if signed is None:
        found["signed_date"].append(gettext("请填写签订日期。"))
    elif signed > on:
        found["signed_date"].append(gettext("签订日期不能晚于今天。"))
    elif row.to_date and signed >= row.to_date:
        found["signed_date"].append(gettext("签订日期应早于有效期止。"))
    if text := sum_problem(row, [payment.amount_fen for payment in payments if not payment.is_trial_fee]):
        found["payments"].append(text)
    return dict(found)


def sum_problem(row: Agreement, amounts: Sequence[int | None]) -> str:
    """What is wrong with the sum of a payment plan; nothing while amounts are open."""
    whole, known = row.contract_amount_fen, [amount for amount in amounts if amount is not None]
    if whole is None or not amounts:
        return ""
    planned = sum(known)
    if planned > whole:
        return gettext("付款计划合计 %(planned)s 元，超过合同成交额 %(whole)s 元，请核对。") % _yuan(planned, whole)
    is_whole = len(known) == len(amounts) and row.payment_mode not in ROYALTY_MODES
    if is_whole and planned != whole:
        return gettext("付款计划合计 %(planned)s 元，与合同成交额 %(whole)s 元不相等，请核对。") % _yuan(planned, whole)
    return ""


def _yuan(planned: int, whole: int) -> dict[str, str]:
    return {"planned": f"{planned / 100:,.2f}", "whole": f"{whole / 100:,.2f}"}
