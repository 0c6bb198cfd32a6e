from .chain import Chain, Entry, EntryValues, Outcome
from .figure import EndReason, FigureRow, FigureState, Grade, Kind, Measure, PublishedFigure

__all__ = [
    "Chain",
    "EndReason",
    "Entry",
    "EntryValues",
    "FigureRow",
    "FigureState",
    "Grade",
    "Kind",
    "Measure",
    "Outcome",
    "PublishedFigure",
]
