"""What may be known about a firm, for people: names, groups, privacy classes, units, and reading what they state.

The vocabulary is `keqiao/catalogue/policies/facts.toml`, the one that policies compute with; a fact here is one entry
for all its years (`revenue_fen`), there one for each (`revenue_fen_t1` …).
"""

from keqiao.catalogue.facts._check import FIRST_YEAR, FactError, check_value, check_year, find_fact, units_of
from keqiao.catalogue.facts._model import Fact, Group, ItemField, certificate_types, facts, groups, registers
from keqiao.catalogue.facts._words import in_unit, said, unit_name

__all__ = [
    "FIRST_YEAR",
    "Fact",
    "FactError",
    "Group",
    "ItemField",
    "certificate_types",
    "check_value",
    "check_year",
    "facts",
    "find_fact",
    "groups",
    "in_unit",
    "registers",
    "said",
    "unit_name",
    "units_of",
]
