"""Names in two languages: Chinese is the original, English complete beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A thing of the catalogue with a Chinese and an English name.

    >>> Labelled(name="制造业", name_en="Manufacturing").label("en-gb")
    'Manufacturing'
    """

    name: str
    name_en: str

    def label(self, language: str = "zh-hans") -> str:
        """Return the English name for a language code that starts with ``en``, else the Chinese one.

        >>> Labelled(name="制造业", name_en="Manufacturing").label()
        '制造业'
        """
        return self.name_en if language.startswith("en") else self.name
