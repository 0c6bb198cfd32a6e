"""What is wrong with a policy file: where, what, and how to mend it."""

from __future__ import annotations


class RuleError(ValueError):
    """A policy cannot be read or computed; the text names place, fault and remedy.

    >>> str(RuleError("分 meets 人", remedy="use one unit", where="clause base.staff", line=12))
    'line 12, clause base.staff: 分 meets 人; use one unit'
    """

    def __init__(self, what: str, *, remedy: str, where: str = "", line: int | None = None) -> None:
        self.what, self.remedy, self.where, self.line = what, remedy, where, line
        place = ", ".join(part for part in (f"line {line}" if line else "", where) if part)
        super().__init__(f"{place}: {what}; {remedy}" if place else f"{what}; {remedy}")

    def at(self, *, where: str, line: int | None) -> RuleError:
        """Return the same error with its place.

        >>> str(RuleError("no value", remedy="add one").at(where="parameter cap", line=3))
        'line 3, parameter cap: no value; add one'
        """
        return RuleError(self.what, remedy=self.remedy, where=self.where or where, line=self.line or line)
