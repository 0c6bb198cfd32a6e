"""What pages about policies share: names of facts and registers in the reader's language."""

from datetime import date

from django.utils.translation import get_language

from keqiao.catalogue import policies
from keqiao.engines.rules import Attribute, ItemList


def language() -> str:
    """The engine's name of the reader's language."""
    return "en" if get_language() == "en" else "zh"


def _known(name: str) -> Attribute | ItemList | None:
    words = policies.vocabulary()
    return words.attributes.get(name) or words.lists.get(name)


def fact_label(name: str, *, on: date) -> str:
    """A fact as a person calls it, with its year: 营业收入（2025 年）."""
    known = _known(name)
    if known is None:
        return name
    label = (known.label_en if language() == "en" else known.label) or name
    period = known.period if isinstance(known, Attribute) else 0
    if not period:
        return label
    year = on.year - period
    return f"{label} ({year})" if language() == "en" else f"{label}（{year} 年）"


def register(name: str) -> str:
    """Who holds a fact."""
    known = _known(name)
    source = known.source if known else ""
    return policies.vocabulary().registers_en.get(source, source) if language() == "en" else source
