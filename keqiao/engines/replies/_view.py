"""A reply as one reads it: lines that the page broke are joined, its tables found, every character traced back.

The *flat* text has one spelling (simplified script, half-width digits and letters, full-width punctuation), no layout
spaces and no page numbers; "\\n" ends a paragraph, "\\t" parts the cells of a table. `at` leads from it to the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from keqiao.engines.text import fold

_BLANK = frozenset(
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
) | {chr(code) for code in range(0x2000, 0x200B)}
_BLANKS = "".join(sorted(_BLANK))
_PUNCTUATION = str.maketrans(
    {
        ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！", "[": "〔", "]": "〕",
        "【": "〔", "】": "〕", "於": "于", "佔": "占",
        "~": "～", "∼": "～", "〜": "～", "―": "—", "–": "—", "‐": "-", "‑": "-", "─": "—", "「": "“", "」": "”",
        "『": "“",
        "』": "”", "〝": "“", "〞": "”", "｡": "。", "<": "〈", ">": "〉", "·": "·",
    }
)  # fmt: skip
_PAGE = re.compile(r"[—\-_－]{0,2}(?:第?\d{1,3}页?|\d{1,3}/\d{1,3}|第\d{1,3}页共\d{1,3}页)[—\-_－]{0,2}")
_NUMERIC = re.compile(r"[-+—约]?\d[\d,.，]{0,20}(?:[%‰]|[一-鿿]{1,3})?|[-—/无]{1,2}|\d{4}年?")
_MARKER = re.compile(
    r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|第[一二三四五六七八九十]{1,2}[，,、]|\d{1,2}[.．、](?!\d)"
    r"|[①-⑳]|[一二三四五六七八九十]{1,2}是|[一-鿿]{2,12}〔\d{4}〕|附件|专此|感谢|抄送|签发人|联系|下一步|下步|特此|类别"
)
_ENDS = "。！？；：!?;:”"
_RULE = re.compile(r"[|+:\-—─=]{3,}")
_CONTACT = re.compile(r"（?(?:联系|电话|传真|邮编)")
_ABOUT = re.compile(r"号(?:提案|建议|议案)|答复函?$|复函$")
_OPEN = str.maketrans({"（": "1", "《": "1", "“": "1", "〔": "1", "）": "2", "》": "2", "”": "2", "〕": "2"})
_MAX_CELL = 24
_TABBED, _SPACED, _WORDS = re.compile(r"[^|\t]+"), re.compile(r"(?:\S| (?=\S))+"), re.compile(r"\S+")


@dataclass(frozen=True)
class View:
    """`flat`, with `at[i]` the index of flat[i] in `source`; tables in flat, page numbers in source positions."""

    source: str
    flat: str
    at: tuple[int, ...]
    tables: tuple[tuple[int, int], ...]
    pages: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source span of flat[start:end]; white space at its ends is not part of it."""
        flat = self.flat
        while start < end and flat[start] in "\n\t ":
            start += 1
        while end > start and flat[end - 1] in "\n\t ":
            end -= 1
        if start >= end:
            return self.at[start], self.at[start]
        return self.at[start], self.at[end - 1] + 1

    def text(self, start: int, end: int) -> str:
        """The source's own characters of flat[start:end], layout spaces dropped."""
        source, at, flat = self.source, self.at, self.flat
        return "".join(source[at[i]] for i in range(start, end) if flat[i] not in "\n\t")

    def raw(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.source[first:last]

    def flat_index(self, position: int) -> int:
        """The first flat index at or behind a source position."""
        return bisect_left(self.at, position)


@dataclass
class _Line:
    start: int
    text: str  # folded, stripped of white space at both ends
    plain: str  # the same without any inner white space
    indent: int
    width: int
    cells: tuple[tuple[int, int], ...] = ()
    gap: bool = False  # an empty line stands before it
    in_table: bool = False
    is_page: bool = False


def view(text: str) -> View:
    """Read `text`. Linear in its length."""
    folded = _stopped(_quoted(fold(text).translate(_PUNCTUATION))) if text else ""
    lines = _lines(folded)
    _mark_pages(lines)
    _mark_tables(lines)
    kept = [line for line in lines if not line.is_page]
    flat: list[str] = []
    at: list[int] = []
    tables: list[tuple[int, int]] = []
    edge = _edge(kept)
    depth = 0
    for number, line in enumerate(kept):
        start = len(flat)
        _write(line, flat, at)
        after = kept[number + 1] if number + 1 < len(kept) else None
        depth = 0 if line.in_table else max(0, depth + _opened(line.plain)) if number else max(0, _opened(line.plain))
        if line.in_table:
            tables.append((start, len(flat)))
        if _ends_paragraph(line, after, edge, depth):
            flat.append("\n")
            at.append(at[-1])
            depth = 0
    pages = tuple((line.start, line.start + len(line.text)) for line in lines if line.is_page)
    flat.append("\n")
    at.append(len(text))
    return View(text, _grouped("".join(flat)), tuple(at), _joined(tables), pages)


def _grouped(flat: str) -> str:
    """A comma between digits that groups thousands is a comma of the number, not of the sentence."""
    return re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", flat)


def _stopped(text: str) -> str:
    """A half-width full stop behind a Chinese word ends a sentence."""
    return (
        re.sub(r"(?<=[一-鿿）”])(?<![一二三四五六七八九十])\.(?=[一-鿿“（\s]|$)", "。", text) if "." in text else text
    )


def _quoted(text: str) -> str:
    """Straight quotes as opening and closing ones, counted anew in every line."""
    if '"' not in text:
        return text
    return "\n".join(_paired(line) for line in text.split("\n"))


def _paired(line: str) -> str:
    parts = line.split('"')
    return "".join(part + ("“" if number % 2 == 0 else "”") for number, part in enumerate(parts[:-1])) + parts[-1]


def _lines(folded: str) -> list[_Line]:
    lines: list[_Line] = []
    position, gap = 0, False
    for found in re.finditer(r"[^\n\f\v\r\u2028\u2029\x85]+", folded):
        part = found.group()
        stripped = part.strip(_BLANKS)
        position = found.start()
        if not stripped:
            gap = True
            continue
        lead = len(part) - len(part.lstrip(_BLANKS))
        plain = "".join(character for character in stripped if character not in _BLANK)
        if _RULE.fullmatch(plain) and ("|" in plain or "+" in plain):
            continue  # the line of a drawn table, between heading and rows
        gap = gap or bool(lines and folded.count("\n", lines[-1].start + len(lines[-1].text), position) > 1)
        lines.append(_Line(position + lead, stripped, plain, lead, _width(part.rstrip(_BLANKS)), gap=gap))
        gap = False
    return lines


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def _opened(text: str) -> int:
    return text.count("（") + text.count("《") + text.count("“") - text.count("）") - text.count("》") - text.count("”")


def _mark_pages(lines: list[_Line]) -> None:
    for number, line in enumerate(lines):
        found = _PAGE.fullmatch(line.plain)
        if not found:
            continue
        dressed = not line.plain.isdigit()
        alone = line.gap and (number + 1 == len(lines) or lines[number + 1].gap)
        neighbours = (lines[number - 1] if number else None, lines[number + 1] if number + 1 < len(lines) else None)
        tabular = any(one is not None and _NUMERIC.fullmatch(one.plain) for one in neighbours)
        line.is_page = len(line.plain) <= 12 and (dressed or alone or line.indent > 8) and not tabular


def _cells(line: _Line) -> tuple[tuple[int, int], ...]:
    """Spans of the cells of a line that could be a row: short pieces without a sentence between them."""
    if len(line.text) > 200 or any(mark in line.text for mark in "。！？；") or _ABOUT.search(line.plain):
        return ()
    if "\t" in line.text or "|" in line.text:
        pattern = _TABBED
    elif "  " in line.text or "\u3000" in line.text:
        pattern = _SPACED
    else:
        pattern = _WORDS
    spans = [(found.start(), found.end()) for found in pattern.finditer(line.text) if found.group().strip()]
    if pattern is _WORDS and ("、" in line.text or "，" in line.text):
        return ()
    spans = [_trimmed(line.text, span) for span in spans]
    if len(spans) < 2 or any(end - start > _MAX_CELL for start, end in spans):
        return ()
    return tuple(spans)


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    piece = text[span[0] : span[1]]
    return span[0] + len(piece) - len(piece.lstrip()), span[0] + len(piece.rstrip())


def _mark_tables(lines: list[_Line]) -> None:
    for line in lines:
        line.cells = _cells(line)
    number = 0
    while number < len(lines):
        if not _is_row(lines[number]):
            number += 1
            continue
        end = number
        while end < len(lines) and _is_row(lines[end], like=lines[number]):
            end += 1
        head = lines[number - 1] if number else None
        if head is not None and _is_head(head, lines[number]):
            head.in_table = True
        elif end - number < 2 or len(lines[number].cells) < 3:
            number = end
            continue
        for line in lines[number:end]:
            line.in_table = True
        number = end


def _is_row(line: _Line, *, like: _Line | None = None) -> bool:
    if not line.cells or (like is not None and abs(len(line.cells) - len(like.cells)) > 1):
        return False
    cells = [line.text[a:b].replace(" ", "") for a, b in line.cells]
    numeric = sum(1 for cell in cells[1:] if _NUMERIC.fullmatch(cell))
    return numeric * 2 >= len(cells) - 1 and numeric > 0 and "，" not in cells[0]


def _is_head(line: _Line, row: _Line) -> bool:
    if not line.cells or abs(len(line.cells) - len(row.cells)) > 1:
        return False
    cells = [line.text[a:b] for a, b in line.cells]
    return sum(1 for cell in cells if re.fullmatch(r"[\d.,%]+", cell) and len(cell) != 4) == 0


def _edge(lines: list[_Line]) -> int:
    """The width at which the page breaks its lines; 0 where each line is a paragraph."""
    open_ended = sorted(
        line.width for line in lines if not line.in_table and line.plain[-1] not in _ENDS and line.width > 40
    )
    if not open_ended or len(open_ended) * 4 < len(lines):
        return 0
    edge = open_ended[len(open_ended) * 3 // 4]
    return edge if edge <= 130 else 100


def _ends_paragraph(line: _Line, after: _Line | None, edge: int, depth: int) -> bool:
    if after is None or line.in_table or after.in_table:
        return True
    last, first = line.plain[-1], after.plain[0]
    if depth and line.width > 30 and last not in "。：":
        return False
    if last in _ENDS:
        return not (
            (last == "”" and first in "，。、；）和与等")
            or (last in "：”" and edge and line.width >= edge - 6 and not after.indent)
        )
    if _CONTACT.match(line.plain) and last.isdigit() and not first.isdigit():
        return True
    if _MARKER.match(after.plain) and not (last.isdigit() and first.isdigit()):
        return last not in "、，（《“〔"
    if last in "、，（《“〔.,0123456789" or first in "，。、；）》”！？%％":
        return False
    if after.indent >= 2 and not line.indent and edge and after.gap:
        return True
    if _is_prose(line.plain):
        return False
    return line.width < (edge - 8 if edge else 100)


def _is_prose(plain: str) -> bool:
    """Whether a line is the middle of a paragraph: one that ends without a mark but has some before."""
    return "。" in plain or ("，" in plain and not _MARKER.match(plain) and len(plain) > 12)


def _write(line: _Line, flat: list[str], at: list[int]) -> None:
    """Append the characters of a line; a space stays only between two Latin words or two numbers."""
    spans = line.cells if line.in_table else ((0, len(line.text)),)
    for number, (start, end) in enumerate(spans):
        if number:
            flat.append("\t")
            at.append(line.start + start - 1)
        for index in range(start, end):
            character = line.text[index]
            if character not in _BLANK:
                flat.append(character)
            elif index and _parts(line.text, index):
                flat.append(" ")
            else:
                continue
            at.append(line.start + index)


def _parts(text: str, index: int) -> bool:
    """Whether the first blank of a run stands between two numbers or two Latin words."""
    before, after = text[index - 1], text[index + 1 : index + 9].lstrip(_BLANKS)[:1]
    if not (before.isascii() and after.isascii()):
        return False
    return (before.isdigit() and after.isdigit()) or (before.isalpha() and after.isalpha())


def _joined(rows: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Rows that follow each other as one table each."""
    if not rows:
        return ()
    tables = [list(rows[0])]
    for before, row in pairwise(rows):
        if row[0] - before[1] <= 1:
            tables[-1][1] = row[1]
        else:
            tables.append(list(row))
    return tuple((start, end) for start, end in tables)
