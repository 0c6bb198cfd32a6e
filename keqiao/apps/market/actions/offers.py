from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import kinds, permissions
from keqiao.apps.market.models import Offer, OfferIndicator
from keqiao.apps.market.names import new_key, subject_of
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, User

from .inputs import (
    LISTING_FIELDS,
    IndicatorInput,
    assign,
    check_indicators,
    check_rows,
    check_words,
    ledger_values,
    lock,
)

OFFER_FIELDS = LISTING_FIELDS | {"kind", "person", "trl", "details"}
_NEEDS_ONLY = ("must", "current_value", "test_method")


def create_offer(
    *,
    organization: Organization,
    by: Actor,
    at: datetime,
    author: User | None = None,
    indicators: Sequence[IndicatorInput] = (),
    key: str = "",
    is_demo: bool = False,
    **values: Any,
) -> Offer:
    """Write down an offer as a draft; its details are checked by the catalogue item of its kind."""
    offer = Offer(
        key=key or new_key("F"), organization=organization, author=author, created_at=at, updated_at=at, is_demo=is_demo
    )
    with ledger.action("offer.create", by=by, at=at, subject=subject_of(offer)) as entry:
        entry.require(permissions.can_create(by, organization.key, listing="offer", area=organization.area))
        entry.require(permissions.can_sign(by, author))
        changed = assign(offer, {"area": organization.area} | values, OFFER_FIELDS)
        _save(offer, indicators)
        entry.change(organization=organization.key, **ledger_values(offer, changed))
    return offer


def edit_offer(
    offer: Offer, *, by: Actor, at: datetime, indicators: Sequence[IndicatorInput] | None = None, **values: Any
) -> Offer:
    """Change a draft; given indicator rows replace the ones that stand."""
    with ledger.action("offer.edit", by=by, at=at, subject=subject_of(offer)) as entry:
        lock(offer)
        entry.require(permissions.can_edit(by, offer))
        changed = assign(offer, values, OFFER_FIELDS)
        offer.updated_at = at
        _save(offer, indicators)
        entry.change(**ledger_values(offer, changed))
    return offer


def _save(offer: Offer, indicators: Sequence[IndicatorInput] | None) -> None:
    check_indicators(indicators or ())
    offer.details = _clean_details(offer)
    check_words(offer)
    offer.full_clean(exclude=["organization", "author", "person"])
    if offer.person is not None and offer.person.organization_id != offer.organization.pk:
        raise ValidationError({"person": _("该专家不属于本单位。")})
    offer.save()
    if indicators is not None:
        rows = [_row(offer, position, line) for position, line in enumerate(indicators)]
        check_rows(rows, owner="offer")
        offer.indicators.all().delete()
        OfferIndicator.objects.bulk_create(rows)


def _clean_details(offer: Offer) -> dict[str, Any]:
    kind = kinds.offer_kinds().get(offer.kind)
    if kind is None:
        raise ValidationError({"kind": _("没有名为“%(kind)s”的供给类型。") % {"kind": offer.kind}})
    details, problems = kind.clean(offer.details)
    if problems:
        raise ValidationError({f"details.{problem.field}": [problem.message] for problem in problems})
    return details


def _row(offer: Offer, position: int, line: IndicatorInput) -> OfferIndicator:
    values = {name: value for name, value in vars(line).items() if name not in _NEEDS_ONLY}
    return OfferIndicator(offer=offer, position=position, **values)
