"""Figures of registered technology contracts. Their rows are business secrets: they are masked in public.

What is local, given out and taken in are figures of their own, not a breakdown: beside each other they would otherwise
fill each other's gaps.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Definition, Dimension, Kind, Measure, Period, Row
from keqiao.apps.market.models import Flow, Registration
from keqiao.apps.market.queries.contract_statistics import SIZES, registered
from keqiao.apps.parties import places
from keqiao.catalogue.privacy import Privacy

DIMENSIONS = (
    Dimension("contract_type", _("按合同类型"), "contract_type"), Dimension("field", _("按技术领域"), "fields"),
    Dimension("area", _("按卖方地区"), "figure_area"), Dimension("ip_type", _("按知识产权类型"), "ip_types"),
    Dimension("seller_nature", _("按卖方性质"), "legal_natures"),
    Dimension("buyer_nature", _("按买方性质"), "legal_natures"),
    Dimension("plan_source", _("按计划来源"), "plan_sources"),
    Dimension("objective", _("按社会经济目标"), "objectives"),
    Dimension("size", _("按合同规模"), "contract_size"), Dimension("office", _("按登记机构"), "organization"),
    Dimension("month", _("按月"), is_time=True),
)  # fmt: skip
_COLUMNS = ("contract_type", "field", "ip_type", "seller_nature", "buyer_nature", "plan_source", "objective")
_READ = (*_COLUMNS, "key", "seller_area", "office__organization__key", "registered_date", "seller_name", "buyer_name",
         "contract_amount_fen", "technology_amount_fen")  # fmt: skip


def _contracts(period: Period) -> QuerySet[Registration]:
    return registered().filter(registered_date__gte=period.start, registered_date__lt=period.end)


def _local(period: Period) -> QuerySet[Registration]:
    return _contracts(period).filter(flow=Flow.LOCAL)


def _out(period: Period) -> QuerySet[Registration]:
    return _contracts(period).filter(flow__in=(Flow.LOCAL, Flow.OUT, Flow.OUT_ABROAD))


def _in(period: Period) -> QuerySet[Registration]:
    return _contracts(period).filter(flow__in=(Flow.LOCAL, Flow.IN, Flow.IN_ABROAD))


def _rows(period: Period, *, find: Callable[[Period], QuerySet[Registration]], measure: str = "") -> Iterator[Row]:
    for row in find(period).order_by().values(*_READ):
        yield Row(
            f"registration:{row['key']}", row[measure] if measure else 1, row["registered_date"], _cells(row),
            (row["seller_name"], row["buyer_name"]),
        )  # fmt: skip


def _cells(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in _COLUMNS} | {
        "area": places.city(row["seller_area"]) or places.OUTSIDE,
        "size": next(name for name, least in SIZES if row["contract_amount_fen"] >= least),
        "office": row["office__organization__key"],
        "month": f"{row['registered_date']:%Y-%m}",
    }


def _figure(code: str, name: Any, meaning: Any, find: Callable[..., Any], **more: Any) -> Definition:
    measure = more.pop("amount", "")
    return Definition(
        code=code, name=name, meaning=meaning, scope=_("在本区域登记机构认定登记的技术合同"),
        unit=_("元") if measure else _("项"), measure=Measure.FEN if measure else Measure.COUNT, theme="contracts",
        privacy=Privacy.P2, rows=partial(_rows, find=find, measure=measure), **more,
    )  # fmt: skip


_AMOUNT, _TECHNOLOGY = {"amount": "contract_amount_fen"}, {"amount": "technology_amount_fen"}
CONTRACT_FIGURES = (
    _figure("contracts_registered", _("登记技术合同数"), _("期内登记、未注销的技术合同项数，按登记日期归年。"),
            _contracts, cross=("area", "field"), dimensions=DIMENSIONS),
    _figure("contract_amount", _("技术合同成交额"), _("期内登记的技术合同的成交总额：合同写明的全部价款。"),
            _contracts, cross=("area", "field"), dimensions=DIMENSIONS, **_AMOUNT),
    _figure("technology_amount", _("技术交易额"), _("期内登记的技术合同成交额中，扣除非技术性费用后的部分。"),
            _contracts, cross=("area", "field"), dimensions=DIMENSIONS, **_TECHNOLOGY),
    _figure("local_conversion", _("就地转化合同数"), _("期内登记的技术合同中，卖方和买方都在本区域的项数。"),
            _local, part_of=("contracts_registered",)),
    _figure("local_amount", _("就地转化成交额"), _("期内登记的技术合同中，卖方和买方都在本区域的成交额。"),
            _local, part_of=("contract_amount", "amount_out", "amount_in"), **_AMOUNT),
    _figure("amount_out", _("输出技术成交额"), _("期内登记、卖方在本区域的成交额，含就地转化。"),
            _out, part_of=("contract_amount",), **_AMOUNT),
    _figure("amount_in", _("吸纳技术成交额"), _("期内登记、买方在本区域的成交额，含就地转化。"),
            _in, part_of=("contract_amount",), **_AMOUNT),
    _figure("contracts_standing", _("在册技术合同数"), _("期末仍在登记簿上的技术合同项数。"),
            _contracts, kind=Kind.STOCK),
)  # fmt: skip
