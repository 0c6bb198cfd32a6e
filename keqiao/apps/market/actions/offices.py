"""Registration offices: who may register technology contracts, and of which places."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import RegistrationOffice
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization


def subject_of(office: RegistrationOffice) -> str:
    return f"organization:{office.organization.key}"


def add_office(
    organization: Organization, *, areas: Sequence[str], by: Actor, at: datetime, code: str = ""
) -> RegistrationOffice:
    """Name a body as registration office; its registrars are granted their role beside this."""
    row = RegistrationOffice(organization=organization, areas=list(areas), code=code.strip(), created_at=at)
    with ledger.action("office.add", by=by, at=at, subject=subject_of(row)) as entry:
        entry.require(permissions.can_manage_offices(by))
        if RegistrationOffice.objects.filter(organization=organization).exists():
            raise ledger.Refused("office_exists")
        _check_areas(row.areas)
        row.full_clean(exclude=["organization"])
        row.save(force_insert=True)
        entry.change(areas=row.areas, code=row.code)
    return row


def change_office(
    office: RegistrationOffice, *, areas: Sequence[str], is_active: bool, by: Actor, at: datetime, code: str = ""
) -> None:
    """Serve other places, or stop taking contracts; what was filed is still decided."""
    with ledger.action("office.change", by=by, at=at, subject=subject_of(office)) as entry:
        entry.require(permissions.can_manage_offices(by))
        office.refresh_from_db(from_queryset=RegistrationOffice.objects.select_for_update())
        _check_areas(areas)
        office.areas, office.is_active, office.code = list(areas), is_active, code.strip()
        office.full_clean(exclude=["organization"])
        office.save()
        entry.change(areas=office.areas, is_active=is_active, code=office.code)


def _check_areas(areas: Sequence[str]) -> None:
    known = places.region().areas
    if not areas or any(area not in known for area in areas):
        raise ValidationError({"areas": [_("请至少选择一个服务地区。")]})
