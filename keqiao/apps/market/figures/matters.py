"""Figures of introductions, signed contracts and events."""

from collections.abc import Iterator, Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Definition, Dimension, Face, Period, Row
from keqiao.apps.market.models import Agreement, Event, EventState, Introduction
from keqiao.apps.parties import places
from keqiao.catalogue.privacy import Privacy

from .listings import AREA, FIELD, MONTH, month_of

TYPE = Dimension("contract_type", _("按合同类型"), "contract_type")


def _introductions(period: Period) -> Iterator[Row]:
    rows = Introduction.objects.filter(created_at__gte=period.from_at, created_at__lt=period.until_at)
    for row in rows.select_related("need").order_by():
        cells = {"area": places.city(row.need.area), "field": row.need.field, "source": row.source,
                 "month": month_of(row.created_at)}  # fmt: skip
        yield Row(f"introduction:{row.key}", day=localdate(row.created_at), cells=cells)


def _talking(period: Period) -> Iterator[Row]:
    rows = Introduction.objects.filter(talking_at__gte=period.from_at, talking_at__lt=period.until_at)
    for row in rows.select_related("need").order_by():
        day = localdate(row.talking_at)
        cells = {"area": places.city(row.need.area), "field": row.need.field, "month": f"{day:%Y-%m}"}
        yield Row(f"introduction:{row.key}", day=day, cells=cells)


def _signed(period: Period) -> Iterator[Row]:
    rows = Agreement.objects.filter(signed_date__gte=period.start, signed_date__lt=period.end)
    for row in rows.only("key", "signed_date", "field", "contract_type").order_by():
        cells = {"field": row.field, "contract_type": row.contract_type, "month": f"{row.signed_date:%Y-%m}"}
        yield Row(f"agreement:{row.key}", day=row.signed_date, cells=cells)


def _events(period: Period) -> Iterator[Row]:
    rows = Event.objects.filter(state=EventState.DONE, starts_at__gte=period.from_at, starts_at__lt=period.until_at)
    for row in rows.order_by():
        cells = {"kind": row.kind, "area": places.city(row.area), "month": month_of(row.starts_at)}
        yield Row(f"event:{row.key}", day=localdate(row.starts_at), cells=cells)


def _event_faces(subjects: Sequence[str]) -> dict[str, Face]:
    keys = [subject.partition(":")[2] for subject in subjects]
    return {f"event:{row.key}": Face(row.title, row.title_en) for row in Event.objects.filter(key__in=keys)}


_INTRODUCED = _("经技术经纪人、工作站和主管部门引荐的供需对接")
MATTER_FIGURES = (
    Definition(
        code="introductions_made", name=_("引荐对接数"), meaning=_("期内发起的供需引荐件数，一对需求和供给计一件。"),
        scope=_INTRODUCED, unit=_("件"), theme="matters", rows=_introductions, privacy=Privacy.P1,
        dimensions=(AREA, FIELD, Dimension("source", _("按来源"), "introduction_source"), MONTH),
    ),
    Definition(
        code="introductions_talking", name=_("进入洽谈数"), meaning=_("期内双方都愿意并开始洽谈的引荐件数。"),
        scope=_INTRODUCED, unit=_("件"), theme="matters", rows=_talking, privacy=Privacy.P1,
        dimensions=(AREA, FIELD, MONTH),
    ),
    Definition(
        code="agreements_signed", name=_("签订合同数"),
        meaning=_("期内经平台对接签订的技术合同份数，按签订日期归年；不论是否认定登记。"),
        scope=_("本平台记录的技术合同"), unit=_("份"), theme="matters", rows=_signed, privacy=Privacy.P1,
        dimensions=(TYPE, FIELD, MONTH),
    ),
    Definition(
        code="events_held", name=_("举办对接活动数"), meaning=_("期内已结束的供需对接会和路演场数；取消的不计。"),
        scope=_("本平台组织的活动"), unit=_("场"), theme="matters", rows=_events, faces=_event_faces,
        dimensions=(Dimension("kind", _("按活动类型"), "event_kind"), AREA, MONTH),
    ),
)  # fmt: skip
