"""Tables of rows from files and back: .xlsx, .csv and .jsonl, with the place and reason of every bad row.

An engine because it makes sense without our database and both the command line and the web's downloads and imports
use it. It reads and writes the files it is given, nothing else.
"""

from keqiao.engines.tables._sheets import RowError, TableError
from keqiao.engines.tables._tables import Row, Table, neutral, read_rows, write_rows

__all__ = ["Row", "RowError", "Table", "TableError", "neutral", "read_rows", "write_rows"]
