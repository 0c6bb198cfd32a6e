"""Promises followed into later replies: to a figure, a document or a programme that speaks of them, or to nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keqiao.engines.replies._linked import Evidence, Followed, Series
from keqiao.engines.replies._model import Commitment, Figure, Reply, Span
from keqiao.engines.replies._series import plain

_GENERIC = (  # phrases that every reply uses
    "科技创新", "技术创新", "创新发展", "高质量发展", "成果转化", "科技成果", "科技人才", "关键核心技术",
    "创新平台", "科研院所", "高校院所", "产业创新", "创新能力", "企业发展", "技术攻关", "重点产业", "产业发展",
    "产业技术", "重点领域", "核心技术", "科技企业", "专项资金", "重大科技", "科技专项", "技术研发", "研发项目",
    "科研项目", "项目支持", "技术合作", "科技合作", "国际科技", "基础研究", "重点实验", "实验室", "光电信息",
    "信息产业", "创新创业", "人才团队", "高层次人才", "中小企业", "企业科技", "高校科研", "公共服务",
)  # fmt: skip
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,16})[”\"]")
_TITLE = re.compile(r"《([^《》]{4,80})》")
_TAIL = re.compile(r"(?:机制|专项行动|专项|项目|计划|工程|行动|体系|工作|活动|平台|课题|制度|方案|办法)$")
_GROWTH = re.compile(r"扩大|增加|提升|提高|壮大|培育更多|做大")
_SHORTEST = 4  # characters that tell a name
_LOOKED = 60  # places looked at for each four characters of a name
_MEASURES = frozenset(("规模", "数量", "力度", "水平", "能力", "派规", "范围"))


@dataclass(frozen=True)
class _Told:
    """Something a reply speaks of as being there: a figure with its phrase, or a cited document with its title."""

    source: int
    figure: Figure | None
    span: Span
    phrase: str
    core: str
    quote: str


class _Library:
    """All replies by date, and what they speak of by every four characters of it."""

    def __init__(self, replies: Mapping[str, Reply]) -> None:
        self.docs = sorted(replies, key=lambda doc: (replies[doc].meta.date or "", doc))
        self.dates = [replies[doc].meta.date or "" for doc in self.docs]
        self._told: list[_Told] = []
        self._grams: dict[str, list[int]] = defaultdict(list)
        self._offices: list[set[str]] = []
        self._by_office: dict[str, list[str]] = defaultdict(list)
        for number, doc in enumerate(self.docs):
            self._take(number, replies[doc])

    def _take(self, number: int, reply: Reply) -> None:
        offices = {one.department for one in reply.figures if one.department}
        offices |= {answer.department for part in reply.suggestions for answer in part.answers if answer.department}
        self._offices.append(offices)
        for office in offices:
            self._by_office[office].append(self.dates[number])
        for one in reply.figures:
            if one.modality == "done":
                phrase, core = plain(f"{one.programme or ''}{one.indicator}"), _TAIL.sub("", plain(one.programme or ""))
                self._add(_Told(number, one, one.span, phrase, core, "".join(one.raw.split())))
        for cited in reply.documents_cited:
            if not _is_promise(reply, cited.span):
                self._add(_Told(number, None, cited.span, plain(cited.title), "", cited.title))

    def _add(self, told: _Told) -> None:
        at = len(self._told)
        self._told.append(told)
        for gram in {told.phrase[start : start + _SHORTEST] for start in range(len(told.phrase) - _SHORTEST + 1)}:
            self._grams[gram].append(at)

    def later(self, office: str | None, after: str) -> int:
        """How many replies of an office are dated behind `after`."""
        dates = self._by_office.get(office or "", [])
        return len(dates) - bisect_right(dates, after)

    def about(self, name: str, office: str | None, after: str) -> Iterator[_Told]:
        """What later replies of an office say that shares four characters with a name."""
        seen: set[int] = set()
        for start in range(len(name) - _SHORTEST + 1):
            places = self._grams.get(name[start : start + _SHORTEST], [])
            first = bisect_right(places, after, key=lambda at: self.dates[self._told[at].source])
            for at in places[first : first + _LOOKED]:
                if at not in seen and (office or "") in self._offices[self._told[at].source]:
                    seen.add(at)
                    yield self._told[at]


def follow(replies: Mapping[str, Reply], linked: Sequence[Series], *, on: str | None = None) -> Iterator[Followed]:
    """Look every promise up in the later replies of the same office, or of the same body where it names none.

    `on` is the day to judge by (ISO); without it the date of the last reply. A promise whose day is still to come, or
    with no later reply, is pending_at_date; a soft one without a name to look for is too_soft; else kept where
    everything it names is spoken of as done, partly where some is, no_evidence where nothing is. Method: names in
    quotation marks and titles, and the longest common part of four characters or more with what later figures count,
    leaving out phrases that every reply uses.
    """
    library = _Library(replies)
    last = on or (library.dates[-1] if library.dates else "")
    grown = _grown(linked)
    for date, doc in zip(library.dates, library.docs, strict=True):
        reply = replies[doc]
        for promise in reply.commitments:
            looked = library.later(promise.department, _after(date))
            told = {"doc": doc, "id": promise.id, "text": promise.text, "department": promise.department}
            if not looked or _is_due_after(promise.horizon, last):
                yield Followed(told, "pending_at_date", looked=looked)
            else:
                yield _followed(
                    told, promise, _after(date), looked, library, _growth_of(doc, reply, promise, replies, grown)
                )


def _after(date: str) -> str:
    """Replies of one session are no later replies: half a year lies between."""
    if not date:
        return "9999"
    year, month = int(date[:4]), int(date[5:7]) + 5
    return f"{year + (month > 12)}-{(month - 1) % 12 + 1:02d}{date[7:]}"


def _grown(linked: Sequence[Series]) -> dict[tuple[str, str], tuple[str, str]]:
    """Figures that grew: (doc, id) of the earlier one → (doc, id) of the later one."""
    grown = {}
    for one in linked:
        if one.relation.startswith("same"):
            for at, earlier in enumerate(one.points[:-1]):
                best = max(one.points[at + 1 :], key=lambda later: later.value)
                if best.value > earlier.value:
                    grown[earlier.doc, earlier.id] = (best.doc, best.id)
    return grown


def _followed(
    told: dict[str, Any], promise: Commitment, after: str, looked: int, library: _Library, grew: tuple[Evidence, ...]
) -> Followed:
    names = _names(promise)
    if promise.specificity == "soft" and not names and not grew:
        return Followed(told, "too_soft", looked=looked)
    if grew:
        return Followed(told, "kept", grew, looked, "the figure grew")
    spoken = {name: list(_spoken_of(name, promise.department, after, library)) for name in names}
    evidence = {name: found for name, found in spoken.items() if found}
    if not evidence:
        return Followed(told, "no_evidence", looked=looked, note=f"no later mention found in {looked} replies")
    whole = all(any(of_all for _, of_all in evidence.get(name, ())) for name in names)
    found = sorted((one for group in evidence.values() for one in group), key=lambda pair: not pair[1])
    missing = "、".join(one for one in names if one not in evidence)
    note = (
        f"not spoken of later: {missing}" if missing else "" if whole else "only a part of the name is spoken of later"
    )
    return Followed(told, "kept" if whole else "partly", tuple(one for one, _ in found[:6]), looked, note)


def _is_due_after(horizon: str | None, last: str) -> bool:
    return bool(horizon and horizon[:4].isdigit() and horizon > last[: len(horizon)])


def _names(promise: Commitment) -> list[str]:
    """What a promise can be looked up by: titles, quoted names, listed measures, the core of its object.

    A title begins with 《: only a cited document answers for it. A quoted name that only describes (“科创专员”申报系统)
    is not looked up, the thing behind it is.
    """
    titles = _TITLE.findall(promise.text)
    if titles:
        return [f"《{plain(one)}" for one in titles]
    names = []
    for found in _QUOTED.finditer(promise.text.split("，")[0]):
        behind = re.split("[，、。；等]", promise.text[found.end() :], maxsplit=1)[0]
        names.append(plain(found[1]) if not behind or _TAIL.match(behind) else plain(behind))
    if re.search("等.{0,6}(?:举措|政策|措施|计划|项目)", promise.text):
        inner = re.sub(r"[，。].*$", "", promise.text).split("等")[0]
        names += [plain(one) for one in inner.split("、") if "“" not in one]
    if not names and promise.specificity == "concrete":
        names = [_TAIL.sub("", plain(promise.anchor))]
    return [one for one in dict.fromkeys(names) if len(one) >= _SHORTEST and one not in _GENERIC]


def _spoken_of(name: str, office: str | None, after: str, library: _Library) -> Iterator[tuple[Evidence, bool]]:
    """Places in later replies that speak of a name as of something that is there; whether of all of it."""
    is_title, wanted = name.startswith("《"), name.lstrip("《")
    for one in library.about(wanted, office, after):
        evidence = Evidence(library.docs[one.source], one.figure.id if one.figure else None, one.span, one.quote)
        if wanted in one.phrase and not (is_title and one.figure):
            yield evidence, True
        elif is_title or one.figure is None:
            continue
        elif len(one.core) >= _SHORTEST and one.core in wanted and one.core not in _GENERIC:
            yield evidence, True
        elif _shared(wanted, one.phrase):
            yield evidence, False


def _is_promise(reply: Reply, span: tuple[int, int]) -> bool:
    return any(one.span[0] <= span[0] < one.span[1] for one in reply.commitments)


def _shared(name: str, phrase: str) -> bool:
    """Whether a phrase holds a part of the name that is long enough and no everyday phrase."""
    need = max(6, len(name) * 2 // 5)
    for at in range(len(name) - need + 1):
        part = name[at : at + need]
        if part in phrase and not any(part in one for one in _GENERIC):
            return True
    return False


def _growth_of(
    doc: str,
    reply: Reply,
    promise: Commitment,
    replies: Mapping[str, Reply],
    grown: dict[tuple[str, str], tuple[str, str]],
) -> tuple[Evidence, ...]:
    """扩大选派规模: a figure of this reply about the same thing that a later reply states higher."""
    if not _GROWTH.search(promise.text[:12]):
        return ()
    core = plain(promise.anchor)
    heads = {core[at : at + 2] for at in range(len(core) - 1)} - _MEASURES
    found = []
    for one in reply.figures:
        target = grown.get((doc, one.id))
        if target is None or one.suggestion != promise.suggestion or not any(head in one.indicator for head in heads):
            continue
        figure = next(other for other in replies[target[0]].figures if other.id == target[1])
        found.append(Evidence(target[0], figure.id, figure.span, "".join(figure.raw.split())))
    return tuple(found)
