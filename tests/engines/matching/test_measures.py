"""Measures of rankings and of the agreement of judges, against figures from the literature and worked by hand."""

import pytest

from keqiao.engines.matching import agreement, interval, ndcg, precision

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section E: four observers, twelve units, gaps.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def test_agreement_is_the_published_interval_alpha() -> None:
    units = [[grade for grade in unit if grade is not None] for unit in zip(*OBSERVERS, strict=True)]
    assert agreement(units) == pytest.approx(0.849, abs=0.0005)


def test_agreement_is_undefined_without_pairs_or_differences() -> None:
    assert agreement([]) is agreement([(3,), (1,)]) is agreement([(2, 2), (2, 2)]) is None


def test_agreement_below_chance_is_negative() -> None:
    assert (agreement([(0, 3), (3, 0)]) or 0) < 0 < (agreement([(0, 0), (3, 3)]) or 0)


def test_ndcg_by_hand() -> None:
    gains = {"a": 3, "b": 2, "c": 0}
    assert ndcg(["a", "b", "c"], gains) == 1.0
    # (3/1 + 7/log2(3)) / (7/1 + 3/log2(3))
    assert ndcg(["b", "a"], gains) == pytest.approx(0.8339912323981488)
    assert ndcg(["x", "y"], gains) == 0.0
    assert ndcg(["b", "a"], gains, depth=1) == pytest.approx(3 / 7)


def test_ndcg_without_anything_useful_is_refused() -> None:
    with pytest.raises(ValueError, match="No grade is above 0"):
        ndcg(["a"], {"a": 0})


def test_precision_counts_empty_places() -> None:
    assert precision(["a", "b", "c"], {"a": 3, "b": 1, "c": 2}) == 0.4
    assert precision([], {"a": 3}) == 0.0


def test_interval_holds_the_mean_and_is_repeatable() -> None:
    values = [0.0, 1.0] * 50
    low, high = interval(values)
    assert 0.38 < low < 0.5 < high < 0.62
    assert interval(values) == (low, high)
    with pytest.raises(ValueError, match="no values"):
        interval([])
