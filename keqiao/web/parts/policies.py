"""What pages about policies share: names of facts and registers in the reader's language."""

from datetime import date

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.catalogue import policies
from keqiao.engines.rules import Attribute, ItemList, Nearest, Policy


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


def missing_label(name: str, policy: Policy, *, on: date) -> str:
    """What a verdict lacks: a fact of the firm, or a number that the policy's text does not give."""
    parameter = policy.parameters.get(name)
    if parameter is None:
        return fact_label(name, on=on)
    label = parameter.label_en if language() == "en" else parameter.label
    return _("%(what)s（文件未公布）") % {"what": label or name}


REASONS = {
    "people": gettext_lazy("由人认定"),
    "data": gettext_lazy("缺少数据"),
    "time": gettext_lazy("要等时间到了"),
    "fixed": gettext_lazy("不是投入能改变的"),
    "locked": gettext_lazy("您标了不动"),
    "beyond": gettext_lazy("在可改动的范围内还不够"),
    "together": gettext_lazy("单项能做到，合在一起做不到"),
}


def obstacles(found: Nearest, *, without: str = "") -> list[tuple[str, str]]:
    """The clauses that no move meets, each with what keeps it."""
    return [
        (one.label_en if language() == "en" else one.label, str(REASONS[one.reason]))
        for one in found.obstacles
        if one.reason != without
    ]


def register(name: str) -> str:
    """Who holds a fact."""
    known = _known(name)
    source = known.source if known else ""
    return policies.vocabulary().registers_en.get(source, source) if language() == "en" else source
