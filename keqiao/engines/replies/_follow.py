"""Promises followed into later replies: to a figure, a document or a programme that speaks of them, or to nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from keqiao.engines.replies._linked import Evidence, Followed, Series
from keqiao.engines.replies._model import Commitment, Figure, Reply
from keqiao.engines.replies._series import plain

_GENERIC = (
    "科技创新", "技术创新", "创新发展", "高质量发展", "成果转化", "科技成果", "科技人才", "关键核心技术", "创新平台", "科研院所", "高校院所",
    "产业创新", "创新能力", "企业发展", "技术攻关", "重点产业", "产业发展", "产业技术", "重点领域", "核心技术", "科技企业", "专项资金",
    "重大科技", "科技专项", "技术研发", "研发项目", "科研项目", "项目支持", "技术合作", "科技合作", "国际科技", "基础研究", "重点实验", "实验室",
    "光电信息", "信息产业", "创新创业", "人才团队", "高层次人才", "中小企业", "企业科技", "高校科研", "公共服务",
)  # fmt: skip
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,16})[”\"]")
_TITLE = re.compile(r"《([^《》]{4,80})》")
_TAIL = re.compile(r"(?:机制|专项行动|专项|项目|计划|工程|行动|体系|工作|活动|平台|课题|制度|方案|办法)$")
_GROWTH = re.compile(r"扩大|增加|提升|提高|壮大|培育更多|做大")
_SHORTEST = 4


@dataclass(frozen=True)
class _Source:
    """A later reply with the phrases one can look a promise up in."""

    doc: str
    reply: Reply
    figures: tuple[tuple[Figure, str], ...]


def follow(replies: Mapping[str, Reply], linked: Sequence[Series], *, on: str | None = None) -> Iterator[Followed]:
    """Look every promise up in the later replies of the same office, or of the same body where it names none.

    `on` is the day to judge by (ISO); without it the date of the last reply. A promise whose day is still to come, or
    with no later reply, is pending_at_date; a soft one without a name to look for is too_soft; else kept where
    everything it names is spoken of as done, partly where some is, no_evidence where nothing is. Method: names in
    quotation marks and titles, and the longest common part of four characters or more with what later figures count,
    leaving out phrases that every reply uses.
    """
    dated = sorted((reply.meta.date or "", doc) for doc, reply in replies.items())
    last = on or (dated[-1][0] if dated else "")
    sources = [_source(doc, replies[doc]) for _, doc in dated]
    grown = _grown(linked)
    index = _by_office(sources)
    for date, doc in dated:
        for promise in replies[doc].commitments:
            later = [
                one for one in index.get(promise.department or "", ()) if (one.reply.meta.date or "") > _after(date)
            ]
            yield _followed(doc, replies[doc], promise, later, last, grown)


def _after(date: str) -> str:
    """Replies of one session are no later replies: half a year lies between."""
    if not date:
        return "9999"
    year, month = int(date[:4]), int(date[5:7]) + 5
    return f"{year + (month > 12)}-{(month - 1) % 12 + 1:02d}{date[7:]}"


def _source(doc: str, reply: Reply) -> _Source:
    figures = [(one, plain(f"{one.programme or ''}{one.indicator}")) for one in reply.figures if one.modality == "done"]
    return _Source(doc, reply, tuple(figures))


def _by_office(sources: list[_Source]) -> dict[str, list[_Source]]:
    """The replies in which an office speaks."""
    index: dict[str, list[_Source]] = defaultdict(list)
    for one in sources:
        offices = {figure.department for figure, _ in one.figures}
        offices |= {answer.department for part in one.reply.suggestions for answer in part.answers}
        for office in offices - {None}:
            index[str(office)].append(one)
    return index


def _grown(linked: Sequence[Series]) -> dict[tuple[str, str], tuple[str, str]]:
    """Figures that grew: (doc, id) of the earlier one → (doc, id) of the later one."""
    return {
        (one.points[0].doc, one.points[0].id): (one.points[1].doc, one.points[1].id)
        for one in linked
        if one.relation.startswith("same") and one.points[1].value > one.points[0].value
    }


def _followed(
    doc: str,
    reply: Reply,
    promise: Commitment,
    later: list[_Source],
    last: str,
    grown: dict[tuple[str, str], tuple[str, str]],
) -> Followed:
    told = {"doc": doc, "id": promise.id, "text": promise.text, "department": promise.department}
    if not later or _is_due_after(promise.horizon, last):
        return Followed(told, "pending_at_date", looked=len(later))
    names = _names(promise)
    if promise.specificity == "soft" and not names:
        return Followed(told, "too_soft", looked=len(later))
    evidence: dict[str, list[Evidence]] = {name: found for name in names if (found := list(_spoken_of(name, later)))}
    spread = _growth_of(doc, reply, promise, later, grown)
    if spread:
        evidence["growth"] = spread
    if not evidence:
        return Followed(told, "no_evidence", looked=len(later), note=f"no later mention found in {len(later)} replies")
    whole = spread or (len(evidence) == len(names) and not (promise.horizon is None and promise.specificity == "soft"))
    found = [one for group in evidence.values() for one in group][:6]
    note = (
        ""
        if whole
        else "not all that is named is spoken of later: " + "、".join(one for one in names if one not in evidence)
    )
    return Followed(told, "kept" if whole else "partly", tuple(found), len(later), note)


def _is_due_after(horizon: str | None, last: str) -> bool:
    return bool(horizon and horizon[:4].isdigit() and horizon > last[: len(horizon)])


def _names(promise: Commitment) -> list[str]:
    """What a promise can be looked up by: titles, quoted names, listed measures, the core of its object."""
    titles = _TITLE.findall(promise.text)
    if titles:
        return [plain(one) for one in titles]
    quoted = [name for one in _QUOTED.findall(promise.text) if len(name := plain(one)) >= 3 and name not in _GENERIC]
    listed = []
    if re.search("等.{0,6}(?:举措|政策|措施|计划|项目)", promise.text):
        inner = re.sub(r"[，。].*$", "", promise.text)
        listed = [plain(_QUOTED.sub("", one)) for one in inner.split("等")[0].split("、")]
    core = _TAIL.sub("", plain(promise.anchor))
    names = [*quoted, *(one for one in listed if len(one) >= _SHORTEST)]
    if not names and len(core) >= _SHORTEST and promise.specificity == "concrete":
        names = [core]
    return list(dict.fromkeys(names))


def _spoken_of(name: str, later: list[_Source]) -> Iterator[Evidence]:
    """Places in later replies that speak of a name as of something that is there."""
    for source in later:
        for cited in source.reply.documents_cited:
            if name in plain(cited.title) and not _is_promise(source.reply, cited.span):
                yield Evidence(source.doc, None, cited.span, cited.title)
        for figure, phrase in source.figures:
            if _shared(name, phrase):
                yield Evidence(source.doc, figure.id, figure.span, "".join(figure.raw.split()))


def _is_promise(reply: Reply, span: tuple[int, int]) -> bool:
    return any(one.span[0] <= span[0] < one.span[1] for one in reply.commitments)


def _shared(name: str, phrase: str) -> bool:
    """Whether a phrase holds the name, or a part of it that is long enough and no everyday phrase."""
    if name in phrase:
        return True
    need = max(_SHORTEST, min(6, len(name) // 2))
    for at in range(len(name) - need + 1):
        part = name[at : at + need]
        if part in phrase and not any(part in one or one in part for one in _GENERIC):
            return True
    return False


def _growth_of(
    doc: str, reply: Reply, promise: Commitment, later: list[_Source], grown: dict[tuple[str, str], tuple[str, str]]
) -> list[Evidence]:
    """扩大选派规模: a figure of this reply about the same thing that a later reply states higher."""
    if not _GROWTH.search(promise.text[:12]):
        return []
    core = plain(promise.anchor)
    heads = {core[at : at + 2] for at in range(len(core) - 1)} - {
        "规模",
        "数量",
        "力度",
        "水平",
        "能力",
        "派规",
        "范围",
    }
    found = []
    for one in reply.figures:
        target = grown.get((doc, one.id))
        if target is None or one.suggestion != promise.suggestion or not any(head in one.indicator for head in heads):
            continue
        source = next((other for other in later if other.doc == target[0]), None)
        figure = next((figure for figure, _ in source.figures if figure.id == target[1]), None) if source else None
        if source and figure:
            found.append(Evidence(source.doc, figure.id, figure.span, "".join(figure.raw.split())))
    return found
