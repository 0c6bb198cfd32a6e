"""What a need that is kept back would give away in the part that everyone can read."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from keqiao.engines.text import normalise

from .models import Listing, Need, NeedIndicator, Secrecy

HIDDEN = (Secrecy.ABSTRACT_ONLY, Secrecy.INTRODUCTION)
OPEN_FIELDS = ("title", "abstract", "title_en", "abstract_en", "keywords", "keywords_en")
# The legal form says nothing: without it a name still names the firm.
_FORMS = r"(?:股份|集团|责任)*有限(?:责任)?公司|集团|,? ?(?:co\.?,? ?ltd\.?|inc\.?|corporation|group)"
LEGAL_FORM = re.compile(f"(?:{_FORMS})+$")
SHORTEST_NAME = 2
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([^\s\d,.;:，。；：、()（）]*)")
# A number below this says little by itself; with its unit behind it, it does.
TELLING = 10


def problems(listing: Listing) -> dict[str, list[str]]:
    """Errors by field: a missing abstract, the firm's own name or an indicator's number in an open field."""
    found: dict[str, list[str]] = {}
    if listing.secrecy != Secrecy.PUBLIC and not listing.abstract.strip():
        found["abstract"] = [_("该条目不公开全文，请填写可公开的摘要。")]
    # Who makes an offer is public, and what its abstract promises is the maker's own choice.
    if listing.secrecy not in HIDDEN or not isinstance(listing, Need):
        return found
    names, lines = _names(listing), list(listing.indicators.all())
    for field in OPEN_FIELDS:
        value = getattr(listing, field)
        text = normalise("；".join(value) if isinstance(value, list) else value)
        leaks = [name for name in names if name in text]
        leaks += dict.fromkeys(number for line in lines for number in _numbers_of(line, text))
        if leaks:
            what = _("公开部分出现了需保密的内容：%(leaks)s。") % {"leaks": "、".join(leaks)}
            found.setdefault(field, []).append(what)
    return found


def _names(need: Need) -> list[str]:
    """The firm's names as the text would hold them, with and without the legal form."""
    organization = need.organization
    given = [organization.name, organization.name_en, *(row.name for row in organization.names.all())]
    plain = [normalise(name) for name in given]
    bare = [LEGAL_FORM.sub("", name).strip() for name in plain]
    return [name for name in dict.fromkeys([*plain, *bare]) if len(name) >= SHORTEST_NAME]


def _numbers_of(line: NeedIndicator, text: str) -> Iterator[str]:
    secret, unit = {line.low, line.high}, normalise(line.unit)
    for number, behind in NUMBER.findall(text):
        value = float(number)
        is_telling = value >= TELLING or not value.is_integer() or (unit and behind.startswith(unit))
        if value in secret and is_telling:
            yield number
