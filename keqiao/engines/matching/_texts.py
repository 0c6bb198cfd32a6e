"""The texts of all candidates as arrays of characters, so that counting is one pass for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keqiao.engines.matching._index import Candidate
from keqiao.engines.matching._pack import KEYWORD_WEIGHT, TITLE_WEIGHT

Floats = NDArray[np.float64]

_HAN_FROM, _HAN_TO = 0x3400, 0x9FFF
_PLANE = 0x10000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: multiplying by it scatters codes over the buckets
_SIEVE_BITS, _BUCKET_BITS = 16, 11
_LOG = np.log1p(np.arange(256, dtype=np.float32))


class Texts:
    """Title, keywords and body of the candidates.

    `lengths` [candidate, part] in characters; `mass` [candidate] weighted lengths relative to their mean, which is
    BM25's length normalisation within the list.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.parts = [(c.record.title, c.record.keywords, c.record.body) for c in candidates]
        self.whole = ["\n".join(part) for part in self.parts]
        self.lengths = np.array([[len(text) for text in part] for part in self.parts], dtype=np.float64)
        weighted = self.lengths @ np.array([TITLE_WEIGHT, KEYWORD_WEIGHT, 1.0])
        self.mass: Floats = weighted / max(float(weighted.mean()), 1.0)
        flat = np.frombuffer("\n".join(self.whole).encode("utf-32-le"), dtype=np.uint32)
        self._flat = np.where(flat < _PLANE, flat, 0)
        sizes = (self.lengths.astype(np.int64) + 1).ravel()
        self._owner = np.repeat(np.arange(sizes.size), sizes)[: flat.size]  # candidate × 3 + part
        han = (flat >= _HAN_FROM) & (flat <= _HAN_TO)
        self._valid = np.flatnonzero(han[:-1] & han[1:])
        self._codes = pair_codes(flat[:-1][self._valid], flat[1:][self._valid])

    def pair_counts(self, names: Sequence[str]) -> tuple[Floats, Floats]:
        """Return counts [candidate, part, pair] and the longest run of characters in them [candidate]."""
        count = len(self.parts)
        shape = (count, 3, len(names))
        if not names:
            return np.zeros(shape), np.zeros(count)
        letters = np.array([[ord(name[0]), ord(name[1])] for name in names], dtype=np.uint32)
        wanted = pair_codes(letters[:, 0], letters[:, 1])
        sieve = np.zeros(1 << _SIEVE_BITS, dtype=bool)
        sieve[_bucket(wanted, _SIEVE_BITS)] = True
        maybe = np.flatnonzero(sieve[_bucket(self._codes, _SIEVE_BITS)])
        order = np.argsort(wanted)
        found = np.minimum(np.searchsorted(wanted[order], self._codes[maybe]), len(names) - 1)
        sure = wanted[order][found] == self._codes[maybe]
        place = self._valid[maybe[sure]]
        cells = self._owner[place] * len(names) + order[found[sure]]
        counts = np.bincount(cells, minlength=math.prod(shape)).reshape(shape).astype(np.float64)
        return counts, self._longest_run(place)

    def character_counts(self, names: Sequence[str]) -> Floats:
        """Return counts [candidate, character] over all parts."""
        table = np.full(_PLANE, -1, dtype=np.int64)
        table[[ord(name) for name in names]] = np.arange(len(names))
        column = table[self._flat]
        place = np.flatnonzero(column >= 0)
        cells = self._owner[place] // 3 * len(names) + column[place]
        shape = (len(self.parts), len(names))
        return np.bincount(cells, minlength=math.prod(shape)).reshape(shape).astype(np.float64)

    def word_counts(self, names: Sequence[str]) -> Floats:
        """Return counts [candidate, part, word]; single Han characters are left out, Latin words stand whole."""
        counts = np.zeros((len(self.parts), 3, len(names)))
        pairs = [place for place, name in enumerate(names) if _is_pair(name)]
        counts[:, :, pairs] = self.pair_counts([names[place] for place in pairs])[0]
        rest = [(p, name) for p, name in enumerate(names) if (len(name) > 1 or name.isascii()) and not _is_pair(name)]
        for row, whole in enumerate(self.whole):
            for place, name in rest:
                if name in whole:
                    counter = whole_count if name.isascii() else str.count
                    counts[row, :, place] = [counter(text, name) for text in self.parts[row]]
        return counts

    def likeness(self) -> Floats:
        """Return the cosine of every candidate to every other [candidate, candidate] over hashed pairs, diagonal 0."""
        count, width = len(self.parts), 1 << _BUCKET_BITS
        cells = self._owner[self._valid] // 3 * width + _bucket(self._codes, _BUCKET_BITS).astype(np.int64)
        often = np.bincount(cells, minlength=count * width).reshape(count, width)
        spread = (often > 0).sum(axis=0)
        rarity = np.log((count + 1.0) / (spread + 0.5)).clip(min=0.0).astype(np.float32)
        table = _LOG[np.minimum(often, 255)] * rarity
        table /= np.linalg.norm(table, axis=1, keepdims=True) + np.float32(1e-9)
        cosine: Floats = (table @ table.T).astype(np.float64)
        np.fill_diagonal(cosine, 0.0)
        return cosine

    def _longest_run(self, place: NDArray[np.int64]) -> Floats:
        longest = np.zeros(len(self.parts))
        if place.size:
            starts = np.flatnonzero(np.diff(place, prepend=-2) != 1)
            sizes = np.diff(starts, append=place.size)
            np.maximum.at(longest, self._owner[place[starts]] // 3, sizes + 1.0)
        return longest


def _is_pair(name: str) -> bool:
    """Whether a word is two different Han characters: then its count is that of the pair, which is one pass for all."""
    return len(name) == 2 and name[0] != name[1] and all(_HAN_FROM <= ord(letter) <= _HAN_TO for letter in name)


def pair_codes(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return one number per pair of characters."""
    return (left.astype(np.uint64) << np.uint64(21)) | right.astype(np.uint64)


def whole_count(text: str, token: str) -> int:
    """Return how often `token` stands in `text` with no Latin letter or digit beside it.

    >>> whole_count("pcr 与 c 反应, c++", "c")
    2
    """
    found, place = 0, text.find(token)
    while place >= 0:
        sides = text[max(place - 1, 0) : place] + text[place + len(token) : place + len(token) + 1]
        found += not any(side.isascii() and side.isalnum() for side in sides)
        place = text.find(token, place + len(token))
    return found


def _bucket(codes: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    return (codes * _SPREAD) >> np.uint64(64 - bits)
