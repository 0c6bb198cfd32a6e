"""Writes to branch markets and stations."""

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions, places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Station

from ._fields import only

STATION_FIELDS = frozenset({"kind", "name", "name_en", "parent", "organization", "area", "is_active"})


def add_station(*, by: Actor, at: datetime, key: str = "", **values: Any) -> Station:
    row = Station(key=key or f"st-{secrets.token_hex(4)}", created_at=at, **only(values, STATION_FIELDS))
    with ledger.action("station.add", by=by, at=at, subject=f"station:{row.key}") as entry:
        entry.require(permissions.can_manage_stations(by))
        _save(row)
        entry.change(kind=row.kind, name=row.name, area=row.area)
    return row


def edit_station(station: Station, *, by: Actor, at: datetime, **values: Any) -> Station:
    wanted = only(values, STATION_FIELDS)
    with ledger.action("station.edit", by=by, at=at, subject=f"station:{station.key}") as entry:
        station.refresh_from_db(from_queryset=Station.objects.select_for_update())
        entry.require(permissions.can_manage_stations(by))
        for name, value in wanted.items():
            setattr(station, name, value)
        _save(station)
        entry.change(kind=station.kind, name=station.name, area=station.area, is_active=station.is_active)
    return station


def _save(row: Station) -> None:
    row.full_clean()
    if row.area and row.area not in places.region().areas:
        raise ValidationError({"area": _("本地区没有这个地区代码。")})
    row.save()
