"""Writes to past contracts and projects."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import LegacyProject
from keqiao.apps.market.names import new_key
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization
from keqiao.catalogue import codes

PROJECT_FIELDS = frozenset(
    {"title", "kind", "partner", "partner_name", "year", "signed_date", "amount_fen", "field", "area", "note"}
)


def add_project(
    *, organization: Organization, source: str, by: Actor, at: datetime, number: str = "", **values: Any
) -> LegacyProject:
    """Keep a past contract or project of a body with its source and the source's number."""
    row = LegacyProject(
        key=new_key("H"), organization=organization, source=source, number=number, created_at=at, updated_at=at
    )
    with ledger.action("project.add", by=by, at=at, subject=f"project:{row.key}") as entry:
        entry.require(permissions.can_keep_project(by, organization))
        changed = _assign(row, values)
        _save(row)
        entry.change(organization=organization.key, source=source, number=number, **_plain(changed))
    return row


def edit_project(project: LegacyProject, *, by: Actor, at: datetime, **values: Any) -> LegacyProject:
    with ledger.action("project.edit", by=by, at=at, subject=f"project:{project.key}") as entry:
        project.refresh_from_db(from_queryset=LegacyProject.objects.select_for_update())
        entry.require(permissions.can_keep_project(by, project.organization))
        changed = _assign(project, values)
        project.updated_at = at
        _save(project)
        entry.change(**_plain(changed))
    return project


def _assign(row: LegacyProject, values: dict[str, Any]) -> dict[str, Any]:
    """Set allowed fields and return those that changed; an unknown field is a programming error."""
    if unknown := set(values) - PROJECT_FIELDS:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return changed


def _plain(changed: dict[str, Any]) -> dict[str, Any]:
    """What the ledger notes: the partner by its key, days as text."""
    return {
        name: value.key
        if isinstance(value, Organization)
        else value
        if isinstance(value, str | int)
        else str(value or "")
        for name, value in changed.items()
    }


def _save(row: LegacyProject) -> None:
    if row.field and row.field not in codes.codes("fields"):
        raise ValidationError({"field": _("没有名为“%(code)s”的技术领域。") % {"code": row.field}})
    row.full_clean(exclude=["organization", "partner"], validate_unique=False, validate_constraints=False)
    try:
        row.save()
    except IntegrityError as error:
        raise ValidationError({"number": _("同一来源已有这个编号。")}, code="twice") from error
