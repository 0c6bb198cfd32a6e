"""Workbooks and documents as people send them; cells as people write them; names of bodies compared."""

import datetime
import io

import pytest
import xlsxwriter
from docx import Document

from keqiao.engines.tables import (
    CellError,
    TableError,
    TemplateColumn,
    as_choice,
    as_code,
    as_date,
    as_deadline,
    as_flag,
    as_money,
    as_number,
    find_header,
    place,
    read_book,
    records,
    write_template,
)

KNOWN = frozenset({"企业名称", "需求名称", "需求描述", "下限", "上限", "资金"})


def known(text: str) -> bool:
    return "".join(text.split()).strip("*:：") in KNOWN


def starts(text: str) -> bool:
    return "".join(text.split()) == "需求名称"


def book(write) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        write(made, made.add_worksheet("表"))
    return stream.getvalue()


def read(content: bytes, name: str = "a.xlsx"):
    return read_book(content, name=name, known=known, starts=starts)


def test_heading_below_a_title_and_in_two_lines_is_found():
    def write(made, page):
        page.merge_range("A1:D1", "2026年需求汇总表")
        page.merge_range("A2:A3", "企业名称")
        page.merge_range("B2:B3", "*需求名称")
        page.merge_range("C2:D2", "资金")
        page.write_row("C3", ["下限", "上限"])
        page.write_row("A4", ["甲厂", "掉功率", 10, 20])

    (sheet,) = read(book(write))
    header = find_header(sheet, known=known)

    assert (header.lines, header.headings) == ((2, 3), ("企业名称", "*需求名称", "资金/下限", "资金/上限"))
    assert records(sheet, header) == [(4, ["甲厂", "掉功率", 10.0, 20.0])]
    assert place(sheet, 4, 2) == "C4"


def test_merged_cells_hold_their_value_everywhere():
    def write(made, page):
        page.write_row("A1", ["企业名称", "需求名称"])
        page.merge_range("A2:A3", "甲厂")
        page.write_column("B2", ["一", "二"])

    (sheet,) = read(book(write))

    assert records(sheet, find_header(sheet, known=known)) == [(2, ["甲厂", "一"]), (3, ["甲厂", "二"])]


def test_totals_notes_repeated_headings_and_blank_lines_are_no_records():
    def write(made, page):
        rows = [["企业名称", "需求名称"], ["甲厂", "一"], [], ["企业名称", "需求名称"], ["乙厂", "二"], ["合计", 2],
                ["填表人：王"], ["示例：丙厂", "三"]]  # fmt: skip
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)

    (sheet,) = read(book(write))

    assert [cells[0] for _, cells in records(sheet, find_header(sheet, known=known))] == ["甲厂", "乙厂"]


def test_formula_without_its_result_blocks_its_line_alone():
    def write(made, page):
        page.write_row("A1", ["企业名称", "需求名称"])
        page.write_row("A2", ["甲厂", "一"])
        page.write_string("A3", "乙厂")
        page.write_formula("B3", "=A2", None, "")

    (sheet,) = read(book(write))

    assert (list(sheet.blocked), "B3" in sheet.blocked[3]) == ([3], True)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04x"), ("a.docx", b"PK\x03\x04x"), ("a.csv", b"\xff\xff\xff\x81"),
     ("a.csv", "企业名称\n".encode()), ("a.pdf", b"%PDF")],
)  # fmt: skip
def test_file_that_cannot_be_used_says_so(name, content):
    with pytest.raises(TableError):
        read(content, name)


def test_forms_of_a_document_share_what_stands_before_them():
    word = Document()
    word.add_paragraph("企业名称：甲厂")
    table = word.add_table(rows=3, cols=4)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "需求名称", "一"
    table.rows[0].cells[2].text, table.rows[0].cells[3].text = "资金", "100"
    table.rows[1].cells[0].merge(table.rows[1].cells[3]).text = "需求描述"
    table.rows[2].cells[0].merge(table.rows[2].cells[3]).text = "第一行\n第二行"
    word.add_paragraph("")
    other = word.add_table(rows=2, cols=2)
    other.rows[0].cells[0].text, other.rows[0].cells[1].text = "需 求 名 称", "二"
    other.rows[1].cells[0].text, other.rows[1].cells[1].text = "需求名称", "三"
    stream = io.BytesIO()
    word.save(stream)

    (sheet,) = read(stream.getvalue(), "a.docx")

    assert sheet.lines[0][1] == ["企业名称", "需求名称", "资金", "需求描述", "需 求 名 称"]
    assert [cells[:4] for _, cells in sheet.lines[1:]] == [
        ["甲厂", "一", "100", "第一行\n第二行"], ["甲厂", "", "", ""], ["甲厂", "三", "", ""],
    ]  # fmt: skip


def test_template_is_read_back_without_its_example(tmp_path):
    path = tmp_path / "t.xlsx"
    columns = [TemplateColumn("企业名称", required=True, example="甲厂"),
               TemplateColumn("需求名称", choices=("一", "二"), hint="说明")]  # fmt: skip
    write_template(path, columns, words=["填写", "说明", "选项", "列", "必填", "说明", "示例"])

    sheet = read(path.read_bytes())[0]
    header = find_header(sheet, known=known)

    assert (header.headings, records(sheet, header)) == (("*企业名称", "需求名称"), [])


@pytest.mark.parametrize(
    ("read_cell", "given", "code"),
    [
        (as_date, "2026-02-30", "date"), (as_date, "明年", "date"), (as_date, 12.5, "date"),
        (lambda text: as_money(text, unit="元"), "约三十", "money"),
        (lambda text: as_money(text, unit="元"), "50-30", "money_order"),
        (lambda text: as_money(text, unit="元"), "0.001", "money_fraction"),
        (lambda text: as_money(text, unit="亿元"), "99999999999", "money_too_large"),
        (as_number, "七", "number"), (as_flag, "也许", "flag"), (as_code, 9.12299990000001e17, "lost_digits"),
        (lambda text: as_choice(text, {"甲类": "a", "乙类": "b"}), "丙", "choice"),
        (lambda text: as_choice(text, {"甲类": "a", "乙类": "b"}), "类", "choice"),
    ],
)  # fmt: skip
def test_cell_that_cannot_be_read_has_a_code(read_cell, given, code):
    with pytest.raises(CellError) as caught:
        read_cell(given)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("given", "day"),
    [("2026/3/5", (2026, 3, 5)), ("20260305", (2026, 3, 5)), ("2026年3月", (2026, 3, 31)), ("2026年底", (2026, 12, 31)),
     ("46086", (2026, 3, 5)), (datetime.datetime(2026, 3, 5, 8,
         tzinfo=datetime.UTC), (2026, 3, 5)), ("2026-03-05 00:00:00", (2026, 3, 5))],
)  # fmt: skip
def test_days_are_read_as_people_write_them(given, day):
    assert as_date(given) == datetime.date(*day)


def test_deadline_of_half_a_year_counts_from_the_day():
    assert as_deadline("半年内", on=datetime.date(2026, 8, 31)) == datetime.date(2027, 2, 28)
