"""Enumerations: the ordinals by which points are counted, where each point begins, and where the last one ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from keqiao.engines.replies._vocabulary import Vocabulary

Range = tuple[int, int]
_NUMBER = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}
_STEMS = "甲乙丙丁戊己庚辛"
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_SERIES = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 4}
ORDINALS = {
    "one": re.compile(r"([一二三四五六七八九十]{1,3})、"),
    "bracket": re.compile(r"（([一二三四五六七八九十]{1,3})）"),
    "first": re.compile(r"([一二三四五六七八九十]{1,2})(?:是(?!否|指(?![导定派挥])|一个)|要(?![务素点闻求害件]))"),
    "nth": re.compile(r"[第其]([一二三四五六七八九十])(?:[点项]|个?方面)?(?=[，,、：]|是)"),
    "dot": re.compile(r"(\d{1,2})[.．、](?!\d(?!\d?月|\d{3}年))"),
    "paren": re.compile(r"（(\d{1,2})）|(?<![\d（])(\d{1,2})）"),
    "circle": re.compile(r"([①-⑳])"),
    "aspect": re.compile(r"([一二三四五六七八九])方面(?=[，：])"),
    "series": re.compile(r"(首先|其次|再次|再者|最后)(?=，(?!.{0,8}感谢))"),
    "letter": re.compile(r"（([a-hA-H])）|(?<![A-Za-z（])([a-hA-H])[)）.．、](?![A-Za-z])"),
    "stem": re.compile(r"（([甲乙丙丁戊己庚辛])）|([甲乙丙丁戊己庚辛])[、．]"),
    "roman": re.compile(r"（(i{1,3}|iv|vi{0,3}|ix)）"),
}
_ANY = re.compile(
    "|".join(f"(?P<{kind}>{re.sub(r'(?<![?])[(](?![?])', '(?:', one.pattern)})" for kind, one in ORDINALS.items())
)
_INSIDE = ("first", "paren", "circle", "nth", "letter", "roman", "series")  # may follow a comma
_IN_LINE = ("first", "nth", "paren", "series")  # begin a line, and the next line is none of theirs
_AFTER = re.compile(r"(?:以上|上述|此外，|另外，|对您|对贵|对于您|关于您|针对您|至于)")
_END = re.compile("[。！？]")
_STOP = re.compile("[。！？\n]")


@dataclass
class Item:
    """One point of an enumeration in flat ranges."""

    kind: str
    ordinal: Range
    number: int
    start: int
    end: int = 0
    headline: Range | None = None


def value(found: re.Match[str]) -> int:
    """The number of an ordinal."""
    text = next(group for group in found.groups() if group)
    if text.isdigit() and text.isascii():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if text in _SERIES:
        return _SERIES[text]
    if text in _STEMS:
        return _STEMS.index(text) + 1
    if text in _ROMAN:
        return _ROMAN.index(text)
    if text.isascii():
        return ord(text.lower()) - ord("a") + 1
    tens, _, ones = text.rpartition("十")
    if "十" in text:
        return (_NUMBER.get(tens, 1) if tens else 1) * 10 + (_NUMBER[ones] if ones else 0)
    return _NUMBER.get(text, 0)


def items(flat: str, section: Range, vocabulary: Vocabulary) -> list[Item]:
    """The points of a section. Method: the first ordinal that counts one opens a list, those of its kind that count
    on go with it, and what other ordinals count inside a point is part of the point; where the last point ends, or
    where the kind begins again at one, the next list is looked for. Linear in the length of the section.
    """
    marks = [one for one in _ANY.finditer(flat, *section) if _opens(flat, one, section[0])]
    found: list[Item] = []
    at = 0
    while at < len(marks):
        run, limit = _run(flat, marks, at, section[1])
        if len(run) < 2:
            at += 1
            continue
        for here, after in pairwise(run):
            here.end = after.start
        run[-1].end = _last_end(flat, run, limit, vocabulary)
        found += run
        while at < len(marks) and marks[at].start() < run[-1].end:
            at += 1
    for item in found:
        item.headline = _headline(flat, item)
    return found


def _run(flat: str, marks: list[re.Match[str]], first: int, end: int) -> tuple[list[Item], int]:
    """The list that marks[first] opens, and where it must have ended: before its kind counts one again."""
    kind = marks[first].lastgroup or "one"
    run: list[Item] = []
    for at in range(first, len(marks)):
        one = marks[at]
        if one.lastgroup != kind:
            continue
        number = value(ORDINALS[kind].match(flat, one.start()) or one)
        if number == len(run) + 1 or (run and one.group() == "最后"):
            run.append(Item(kind, one.span(), len(run) + 1, one.start()))
        elif number == 1 or not run:
            return run, _before(flat, run, one.start())
    return run, end


def _before(flat: str, run: list[Item], position: int) -> int:
    """Where the sentence that leads to flat[position] begins, but inside the last point of the list before."""
    floor = run[-1].ordinal[1] if run else position
    ends = [flat.rfind(mark, floor, position) + 1 for mark in "。\n；"]
    return max(ends) or position


def _opens(flat: str, found: re.Match[str], begin: int) -> bool:
    before = flat[found.start() - 1 : found.start()]
    if found.start() == begin or before == "\n":
        return True
    if found.lastgroup == "one":
        return False
    return before in "。；：！，" if found.lastgroup in _INSIDE else before in "。；："


def _last_end(flat: str, run: list[Item], limit: int, vocabulary: Vocabulary) -> int:
    """The last point ends with its sentence where each point before it is one that ends on ；, with its paragraph
    where it begins the line and what follows is no part of it, and before a sentence that leads on: 下一步, 以上.
    """
    item = run[-1]
    texts = [flat[one.start : one.end].rstrip("\n") for one in run[:-1]]
    at_line = flat[item.start - 1 : item.start] == "\n"
    brief = all(text.endswith("；") and not _END.search(text) for text in texts)
    leading = vocabulary.lists["structure.next_steps"]
    own = any(leading.at(text, found.end()) for text in texts for found in _END.finditer(text))
    for stop in _STOP.finditer(flat, item.ordinal[1], limit):
        after = stop.end()
        if stop.group() == "\n":
            if after < limit and _leaves(flat, item, after, limit, vocabulary, at_line=at_line):
                return stop.start()
        elif brief or (not (at_line or own) and _leads_on(flat, after, limit, vocabulary)):
            return after
    return limit


def _leads_on(flat: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    lists = vocabulary.lists
    return bool(
        lists["structure.next_steps"].at(flat, start, end)
        or lists["structure.closing"].at(flat, start, end)
        or _AFTER.match(flat, start, end)
    )


def _leaves(flat: str, item: Item, start: int, end: int, vocabulary: Vocabulary, *, at_line: bool) -> bool:
    if _ANY.match(flat, start, end) or "\t" in flat[start : start + 30]:
        return False
    lists = vocabulary.lists
    if lists["structure.closing"].at(flat, start, end) or lists["structure.next_steps"].at(flat, start, end):
        return True
    if lists["structure.topic_headings"].at(flat, start, start + 4) and "建议" in flat[start : start + 60]:
        return True
    return not at_line or item.kind in _IN_LINE


def _headline(flat: str, item: Item) -> Range | None:
    start = item.ordinal[1]
    while start < item.end and flat[start] in "，、：":
        start += 1
    stop = re.compile("[。：\n]").search(flat, start, item.end)
    if stop is None or stop.start() - start > 48 or not flat[stop.end() : item.end].strip():
        return None
    return (start, stop.start())
