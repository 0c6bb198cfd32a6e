"""Moved to keqiao.engines.tables."""

from keqiao.engines.tables import Row, RowError, Table, TableError, neutral, read_rows, write_rows

__all__ = ["Row", "RowError", "Table", "TableError", "neutral", "read_rows", "write_rows"]
