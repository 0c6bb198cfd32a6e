"""Trains the shipped model: keqiao/catalogue/models/matching.json.

    .venv/bin/python benchmarks/train.py

Reads the development halves of the shared bench and the judgements of the demo region, nothing else. The figures of
`ranking.py` come from models that did not see the queries they are measured on; this one has seen them all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import lightgbm  # noqa: TID253  training only: the program evaluates the trees itself
import numpy as np
from train_learn import Calibration, calibrate, groups, out_of_fold, train
from train_sets import ROOT, judged_sets

from keqiao.engines.matching import Model
from keqiao.engines.matching._features import NAMES
from keqiao.engines.matching._model import FORM, weights_record

TARGET = ROOT / "keqiao" / "catalogue" / "models" / "matching.json"


def main() -> None:
    start = time.perf_counter()
    model = Model()
    everything = [group for part in judged_sets() for group in groups(part, model=model, strip=True)]
    print(f"{len(everything)} lists of candidates after {time.perf_counter() - start:.0f} s")
    calibration = calibrate(everything, out_of_fold(everything))
    boosters = train(everything)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(record(model, boosters, calibration), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1024:.0f} KiB after {time.perf_counter() - start:.0f} s")
    gain = np.sum([booster.feature_importance("gain") for booster in boosters], axis=0)
    for name, share in sorted(zip(NAMES, gain / gain.sum(), strict=True), key=lambda pair: -pair[1]):
        print(f"  {name:16s} {share:.3f}")


def record(model: Model, boosters: Sequence[lightgbm.Booster], calibration: Calibration) -> dict[str, Any]:
    """The model as the JSON object that `Model.load` reads."""
    return {
        "form": FORM,
        "names": list(NAMES),
        "weights": weights_record(model.weights),
        "depth": model.depth,
        "trees": flat_trees(boosters),
        "chance": [round(float(value), 6) for value in calibration.chance],
        "chance_any": [round(float(value), 6) for value in calibration.chance_any],
        "abstain": round(calibration.abstain, 4),
    }


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


if __name__ == "__main__":
    main()
