"""How registrations are shown: the lines of the form, the columns of the register as a file."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market import registration_rules as rules
from keqiao.apps.market.models import Registration
from keqiao.web.parts.export import Column
from keqiao.web.templatetags.agreements import buyer_name, seller_name
from keqiao.web.templatetags.keqiao import label, money, name_of

# What is shown of the form, in its order: the label, and the table that gives words to a code.
LINES: Sequence[tuple[str, str | Promise, str]] = (
    ("title", _("项目名称"), ""),
    ("signed_date", _("签订日期"), ""),
    ("from_date", _("有效期起"), ""),
    ("to_date", _("有效期止"), ""),
    ("seller_name", _("卖方名称"), ""),
    ("seller_nature", _("卖方主体性质"), "legal_natures"),
    ("seller_country", _("卖方国别（地区）"), "countries"),
    ("seller_area", _("卖方行政区划"), "party_area"),
    ("buyer_name", _("买方名称"), ""),
    ("buyer_nature", _("买方主体性质"), "legal_natures"),
    ("buyer_country", _("买方国别（地区）"), "countries"),
    ("buyer_area", _("买方行政区划"), "party_area"),
    ("contract_type", _("合同类型"), "contract_type"),
    ("subtype", _("合同子类"), "contract_types"),
    ("field", _("技术领域"), "fields"),
    ("ip_type", _("知识产权类型"), "ip_types"),
    ("plan_source", _("计划来源"), "plan_sources"),
    ("objective", _("社会经济目标"), "objectives"),
    ("service_target", _("服务的国民经济行业"), "industry"),
    ("contract_amount_fen", _("合同成交额"), "money"),
    ("technology_amount_fen", _("技术交易额"), "money"),
    ("payment_mode", _("支付方式"), "payment_mode"),
    ("new_input_fen", _("预计新增投入"), "money"),
    ("new_output_fen", _("预计新增产值"), "money"),
    ("handler", _("经办人"), ""),
)


def lines(row: Registration) -> list[tuple[str, str]]:
    """The form as label and words, without what is empty."""
    names = {"seller_name": seller_name(row), "buyer_name": buyer_name(row)}
    shown = ((name, names.get(field) or _words(getattr(row, field), table)) for field, name, table in LINES)
    return [(str(name), words) for name, words in shown if words]


def _words(value: object, table: str) -> str:
    if value is None or value == "":
        return ""
    if table == "money":
        return money(int(str(value)))
    return label(str(value), table) if table else str(value)


def columns() -> list[Column]:
    """The register as a file for the national system: codes beside their words, amounts in yuan."""
    found = [
        Column(_("登记编号"), lambda row: row.number or ""),
        Column(_("状态"), lambda row: label(row.state, "registration_state")),
        Column(_("登记日期"), lambda row: row.registered_date),
        Column(_("登记机构"), lambda row: name_of(row.office.organization)),
        Column(_("申报日期"), lambda row: row.filed_date),
    ]
    for field, name, table in LINES:
        found += _columns_of(field, name, table)
    return found


def _columns_of(field: str, name: str | Promise, table: str) -> list[Column]:
    if table == "money":
        return [Column(_yuan_label(name), lambda row: _yuan(getattr(row, field)), "number")]
    if not table:
        return [Column(name, lambda row: getattr(row, field))]
    words = Column(name, lambda row: label(getattr(row, field), table))
    return [Column(_code_label(name), lambda row: getattr(row, field)), words] if field in rules.TABLES else [words]


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def _yuan_label(name: str | Promise) -> str:
    return str(_("%(name)s（元）")) % {"name": name}


def _code_label(name: str | Promise) -> str:
    return str(_("%(name)s代码")) % {"name": name}
