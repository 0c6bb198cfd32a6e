"""Text: one spelling, words and bigrams."""

from keqiao.engines.text._normalise import normalise
from keqiao.engines.text._segment import Segmenter, bigrams

__all__ = ["Segmenter", "bigrams", "normalise"]
