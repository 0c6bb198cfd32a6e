"""Figures made ready for comparison: their words, the programme they stand in, their scope and basis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from keqiao.engines.replies._model import Figure, Reply
from keqiao.engines.text import fold

_FAMILIES = {"count:户": "count:家", "count:家次": "count:家", "count:项": "count:个", "count:件": "count:个"}
_SAME = (
    ("R&D", "研发"),
    ("研究与试验发展", "研发"),
    ("专项行动", "专项"),
    ("高新技术企业", "高企"),
    ("科技型中小企业", "科小"),
)
_PLAIN = re.compile(
    r"[“”（）()、，。：；\s]|20\d\d|累计|目前|共计|合计|先后|我省|我市|全省|全市|分别|给予|实施|采用|方式|"
    r"(?<!人)数$|[余多超约近达]|深入|持续|组织|帮助|推进|进行|开展|通过|其中|以及|从|对|等"
)
_PLACE = re.compile(r"[一-鿿]{2,4}?(?:新区|开发区|高新区|经开区|示范区|[市县区州盟])(?!场|域|级|面|分|外|内|间)")
_STOCK = re.compile(r"余额|现有|拥有|保有|存量|总规模|总量|在库|会员|持证|在岗|在职|在架|在孵")
_WHOLE = re.compile(r"[全我][省市县区州国]")
_DOCUMENT = re.compile(r"(?:方案|规划|办法|意见|细则|条例|措施|通知|规定|指南)$")
_QUOTED = re.compile(r"“([^“”]{2,12})”(?:专项|计划|行动|工程|项目)")
_BEFORE = 80  # characters of the sentence before that are looked at
_SIGNED = re.compile(r"[一-鿿]{1,8}?(?:省|自治区|市|县|区|州|盟)")
_MINISTRY = re.compile(r"^(?:国家|國家|中国)|(?:部|总局|委员会)$")
_NAMED = re.compile(r"(.{2,8}?)(?:专项|计划|行动|工程)")
_FLOW = re.compile(r"新增|净增|培训|结业|新认定|新培育|新建|新引进|新设|新获批")


@dataclass(frozen=True)
class Entry:
    """A figure with what it is compared by."""

    doc: str
    figure: Figure
    date: str
    family: str
    pairs: frozenset[str]
    programme: str
    places: frozenset[str]
    level: str
    where: str  # whose office signed the reply
    is_stock: bool
    is_flow: bool
    bare: frozenset[str]  # pairs of the phrase without the programme
    named: str  # the name of a programme that the phrase begins with
    led: str  # the quoted name that the sentence before begins with, where the own one names nothing
    is_inherited: bool  # the programme is named in an earlier sentence


def entries(replies: Mapping[str, Reply], texts: Mapping[str, str]) -> list[Entry]:
    """Every figure that can be compared with one of another reply: no growth, no rule, nothing asked for."""
    found = []
    for doc, reply in replies.items():
        where = where_of(reply)
        for one in reply.figures:
            if one.quantity_kind in ("growth", "delta", "duration") or one.modality in ("rule", "requested", "context"):
                continue
            found.append(_entry(doc, reply.meta.date or "", where, one, texts.get(doc, "")))
    return found


def _entry(doc: str, date: str, where: str, one: Figure, source: str) -> Entry:
    name, said = own_words(one, source)
    text, programme = plain(said), plain(name)
    named = _NAMED.match(text)
    return Entry(
        doc, one, date, family_of(one.unit), frozenset(text[at : at + 2] for at in range(len(text) - 1)), programme,
        places_of(one.indicator), level_of(one.department), where, bool(_STOCK.search(said)), bool(_FLOW.search(said)),
        _bare(text, programme), named[1] if named else "", _led(one, source), _is_inherited(one, source),
    )  # fmt: skip


def own_words(one: Figure, text: str) -> tuple[str, str]:
    """The programme and the phrase of a figure, without a programme that only a sentence before it names.

    A programme goes on over the sentences behind the one that names it; not where the sentence speaks of the whole
    province or city, and a document has no figures at all. Without the text nothing is left out.
    """
    name, said = one.programme or "", one.indicator
    if not name or not text:
        return name, said
    if not _is_inherited(one, text):
        return name, said
    if not (_WHOLE.search(_sentence(one, text)) or _DOCUMENT.search(name)):
        return name, said
    return "", said.removeprefix(re.sub(r"[“”\s]", "", name))


def _sentence(one: Figure, text: str) -> str:
    return _flat(text[slice(*one.sentence_span)])


@lru_cache(maxsize=256)
def _flat(text: str) -> str:
    return "".join(fold(text).split())


def _is_inherited(one: Figure, text: str) -> bool:
    """Whether an earlier sentence names the programme; never without the text."""
    return bool(one.programme and text) and _flat(one.programme or "") not in _sentence(one, text)


def _led(one: Figure, text: str) -> str:
    """实施“春苗”专项。累计支持企业73户。 The second sentence goes on with what the first one names."""
    sentence = _sentence(one, text)
    if not text or "“" in sentence or _WHOLE.search(sentence):
        return ""
    before = re.split("[。；\n]", text[max(0, one.sentence_span[0] - _BEFORE) : one.sentence_span[0]].rstrip("。；\n"))
    found = _QUOTED.search(before[-1])
    return found[1] if found else ""


def _bare(text: str, programme: str) -> frozenset[str]:
    bare = text.replace(programme, "") if programme else text
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def family_of(unit: str) -> str:
    """Units that offices use for one another: 户 for 家, 项 and 件 for 个."""
    return _FAMILIES.get(unit, unit)


@lru_cache(maxsize=8192)
def places_of(text: str) -> frozenset[str]:
    """Cities, counties and zones that a phrase names."""
    return frozenset(_PLACE.findall(fold(text)))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A phrase without the words that every office puts differently."""
    text = fold(text).replace("＆", "&")
    for long, brief in _SAME:
        text = text.replace(long, brief)
    return _PLAIN.sub("", text)


def where_of(reply: Reply) -> str:
    """The province, city or county whose office signed a reply; 国 for a ministry, "" where it is not known."""
    signed = reply.meta.signed_by or reply.meta.lead_department or ""
    found = _SIGNED.match(signed)
    if found:
        return found.group()
    return "国" if _MINISTRY.search(signed) else ""


def are_apart(one: str, other: str) -> bool:
    """Whether replies come from two places of one level, or only one of them from a ministry."""
    return bool(one and other) and one != other and (one[-1] == other[-1] or "国" in (one, other))


@lru_cache(maxsize=1024)
def level_of(department: str | None) -> str:
    """Province, city or county: figures of different levels never make one series."""
    if not department:
        return ""
    found = re.search(r"省|自治区|市|县|区|州", department)
    return found.group() if found else ""
