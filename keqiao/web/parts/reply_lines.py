"""The text of a sheet, line by line, with everything marked that its rows speak of."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from keqiao.web.parts import reply_words
from keqiao.web.parts.reply_marks import Line, Mark, Marking, Span
from keqiao.web.parts.reply_sheet import Sheet

_DAY = re.compile(r"[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日")
Styled = tuple[Span, str, str]  # where, which style, under which id


def lines_of(sheet: Sheet) -> list[Line]:
    """The lines as typeset: title, number, headings and signature in their place, flags before what nobody answers."""
    styles = sorted(_styles(sheet))
    flags = {row.suggestion.heading_span or row.suggestion.span: row for row in sheet.unanswered}
    shaped = []
    for line in Marking(sheet.text, list(_marks(sheet))).lines():
        _span, style, id = _style_of(line, styles) or _known_line(sheet, line.span) or (line.span, "", "")
        begun = [row for span, row in flags.items() if line.span[0] <= span[0] < line.span[1]]
        marks = [
            Mark(kind="unanswered", span=line.span, id=f"row-{row.id}", flag=row.state_name, title=row.state_name)
            for row in begun
        ]
        shaped.append(replace(line, style=style, id=id, flags=tuple(marks)))
    return shaped


def _marks(sheet: Sheet) -> Iterator[Mark]:
    own = {row.figure.span for row in sheet.figures} | {row.promise.span for row in sheet.promises}
    if sheet.cited and sheet.cited not in own:
        yield Mark(kind="cited", span=sheet.cited, title=_("被引用的句子"))
    for row in sheet.figures:
        yield Mark(kind="figure", span=row.figure.span, id=row.id, flag=str(row.number), style=row.figure.modality)
    for promise in sheet.promises:
        title = _("承诺 %(number)d") % {"number": promise.number}
        yield Mark(kind="promise", span=promise.promise.span, id=promise.id, flag=_("诺 %d") % promise.number,
                   title=title, style=promise.promise.specificity)  # fmt: skip
    for _row, answer in sheet.refusals:
        yield Mark(kind="answer", span=answer.answer.span, id=answer.id, flag=answer.state_name, style=answer.state,
                   title=answer.state_name)  # fmt: skip
    for finding in sheet.findings:
        for span in finding.spans:
            yield Mark(kind="finding", span=span, id=finding.id, flag=_("核 %d") % finding.number, title=finding.text)
    for trap in sheet.reply.traps:
        reason = reply_words.word(reply_words.TRAPS, trap.reason)
        yield Mark(kind="trap", span=trap.span, title=_("不是数字指标：%(reason)s") % {"reason": reason})
    for span in sheet.masked:
        yield Mark(kind="contact", span=span, title=_("联系方式已隐去"))


def _styles(sheet: Sheet) -> Iterator[Styled]:
    named = {"title": "title", "doc_number": "docnumber", "date": "sign", "signed_by": "sign"}
    for name, span in sheet.reply.meta.spans.items():
        if name in named:
            yield span, named[name], ""
    for span in _title(sheet):
        yield span, "title", ""
    for row in sheet.suggestions:
        if row.suggestion.heading_span:
            yield row.suggestion.heading_span, "heading", row.id


def _style_of(line: Line, styles: Iterable[Styled]) -> Styled | None:
    return next((one for one in styles if one[0][0] < line.span[1] and line.span[0] < one[0][1]), None)


def _known_line(sheet: Sheet, span: Span) -> Styled | None:
    """A line that is a name the reply gives itself: its number, who signed it, the day."""
    meta, bare = sheet.reply.meta, sheet.cut(span)
    if bare and bare == "".join((meta.doc_number or "").split()):
        return span, "docnumber", ""
    is_sign = bare == "".join((meta.signed_by or "-").split()) or _DAY.fullmatch(bare)
    return (span, "sign", "") if is_sign else None


def _title(sheet: Sheet) -> Iterator[Span]:
    """The first lines, as far as they make up the title."""
    rest, place = "".join((sheet.reply.meta.title or "").split()), 0
    for part in sheet.text.splitlines(keepends=True):
        bare = "".join(part.split())
        if bare and not (rest and rest.startswith(bare)):
            return
        if bare:
            yield place, place + len(part)
        rest = rest.removeprefix(bare)
        place += len(part)
