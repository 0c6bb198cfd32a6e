"""What the actions of this app share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.proposals import units
from keqiao.apps.proposals.models import Assignment, LookBack, Promise, Proposal, Publication, Reply
from keqiao.catalogue import proposals as rulebook

Row = Proposal | Reply | Promise | Assignment | LookBack


def lock(row: models.Model) -> None:
    """Read the row again, held against other writers until the action is over."""
    row.refresh_from_db(from_queryset=type(row)._default_manager.select_for_update())


def require_state(row: Proposal | Reply, *states: str) -> None:
    if row.state not in states:
        kind = "proposal" if isinstance(row, Proposal) else "reply"
        raise ledger.Refused(f"{kind}_is_{row.state}")


def assign_fields(row: Row, values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """Set allowed fields and return those that changed; an unknown field is a programming error."""
    if unknown := set(values) - allowed:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return changed


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the ledger notes them."""
    return {
        name: value if value is None or isinstance(value, str | int | bool | list) else str(value)
        for name, value in values.items()
    }


def require_unit(code: str, *, field: str = "unit") -> None:
    if code not in units.units():
        raise ValidationError({field: _("没有名为“%(unit)s”的单位，请从列表中选择。") % {"unit": code}})


def publication_problems(publication: str, withheld_reason: str, *, abstract: str) -> dict[str, str]:
    """What is wrong with a decision on publication."""
    if publication not in Publication.values:
        return {"publication": _("请选择公开方式。")}
    if publication == Publication.WITHHELD:
        if withheld_reason not in rulebook.withheld_reasons(places.region().code):
            return {"withheld_reason": _("不予公开的，请选择法定理由。")}
    elif withheld_reason:
        return {"withheld_reason": _("只有不予公开的才填写理由。")}
    if publication == Publication.ABSTRACT and not abstract.strip():
        return {"abstract": _("公开摘要的，请先填写摘要。")}
    return {}


def require_day(day: date | None, *, field: str, on: date, earliest: date | None = None) -> None:
    """A day that something happened on cannot lie ahead, nor before what it follows."""
    if day is None:
        raise ValidationError({field: _("请填写日期。")})
    if day > on:
        raise ValidationError({field: _("日期不能晚于今天。")})
    if earliest is not None and day < earliest:
        raise ValidationError({field: _("日期不能早于 %(day)s。") % {"day": earliest.isoformat()}})


def user_of(by: Actor) -> User | None:
    return parties.user(by.key.removeprefix("user:")) if by.key.startswith("user:") else None
