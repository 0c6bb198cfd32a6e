"""How an entry is written down for hashing, and which algorithms a row may name."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
DEFAULT_ALGORITHM = "sha256"
ALGORITHMS = ("sha256", "sm3")


def digest(algorithm: str, text: str) -> str:
    """The hexadecimal digest of a text; SM3 needs an OpenSSL that has it."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"the ledger knows no algorithm {algorithm!r}, only {', '.join(ALGORITHMS)}")
    return hashlib.new(algorithm, text.encode()).hexdigest()


def canonical(value: Any) -> str:
    """One text for one value, the same on every database: sorted keys, no spaces, moments in UTC."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


def value_digest(algorithm: str, salt: str, field: str, value: Any) -> str:
    return digest(algorithm, canonical([salt, field, _settled(value)]))


def _settled(value: Any) -> Any:
    """A value as every database gives it back: PostgreSQL turns 1e16 into a whole number, tuples become lists."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_settled(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _settled(part) for name, part in value.items()}
    return value


def entry_digest(row: Mapping[str, Any]) -> str:
    """The digest of an entry over all its columns, its place in the chain and the digest before it."""
    names = ("seq", "at", "kind", "actor", "subject", "outcome", "reason", "facts", "alg", "previous")
    return digest(row["alg"], canonical([row[name] for name in names]))
