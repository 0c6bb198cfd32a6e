"""From features to an order and to chances that mean the same for every need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from keqiao.engines.matching._features import NAMES
from keqiao.engines.matching._query import Weights
from keqiao.engines.matching._trees import Floats, Trees

# What a list of candidates says about the need as a whole; the chances lean on these.
LIST_NAMES = ("one", "best", "second", "tenth", "first", "cover", "letters", "likeness", "words", "rarity")
FORM = 1


@dataclass(frozen=True, slots=True)
class Ranking:
    """Order of the candidates, their chances in that order, and the chance that any of them is useful."""

    order: list[int]
    chances: list[float]
    chance_any: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the first stage, trees of the second, and the calibration of its scores.

    `chance` and `chance_any` are coefficients of logistic functions over `LIST_NAMES`; `chance` has one more at the end
    for the candidate's own distance to the best one. `abstain` is the value of `chance_any` below which a need counts
    as without a good answer. Without trees the order is that of the first stage.
    """

    weights: Weights = field(default_factory=Weights)
    depth: int = 100
    trees: Trees | None = None
    chance: tuple[float, ...] = ()
    chance_any: tuple[float, ...] = ()
    abstain: float = 0.0

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Model:
        """Return the model of a JSON object. Raises ValueError where it was made for other features."""
        if data.get("form") != FORM or tuple(data.get("names", ())) != NAMES:
            raise ValueError("The model was trained for other features than this program computes: train it anew.")
        return cls(
            weights=Weights(**data["weights"]),
            depth=int(data["depth"]),
            trees=Trees.load(data["trees"], names=NAMES),
            chance=tuple(data["chance"]),
            chance_any=tuple(data["chance_any"]),
            abstain=float(data["abstain"]),
        )

    def scores(self, rows: Floats) -> Floats:
        """Return raw scores [candidate] for features [candidate, NAMES]; only their order within a list has meaning."""
        return rows[:, NAMES.index("first_share")] if self.trees is None else self.trees.predict(rows)

    def ranking(self, rows: Floats, *, scores: Floats | None = None) -> Ranking:
        """Return order and chances for features [candidate, NAMES]; `scores` replace the model's own where given.

        The order is by score, ties by place; the chance falls with the score, so both orders agree.
        """
        if len(rows) == 0:
            return Ranking([], [], 0.0)
        raw = self.scores(rows) if scores is None else scores
        order = np.argsort(-raw, kind="stable")
        if not self.chance:
            chances = raw[order] * rows[0, NAMES.index("top_cover")]
            return Ranking(order.tolist(), chances.tolist(), float(chances[0]))
        whole = list_features(rows, raw)
        base = float(whole @ np.array(self.chance[:-1]))
        chances = _logistic(base + self.chance[-1] * (raw[order] - raw[order[0]]))
        return Ranking(order.tolist(), chances.tolist(), float(_logistic(whole @ np.array(self.chance_any))))


def list_features(rows: Floats, raw: Floats) -> Floats:
    """Return the numbers `LIST_NAMES` of one list of candidates.

    >>> list_features(np.zeros((1, len(NAMES))), np.zeros(1)).shape == (len(LIST_NAMES),)
    True
    """
    ranked = np.sort(raw)[::-1]
    top = rows[np.argsort(-raw, kind="stable")[:3]].mean(axis=0)
    value = dict(zip(NAMES, top, strict=True))
    return np.array([
        1.0, ranked[0], ranked[min(1, ranked.size - 1)] - ranked[0], ranked[min(9, ranked.size - 1)] - ranked[0],
        np.log1p(value["top_first"]), value["pairs_cover"], value["letters_bm25"], value["likeness"],
        value["need_words"], value["need_rarity"],
    ])  # fmt: skip


def weights_record(weights: Weights) -> dict[str, float]:
    """Return `weights` as a JSON object."""
    return asdict(weights)


def _logistic(value: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(value, -30.0, 30.0)))
