"""How letters leave the house. Each module of this folder whose name has no underscore holds one channel, `CHANNEL`."""

import importlib
import pkgutil
from functools import cache

from ._contract import Channel, DestinationField, Item, Letter, SendingFailed

__all__ = ["Channel", "DestinationField", "Item", "Letter", "SendingFailed", "channel", "channels"]


@cache
def channels() -> dict[str, Channel]:
    """All channels by their slug; e-mail first, the others by name of their module."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    found = [importlib.import_module(f"{__name__}.{name}").CHANNEL for name in names]
    return {one.slug: one for one in sorted(found, key=lambda one: one.slug != "email")}


def channel(slug: str) -> Channel | None:
    return channels().get(slug)
