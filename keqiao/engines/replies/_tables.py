"""Tables that a reader of the text sees as lines of cells: units and periods out of heading and margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from keqiao.engines.replies._numbers import read_number
from keqiao.engines.replies._view import View
from keqiao.engines.replies._vocabulary import UnitOf, Vocabulary

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年|年度)?")
_UNIT = re.compile(r"[（(/]?(?:单位：)?(万亿|亿|千万|百万|万|千)?([一-鿿%‰（）/]{1,6}?)[）)]?$")
_CELL = re.compile(r"[-+约超近]{0,2}(\d[\d,]{0,20}(?:\.\d{1,6})?)(.{0,8})")
_GROWTHS = ("增幅", "增速", "增长率", "增长", "同比")
_SHARES = ("率", "增幅", "增速", "占比", "比重")
_CAPTION = re.compile(r"^表[一二三四五\d]{0,2}|\d{4}(?:[—\-～至]\d{4})?年[末底度]?|[（(][^（）]*[）)]|：")
_PART = re.compile(r"其中|增长率$|增长$|增幅$|同比|占比$|比重$|＃|#")
_PART_WORD = re.compile(r"^(?:其中)?[：:]?[＃#]?")
_TOTALS = ("合计", "总计", "小计", "累计", "共计")


@dataclass(frozen=True)
class CellFigure:
    """A number in a cell: flat range, value in the base unit, and what its row and column say."""

    start: int
    end: int
    value: Decimal
    unit: UnitOf
    period: str | None
    indicator: str


@dataclass(frozen=True)
class _Cell:
    start: int
    end: int
    text: str


def read_tables(view: View, vocabulary: Vocabulary) -> Iterator[CellFigure]:
    """The figures of all tables, row by row."""
    for start, end in view.tables:
        rows = [_cells(view.flat, *line) for line in _lines(view.flat, start, end)]
        if rows:
            yield from _table(view, rows, start, vocabulary)


def _lines(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = flat.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            yield start, stop
        start = stop + 1


def _cells(flat: str, start: int, end: int) -> list[_Cell]:
    cells = re.compile(r"[^\t]+").finditer(flat, start, end)
    return [_Cell(found.start(), found.end(), found.group()) for found in cells]


def _table(view: View, rows: list[list[_Cell]], start: int, vocabulary: Vocabulary) -> Iterator[CellFigure]:
    head, body = rows[0], rows[1:]
    caption = _caption(view.flat, start)
    years = set(_YEAR.findall(caption))
    dated = years.pop() if len(years) == 1 else None
    subject = _subject(caption)
    if all(_is_number(cell.text) for cell in head[1:]) and not all(_YEAR.fullmatch(cell.text) for cell in head[1:]):
        head, body = [], rows
    parent, columns = "", _columns(head)
    by_year = any(_YEAR.fullmatch(row[0].text) for row in body if row)
    for row in body:
        shift = len(head) - len(row)
        label = row[0].text if row and not (_is_number(row[0].text) and not _YEAR.fullmatch(row[0].text)) else ""
        own = label
        if _PART.match(label):
            own = parent + _PART_WORD.sub("", label)
        elif label:
            parent = _name(label)
        for column, cell in enumerate(row):
            if column == 0 and label:
                continue
            above = columns[column + shift] if 0 <= column + shift < len(columns) else ""
            figure = _figure(cell, own, above, caption, vocabulary, _row_unit(row, head, vocabulary))
            if figure is not None:
                yield _under(figure, subject, dated, own, above, by_year=by_year)


def _columns(head: list[_Cell]) -> list[str]:
    """The headings of the columns; one that narrows the column before it takes its noun along."""
    names: list[str] = []
    for cell in head:
        narrowed = cell.text.startswith("其中") and len(names) > 1
        names.append(_name(names[-1]) + _PART_WORD.sub("", cell.text) if narrowed else cell.text)
    return names


def _under(figure: CellFigure, subject: str, dated: str | None, label: str, above: str, *, by_year: bool) -> CellFigure:
    """A cell whose row is a place or a body takes noun and year out of the line above the table."""
    period = figure.period or dated
    if (_YEAR.fullmatch(label) or (by_year and label in _TOTALS)) and _adds(subject, _name(above)):
        return replace(figure, period=period, indicator=subject + _name(above))
    if not subject or not above or _YEAR.search(label + above) or len(_name(above)) > 6 or label in _TOTALS:
        return replace(figure, period=period)
    name = subject + figure.indicator if not label else label + subject + _name(above)
    return replace(figure, period=period, indicator=name)


def _adds(subject: str, column: str) -> bool:
    """Whether a column of a table of years is short of what the line above the table names."""
    if not subject or not 2 <= len(column) <= 6 or re.search("[与和及、]", subject):
        return False
    return not any(subject[at : at + 2] in column for at in range(len(subject) - 1))


def _subject(caption: str) -> str:
    """What a caption says the table is about: 2024年各流域灌区改造情况 is about 灌区改造."""
    text = re.split("[，。；]", _CAPTION.sub("", caption))[-1]
    text = re.sub(r"^(?:各|分)[一-鿿]{1,2}(?=[一-鿿]{3})|(?:情况|统计|分布|明细|汇总|一览)?表?$", "", text)
    text = re.sub(r"(?:主要)?(?:情况|统计|分布|明细|汇总|一览|指标|建设|工作)$", "", text)
    return text if 2 <= len(text) <= 12 else ""


def _row_unit(row: list[_Cell], head: list[_Cell], vocabulary: Vocabulary) -> str:
    """The cell under a heading 单位."""
    for column, cell in enumerate(head):
        if cell.text in ("单位", "计量单位") and column < len(row):
            return row[column].text
    return ""


def _figure(
    cell: _Cell, label: str, above: str, caption: str, vocabulary: Vocabulary, row_unit: str
) -> CellFigure | None:
    found = _CELL.fullmatch(cell.text)
    if found is None:
        return None
    number = read_number(cell.text, found.start(1))
    if number is None:
        return None
    own = vocabulary.unit_at(cell.text, number.end)
    value, end = number.value, cell.start + number.end
    if own and own[1].code == "percent" and (label.endswith(_GROWTHS) or above.endswith(_GROWTHS)):
        unit, scale, end = UnitOf("percent", "growth"), Decimal(1), cell.start + own[0]
    elif own:
        unit, scale, end = own[1], Decimal(1), cell.start + own[0]
    else:
        unit, scale = _unit_of((above, label, row_unit, caption), vocabulary)
    period = _period(label, above)
    names = [_name(text) for text in (label, above) if text and not _YEAR.fullmatch(text) and text not in _TOTALS]
    value = value * scale * unit.factor
    whole = value.to_integral_value()
    value = whole.quantize(Decimal(1)) if whole == value else value.normalize()
    return CellFigure(cell.start + found.start(1), end, value, unit, period, "".join(names))


def _period(label: str, above: str) -> str | None:
    for text in (label, above):
        found = _YEAR.search(text)
        if found:
            return found[1]
    return next((word for word in _TOTALS for text in (label, above) if text == word), None)


def _unit_of(texts: tuple[str, ...], vocabulary: Vocabulary) -> tuple[UnitOf, Decimal]:
    for text in texts:
        bracket = re.search(r"（(?:单位：)?([^（）]{1,12})）：?$|单位：([^（）\s：]{1,12})[）：]*$", text)
        inner = (bracket[1] or bracket[2]) if bracket else text if len(text) <= 4 else ""
        if "、" in inner:
            inner = _which(inner.split("、"), *texts[:2])
        if not inner:
            continue
        number = read_number("1" + inner, 0)
        scale, rest = (number.value, ("1" + inner)[number.end :]) if number else (Decimal(1), inner)
        found = vocabulary.unit_at(rest, 0)
        if found and found[0] == len(rest):
            return found[1], scale
    for text in texts[:2]:
        if text.endswith(("%", *_SHARES)):
            return UnitOf("percent", "growth" if text.endswith(_GROWTHS) else "percent"), Decimal(1)
        for ending, code in (
            ("企业数", "家"),
            ("项目数", "项"),
            ("人数", "人"),
            ("人次", "人次"),
            ("数量", "个"),
            ("数", "个"),
        ):
            if text.endswith(ending):
                return UnitOf(f"count:{code}", "count"), Decimal(1)
    return UnitOf("number", "count"), Decimal(1)


def _which(units: list[str], above: str, label: str) -> str:
    """Of the units a caption lists, the one that a column needs."""
    is_share = (above or label).endswith(_SHARES)
    fits = [one for one in units if (one == "%") == is_share]
    return fits[0] if len(fits) == 1 else ""


def _name(text: str) -> str:
    return re.sub(r"（[^（）]{1,8}）$", "", text)


def _is_number(text: str) -> bool:
    return bool(_CELL.fullmatch(text)) or text in ("—", "-", "/", "无", "——")


def _caption(flat: str, start: int) -> str:
    """The paragraph before the table, for its unit."""
    end = start - 1
    begin = flat.rfind("\n", 0, max(0, end)) + 1
    return flat[begin:end][-40:]
