"""The identifiers by name, for fields described as data."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ._errors import IdentifierError
from ._orcid import check_orcid
from ._patent import check_patent_number, check_publication_number
from ._standard import check_standard_number
from ._uscc import check_uscc

IDENTIFIER_KINDS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "orcid": check_orcid,
        "patent_application": check_patent_number,
        "patent_publication": check_publication_number,
        "standard": check_standard_number,
        "uscc": check_uscc,
    }
)


def check_identifier(text: str, *, kind: str) -> str:
    """Return the canonical form of an identifier of the named kind.

    Raises :class:`IdentifierError`: with the code ``kind`` for an unknown kind, otherwise what the function of that
    kind raises.

    >>> check_identifier("db22/t1234-2024", kind="standard")
    'DB22/T 1234-2024'
    """
    check = IDENTIFIER_KINDS.get(kind)
    if check is None:
        raise IdentifierError("kind", f"{kind!r} is no kind of identifier: use one of {', '.join(IDENTIFIER_KINDS)}")
    return check(text)
