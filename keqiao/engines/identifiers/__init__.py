"""Identifiers of the Chinese innovation system: one canonical text each, or an error that says what is wrong.

Every ``check_*`` function takes the text as a person typed it and returns the canonical form, or raises
:class:`IdentifierError` with a ``code`` (for translation), an English message and the ``position`` at fault.
The functions are pure: no clock, no tables from outside, no registry is asked whether the number was ever issued.

>>> check_uscc("9111 0000-600037341l")
'91110000600037341L'
>>> check_identifier("ZL 2017 1 0601862.3", kind="patent_application")
'201710601862.3'
"""

from ._errors import IdentifierError
from ._orcid import check_orcid
from ._patent import check_patent_number, check_publication_number, make_patent_number
from ._registry import IDENTIFIER_KINDS, check_identifier
from ._standard import check_standard_number
from ._uscc import check_uscc, make_uscc, organization_code

__all__ = [
    "IDENTIFIER_KINDS",
    "IdentifierError",
    "check_identifier",
    "check_orcid",
    "check_patent_number",
    "check_publication_number",
    "check_standard_number",
    "check_uscc",
    "make_patent_number",
    "make_uscc",
    "organization_code",
]
