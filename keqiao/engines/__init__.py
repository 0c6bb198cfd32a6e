"""How: pure Python over arrays and frozen tables; no clock, no database, no seedless randomness."""
