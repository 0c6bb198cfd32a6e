"""Public replies read into rows, each with its place in the text; linked with each other; checked."""

from keqiao.engines.replies._check import Finding, check
from keqiao.engines.replies._link import link
from keqiao.engines.replies._linked import Evidence, FalseLink, Followed, Inconsistency, Links, Point, Series, Sum
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
    Sentence,
    Suggestion,
    Trap,
    reply_from_dict,
)
from keqiao.engines.replies._parse import parse
from keqiao.engines.replies._vocabulary import Vocabulary

__all__ = [
    "Answer",
    "CitedDocument",
    "Commitment",
    "Evidence",
    "FalseLink",
    "Figure",
    "Finding",
    "Followed",
    "Inconsistency",
    "Item",
    "Links",
    "Meta",
    "Name",
    "Point",
    "Reply",
    "Section",
    "Sentence",
    "Series",
    "Suggestion",
    "Sum",
    "Trap",
    "Vocabulary",
    "check",
    "link",
    "parse",
    "reply_from_dict",
]
