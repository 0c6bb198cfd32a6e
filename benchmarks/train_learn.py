"""Features, trees and calibration; LightGBM stands here and nowhere in the program."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm  # noqa: TID253 - training only: the program evaluates the trees itself
import numpy as np
from numpy.typing import NDArray
from train_sets import GRADED, Judged, JudgedSet

from keqiao.catalogue.matcher import create_index
from keqiao.catalogue.thesaurus import everyday_phrases, shipped_thesaurus
from keqiao.engines.matching import Matcher, Model, Thesaurus
from keqiao.engines.matching._features import NAMES
from keqiao.engines.matching._model import LIST_NAMES, list_features

Floats = NDArray[np.float64]
FOLDS = 5
ROUNDS = 150
SETTINGS: dict[str, Any] = {
    "objective": "lambdarank", "num_leaves": 12, "max_depth": 6, "learning_rate": 0.06, "min_data_in_leaf": 60,
    "lambda_l2": 5.0, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambdarank_truncation_level": 15, "label_gain": [0, 1, 3, 7], "verbose": -1, "num_threads": 1, "seed": 7,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
SET_WEIGHT = {"needs": 4.0, "demo": 3.0, "own": 4.0, "P": 2.0, "M": 0.5, "tM": 0.5, "S": 1.0, "T": 0.15, "K": 0.15}
CALIBRATED = {"needs": 3.0, "demo": 1.5, "own": 3.0, "P": 0.5}  # what a chance should mean is learnt from these
STRIPPED = 0.35  # weight of a need whose useful offers were taken out, beside its own list
TOP = 10


@dataclass
class Group:
    """The candidates of one query: keys and features in the order of the first stage."""

    set: str
    judged: Judged
    useful: int
    keys: list[str]
    rows: Floats
    stripped: bool = False  # the useful documents were taken out: a need without a good answer

    @property
    def fold(self) -> int:
        return zlib.crc32(self.judged.fold.encode()) % FOLDS

    @property
    def gains(self) -> NDArray[np.int64]:
        raw = np.array([self.judged.gains.get(key, 0) for key in self.keys], dtype=np.int64)
        return raw if self.set in GRADED else np.where(raw > 0, 3, 0)

    @property
    def is_useful(self) -> NDArray[np.bool_]:
        return np.array([self.judged.gains.get(key, 0) >= self.useful for key in self.keys], dtype=bool)


@dataclass
class Calibration:
    chance: Floats
    chance_any: Floats
    abstain: float


def groups(part: JudgedSet, *, model: Model, expand: bool = True, strip: bool = False) -> Iterator[Group]:
    """Yield the candidates of every query of a set, with features as the matcher computes them."""
    index = create_index()
    with index.writer() as writer:
        writer.add(part.documents)
    index.reload()
    matcher = Matcher(index, model, shipped_thesaurus() if expand else Thesaurus(), everyday=everyday_phrases())
    for judged in part.queries:
        for without in (False, True) if strip and part.name in CALIBRATED else (False,):
            drop = {judged.left_out}
            if without:
                drop |= {key for key, gain in judged.gains.items() if gain >= part.useful}
            found = matcher.considered(judged.query, leave_out=frozenset(filter(None, drop)))
            if found.candidates:
                keys = [candidate.record.key for candidate in found.candidates]
                yield Group(part.name, judged, part.useful, keys, found.rows, stripped=without)


def train(chosen: Sequence[Group], *, seeds: Sequence[int] = (7, 8)) -> list[lightgbm.Booster]:
    """Return one booster per seed, LambdaMART over the unstripped lists; their scores are averaged."""
    lists = [group for group in chosen if not group.stripped and not _plenty(group)]
    data = lightgbm.Dataset(
        np.vstack([group.rows for group in lists]),
        np.concatenate([group.gains for group in lists]),
        group=[len(group.keys) for group in lists],
        weight=np.concatenate([np.full(len(group.keys), SET_WEIGHT[group.set]) for group in lists]),
        feature_name=list(NAMES),
        free_raw_data=False,
    )
    return [lightgbm.train({**SETTINGS, "seed": seed}, data, ROUNDS) for seed in seeds]


def _plenty(group: Group) -> bool:
    """Titles and keywords are many and easy: every fourth teaches enough."""
    return group.set in ("T", "K") and zlib.crc32(group.judged.key.encode()) % 4 > 0


def predict(boosters: Sequence[lightgbm.Booster], rows: Floats) -> Floats:
    return np.mean([booster.predict(rows) for booster in boosters], axis=0)


def out_of_fold(everything: Sequence[Group]) -> list[Floats]:
    """Return the scores of every group by a model that saw none of its fold."""
    scores: list[Floats] = [np.zeros(0)] * len(everything)
    for fold in range(FOLDS):
        boosters = train([group for group in everything if group.fold != fold], seeds=(7,))
        for place, group in enumerate(everything):
            if group.fold == fold:
                scores[place] = predict(boosters, group.rows)
    return scores


def calibrate(chosen: Sequence[Group], scores: Sequence[Floats]) -> Calibration:
    """Fit both logistic functions and the threshold on out-of-fold scores."""
    pairs = [(group, score) for group, score in zip(chosen, scores, strict=True) if group.set in CALIBRATED]
    wide, wide_y, wide_w, lists, any_y, any_w = [], [], [], [], [], []
    for group, score in pairs:
        order = np.argsort(-score, kind="stable")[:TOP]
        whole = list_features(group.rows, score)
        weight = CALIBRATED[group.set] * (STRIPPED if group.stripped else 1.0)
        wide.append(np.column_stack([np.tile(whole, (order.size, 1)), score[order] - score[order[0]]]))
        wide_y.append(group.is_useful[order])
        wide_w.append(np.full(order.size, weight))
        lists.append(whole)
        any_y.append(bool(group.is_useful[order].any()))
        any_w.append(weight)
    chance = logistic_fit(np.vstack(wide), np.concatenate(wide_y).astype(float), np.concatenate(wide_w), ridge=3.0)
    table = np.array(lists)
    truth, weights = np.array(any_y, dtype=float), np.array(any_w)
    chance_any = logistic_fit(table, truth, weights, ridge=3.0)
    own = np.array([not group.stripped and group.set in GRADED for group, _ in pairs])
    return Calibration(chance, chance_any, threshold(sigmoid(table @ chance_any)[own], truth[own] > 0.5, weights[own]))


def logistic_fit(table: Floats, truth: Floats, weights: Floats, *, ridge: float) -> Floats:
    """Ridge logistic regression by Newton's method; column 0 is the constant and is not shrunk."""
    centre, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    centre[0], spread[0] = 0.0, 1.0
    scaled = (table - centre) / spread
    penalty = np.full(table.shape[1], ridge)
    penalty[0] = 1e-6
    beta = np.zeros(table.shape[1])
    for _ in range(50):
        chance = sigmoid(scaled @ beta)
        gradient = scaled.T @ (weights * (truth - chance)) - penalty * beta
        curve = (scaled * (weights * chance * (1 - chance))[:, None]).T @ scaled + np.diag(penalty)
        step = np.linalg.solve(curve, gradient)
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    plain = beta / spread
    plain[0] = beta[0] - float((beta[1:] * centre[1:] / spread[1:]).sum())
    return plain


def threshold(chances: Floats, answerable: NDArray[np.bool_], weights: Floats) -> float:
    """The value below which needs are best called unanswered: the highest F1 of that call."""
    best, place = -1.0, 0.0
    for value in np.quantile(chances, np.linspace(0.02, 0.6, 59)):
        called = weights * (chances < value)
        score = 2 * float(called[~answerable].sum()) / float(called.sum() + weights[~answerable].sum())
        if score > best:
            best, place = score, float(value)
    return place


def sigmoid(value: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(value, -30, 30)))


assert len(LIST_NAMES) == list_features(np.zeros((1, len(NAMES))), np.zeros(1)).size
