"""Words and character bigrams of normalised text, the two views retrieval looks at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from keqiao.engines.text._normalise import normalise

# Normalised text has no capitals, so capitals carry the Greek letters through jieba, which knows only ASCII and Han.
_GREEK = "".join(map(chr, range(0x3B1, 0x3CA)))
_MASK = str.maketrans(_GREEK, "ABCDEFGHIJKLMNOPQRSTUVWXY")
_UNMASK = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXY", _GREEK)
_HAS_GREEK = re.compile(f"[{_GREEK}]")
_TOKEN = re.compile(r"[a-zA-Y0-9]+(?:\.[0-9]+)*")
# 的, 了 and sentence particles only separate; other function characters are parts of words too often (对准, 行为).
_RUN = re.compile(r"[a-z0-9\u0370-\u03ff]+(?:\.[0-9]+)*|[\u3400-\u9fff\U00020000-\U0003ffff]+")
_PARTICLES = re.compile("[的了吗呢吧啊]")
_STOP = frozenset(
    "的了吗呢吧啊和与及或在是为对等之其该由从被把将也都就以而但并且则即还又很我你他她它们这那此各每让使于到"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class Segmenter:
    """Cuts normalised text into words: jieba's dictionary (through rjieba) plus `words` of the caller.

    Method: dictionary DAG with a hidden Markov model for unknown words; the caller's words are added to a private
    dictionary, so two segmenters never share vocabulary. Picklable (the copy rebuilds its dictionary, 0.1 s).

    >>> Segmenter(["铌酸锂薄膜"]).words("铌酸锂薄膜的0.05μm刻蚀, co2")
    ['铌酸锂薄膜', '0.05', 'μm', '刻蚀', 'co2']
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        import rjieba  # noqa: PLC0415 - its dictionary is large, and most processes never cut a text

        self._vocabulary = tuple(dict.fromkeys(word for word in map(normalise, words) if word))
        self._jieba = rjieba.Jieba()
        for word in self._vocabulary:
            self._jieba.add_word(word.translate(_MASK), None, None)

    def __reduce__(self) -> tuple[type[Segmenter], tuple[tuple[str, ...]]]:
        return Segmenter, (self._vocabulary,)

    def words(self, text: str) -> list[str]:
        """Return the words of normalised `text` in order; punctuation and stop words are dropped.

        Latin, Greek and number tokens stay whole (`co2`, `μm`, `0.05`); hyphens and slashes separate them.

        >>> Segmenter().words("红外探测器和nh3-n传感器")
        ['红外', '探测器', 'nh3', 'n', '传感器']
        """
        masked = text.translate(_MASK) if _HAS_GREEK.search(text) else text
        words: list[str] = []
        for token in self._jieba.cut(masked, True):
            if token.isalnum():
                if token not in _STOP:
                    words.append(token)
            elif not token.isascii():
                if _HAN.search(token):
                    words.append(token)
            else:
                words += _TOKEN.findall(token)
        return words if masked is text else [word.translate(_UNMASK) for word in words]


def bigrams(text: str) -> list[str]:
    """Return character bigrams of the Han runs of normalised `text`; Latin, Greek and number tokens stay whole.

    A run of one character gives that character; 的, 了 and sentence particles separate runs.

    >>> bigrams("激光器的co2谱")
    ['激光', '光器', 'co2', '谱']
    """
    found: list[str] = []
    for run in _RUN.findall(_PARTICLES.sub(" ", text)):
        if run[0] < "\u3400" or len(run) == 1:
            found.append(run)
        else:
            found += map("".join, pairwise(run))
    return found
