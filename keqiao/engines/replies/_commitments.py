"""Promises: clauses whose main verb is something the office will do, with the purposes that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keqiao.engines.replies._announce import Announcements
from keqiao.engines.replies._clauses import Clause, Clauses
from keqiao.engines.replies._dates import Periods
from keqiao.engines.replies._firmness import Firmness
from keqiao.engines.replies._places import Place, Places
from keqiao.engines.replies._structure import Outline
from keqiao.engines.replies._vocabulary import Vocabulary

_SENTENCE = re.compile(r"[。！？；\n]")
_DOER = re.compile(
    r"(?:同时|此外|另外|为此|因此|对此|未来|明年|今年|目前|下一步|今后|接下来|后续|并|由)?([一-鿿]{1,16}?(?:们|部|委员会|基金委|委|厅|局|办|署|院|行|政府|公司|集团|方|当局))"
    r"(?:也|还|则|均|正|，)?(?:将|拟|会|计划|要|打算|准备)?(?:于|在)?"
)
_ADDRESSED = re.compile(
    r"(?:您|贵[一-鿿]{1,3}|你们?|代表|委员|提案|建议)[^，。]{0,12}(?:建议|提案|意见|关心|支持)(?![^。]{0,80}(?:我|将|拟))"
)
_SAYS = re.compile(r"(?:们|厅|局|委|府|署|当局|方)(?:也|还|亦)?(?:将|会(?![同议商办见员展计])|拟)|，[^，]*\d")
_AIMS = re.compile(r"\s*(?:力争|争取|确保|预计|到20)")  # the sentence behind sets an aim, and spells nothing out
_ANYBODY = re.compile(r"有关|相关|各|等|部门|单位")
_SUBJECT = re.compile(r"，[^，]{0,8}(?:厅|局|委|办|们)(?:也|还)?(?:将|拟)")


@dataclass(frozen=True)
class Promise:
    """A promise in flat ranges before its row is filled in."""

    start: int
    end: int
    anchor: tuple[int, int]
    sentence: tuple[int, int]
    action: str
    horizon: str | None
    concrete: bool
    is_next: bool
    optional: bool
    place: Place
    department: str | None


def _leads_of(group: list[Clause]) -> list[Clause]:
    at = len(group)
    while at > 0 and group[at - 1].kind == "lead":
        at -= 1
    return group[at:]


class Promises:
    """Reads the promises of one flat text."""

    def __init__(
        self, flat: str, outline: Outline, places: Places, periods: Periods, vocabulary: Vocabulary, *, year: int | None
    ) -> None:
        self._flat, self._outline, self._places, self._periods = flat, outline, places, periods
        self._lists = vocabulary.lists
        self._firmness = Firmness(flat, periods, vocabulary, year=year)
        self._clauses = Clauses(flat, self._firmness, vocabulary)
        self._announcements = Announcements(flat, self._clauses, periods, vocabulary, year=year)
        self._doer: tuple[int, str | None] = (-1, None)  # of which sentence, and who acts there
        self._headlines = {
            item.headline[1]
            for one in outline.suggestions
            for answer in one.answers
            for section in answer.sections
            for item in section.items
            if item.headline
            and len(flat[item.headline[1] + 1 : item.end].strip()) > 5
            and not _SAYS.search(flat, *item.headline)
            and not ("，" in flat[slice(*item.headline)] and _AIMS.match(flat, item.headline[1] + 1))
        }

    def read(self) -> Iterator[Promise]:
        """All promises in the order of the text: of the next steps, then single sentences that say 将 elsewhere."""
        announced = -1  # where the last sentence ended that announced, or went on with what was announced
        for start, end in self._sentences():
            zone = self._places.zone(start, end)
            if zone is not None and (zone[0] <= start or not self._announcements.announces(start, zone[0])):
                yield from self._sentence(max(start, zone[0]), end, is_next=True)
            elif self._announcements.announces(start, end):
                yield from self._sentence(start, end, is_next=False)
                announced = end
            elif announced >= 0 and self._goes_on(announced, start, end):
                yield from self._sentence(start, end, is_next=True)
                announced = end
            else:
                announced = -1

    def _goes_on(self, announced: int, start: int, end: int) -> bool:
        """Whether a sentence without 将 goes on with the plan of the one before: its next clause, point or act."""
        flat = self._flat
        between = flat[announced:start]
        if "\n" in between and flat[announced - 1] != "：" and not self._clauses.is_point(start, end):
            return False
        return self._clauses.opens_with_act(start, end) and not self._announcements.is_done(start, end)

    def _sentences(self) -> Iterator[tuple[int, int]]:
        start, stop = self._outline.body
        for found in _SENTENCE.finditer(self._flat, start, stop):
            if found.start() - start > 4:
                yield start, found.start()
            start = found.end()
        if stop - start > 4:
            yield start, stop

    def _sentence(self, start: int, end: int, *, is_next: bool) -> Iterator[Promise]:
        if end in self._headlines or (
            not is_next and "”的建议" in self._flat[start:end] and "将" not in self._flat[start:end]
        ):
            return
        text = self._flat[start:end]
        if (
            self._lists["structure.closing"].at(text, 0)
            or _ADDRESSED.match(text)
            or (is_next and self._announcements.is_past(text))
        ):
            return
        first = self._announcements.begin(start, end) if not is_next or _SUBJECT.search(text) else start
        group: list[Clause] = []
        aside: Clause | None = None  # 立足自身优势: said between an act and its purpose it belongs to them
        for clause in self._clauses.of(first, end):
            if clause.kind == "dropped":
                aside = clause
                continue
            if clause.kind == "act" and any(one.kind == "act" for one in group):
                leading = _leads_of(group)  # they go with the act they stand before
                yield from self._made(group, start, end, is_next=is_next)
                group = leading
            if aside is not None and group and clause.kind == "purpose":
                group.append(aside)
            aside = None
            group.append(clause)
        yield from self._made(group, start, end, is_next=is_next)

    def _made(self, group: list[Clause], start: int, end: int, *, is_next: bool) -> Iterator[Promise]:
        if group and group[-1].kind == "lead" and not group[-1].verb and not any(one.kind == "act" for one in group):
            lead = group[-1]  # 对不合格的单位予以约谈: nothing follows that it could lead to
            verb = self._clauses.first_verb(self._flat[lead.start : lead.end])
            group = [*group[:-1], Clause(lead.start, lead.end, "act" if verb else "lead", verb)]
        while group and group[-1].kind in ("lead", "dropped"):
            group = group[:-1]
        if not group or not any(
            one.verb or one.kind == "other" or (one.kind == "act" and self._tells(group)) for one in group
        ):
            return
        act = next((one for one in group if one.kind == "act"), group[0])
        if act.kind == "other" and not self._lists["acts"].found(self._flat[act.start : act.end]):
            return
        first, last = group[0].start, group[-1].end
        text = self._flat[first:last]
        horizon = self._firmness.horizon(start, first, last)
        place = self._places.at(first)
        department = self._department(place, first, start)
        concrete = self._firmness.is_concrete(self._flat[act.start : act.end], act.verb, text, horizon)
        optional = not concrete and bool(self._lists["slogans"].found(text))
        yield Promise(
            first, last, self._anchor(act), (start, end), act.verb or self._clauses.first_verb(text), horizon, concrete,
            is_next, optional, place, department,
        )  # fmt: skip

    def _department(self, place: Place, first: int, start: int) -> str | None:
        """Who promises: the subject before the act, else that of the act before in its sentence, else of the block."""
        if self._flat[start - 1 : start] != "；" and start != self._doer[0]:
            self._doer = (start, None)
        begin = max(start, *(self._flat.rfind(mark, start, first) + 1 for mark in "，：；"))
        found = _DOER.fullmatch(self._flat, begin, first)
        if found and not _ANYBODY.search(found[1]):
            self._doer = (start, self._places.speaking(place, found[1]))
        return self._doer[1] or place.department

    def _tells(self, group: list[Clause]) -> bool:
        """Whether a dated clause without a verb of its own says what will be: 明后两年每年不少于20公里."""
        text = self._flat[group[0].start : group[-1].end]
        return bool(self._lists["acts"].found(text) or re.search(r"(?<!\d)\d{1,4}(?![年月日\d])", text))

    def _anchor(self, act: Clause) -> tuple[int, int]:
        """The object: what stands behind the verb in its clause."""
        flat, start = self._flat, act.start
        found = re.compile(re.escape(act.verb)).search(flat, act.start, act.end) if act.verb else None
        if found and found.end() < act.end - 1:
            start = found.end()
        of = flat.rfind("的", start, act.end)
        if of > 0 and "、" in flat[start:of] and act.end - of > 4:
            start = of + 1  # 目标导向、协同攻关的…机制: the object stands behind 的
        listed = re.compile("[、（]").search(flat, start + 4, act.end)
        stop = listed.start() if listed and listed.group() == "、" and listed.start() - start >= 4 else act.end
        return (start, stop) if stop - start >= 2 else (act.start, act.end)
