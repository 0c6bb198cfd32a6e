"""How a reply is built: suggestions, the departments' answers to each, their sections, and the items of those."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from keqiao.engines.replies._departments import Marker, marker_at
from keqiao.engines.replies._lists import ORDINALS, Item, Range, items, value
from keqiao.engines.replies._view import View
from keqiao.engines.replies._vocabulary import Vocabulary

_QUOTED = re.compile(
    r"(?:关于|针对|对于|对|就)?[^“”\n，。]{0,16}?“([^\n]{2,120}?)”(?:的?(?:建议|问题|意见|提案|方面)|方面的?(?:建议|问题)?|的?\n|$)"
)
_BEFORE_NEXT = "\n。；：，厅局委们部办市省县区"
_ABOUT = re.compile(
    r"^(?:关于|针对|对于|对|就)(?:您|贵委|你们)?(?:提出的?)?(.{2,80}?)(?:的建议|的问题|方面的建议|的意见|建议|问题|方面|的情况|工作)?$"
)


@dataclass
class Section:
    kind: str
    start: int
    end: int
    heading: Range | None = None
    items: list[Item] = field(default_factory=list)


@dataclass
class Answer:
    start: int
    end: int
    marker: Marker | None
    sections: list[Section] = field(default_factory=list)


@dataclass
class Suggestion:
    n: int
    start: int
    end: int
    heading: Range
    title: Range | None
    quoted: bool
    is_suggestion: bool
    answers: list[Answer] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """The body of a reply in flat ranges; `paragraphs` cover all of the text."""

    paragraphs: tuple[Range, ...]
    body: Range
    suggestions: tuple[Suggestion, ...]
    next_steps: tuple[Range, ...]  # where promises stand


def outline(view: View, vocabulary: Vocabulary, *, body: Range, title: Range | None = None) -> Outline:
    """Read the structure of flat[body]. Method: headings by their numbering at line starts, in order; then answer
    markers, section headings and enumerations inside each part. A reply without headings is one part under `title`,
    what was asked. Linear in the length of the text.
    """
    flat = view.flat
    paragraphs = _paragraphs(flat)
    inside = [one for one in paragraphs if body[0] <= one[0] < body[1]]
    suggestions = _suggestions(flat, inside, body, vocabulary)
    if not suggestions and inside and (title is not None or items(flat, body, vocabulary)):
        named = title or (body[0], body[0])
        suggestions = [Suggestion(1, body[0], body[1], named, named, quoted=False, is_suggestion=False)]
    for one in suggestions:
        own = [part for part in inside if one.heading[1] <= part[0] < one.end or part[0] < one.heading[1] < part[1]]
        one.answers = _answers(flat, one, own, vocabulary)
    return Outline(
        tuple(paragraphs), body, tuple(suggestions), tuple(_next_steps(flat, suggestions, inside, vocabulary))
    )


def _paragraphs(flat: str) -> list[Range]:
    found: list[Range] = []
    start = 0
    while (end := flat.find("\n", start)) >= 0:
        if end > start:
            found.append((start, end))
        start = end + 1
    return found


def _suggestions(flat: str, paragraphs: list[Range], body: Range, vocabulary: Vocabulary) -> list[Suggestion]:
    for kind in ("one", "bracket", "dot"):
        heads = _in_order(
            [(part, found) for part in paragraphs if (found := ORDINALS[kind].match(flat, part[0], part[1]))]
        )
        if (len(heads) >= 2 and (kind == "one" or _are_headings(flat, heads))) or (heads and kind == "one"):
            break
    else:
        return []
    suggestions = []
    for n, (part, found) in enumerate(heads, 1):
        end = heads[n][0][0] if n < len(heads) else body[1]
        suggestions.append(_suggestion(flat, n, part, found.end(), end, vocabulary))
    return suggestions


def _are_headings(flat: str, heads: list[tuple[Range, re.Match[str]]]) -> bool:
    """Whether most numbered lines open with a title, and not with the prose of a point: （一）截至2024年底，…."""
    titles = [re.split("[。：]", flat[found.end() : min(part[1], found.end() + 80)])[0] for part, found in heads]
    return sum("，" in title and len(title) > 20 and "“" not in title for title in titles) * 2 <= len(titles)


def _in_order(heads: list[tuple[Range, re.Match[str]]]) -> list[tuple[Range, re.Match[str]]]:
    """The headings whose numbers count up from one."""
    kept: list[tuple[Range, re.Match[str]]] = []
    for part, found in heads:
        if value(found) == len(kept) + 1:
            kept.append((part, found))
    return kept


def _suggestion(flat: str, n: int, part: Range, text: int, end: int, vocabulary: Vocabulary) -> Suggestion:
    quoted = _QUOTED.match(flat, text, part[1] + 1)
    if quoted:
        stop = min(quoted.end() - (flat[quoted.end() - 1] == "\n"), part[1])
        return Suggestion(n, part[0], end, (part[0], stop), quoted.span(1), quoted=True, is_suggestion=True)
    stop = part[1]
    run_in = re.compile("[。：]").search(flat, text, part[1])
    if run_in and (part[1] - run_in.end() > 1 or run_in.group() == "。"):
        stop = run_in.start()
    title = flat[text:stop]
    about = _ABOUT.match(title)
    sections = ("next_headings", "result_headings", "measure_headings", "problem_headings")
    is_section = not about and any(vocabulary.lists[f"structure.{name}"].found(title) for name in sections)
    inner = (text + about.start(1), text + about.end(1)) if about else (text, stop)
    is_suggestion = bool(about) or ("建议" in title and not is_section)
    return Suggestion(n, part[0], end, (part[0], stop), inner, quoted=False, is_suggestion=is_suggestion)


def _without_closing(flat: str, paragraphs: list[Range], vocabulary: Vocabulary) -> list[Range]:
    """The paragraphs of a part but for the thanks at its end, which are nobody's answer."""
    kept = list(paragraphs)
    while len(kept) > 1 and vocabulary.lists["structure.closing"].at(flat, *kept[-1]):
        kept.pop()
    return kept


def _answers(flat: str, one: Suggestion, paragraphs: list[Range], vocabulary: Vocabulary) -> list[Answer]:
    starts: list[tuple[int, Marker | None]] = []
    for start, end in paragraphs:
        begin = max(start, one.heading[1])
        while begin < end and flat[begin] in "。：，":
            begin += 1
        if begin >= end:
            continue
        marker = marker_at(flat, begin, end)
        if marker or not starts:
            starts.append((begin, marker))
    last = max((end for _, end in _without_closing(flat, paragraphs, vocabulary)), default=one.end)
    begins = [start for start, _ in paragraphs]
    answers = []
    for number, (start, marker) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else last
        answer = Answer(start, end, marker)
        first = max(0, bisect_right(begins, start) - 1)
        near = paragraphs[first : bisect_left(begins, end)]
        own = [(max(a, marker.end if marker else start), b) for a, b in near if b > start]
        answer.sections = _sections(flat, one, answer, [part for part in own if part[0] < part[1]], vocabulary)
        answers.append(answer)
    return answers


def _sections(
    flat: str, one: Suggestion, answer: Answer, paragraphs: list[Range], vocabulary: Vocabulary
) -> list[Section]:
    kind = _kind(flat[one.heading[0] : one.heading[1]], vocabulary) if not one.is_suggestion else "plain"
    begin = answer.marker.end if answer.marker else answer.start
    sections = [Section(kind, begin, answer.end)]
    for start, end in paragraphs:
        heading = _section_heading(flat, start, end, vocabulary)
        if heading is not None:
            new = Section(heading[0], start, answer.end, heading=heading[1])
        elif vocabulary.lists["structure.next_steps"].at(flat, start, end) and sections[-1].kind != "next_steps":
            new = Section("next_steps", start, answer.end)
        else:
            continue
        sections[-1].end = start
        sections.append(new)
    sections = [section for section in sections if flat[section.start : section.end].strip("\n。： ")]
    for section in sections:
        begin = section.heading[1] if section.heading else section.start
        section.items = items(flat, (begin, section.end), vocabulary)
    return sections


def _section_heading(flat: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[str, Range] | None:
    """（一）主要措施 alone on its line: a section and no item."""
    found = ORDINALS["bracket"].match(flat, start, end) or ORDINALS["dot"].match(flat, start, end)
    text = found.end() if found else start
    title = flat[text:end].rstrip("。：")
    if not 2 <= len(title) <= 14 or "，" in title:
        return None
    kind = _kind(title, vocabulary)
    return (kind, (start, start + len(flat[start:end].rstrip("。：")))) if kind != "plain" else None


def _kind(title: str, vocabulary: Vocabulary) -> str:
    lists = vocabulary.lists
    if lists["structure.next_headings"].found(title):
        return "next_steps"
    if lists["structure.problem_headings"].found(title):
        return "plain"
    if lists["structure.result_headings"].found(title):
        return "results"
    return "measures" if lists["structure.measure_headings"].found(title) else "plain"


def _next_steps(
    flat: str, suggestions: list[Suggestion], paragraphs: list[Range], vocabulary: Vocabulary
) -> list[Range]:
    """Where the reply says what will be done: its sections of that kind, and 下一步 inside a paragraph to its end."""
    zones = [
        (section.start, section.end)
        for one in suggestions
        for answer in one.answers
        for section in answer.sections
        if section.kind == "next_steps"
    ]
    zones += [
        (item.start, item.end)
        for one in suggestions
        for answer in one.answers
        for section in answer.sections
        for item in section.items
        if item.headline and vocabulary.lists["structure.next_headings"].found(flat[slice(*item.headline)])
    ]
    pattern = vocabulary.lists["structure.next_steps"].pattern
    known, at = sorted(zones), 0
    for number, (start, end) in enumerate(paragraphs):
        while at < len(known) and known[at][1] <= start:
            at += 1
        if at < len(known) and known[at][0] <= start:
            continue
        for found in pattern.finditer(flat, start, end):
            if found.start() == start or flat[found.start() - 1] in _BEFORE_NEXT:
                zones.append((found.start(), _with_points(flat, paragraphs, number)))
                break
    return sorted(zones)


def _with_points(flat: str, paragraphs: list[Range], number: int) -> int:
    """Where a paragraph ends, with the numbered paragraphs behind it where it ends on a colon."""
    end = paragraphs[number][1]
    if flat[end - 1] != "：":
        return end
    for part in paragraphs[number + 1 :]:
        if not any(one.match(flat, *part) for one in ORDINALS.values()):
            break
        end = part[1]
    return end
