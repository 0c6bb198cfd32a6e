"""Figures of the register: bodies, their certificates, experts, brokers, stations."""

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Definition, Dimension, Face, Kind, Period, Row
from keqiao.catalogue.privacy import Privacy

from . import places
from .models import Certificate, Membership, Organization, Person, Role, Station

AREA = Dimension("area", _("按地区"), "figure_area")
INDUSTRY = Dimension("industry", _("按行业"), "industry")


def _bodies(period: Period) -> Iterator[Row]:
    rows = Organization.objects.filter(merged_into=None, parent=None, created_at__lt=period.until_at)
    for row in rows.only("key", "area", "kind", "industry", "created_at").order_by():
        cells = {"kind": row.kind, "area": places.city(row.area), "industry": _division(row.industry)}
        yield Row(f"organization:{row.key}", day=localdate(row.created_at), cells=cells)


def _certificates(period: Period) -> Iterator[Row]:
    """Certificates in force on the last day: one row a body and kind, of two overlapping ones the later."""
    rows = Certificate.objects.filter(issued_date__lte=period.as_of, organization__merged_into=None)
    rows = rows.filter(Q(expires_date=None) | Q(expires_date__gt=period.as_of)).select_related("organization")
    newest = {(row.organization.key, row.kind): row for row in rows.order_by("issued_date", "pk")}
    for (key, kind), row in newest.items():
        cells = {"certificate": kind, "area": places.city(row.organization.area),
                 "industry": _division(row.organization.industry)}  # fmt: skip
        yield Row(f"organization:{key}/{kind}", day=row.issued_date, cells=cells)


def _experts(period: Period) -> Iterator[Row]:
    rows = Person.objects.filter(merged_into=None, created_at__lt=period.until_at).select_related("organization")
    for row in rows.order_by():
        cells = {"title_band": row.title_band, "area": places.city(row.organization.area)}
        yield Row(f"person:{row.key}", day=localdate(row.created_at), cells=cells)


def _brokers(period: Period) -> Iterator[Row]:
    """People, not roles: who works at two stations counts once, at the one they came to first."""
    rows = Membership.objects.filter(role__in=(Role.BROKER, Role.COORDINATOR), from_date__lte=period.as_of)
    rows = rows.exclude(to_date__lte=period.as_of).select_related("user", "station")
    first = {row.user.key: row for row in rows.order_by("-from_date", "-pk")}
    for key, row in first.items():
        cells = {"area": places.city(row.station.area if row.station else ""), "role": row.role}
        yield Row(f"user:{key}", day=row.from_date, cells=cells)


def _stations(period: Period) -> Iterator[Row]:
    for row in Station.objects.filter(is_active=True, created_at__lt=period.until_at).order_by():
        cells = {"kind": row.kind, "area": places.city(row.area)}
        yield Row(f"station:{row.key}", day=localdate(row.created_at), cells=cells)


def _division(industry: str) -> str:
    return industry.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def body_faces(subjects: Sequence[str]) -> dict[str, Face]:
    """The names of bodies; the part behind a slash says for what one is counted."""
    keys = {subject.partition(":")[2].partition("/")[0] for subject in subjects}
    names = {row.key: Face(row.name, row.name_en) for row in Organization.objects.filter(key__in=keys)}
    found = {subject: names.get(subject.partition(":")[2].partition("/")[0]) for subject in subjects}
    return {subject: face for subject, face in found.items() if face}


def _station_faces(subjects: Sequence[str]) -> dict[str, Face]:
    keys = [subject.partition(":")[2] for subject in subjects]
    return {f"station:{row.key}": Face(row.name, row.name_en) for row in Station.objects.filter(key__in=keys)}


_REGISTER = _("本平台主体库")
FIGURES = (
    Definition(
        code="organizations_registered", name=_("入库单位数"),
        meaning=_("期末在主体库中的法人单位数；并入其他记录的和内设机构不计。"),
        scope=_REGISTER, unit=_("家"), theme="bodies", kind=Kind.STOCK, rows=_bodies, faces=body_faces,
        dimensions=(Dimension("kind", _("按单位类型"), "organization_kind"), AREA, INDUSTRY),
        cross=("area", "industry"),
    ),
    Definition(
        code="certificates_in_force", name=_("有效资质数"),
        meaning=_("期末在有效期内的资质家次：一家单位的一种资质计一次。"),
        scope=_REGISTER, unit=_("家次"), theme="bodies", kind=Kind.STOCK, rows=_certificates, faces=body_faces,
        dimensions=(Dimension("certificate", _("按资质"), "certificates"), AREA, INDUSTRY), cross=("area", "industry"),
    ),
    Definition(
        code="experts_registered", name=_("入库专家数"), meaning=_("期末在专家库中的人数；重复记录合并后计一人。"),
        scope=_REGISTER, unit=_("人"), theme="bodies", kind=Kind.STOCK, rows=_experts, privacy=Privacy.P3,
        dimensions=(Dimension("title_band", _("按职称级别"), "title_band"), AREA),
    ),
    Definition(
        code="brokers_working", name=_("在岗技术经纪人数"),
        meaning=_("期末在岗的技术经纪人和分市场负责人人数，一人计一次。"),
        scope=_("本区域技术市场"), unit=_("人"), theme="bodies", kind=Kind.STOCK, rows=_brokers, privacy=Privacy.P3,
        dimensions=(AREA,),
    ),
    Definition(
        code="stations_working", name=_("分市场和工作站数"), meaning=_("期末启用的分市场和工作站个数。"),
        scope=_("本区域技术市场"), unit=_("个"), theme="bodies", kind=Kind.STOCK, rows=_stations, faces=_station_faces,
        dimensions=(Dimension("kind", _("按类型"), "station_kind"), AREA),
    ),
)  # fmt: skip
