from .attachment import Attachment
from .importing import ImportedNumber, ImportMapping, ImportRow, ImportRun, ImportState, ImportVerdict

__all__ = [
    "Attachment",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "ImportVerdict",
    "ImportedNumber",
]
