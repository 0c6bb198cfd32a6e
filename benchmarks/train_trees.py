"""Boosters as the flat arrays that `keqiao.engines.matching` evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightgbm  # noqa: TID253 - training only: the program evaluates the trees itself


def flat_trees(boosters: Sequence[lightgbm.Booster]) -> dict[str, Any]:
    """All trees in flat arrays; the leaves are divided by the number of boosters, so that the sum is their mean."""
    flat: dict[str, Any] = {name: [] for name in ("feature", "threshold", "left", "right", "value", "roots")}
    depth = 0
    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            flat["roots"].append(len(flat["feature"]))
            depth = max(depth, _flatten(tree["tree_structure"], flat, share=1 / len(boosters)))
    return {**flat, "depth": depth}


def _flatten(node: dict[str, Any], flat: dict[str, Any], *, share: float) -> int:
    """Append a node and all below it; returns the longest path below it."""
    place = len(flat["feature"])
    leaf = "leaf_value" in node
    flat["feature"].append(0 if leaf else node["split_feature"])
    flat["threshold"].append(0.0 if leaf else node["threshold"])
    flat["value"].append(round(node["leaf_value"] * share, 7) if leaf else 0.0)
    flat["left"].append(place)
    flat["right"].append(place)
    if leaf:
        return 0
    flat["left"][place] = len(flat["feature"])
    left = _flatten(node["left_child"], flat, share=share)
    flat["right"][place] = len(flat["feature"])
    return 1 + max(left, _flatten(node["right_child"], flat, share=share))
