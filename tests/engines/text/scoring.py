"""Scores extraction against labels: detection and value, unit and operator together."""

from typing import Any

from keqiao.engines.text import Quantity, parse_unit

_LENIENT = {"gt": "ge", "lt": "le"}


def scores(texts: list[dict[str, Any]], found: list[list[Quantity]]) -> tuple[float, float]:
    """F1 of detection and F1 of value, unit and operator, specifications only."""
    hits = full = predicted = gold = 0
    for text, quantities in zip(texts, found, strict=True):
        specs = [quantity for quantity in quantities if quantity.is_spec]
        free = list(text["quantities"])
        predicted, gold = predicted + len(specs), gold + len(free)
        for quantity in specs:
            match = next((label for label in free if _overlap(quantity, label)), None)
            if match is not None:
                free.remove(match)
                hits += 1
                full += _same(quantity, match)
    return 2 * hits / (predicted + gold), 2 * full / (predicted + gold)


def _overlap(quantity: Quantity, label: dict[str, Any]) -> bool:
    return quantity.span[0] < label["span"][1] and label["span"][0] < quantity.span[1]


def _same(quantity: Quantity, label: dict[str, Any]) -> bool:
    wanted = label["value"] if isinstance(label["value"], list) else [label["value"]]
    ours, theirs = parse_unit(quantity.unit), parse_unit(label["unit"])
    if quantity.unit != label["unit"] and ours.dimension != theirs.dimension:
        return False
    scale = 1.0 if quantity.unit == label["unit"] else ours.factor / theirs.factor
    equal = len(wanted) == len(quantity.value) and all(
        abs(one * scale - other) <= 1e-6 * max(abs(other), 1e-300)
        for one, other in zip(quantity.value, wanted, strict=True)
    )
    return equal and _LENIENT.get(quantity.op, quantity.op) == _LENIENT.get(label["op"], label["op"])
