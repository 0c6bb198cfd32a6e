"""Privacy classes of fields, from public register to sensitive; what may be shown where follows from the class."""

from enum import StrEnum


class Privacy(StrEnum):
    """The class of a field: P0 public, P1 internal, P2 business secret, P3 personal, P4 sensitive.

    >>> Privacy("P0").is_public, Privacy.P2.is_public
    (True, False)
    """

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    @property
    def is_public(self) -> bool:
        """Whether public pages, feeds and anonymous exports may show the field.

        >>> Privacy.P1.is_public
        False
        """
        return self is Privacy.P0

    @property
    def is_exportable(self) -> bool:
        """Whether an export for a signed-in person may hold the field without a purpose and an authorisation.

        >>> Privacy.P1.is_exportable, Privacy.P2.is_exportable
        (True, False)
        """
        return self in (Privacy.P0, Privacy.P1)
