"""The rule book of proposals as data: time limits, classes, results, grounds for not publishing, numbers.

`national.toml` holds for the country, `r<code>.toml` for one region: its rules go first, its lists take the place of
the country's. Every rule has the days it holds for and its source.
"""

from keqiao.catalogue.proposals._load import (
    FOLDER,
    NAMES,
    find,
    proposal_classes,
    result_classes,
    rule,
    rules,
    withheld_reasons,
)
from keqiao.catalogue.proposals._model import (
    BODIES,
    NoRuleError,
    ProposalClass,
    ResultClass,
    Rule,
    WithheldReason,
    add_months,
)
from keqiao.catalogue.proposals._numbers import (
    ProposalNumber,
    chinese,
    document_number,
    read_number,
    read_session,
)

__all__ = [
    "BODIES",
    "FOLDER",
    "NAMES",
    "NoRuleError",
    "ProposalClass",
    "ProposalNumber",
    "ResultClass",
    "Rule",
    "WithheldReason",
    "add_months",
    "chinese",
    "document_number",
    "find",
    "proposal_classes",
    "read_number",
    "read_session",
    "result_classes",
    "rule",
    "rules",
    "withheld_reasons",
]
