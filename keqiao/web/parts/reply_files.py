"""What was read from a reply, as files: a workbook with everything, its figures or promises as CSV, or JSON."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.engines.tables import write_book, write_rows
from keqiao.web.parts import reply_words
from keqiao.web.parts.export import TYPES, Column
from keqiao.web.parts.reply_sheet import AnswerRow, Sheet, SuggestionRow

KINDS = ("xlsx", "csv", "promises", "json")

FIGURES = (
    Column(_("序号"), lambda row: row.number, "number"),
    Column(_("原文"), lambda row: row.text),
    Column(_("数值"), lambda row: number_of(row.figure.value), "number"),
    Column(_("数值上限"), lambda row: number_of(row.figure.value_max), "number"),
    Column(_("单位"), lambda row: row.figure.unit_raw or ""),
    Column(_("单位代码"), lambda row: row.figure.unit or ""),
    Column(_("类型"), lambda row: row.kind),
    Column(_("性质"), lambda row: row.modality),
    Column(_("指标名称"), lambda row: row.indicator),
    Column(_("时期"), lambda row: row.figure.year_or_period or ""),
    Column(_("时期依据"), lambda row: row.period_source),
    Column(_("约数"), lambda row: row.figure.approx or ""),
    Column(_("其中项"), lambda row: gettext("是") if row.figure.subset else ""),
    Column(_("部门"), lambda row: row.figure.department or ""),
    Column(_("对应建议"), lambda row: row.figure.suggestion or "", "number"),
    Column(_("项目或计划"), lambda row: row.figure.programme or ""),
    Column(_("所在句子"), lambda row: row.sentence),
    Column(_("起"), lambda row: row.figure.span[0], "number"),
    Column(_("止"), lambda row: row.figure.span[1], "number"),
)
PROMISES = (
    Column(_("序号"), lambda row: row.number, "number"),
    Column(_("承诺"), lambda row: row.text),
    Column(_("对象"), lambda row: row.promise.anchor or ""),
    Column(_("部门"), lambda row: row.promise.department or ""),
    Column(_("时限"), lambda row: row.horizon),
    Column(_("具体程度"), lambda row: row.specificity),
    Column(_("对应建议"), lambda row: row.promise.suggestion or "", "number"),
    Column(_("所在句子"), lambda row: row.sentence),
    Column(_("起"), lambda row: row.promise.span[0], "number"),
    Column(_("止"), lambda row: row.promise.span[1], "number"),
)
MATRIX = (
    Column(_("建议序号"), lambda row: row[0].suggestion.n, "number"),
    Column(_("建议"), lambda row: row[0].heading),
    Column(_("答复部门"), lambda row: (row[1].answer.department or "") if row[1] else ""),
    Column(_("答复情况"), lambda row: row[1].state_name if row[1] else row[0].state_name),
    Column(_("数字指标"), lambda row: row[1].figures if row[1] else 0, "number"),
    Column(_("承诺"), lambda row: row[1].promises if row[1] else 0, "number"),
)
FINDINGS = (
    Column(_("序号"), lambda row: row.number, "number"),
    Column(_("核对结果"), lambda row: row.text),
)
DOCUMENT = (Column(_("项目"), lambda row: row[0]), Column(_("内容"), lambda row: row[1]))


def number_of(value: Decimal | None) -> int | float | str | None:
    """A number as a cell or JSON holds it exactly; a text where a binary fraction would not be the same."""
    if value is None:
        return None
    value = Decimal(value)
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def answer(sheet: Sheet, *, kind: str, name: str) -> HttpResponse:
    """The file. `kind` is one of KINDS."""
    if kind == "json":
        return _as_download(json.dumps(as_json(sheet), ensure_ascii=False, indent=1).encode() + b"\n",
                            "application/json; charset=utf-8", f"{name}.json")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        ending = "xlsx" if kind == "xlsx" else "csv"
        path = Path(folder) / f"reply.{ending}"
        if kind == "xlsx":
            write_book(path, {title: (rows, labels) for title, labels, rows in _sheets(sheet)})
        else:
            columns, rows = (PROMISES, sheet.promises) if kind == "promises" else (FIGURES, sheet.figures)
            labels, table = _table(columns, rows)
            write_rows(path, table, labels)
        content = path.read_bytes()
    return _as_download(content, TYPES[ending], f"{name}.{ending}")


def _as_download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _table(columns: Sequence[Column], rows: Iterable[Any]) -> tuple[list[str], list[dict[str, object]]]:
    labels = [str(column.label) for column in columns]
    return labels, [{label: column.value(row) for label, column in zip(labels, columns, strict=True)} for row in rows]


def _sheets(sheet: Sheet) -> Iterable[tuple[str, list[str], list[dict[str, object]]]]:
    parts: list[tuple[str, Sequence[Column], Iterable[Any]]] = [
        (gettext("数字指标"), FIGURES, sheet.figures),
        (gettext("承诺事项"), PROMISES, sheet.promises),
        (gettext("建议与答复"), MATRIX, list(matrix(sheet.suggestions))),
        (gettext("核对提醒"), FINDINGS, sheet.findings),
        (gettext("公文信息"), DOCUMENT, document(sheet)),
    ]
    for title, columns, rows in parts:
        labels, table = _table(columns, rows)
        yield title, labels, table


def matrix(rows: Iterable[SuggestionRow]) -> Iterable[tuple[SuggestionRow, AnswerRow | None]]:
    """A line for each answer, and one for a suggestion that has none."""
    for row in rows:
        for one in row.answers or (None,):
            yield row, one


def document(sheet: Sheet) -> list[tuple[str, str]]:
    """What the document says of itself, as far as it does."""
    meta = sheet.reply.meta
    session = _of(meta.session, "text")
    given = [
        (_("标题"), meta.title), (_("文号"), meta.doc_number), (_("索引号"), meta.index_number),
        (_("类别"), meta.category), (_("来自"), reply_words.word(reply_words.BODIES, meta.body)), (_("届次"), session),
        (_("建议提案编号"), meta.proposal_id), (_("建议提案标题"), meta.proposal_title),
        (_("提出者"), "、".join(meta.proposer or ())), (_("主办单位"), meta.lead_department),
        (_("协办单位"), "、".join(meta.co_departments or ())), (_("落款"), meta.signed_by),
        (_("成文日期"), meta.date), (_("发布日期"), meta.published),
    ]  # fmt: skip
    return [(str(label), str(value)) for label, value in given if value]


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def as_json(sheet: Sheet) -> dict[str, Any]:
    """The result in the form keqiao.reply.gold/1, its findings beside it; every text is the masked one."""
    found = dict(sheet.reply.to_dict())
    for name, field in (("figures", "raw"), ("traps", "raw"), ("commitments", "text")):
        for record in found[name]:
            start, end = record["span"]
            record[field] = sheet.text[start:end]
    found["findings"] = [{"text": row.text, "spans": [list(span) for span in row.spans]} for row in sheet.findings]
    return found
