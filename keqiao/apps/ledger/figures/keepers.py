"""Who may keep figures. The ledger knows no people: the app that does says so, once, when it is ready."""

from collections.abc import Callable
from typing import Any

from keqiao.apps.ledger.actions import Verdict

Keeper = Callable[[Any, str], Verdict]
_keeper: list[Keeper] = []


def use(keeper: Keeper) -> None:
    """Let this function say whether an actor may publish for a kind of department."""
    _keeper[:] = [keeper]


def may_keep(actor: Any, owner: str) -> Verdict:
    if not _keeper:
        raise RuntimeError("no app has said who may keep figures: call keepers.use in an AppConfig.ready")
    return _keeper[0](actor, owner)
