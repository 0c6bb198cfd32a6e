"""Figures of programmes: for the office alone, for they tell what firms could ask for."""

from collections.abc import Iterator

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Definition, Dimension, Kind, Period, Row
from keqiao.apps.parties import places
from keqiao.catalogue.privacy import Privacy

from .models import Standing, StandingVerdict


def _eligible(period: Period) -> Iterator[Row]:
    """Only what is sure: a verdict that waits for facts or for a person is none."""
    rows = Standing.objects.filter(verdict=StandingVerdict.ELIGIBLE, since_at__lt=period.until_at)
    for row in rows.select_related("organization").order_by():
        cells = {"policy": row.policy, "area": places.city(row.organization.area)}
        yield Row(f"standing:{row.organization.key}/{row.policy}", day=localdate(row.since_at), cells=cells)


FIGURES = (
    Definition(
        code="firms_eligible", name=_("符合政策条件的企业家次"),
        meaning=_("期末按已有数据确定符合某项政策全部条件的企业家次；数据不足和须人工认定的不计。"),
        scope=_("已有数据的企业"), unit=_("家次"), theme="policies", kind=Kind.STOCK, rows=_eligible,
        privacy=Privacy.P2, is_internal=True,
        dimensions=(Dimension("policy", _("按政策"), "policy"), Dimension("area", _("按地区"), "figure_area")),
    ),
)  # fmt: skip
