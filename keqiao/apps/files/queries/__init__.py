from .attachments import attachment, attachments_of, digests
from .imports import (
    import_counts,
    import_rows,
    import_run,
    import_runs,
    next_import,
    numbers_of,
    origins_of,
    remembered_mapping,
)

__all__ = [
    "attachment",
    "attachments_of",
    "digests",
    "import_counts",
    "import_rows",
    "import_run",
    "import_runs",
    "next_import",
    "numbers_of",
    "origins_of",
    "remembered_mapping",
]
