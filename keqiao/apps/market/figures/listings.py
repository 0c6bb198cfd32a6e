"""Figures of needs and offers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.figures import Definition, Dimension, Face, Kind, Period, Row
from keqiao.apps.market.models import Need, Offer, State
from keqiao.apps.market.names import MODELS
from keqiao.apps.market.states import WithdrawReason
from keqiao.apps.parties import places
from keqiao.catalogue.privacy import Privacy

AREA, FIELD = Dimension("area", _("按地区"), "figure_area"), Dimension("field", _("按技术领域"), "fields")
INDUSTRY = Dimension("industry", _("按行业"), "industry")
MONTH = Dimension("month", _("按月"), is_time=True)
NEED_DIMENSIONS = (AREA, FIELD, INDUSTRY, Dimension("need_kind", _("按需求类型"), "need_kind"), MONTH)
OFFER_DIMENSIONS = (Dimension("kind", _("按供给类型"), "offer_kind"), AREA, FIELD, MONTH)


def division(industry: str) -> str:
    """The first two digits of an industry: classes are too narrow for tables."""
    return industry.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def month_of(moment: datetime) -> str:
    return f"{localdate(moment):%Y-%m}"


def listing_faces(subjects: Sequence[str]) -> dict[str, Face]:
    """Titles of those that stand on public lists; what was withdrawn has none any more."""
    found: dict[str, Face] = {}
    for kind, model in MODELS.items():
        keys = [subject.partition(":")[2] for subject in subjects if subject.startswith(f"{kind}:")]
        rows: QuerySet[Any] = model._default_manager.filter(key__in=keys, state=State.PUBLISHED)
        found |= {f"{kind}:{row.key}": Face(row.title, row.title_en) for row in rows.only("key", "title", "title_en")}
    return found


def _needs(period: Period) -> Iterator[Row]:
    rows = Need.objects.filter(published_at__gte=period.from_at, published_at__lt=period.until_at)
    for row in _with_body(rows):
        yield need_row(row, row.published_at or row.created_at)


def _collected(period: Period) -> Iterator[Row]:
    for row in _with_body(Need.objects.filter(created_at__gte=period.from_at, created_at__lt=period.until_at)):
        yield need_row(row, row.created_at)


def _solved(period: Period) -> Iterator[Row]:
    """Needs that their firms took down as solved; one that was opened again since is not solved any more."""
    entries = ledger.moments_of(
        "need.withdraw", reason=WithdrawReason.SOLVED, start=period.from_at, end=period.until_at
    )
    for row in _with_body(Need.objects.filter(key__in=[subject.partition(":")[2] for subject in entries])):
        if row.state == State.WITHDRAWN:
            yield need_row(row, entries[f"need:{row.key}"])


def _with_body(rows: QuerySet[Need]) -> QuerySet[Need]:
    read = ("key", "area", "field", "need_kind", "state", "created_at", "published_at", "organization__industry")
    return rows.select_related("organization").only(*read).order_by()


def need_row(row: Need, moment: datetime) -> Row:
    cells = {"area": places.city(row.area), "field": row.field, "need_kind": row.need_kind,
             "industry": division(row.organization.industry), "month": month_of(moment)}  # fmt: skip
    return Row(f"need:{row.key}", day=localdate(moment), cells=cells)


def _offers(period: Period) -> Iterator[Row]:
    yield from _offer_rows(Offer.objects.filter(published_at__gte=period.from_at, published_at__lt=period.until_at))


def _standing_offers(period: Period) -> Iterator[Row]:
    """What was on show on the last day; an offer withdrawn since is missing, and that is said as a later change."""
    rows = Offer.objects.filter(state__in=(State.PUBLISHED, State.EXPIRED), published_at__lt=period.until_at)
    yield from _offer_rows(rows.filter(expires_date__gt=period.as_of))


def _offer_rows(rows: QuerySet[Offer]) -> Iterator[Row]:
    for row in rows.only("key", "area", "field", "kind", "published_at", "created_at").order_by():
        moment = row.published_at or row.created_at
        cells = {"area": places.city(row.area), "field": row.field, "kind": row.kind, "month": month_of(moment)}
        yield Row(f"offer:{row.key}", day=localdate(moment), cells=cells)


LISTING_FIGURES = (
    Definition(
        code="needs_collected", name=_("征集技术需求数"), meaning=_("期内录入平台的企业技术需求条数，含尚未发布的。"),
        scope=_("本平台征集的企业技术需求"), unit=_("条"), theme="needs", rows=_collected, privacy=Privacy.P1,
        dimensions=NEED_DIMENSIONS,
    ),
    Definition(
        code="needs_published", name=_("发布技术需求数"),
        meaning=_("期内审核后发布的企业技术需求条数；后来撤回的仍计。"),
        scope=_("本平台发布的企业技术需求"), unit=_("条"), theme="needs", rows=_needs, dimensions=NEED_DIMENSIONS,
        cross=("area", "industry"),
        faces=listing_faces,
    ),
    Definition(
        code="needs_solved", name=_("已解决技术需求数"), meaning=_("期内由企业确认已解决而撤下的需求条数。"),
        scope=_("本平台征集的企业技术需求"), unit=_("条"), theme="needs", rows=_solved, privacy=Privacy.P1,
        dimensions=NEED_DIMENSIONS,
    ),
    Definition(
        code="offers_published", name=_("发布供给数"),
        meaning=_("期内发布的成果、专利、专家、仪器、中试线、资金和人才条数。"),
        scope=_("本平台发布的供给"), unit=_("条"), theme="offers", rows=_offers, dimensions=OFFER_DIMENSIONS,
        cross=("area", "field"),
        faces=listing_faces,
    ),
    Definition(
        code="offers_standing", name=_("在架供给数"), meaning=_("期末在有效期内的供给条数。"),
        scope=_("本平台发布的供给"), unit=_("条"), theme="offers", rows=_standing_offers, kind=Kind.STOCK,
        dimensions=OFFER_DIMENSIONS[:3], cross=("area", "field"), faces=listing_faces,
    ),
)  # fmt: skip
