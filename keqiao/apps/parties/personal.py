"""What all apps keep about a person, without knowing the apps: each may have a `personal.py` beside its models.

It holds `data(user)`, what is kept about the account as values for JSON, and `erase(user)`, which deletes it; the
latter is called inside the action that erases the account.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps

from .models import User

OURS = "keqiao.apps."


@cache
def _modules() -> tuple[tuple[str, ModuleType], ...]:
    names = {
        config.label: f"{config.name}.personal"
        for config in apps.get_app_configs()
        if config.name.startswith(OURS) and f"{config.name}.personal" != __name__
    }
    return tuple((label, import_module(name)) for label, name in names.items() if find_spec(name) is not None)


def data(user: User) -> dict[str, Any]:
    """What each app keeps about an account, by the app's name."""
    return {label: module.data(user) for label, module in _modules()}


def erase(user: User) -> None:
    for _label, module in _modules():
        module.erase(user)
