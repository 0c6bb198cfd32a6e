"""The evaluator of boosted trees against the library that grows them."""

import numpy as np
import pytest

from keqiao.engines.matching._trees import Trees

STUMP = {
    "feature": [0, 0, 0], "threshold": [0.5, 0, 0], "left": [1, 1, 2], "right": [2, 1, 2], "value": [0, -1.0, 1.0],
    "roots": [0], "depth": 1,
}  # fmt: skip


@pytest.mark.slow
def test_predict_equals_lightgbm():
    import lightgbm

    from benchmarks.train_trees import flat_trees  # noqa: PLC0415

    random = np.random.default_rng(3)
    rows = random.normal(size=(300, 6))
    truth = rows[:, 0] * rows[:, 1] + np.sin(3 * rows[:, 2])
    settings = {"num_leaves": 9, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5}
    boosters = [
        lightgbm.train(
            {**settings, "seed": seed, "bagging_fraction": 0.7, "bagging_freq": 1}, lightgbm.Dataset(rows, truth), 12
        )
        for seed in (1, 2)
    ]
    trees = Trees.load(flat_trees(boosters), names=list("abcdef"))
    asked = random.normal(size=(200, 6))
    expected = np.mean([booster.predict(asked) for booster in boosters], axis=0)
    assert np.allclose(trees.predict(asked), expected, atol=1e-5)


def test_predict_goes_left_on_equality():
    trees = Trees.load(STUMP, names=["x"])
    assert trees.predict(np.array([[0.5], [0.5000001]])).tolist() == [-1.0, 1.0]


def test_predict_adds_trees_of_different_depth():
    two = {name: STUMP[name] + [value + 3 for value in STUMP[name]] for name in ("left", "right")}
    both = {
        **STUMP, **two, "feature": [0] * 6, "threshold": [0.5, 0, 0] * 2, "value": [0, -1.0, 1.0, 0, 10.0, 20.0],
        "roots": [0, 3, 4], "depth": 1,
    }  # fmt: skip
    assert Trees.load(both, names=["x"]).predict(np.array([[0.0], [1.0]])).tolist() == [19.0, 31.0]


def test_load_refuses_arrays_that_do_not_fit():
    with pytest.raises(ValueError, match=r"different lengths \[2, 3\]"):
        Trees.load({**STUMP, "value": [0, 1]}, names=["x"])
    with pytest.raises(ValueError, match="ask for feature 1, 0 are named"):
        Trees.load(STUMP, names=[])


def test_predict_refuses_other_features():
    with pytest.raises(ValueError, match="2 features given, 1 expected: x"):
        Trees.load(STUMP, names=["x"]).predict(np.zeros((1, 2)))
