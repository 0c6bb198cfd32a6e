"""Public replies read into rows: figures, promises, answers, each with its place in the text."""

from keqiao.engines.replies._model import (
    Answer,
    CitedDocument,
    Commitment,
    Figure,
    Item,
    Meta,
    Name,
    Reply,
    Section,
    Suggestion,
    Trap,
)
from keqiao.engines.replies._parse import parse
from keqiao.engines.replies._vocabulary import Vocabulary

__all__ = [
    "Answer",
    "CitedDocument",
    "Commitment",
    "Figure",
    "Item",
    "Meta",
    "Name",
    "Reply",
    "Section",
    "Suggestion",
    "Trap",
    "Vocabulary",
    "parse",
]
