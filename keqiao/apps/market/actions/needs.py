from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions, quality
from keqiao.apps.market.models import Need, NeedIndicator
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

NEED_FIELDS = LISTING_FIELDS | {
    "need_kind", "background", "background_en", "benchmark", "is_chokepoint", "budget_min_fen", "budget_max_fen",
    "coop_modes", "ip_policy", "ip_note", "deadline_date", "urgency",
}  # fmt: skip


def create_need(
    *,
    organization: Organization,
    by: Actor,
    at: datetime,
    author: User | None = None,
    indicators: Sequence[IndicatorInput] = (),
    key: str = "",
    is_demo: bool = False,
    **values: Any,
) -> Need:
    """Write down a need as a draft with its indicator rows and its quality score.

    A broker who writes for a firm is the author; the firm's editors can change the draft as well.
    """
    need = Need(
        key=key or new_key("N"), organization=organization, author=author, created_at=at, updated_at=at, is_demo=is_demo
    )
    with ledger.action("need.create", by=by, at=at, subject=subject_of(need)) as entry:
        entry.require(permissions.can_create(by, organization.key, listing="need", area=organization.area))
        entry.require(permissions.can_sign(by, author))
        changed = assign(need, {"area": organization.area} | values, NEED_FIELDS)
        _save(need, indicators)
        entry.change(organization=organization.key, **ledger_values(need, changed))
    return need


def edit_need(
    need: Need, *, by: Actor, at: datetime, indicators: Sequence[IndicatorInput] | None = None, **values: Any
) -> Need:
    """Change a draft; given indicator rows replace the ones that stand."""
    with ledger.action("need.edit", by=by, at=at, subject=subject_of(need)) as entry:
        lock(need)
        entry.require(permissions.can_edit(by, need))
        changed = assign(need, values, NEED_FIELDS)
        need.updated_at = at
        _save(need, indicators)
        entry.change(**ledger_values(need, changed))
    return need


def _save(need: Need, indicators: Sequence[IndicatorInput] | None) -> None:
    check_indicators(indicators or ())
    check_words(need)
    need.full_clean(exclude=["organization", "author"])
    need.save()
    if indicators is not None:
        rows = [NeedIndicator(need=need, position=position, **vars(row)) for position, row in enumerate(indicators)]
        check_rows(rows, owner="need")
        need.indicators.all().delete()
        NeedIndicator.objects.bulk_create(rows)
    need.quality = quality.score(need, list(need.indicators.all())).points
    need.save(update_fields=["quality"])
