"""Figures that this app can publish: what each means, in which unit and period, and the rows behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Flow, Registration
from .queries.contract_statistics import registered


@dataclass(frozen=True)
class Figure:
    """One figure. A flow is of a year, a stock of its last day; `rows` are what it counts or adds up."""

    code: str
    name: str | Promise
    definition: str | Promise
    unit: str
    period: str
    is_stock: bool
    rows: Callable[[int], QuerySet[Registration]]
    measure: str = ""

    def value(self, year: int) -> int:
        """The figure of a year, from its rows: their number, or the sum of the measure in fen."""
        rows = self.rows(year)
        if not self.measure:
            return rows.count()
        return rows.aggregate(total=Sum(self.measure))["total"] or 0


def _of_year(year: int) -> QuerySet[Registration]:
    return registered(year=year)


def _local(year: int) -> QuerySet[Registration]:
    return registered(year=year).filter(flow=Flow.LOCAL)


def _out(year: int) -> QuerySet[Registration]:
    return registered(year=year).filter(flow__in=(Flow.LOCAL, Flow.OUT, Flow.OUT_ABROAD))


def _in(year: int) -> QuerySet[Registration]:
    return registered(year=year).filter(flow__in=(Flow.LOCAL, Flow.IN, Flow.IN_ABROAD))


def _standing(year: int) -> QuerySet[Registration]:
    return registered().filter(registered_date__lt=date(year + 1, 1, 1))


_ALL = (
    Figure("contracts_registered", _("登记技术合同数"), _("当年登记、未注销的技术合同项数，按登记日期归年。"),
           "count", "year", is_stock=False, rows=_of_year),
    Figure("contract_amount", _("合同成交额"), _("当年登记的技术合同的成交总额：合同写明的全部价款。"),
           "fen", "year", is_stock=False, rows=_of_year, measure="contract_amount_fen"),
    Figure("technology_amount", _("技术交易额"), _("当年登记的技术合同成交额中，扣除非技术性费用后的部分。"),
           "fen", "year", is_stock=False, rows=_of_year, measure="technology_amount_fen"),
    Figure("local_conversion", _("就地转化合同数"), _("当年登记的技术合同中，卖方和买方都在本区域的项数。"),
           "count", "year", is_stock=False, rows=_local),
    Figure("local_amount", _("就地转化成交额"), _("当年登记的技术合同中，卖方和买方都在本区域的成交额。"),
           "fen", "year", is_stock=False, rows=_local, measure="contract_amount_fen"),
    Figure("amount_out", _("输出技术成交额"), _("当年登记、卖方在本区域的成交额，含就地转化。"),
           "fen", "year", is_stock=False, rows=_out, measure="contract_amount_fen"),
    Figure("amount_in", _("吸纳技术成交额"), _("当年登记、买方在本区域的成交额，含就地转化。"),
           "fen", "year", is_stock=False, rows=_in, measure="contract_amount_fen"),
    Figure("contracts_standing", _("在册技术合同数"), _("年末仍在登记簿上的技术合同项数。"),
           "count", "year_end", is_stock=True, rows=_standing),
)  # fmt: skip
FIGURES = {figure.code: figure for figure in _ALL}
