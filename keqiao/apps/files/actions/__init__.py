from .attachments import attach, remove
from .imports import choose_columns, discard_import, pause_import, resume_import, start_import, upload_import
from .running import advance_import

__all__ = [
    "advance_import",
    "attach",
    "choose_columns",
    "discard_import",
    "pause_import",
    "remove",
    "resume_import",
    "start_import",
    "upload_import",
]
