"""Reading offer kinds from their files."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from keqiao.catalogue.files import CatalogueError, Settings, read_settings
from keqiao.catalogue.offers._model import FIELD_TYPES, Choice, Field, OfferKind
from keqiao.catalogue.offers._values import MONEY_UNITS
from keqiao.catalogue.privacy import Privacy
from keqiao.engines.identifiers import IDENTIFIER_KINDS

KINDS = Path(__file__).parent
_STATES = ("draft", "submitted", "screened", "published", "expired", "withdrawn")
_WEIGHTS = ("prior", "field", "region", "trl", "budget", "deadline", "indicators")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LENGTHS = {"text": 200, "long_text": 5000}


def offer_kinds(folders: tuple[Path, ...] = ()) -> dict[str, OfferKind]:
    """Return the offer kinds by slug: the shipped ones and those of further folders; read once, then kept.

    Raises what :func:`discover` raises.

    >>> list(offer_kinds())[:2]
    ['achievement', 'patent']
    """
    return dict(_kept(tuple(folders)))


@cache
def _kept(folders: tuple[Path, ...]) -> Mapping[str, OfferKind]:
    return MappingProxyType(discover(*folders))


def discover(*extra: Path) -> dict[str, OfferKind]:
    """Read the offer kinds of the shipped folder and any further ones, in the order of their ``position``.

    Raises :class:`~keqiao.catalogue.files.CatalogueError` for a malformed file, a missing folder or a slug that occurs
    twice.

    >>> discover()["instrument_service"].name
    '仪器服务'
    """
    found: dict[str, tuple[int, OfferKind]] = {}
    for folder in (KINDS, *extra):
        if not folder.is_dir():
            raise CatalogueError(
                path=folder, what="this folder of offer kinds is missing", remedy="create it or correct it"
            )
        for path in sorted(folder.glob("*.toml")):
            position, kind = _read_kind(path)
            if kind.slug in found:
                raise CatalogueError(
                    path=path, what=f"the offer kind {kind.slug} exists already", remedy="choose another slug"
                )
            found[kind.slug] = (position, kind)
    return {slug: kind for slug, (_, kind) in sorted(found.items(), key=lambda item: (item[1][0], item[0]))}


def _read_kind(path: Path) -> tuple[int, OfferKind]:
    settings = Settings(read_settings(path), path=path)
    slug = settings.text("slug")
    if slug != path.stem or not _NAME.fullmatch(slug):
        raise settings.error(
            what=f"the slug is {slug!r}", remedy="name it like the file, in small letters, digits and _"
        )
    position = int(settings.take("position", types=(int,), default=1000))
    fields = _fields(settings.take("fields", types=(list,)), path=path)
    kind = OfferKind(
        slug=slug,
        name=settings.text("name"),
        name_en=settings.text("name_en"),
        plural=settings.text("plural"),
        plural_en=settings.text("plural_en"),
        description=settings.text("description"),
        description_en=settings.text("description_en"),
        icon=_icon(settings),
        needs_trl=bool(settings.take("needs_trl", types=(bool,))),
        states=settings.texts("states", default=_STATES),
        weights=_weights(settings.take("weights", types=(dict,), default={}), path=path),
        fields=fields,
        orders=_orders(settings, fields),
    )
    settings.finish()
    return position, kind


def _icon(settings: Settings) -> str:
    icon = settings.text("icon")
    if len(icon) != 1:
        raise settings.error(what=f"the icon is {icon!r}", remedy="give one letter or character")
    return icon


def _weights(values: Mapping[str, Any], *, path: Path) -> Mapping[str, float]:
    settings = Settings(values, path=path, where="weights")
    weights = {name: float(settings.take(name, types=(int, float), default=1.0)) for name in _WEIGHTS}
    settings.finish()
    for name, weight in weights.items():
        if not 0 <= weight <= 2:
            raise settings.error(what=f"{name!r} is {weight}", remedy="keep weights between 0 and 2, 1 changes nothing")
    return MappingProxyType(weights)


def _orders(settings: Settings, fields: Sequence[Field]) -> tuple[tuple[str, str], ...]:
    types = {field.id: field.type for field in fields}
    orders = []
    for pair in settings.take("orders", types=(list,), default=[]):
        if not isinstance(pair, list) or len(pair) != 2 or any(name not in types for name in pair):
            raise settings.error(what=f"orders holds {pair!r}", remedy="name two fields, the smaller one first")
        if len({types[name] for name in pair}) != 1:
            raise settings.error(
                what=f"the fields {' and '.join(pair)} differ in type", remedy="compare equal types only"
            )
        orders.append((str(pair[0]), str(pair[1])))
    return tuple(orders)


def _fields(values: Sequence[Any], *, path: Path) -> tuple[Field, ...]:
    fields: list[Field] = []
    taken: set[str] = set()
    for number, entry in enumerate(values, start=1):
        if not isinstance(entry, dict):
            raise CatalogueError(
                path=path, what=f"field {number} is {entry!r}", remedy="write it as a table [[fields]]"
            )
        field = _field(Settings(entry, path=path, where=f"field {entry.get('id', number)!r}"))
        if taken & {field.id, field.key}:
            raise CatalogueError(path=path, what=f"the field {field.id!r} occurs twice", remedy="rename one of the two")
        taken |= {field.id, field.key}
        fields.append(field)
    return tuple(fields)


def _field(settings: Settings) -> Field:
    name, kind = settings.text("id"), settings.text("type")
    if not _NAME.fullmatch(name):
        raise settings.error(what=f"the id is {name!r}", remedy="use small letters, digits and _")
    if kind not in FIELD_TYPES:
        raise settings.error(what=f"the type is {kind!r}", remedy=f"use one of {', '.join(FIELD_TYPES)}")
    unit = MONEY_UNITS.get(kind)
    if unit and unit.suffix not in name:
        raise settings.error(
            what=f"the id of a field of type {kind} lacks {unit.suffix}", remedy="add it, as in price_wan"
        )
    field = Field(
        id=name,
        type=kind,
        name=settings.text("name"),
        name_en=settings.text("name_en"),
        unit=settings.text("unit", default=unit.name if unit else ""),
        unit_en=settings.text("unit_en", default=""),
        help=settings.text("help", default=""),
        help_en=settings.text("help_en", default=""),
        required=bool(settings.take("required", types=(bool,), default=False)),
        privacy=_privacy(settings),
        identifier=_identifier(settings, kind=kind),
        choices=_choices(settings, kind=kind),
        minimum=_limit(settings, "minimum"),
        maximum=_limit(settings, "maximum"),
        max_length=int(settings.take("max_length", types=(int,), default=_LENGTHS.get(kind, 200))),
        empty_words=settings.texts("empty_words", default=()),
    )
    settings.finish()
    return field


def _privacy(settings: Settings) -> Privacy:
    value = settings.text("privacy")
    if value not in list(Privacy):
        raise settings.error(what=f"privacy is {value!r}", remedy=f"use one of {', '.join(Privacy)}")
    return Privacy(value)


def _identifier(settings: Settings, *, kind: str) -> str:
    if kind != "identifier":
        return ""
    identifier = settings.text("identifier")
    if identifier not in IDENTIFIER_KINDS:
        raise settings.error(what=f"identifier is {identifier!r}", remedy=f"use one of {', '.join(IDENTIFIER_KINDS)}")
    return identifier


def _limit(settings: Settings, key: str) -> Decimal | None:
    value = settings.take(key, types=(int, float, str), default="")
    return None if value == "" else Decimal(str(value))


def _choices(settings: Settings, *, kind: str) -> tuple[Choice, ...]:
    if kind not in ("choice", "multi_choice"):
        return ()
    choices = []
    taken: set[str] = set()
    for entry in settings.take("choices", types=(list,)):
        if not isinstance(entry, dict):
            raise settings.error(what=f"choices holds {entry!r}", remedy="write { code, name, name_en }")
        inner = Settings(entry, path=settings.path, where=f"choice {entry.get('code', '')!r}")
        choice = Choice(
            code=inner.text("code"),
            name=inner.text("name"),
            name_en=inner.text("name_en"),
            also=inner.texts("also", default=()),
        )
        inner.finish()
        words = {choice.code, *choice.also}
        if taken & words:
            raise settings.error(what=f"the choice {choice.code!r} occurs twice", remedy="remove one of the two")
        taken |= words
        choices.append(choice)
    if not choices:
        raise settings.error(what="there are no choices", remedy="list at least one")
    return tuple(choices)
