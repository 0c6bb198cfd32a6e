"""The one error of this engine."""


class IdentifierError(ValueError):
    """A text is not the identifier it should be.

    ``code`` names the broken rule and is stable: ``length``, ``alphabet``, ``authority``, ``category``, ``area``,
    ``organization_check``, ``check``, ``type``, ``year``, ``form``, ``kind`` (which one a function raises stands in
    its docstring). ``message`` is English. ``position`` counts characters of the cleaned text from 1; it is None
    where no single place is at fault.

    >>> error = IdentifierError("length", "too short", None)
    >>> error.code, str(error), error.position
    ('length', 'too short', None)
    """

    def __init__(self, code: str, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position
