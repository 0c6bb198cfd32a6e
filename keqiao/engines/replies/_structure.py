"""How a reply is built: suggestions, the departments' answers to each, their sections, and the items of those."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from keqiao.engines.replies._departments import Marker, marker_at
from keqiao.engines.replies._view import View
from keqiao.engines.replies._vocabulary import Vocabulary

Range = tuple[int, int]
_NUMBER = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}
_ORDINALS = {
    "one": re.compile(r"([一二三四五六七八九十]{1,3})、"),
    "bracket": re.compile(r"（([一二三四五六七八九十]{1,3})）"),
    "first": re.compile(r"([一二三四五六七八九十]{1,2})是(?!否|指(?![导定派挥])|一个)"),
    "nth": re.compile(r"第([一二三四五六七八九十])(?=[，,、]|是)"),
    "dot": re.compile(r"(\d{1,2})[.．、](?!\d(?!\d?月|\d{3}年))"),
    "paren": re.compile(r"（(\d{1,2})）|(?<![\d（])(\d{1,2})）"),
    "circle": re.compile(r"([①-⑳])"),
    "aspect": re.compile(r"([一二三四五六七八九])方面(?=[，：])"),
}
_ANY = re.compile(
    "|".join(f"(?P<{kind}>{re.sub(r'(?<![?])[(](?![?])', '(?:', one.pattern)})" for kind, one in _ORDINALS.items())
)
_LINE_ONLY = ("one", "bracket", "dot", "paren", "circle")
_QUOTED = re.compile(
    r"(?:关于|针对|对于|对|就)?[^“”\n，。]{0,16}?“([^\n]{2,120}?)”(?:的?(?:建议|问题|意见|提案|方面)|方面的?(?:建议|问题)?|的?\n|$)"
)
_ABOUT = re.compile(
    r"^(?:关于|针对|对于|对|就)(?:您|贵委|你们)?(?:提出的?)?(.{2,80}?)(?:的建议|的问题|方面的建议|的意见|建议|问题|方面|的情况|工作)?$"
)


@dataclass
class Item:
    kind: str
    ordinal: Range
    number: int
    start: int
    end: int = 0
    headline: Range | None = None


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
    if not suggestions and title is not None and inside:
        suggestions = [Suggestion(1, body[0], body[1], title, title, quoted=False, is_suggestion=False)]
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
            [(part, found) for part in paragraphs if (found := _ORDINALS[kind].match(flat, part[0], part[1]))]
        )
        if len(heads) >= 2 or (heads and kind == "one"):
            break
    else:
        return []
    suggestions = []
    for n, (part, found) in enumerate(heads, 1):
        end = heads[n][0][0] if n < len(heads) else body[1]
        suggestions.append(_suggestion(flat, n, part, found.end(), end, vocabulary))
    return suggestions


def _in_order(heads: list[tuple[Range, re.Match[str]]]) -> list[tuple[Range, re.Match[str]]]:
    """The headings whose numbers count up from one."""
    kept: list[tuple[Range, re.Match[str]]] = []
    for part, found in heads:
        if value(found) == len(kept) + 1:
            kept.append((part, found))
    return kept


def value(found: re.Match[str]) -> int:
    """The number of an ordinal."""
    text = next(group for group in found.groups() if group)
    if text.isdigit() and text.isascii():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    tens, _, ones = text.rpartition("十")
    if "十" in text:
        return (_NUMBER.get(tens, 1) if tens else 1) * 10 + (_NUMBER[ones] if ones else 0)
    return _NUMBER.get(text, 0)


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
    last = max((end for _, end in paragraphs), default=one.end)
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
        section.items = _items(flat, section, vocabulary)
    return sections


def _section_heading(flat: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[str, Range] | None:
    """（一）主要措施 alone on its line: a section and no item."""
    found = _ORDINALS["bracket"].match(flat, start, end) or _ORDINALS["dot"].match(flat, start, end)
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


def _items(flat: str, section: Section, vocabulary: Vocabulary) -> list[Item]:
    """The enumeration of the highest rank in a section: the kind that opens it, counted from one."""
    begin = section.heading[1] if section.heading else section.start
    found = [one for one in _ANY.finditer(flat, begin, section.end) if _opens(flat, one, begin)]
    if not found:
        return []
    kind = found[0].lastgroup or "one"
    items: list[Item] = []
    for one in found:
        if one.lastgroup != kind:
            continue
        number = value(_ORDINALS[kind].match(flat, one.start()) or one)
        if number == len(items) + 1 or (items and number == items[-1].number + 1):
            items.append(Item(kind, one.span(), number, one.start()))
    if len(items) < 2:
        return []
    for here, after in pairwise(items):
        here.end = after.start
    items[-1].end = _last_end(flat, items[-1], section, vocabulary)
    for item in items:
        item.headline = _headline(flat, item)
    return items


def _opens(flat: str, found: re.Match[str], begin: int) -> bool:
    before = flat[found.start() - 1 : found.start()]
    if found.start() == begin or before == "\n":
        return True
    if found.lastgroup == "one":
        return False
    return before in "。；：！，" if found.lastgroup in ("first", "paren", "circle", "nth") else before in "。；："


def _last_end(flat: str, item: Item, section: Section, vocabulary: Vocabulary) -> int:
    """The last item ends with its paragraph where that begins the line and what follows is no part of it."""
    end = section.end
    at_line = flat[item.start - 1 : item.start] == "\n" or item.start == section.start
    position = flat.find("\n", item.start, end)
    while position >= 0:
        after = position + 1
        if after < end and _leaves(flat, item, after, end, vocabulary, at_line=at_line):
            return position
        position = flat.find("\n", after, end)
    return end


def _leaves(flat: str, item: Item, start: int, end: int, vocabulary: Vocabulary, *, at_line: bool) -> bool:
    if _ANY.match(flat, start, end) or "\t" in flat[start : start + 30]:
        return False
    lists = vocabulary.lists
    if lists["structure.closing"].at(flat, start, end) or lists["structure.next_steps"].at(flat, start, end):
        return True
    if lists["structure.topic_headings"].at(flat, start, start + 4) and "建议" in flat[start : start + 60]:
        return True
    return not at_line or item.kind in ("first", "nth", "paren")


def _headline(flat: str, item: Item) -> Range | None:
    start = item.ordinal[1]
    while start < item.end and flat[start] in "，、：":
        start += 1
    stop = re.compile("[。：\n]").search(flat, start, item.end)
    if stop is None or stop.start() - start > 48 or not flat[stop.end() : item.end].strip():
        return None
    return (start, stop.start())


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
    for start, end in paragraphs:
        while at < len(known) and known[at][1] <= start:
            at += 1
        if at < len(known) and known[at][0] <= start:
            continue
        for found in pattern.finditer(flat, start, end):
            if flat[found.start() - 1 : found.start()] in ("", "\n", "。", "；", "：", "，") or found.start() == start:
                zones.append((found.start(), end))
                break
    return sorted(zones)
