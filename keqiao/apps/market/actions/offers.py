from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import kinds, permissions
from keqiao.apps.market.models import Offer, OfferIndicator
from keqiao.apps.market.names import new_key, subject_of
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, User

from .inputs import LISTING_FIELDS, IndicatorInput, assign, check_indicators, ledger_value

OFFER_FIELDS = LISTING_FIELDS | {"kind", "person", "trl", "details"}
_NO_MUST = ("must", "current_value", "test_method")


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
        entry.require(permissions.can_create(by, organization.key))
        changed = assign(offer, {"area": organization.area} | values, OFFER_FIELDS)
        _save(offer, indicators)
        entry.change(organization=organization.key, **{k: ledger_value(v) for k, v in changed.items()})
    return offer


def edit_offer(
    offer: Offer, *, by: Actor, at: datetime, indicators: Sequence[IndicatorInput] | None = None, **values: Any
) -> Offer:
    """Change a draft; given indicator rows replace the ones that stand."""
    with ledger.action("offer.edit", by=by, at=at, subject=subject_of(offer)) as entry:
        entry.require(permissions.can_edit(by, offer))
        changed = assign(offer, values, OFFER_FIELDS)
        offer.updated_at = at
        _save(offer, indicators)
        entry.change(**{k: ledger_value(v) for k, v in changed.items()})
    return offer


def _save(offer: Offer, indicators: Sequence[IndicatorInput] | None) -> None:
    check_indicators(indicators or ())
    kind = kinds.offer_kinds().get(offer.kind)
    if kind is None:
        raise ValidationError({"kind": f"没有名为 {offer.kind!r} 的供给类型。"})
    offer.details, problems = kind.clean(offer.details)
    if problems:
        raise ValidationError({f"details.{problem.field}": [problem.message] for problem in problems})
    offer.full_clean(exclude=["organization", "author", "person"])
    offer.save()
    if indicators is not None:
        offer.indicators.all().delete()
        OfferIndicator.objects.bulk_create(
            OfferIndicator(offer=offer, position=position, **{k: v for k, v in vars(row).items() if k not in _NO_MUST})
            for position, row in enumerate(indicators)
        )
