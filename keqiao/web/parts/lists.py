"""List pages of needs and offers: filters, search, pages, download."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters as filters
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market import kinds, narrowing
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import NeedKind, Secrecy
from keqiao.apps.market.queries import Face
from keqiao.apps.parties import places
from keqiao.catalogue import codes
from keqiao.web.parts.export import Column
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label, say

PAGE_SIZE = 20
MOST_COUNTED = 1000


def field_choices() -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(code.code, code.label(language)) for code in codes.codes("fields").children()]


def kind_choices() -> list[tuple[str, str]]:
    return [(slug, label(slug, "offer_kind")) for slug in kinds.offer_kinds()]


def area_choices(on: date) -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(area.code, places.label(area.code, language=language)) for area in places.choices(on)]


class ListingFilter(filters.FilterSet):
    """Filters that needs and offers share. What each does stands in `market.narrowing`."""

    listing = ""
    field = filters.ChoiceFilter(label=_("技术领域"), empty_label=_("全部领域"), choices=field_choices)
    area = filters.ChoiceFilter(label=_("所在地"), empty_label=_("全部地区"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.filters["area"].extra["choices"] = area_choices(on)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As the searches that people keep are narrowed, too."""
        return narrowing.narrow(queryset, self.listing, self.form.cleaned_data, on=self.on)


class OfferFilter(ListingFilter):
    listing = "offer"
    kind = filters.ChoiceFilter(label=_("供给类型"), empty_label=_("全部类型"), choices=kind_choices)
    trl = filters.NumberFilter(label=_("技术就绪度不低于"), min_value=1, max_value=9)


class NeedFilter(ListingFilter):
    listing = "need"
    need_kind = filters.ChoiceFilter(label=_("需求类型"), empty_label=_("全部类型"), choices=NeedKind.choices)
    urgency = filters.ChoiceFilter(
        label=_("紧急程度"), empty_label=_("不限"), choices=[("high", _("紧急")), ("normal", _("一般"))]
    )


FILTERS: dict[str, type[ListingFilter]] = {"offer": OfferFilter, "need": NeedFilter}


class CappedPaginator(Paginator):
    """Counts rows to `MOST_COUNTED` and no further: nobody turns to page 500, and counting 100,000 rows takes longer
    than showing twenty."""

    @cached_property
    def count(self) -> int:
        # In the list's own order, for there is an index that holds it; an unordered count may read the rows.
        return len(self.object_list[:MOST_COUNTED])

    @property
    def is_capped(self) -> bool:
        return self.count == MOST_COUNTED


def page_of(request: Request, rows: QuerySet[Any], *, ranked: list[int] | None = None) -> Page[Any]:
    """One page of a list, in its own order or in that of `ranked` primary keys.

    The keys are found first, in the index alone; only the page's rows are read.
    """
    keys = rows.values_list("pk", flat=True) if ranked is None else ranked
    page = CappedPaginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = market.in_order(rows, page.object_list)
    return page


def kept(data: QueryDict, listing: str) -> list[tuple[str, str]]:
    """The words and filters of an address, by name: what a form sends along to keep them."""
    return [(name, str(data[name])) for name in ("q", *narrowing.NAMES[listing]) if data.get(name)]


def is_filtered(data: QueryDict) -> bool:
    return any(value for name, value in data.items() if name not in ("page", "export"))


def face_columns(listing: str) -> Sequence[Column]:
    """The columns of a list of faces, on screen and in files alike."""
    kind_table = "offer_kind" if listing == "offer" else "need_kind"
    return (
        Column(_("编号"), lambda face: face.key),
        Column(_("标题"), lambda face: say(face, "title")),
        Column(_("类型"), lambda face: label(face.kind, kind_table)),
        Column(_("技术领域"), lambda face: label(face.field, "fields")),
        Column(_("单位"), lambda face: say(face, "organization_name") or label(Secrecy.ABSTRACT_ONLY, "secrecy")),
        Column(_("所在地"), lambda face: label(face.area, "area")),
        Column(_("摘要"), lambda face: say(face, "abstract")),
        Column(_("发布日期"), _published),
        Column(_("有效期至"), lambda face: face.expires_date),
    )


def _published(face: Face) -> object:
    return localdate(face.published_at) if face.published_at else None
