"""How good rankings are, and how far the people who judge them agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import numpy as np

from keqiao.engines.matching._texts import Floats

_SAMPLES = 2000


def ndcg(ranked: Iterable[str], gains: Mapping[str, int], *, depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of `ranked` keys, between 0 and 1.

    Method: gain 2^grade − 1, discount 1/log2(rank + 1), against the best order of all judged (Järvelin and Kekäläinen
    2002; Burges et al. 2005). What nobody judged counts as useless. Raises ValueError where no grade is above 0, since
    nothing could then be ranked well.

    >>> ndcg(["b", "a"], {"a": 3, "b": 0})
    0.6309297535714575
    """
    discount = 1 / np.log2(np.arange(depth) + 2)
    got = np.array([2.0 ** gains.get(key, 0) - 1 for key in islice(ranked, depth)])
    ideal = np.sort([2.0**grade - 1 for grade in gains.values()])[::-1][:depth]
    best = float(ideal @ discount[: ideal.size])
    if not best:
        raise ValueError("No grade is above 0: there is nothing that a ranking could put first.")
    return float(got @ discount[: got.size]) / best


def precision(ranked: Iterable[str], gains: Mapping[str, int], *, depth: int = 5, useful: int = 2) -> float:
    """Return the share of the first `depth` places that hold something graded `useful` or better.

    A list shorter than `depth` has empty places, which count as useless.

    >>> precision(["a", "x"], {"a": 3, "b": 2}, depth=2)
    0.5
    """
    return sum(gains.get(key, 0) >= useful for key in islice(ranked, depth)) / depth


def interval(values: Sequence[float], *, seed: int = 1) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of `values` (percentiles of 2,000 resamples; Efron 1979).

    Raises ValueError without values.

    >>> interval([0.5, 0.5])
    (0.5, 0.5)
    """
    if not values:
        raise ValueError("There are no values to take a mean of.")
    known = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(0, known.size, (_SAMPLES, known.size))
    low, high = np.quantile(known[picks].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def agreement(units: Iterable[Sequence[int]]) -> float | None:
    """Return Krippendorff's alpha of grades, one sequence per judged thing with the grades of its judges.

    1 is full agreement, 0 what chance would give, below 0 worse than chance. Things with one grade say nothing. None
    where no thing has two grades, or all grades are one and the same: alpha is not defined there.

    Method: interval distance (squared differences), any number of judges, gaps allowed; Krippendorff, Content Analysis
    (2004), chapter 11.

    >>> agreement([(0, 0), (3, 3), (2, 1)])
    0.9122807017543859
    """
    paired = [np.asarray(grades, dtype=np.float64) for grades in units if len(grades) > 1]
    if not paired:
        return None
    observed = sum(_distances(grades) / (grades.size - 1) for grades in paired)
    everything: Floats = np.concatenate(paired)
    expected = _distances(everything) / (everything.size - 1)
    return 1 - observed / expected if expected else None


def _distances(grades: Floats) -> float:
    """Sum of squared differences over all ordered pairs."""
    return float(2 * (grades.size * (grades @ grades) - grades.sum() ** 2))
