"""Firms made up for tests: cases beside a policy, pushed off and onto their bounds, with facts and fields left out."""

import random
from collections.abc import Iterator
from typing import Any

from keqiao.catalogue import policies
from keqiao.engines.rules import Policy, Vocabulary

_DAYS = ("2021-06-15", "2023-05-20", "2023-05-21", "2024-12-31", "2025-01-01", "2025-06-15", "2026-05-16", "2026-06-15")


def made_up(policy: Policy, *, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Firms near those of the cases; the same seed makes the same firms."""
    chance = random.Random(seed)
    firms = [case["firm"] for case in policies.cases(policy)]
    for number in range(count):
        firm = dict(chance.choice(firms)) | {"firm_id": f"F{number}"}
        for name in chance.sample(sorted(firm), k=chance.randint(0, min(4, len(firm)))):
            firm[name] = _changed(name, firm[name], policy.vocabulary, chance)
        yield firm


def _changed(name: str, value: Any, words: Vocabulary, chance: random.Random) -> Any:
    if name == "firm_id" or chance.random() < 0.3:
        return value if name == "firm_id" else None
    if name in words.lists:
        return [_item(item, chance) for item in value or [] if chance.random() < 0.8]
    kind = words.attributes[name].type
    if kind == "flag":
        return chance.random() < 0.5
    if kind == "date":
        return chance.choice(_DAYS)
    if kind == "code":
        return chance.choice([value, "new", "recheck", "01", "16", "34", "99", "testing", "design", "normal", "actual"])
    return max(0, _number(int(value or 0), chance))


def _number(value: int, chance: random.Random) -> int:
    near = [value - 1, value + 1, value * 2, value // 2, 0, chance.randint(0, 2**40), 2**53, chance.randint(2010, 2030)]
    return chance.choice(near)


def _item(item: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    found = dict(item)
    if chance.random() < 0.4:
        name = chance.choice(sorted(found))
        if chance.random() < 0.5:
            del found[name]
        elif isinstance(found[name], str) and found[name][:2] == "20":
            found[name] = chance.choice(_DAYS)
        elif isinstance(found[name], int) and not isinstance(found[name], bool):
            found[name] = max(0, found[name] + chance.choice([-1, 1]))
    return found
