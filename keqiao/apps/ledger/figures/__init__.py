"""Figures that open: what an app declares, what is frozen when one is published, what is found out about it later.

An app declares its figures in a module `figures` beside its models, as a tuple FIGURES of :class:`Definition`; they
are found there. The ledger knows the keys of the rows and nothing else about them.
"""

from keqiao.apps.ledger.models import FigureState, Grade, Kind, Measure

from .definitions import Definition, Dimension, Face, Period, Row, definition, definitions

__all__ = [
    "Definition",
    "Dimension",
    "Face",
    "FigureState",
    "Grade",
    "Kind",
    "Measure",
    "Period",
    "Row",
    "definition",
    "definitions",
]
