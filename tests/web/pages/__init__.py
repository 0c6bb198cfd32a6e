"""The site map of the tests: every page that answers GET, every act that answers POST, and who may.

Each module beside this one maps a part of the site: `pages(world)`, `acts(world)`, and `grow(world)`, which adds two
more of everything its lists show. A test refuses an address that no module maps.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from tests.web.world import World

EVERYBODY = frozenset(
    {"", "outsider", "member", "editor", "manager", "scholar", "owner", "broker", "coordinator", "registrar", "expert",
     "officer", "stranger", "auditor", "security", "administrator"}
)  # fmt: skip
SIGNED_IN = EVERYBODY - {""}
PRIVATE = ("/desk/", "/office/", "/account/")


@dataclass(frozen=True)
class Page:
    """One address; `readers` get 200, `known` people 403, others `otherwise`; visitors are sent to sign in."""

    path: str
    readers: frozenset[str] = EVERYBODY
    otherwise: int = 403
    known: frozenset[str] = frozenset()

    def status_for(self, name: str) -> int:
        if name in self.readers:
            return 200
        if name == "" and self.path.startswith(PRIVATE):
            return 302
        return 403 if name in self.known else self.otherwise


@dataclass(frozen=True)
class Act:
    """One POST. For `doers` it is done and leaves an entry; for everybody else it is refused and nothing changes.

    An act with `leaves_entry=False` writes nothing that the ledger would know of: a language, a question asked.
    """

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    doers: frozenset[str] = frozenset()
    leaves_entry: bool = True


def parts() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{found.name}")


def all_pages(world: World) -> list[Page]:
    return [page for part in parts() for page in part.pages(world)]


def all_acts(world: World) -> list[Act]:
    return [act for part in parts() for act in part.acts(world)]
