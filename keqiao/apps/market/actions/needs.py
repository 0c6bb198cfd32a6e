from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

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
    _check_budget(need)
    # Each constraint would be asked of the database by a query of its own; what an author can break is checked above.
    need.full_clean(exclude=["organization", "author"], validate_constraints=False)
    is_new = need.pk is None
    if indicators is None:
        rows = list(need.indicators.all())
    else:
        rows = [NeedIndicator(need=need, position=position, **vars(row)) for position, row in enumerate(indicators)]
        check_rows(rows, owner="need")
    need.quality = quality.score(need, rows).points
    need.save(force_insert=is_new)
    if indicators is not None:
        if not is_new:
            need.indicators.all().delete()
        NeedIndicator.objects.bulk_create(rows)


def _check_budget(need: Need) -> None:
    low, high = need.budget_min_fen, need.budget_max_fen
    if (low, high) != (None, None) and not (low is not None and high is not None and 0 <= low <= high):
        raise ValidationError({NON_FIELD_ERRORS: _("预算要同时有下限和上限，都不小于零，下限不大于上限。")})
