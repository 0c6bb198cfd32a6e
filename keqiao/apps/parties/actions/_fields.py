from collections.abc import Mapping
from typing import Any


def only(values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """The values as they are; a field that may not be set here is a programming error."""
    if unknown := set(values) - allowed:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    return dict(values)
