"""Text: one spelling, words and bigrams, units, and the quantities a text states."""

from keqiao.engines.text._fold import fold
from keqiao.engines.text._lexicon import Lexicon
from keqiao.engines.text._normalise import normalise
from keqiao.engines.text._quantities import Quantity, extract
from keqiao.engines.text._segment import Segmenter, bigrams
from keqiao.engines.text._spelled import spelled
from keqiao.engines.text._units import Unit, UnitError, convert, parse_unit, to_base

__all__ = [
    "Lexicon",
    "Quantity",
    "Segmenter",
    "Unit",
    "UnitError",
    "bigrams",
    "convert",
    "extract",
    "fold",
    "normalise",
    "parse_unit",
    "spelled",
    "to_base",
]
