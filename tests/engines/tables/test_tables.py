"""Reading and writing of tables, with real files."""

import csv
import datetime
import json
import zipfile

import pytest
import xlsxwriter

from keqiao.engines.tables import Row, RowError, TableError, _sheets, neutral, read_rows, write_rows
from keqiao.engines.tables._sheets import cell_name

HEADER = ["编号", "名称", "内容"]


@pytest.fixture
def sheet(tmp_path):
    """Writes cells and special parts into an .xlsx file and gives its path."""

    def write(rows, *, merges=(), formulas=()):
        path = tmp_path / "offers.xlsx"
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet("成果")
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            for merge, text in merges:
                page.merge_range(merge, text)
            for cell, formula, value in formulas:
                page.write_formula(cell, formula, None, value)
        return path

    return write


def lines(tmp_path, *rows, name="needs.jsonl"):
    path = tmp_path / name
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_read_rows_maps_chinese_headers_of_a_sheet(sheet):
    path = sheet(
        [
            ["*编号", "成果名称", "内容", "关键词", "预算（万元）", "备注"],
            [12, "涂层", "耐磨", "激光；熔覆、涂层", 30, "x"],
        ]
    )
    table = read_rows(path)
    assert table.errors == []
    assert table.rows == [
        Row(
            2,
            {
                "id": "12",
                "title": "涂层",
                "text": "耐磨",
                "keywords": ["激光", "熔覆", "涂层"],
                "budget": 30.0,
                "备注": "x",
            },
        )
    ]


def test_read_rows_finds_the_header_below_a_merged_title(sheet):
    path = sheet([[], HEADER, ["a", "b", "c"]], merges=[("A1:C1", "2026 年成果表")])
    assert read_rows(path).rows == [Row(3, {"id": "a", "title": "b", "text": "c"})]


def test_read_rows_refuses_only_the_rows_of_a_merge_and_names_its_range(sheet):
    path = sheet([HEADER, ["a", "b", "c"], ["d", "e"], ["f", "g"], ["h", "i", "j"]], merges=[("C3:C4", "合并")])
    table = read_rows(path)
    assert [row.values["id"] for row in table.rows] == ["a", "h"]
    assert [error.where for error in table.errors] == ["第 3 行", "第 4 行"]
    assert {error.message for error in table.errors} == {
        "单元格 C3:C4 是合并单元格，无法判断各行各列的值：请取消合并并逐格填写。"
    }


def test_read_rows_refuses_a_merged_header(sheet):
    path = sheet([HEADER, ["a", "b", "c"]], merges=[("D1:E1", "指标")])
    with pytest.raises(TableError, match=r"第 1 行（表头）：单元格 D1:E1 是合并单元格"):
        read_rows(path)


def test_read_rows_takes_the_stored_value_of_a_formula(sheet):
    path = sheet([HEADER, ["a", "", "c"]], formulas=[("B2", '="涂"&"层"', "涂层")])
    assert read_rows(path).rows == [Row(2, {"id": "a", "title": "涂层", "text": "c"})]


def test_read_rows_names_the_cell_of_a_formula_without_value(sheet):
    path = sheet([HEADER, ["a", "", "c"], ["d", "e", "f"]], formulas=[("B2", '="涂"&"层"', "")])
    table = read_rows(path)
    assert [row.values["id"] for row in table.rows] == ["d"]
    assert table.errors == [
        RowError("第 2 行", "单元格 B2 是公式，但文件中没有计算结果：请用 Excel 打开并保存，或粘贴为数值。")
    ]


def test_read_rows_keeps_the_second_of_two_columns_of_one_meaning_under_its_own_name(sheet):
    path = sheet([["编号", "名称", "标题"], ["a", "b", "c"]])
    assert read_rows(path).rows == [Row(2, {"id": "a", "title": "b", "标题": "c"})]


def test_read_rows_writes_dates_and_whole_numbers_plainly(sheet, tmp_path):
    path = tmp_path / "dates.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, [7, 1.5])
        page.write_datetime(1, 2, datetime.datetime(2026, 3, 1))  # noqa: DTZ001  spreadsheets have no time zone
    assert read_rows(path).rows == [Row(2, {"id": "7", "title": "1.5", "text": "2026-03-01"})]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_read_rows_reads_csv_in_every_usual_encoding(tmp_path, codec):
    path = tmp_path / "needs.csv"
    path.write_bytes("编号,标题,正文\n甲,打滑,坡道结冰\n".encode(codec))
    assert read_rows(path).rows == [Row(2, {"id": "甲", "title": "打滑", "text": "坡道结冰"})]


def test_read_rows_finds_the_separator_and_counts_lines_through_quotes(tmp_path):
    path = tmp_path / "needs.csv"
    path.write_text('id;title;text\na;"two\nlines";c\nd;e;f;g\nh;i;j\n', encoding="utf-8")
    table = read_rows(path)
    assert [(row.number, row.values["id"]) for row in table.rows] == [(2, "a"), (5, "h")]
    assert table.errors == [RowError("第 4 行", "有 4 格，表头只有 3 列：请检查分隔符和引号。")]


def test_read_rows_reports_an_open_quote_and_keeps_the_rows_before(tmp_path):
    path = tmp_path / "needs.csv"
    path.write_text('id,title,text\na,b,c\nd,"open,f\n', encoding="utf-8")
    table = read_rows(path)
    assert [row.values["id"] for row in table.rows] == ["a"]
    assert [error.where for error in table.errors] == ["第 3 行"]


def test_read_rows_refuses_bytes_of_no_known_encoding(tmp_path):
    path = tmp_path / "needs.csv"
    path.write_bytes(b"id,title\n\xff\xff\xff,x\n")
    with pytest.raises(TableError, match=r"既不是 UTF-8 也不是 GB18030 编码"):
        read_rows(path)


def test_read_rows_reports_broken_json_lines_and_loads_the_others(tmp_path):
    path = lines(
        tmp_path, {"key": "a", "标题": "b", "keywords": ["x", "y"]}, '{"id": "c",', "[1]", {"id": "d", "text": "e"}
    )
    table = read_rows(path)
    assert table.rows == [Row(1, {"id": "a", "title": "b", "keywords": ["x", "y"]}), Row(4, {"id": "d", "text": "e"})]
    assert [error.where for error in table.errors] == ["第 2 行", "第 3 行"]


def test_read_rows_prefers_the_canonical_name_in_json_lines(tmp_path):
    assert read_rows(lines(tmp_path, {"编号": "x", "id": "a", "text": "t"})).rows == [Row(1, {"id": "a", "text": "t"})]


def test_read_rows_reports_the_second_of_two_equal_identifiers(tmp_path):
    table = read_rows(lines(tmp_path, {"id": "a", "text": "1"}, {"id": "a", "text": "2"}))
    assert [row.values["text"] for row in table.rows] == ["1"]
    assert table.errors == [RowError("第 2 行", "编号“a”与第 1 行重复：编号必须唯一，这一行未读入。")]


def test_read_rows_reports_empty_cells_wrong_types_and_broken_indicators(tmp_path):
    path = lines(
        tmp_path, {"id": "", "text": "t"}, {"id": "b", "text": ""}, {"id": "c", "text": ["t"]},
        {"id": "d", "text": "t", "indicators": "[{"}, {"id": "e", "text": "t", "指标": '{"name": "精度"}'},
        {"id": "f", "text": "t", "indicators": "精度优于 1 μm"},
    )  # fmt: skip
    table = read_rows(path)
    assert [error.where for error in table.errors] == ["第 1 行", "第 2 行", "第 3 行", "第 4 行"]
    assert [row.values["indicators"] for row in table.rows] == [[{"name": "精度"}], "精度优于 1 μm"]


def test_read_rows_takes_other_required_columns(tmp_path):
    path = lines(tmp_path, {"need": "a", "offer": "b"}, {"need": "a", "offer": "c"})
    assert [row.values for row in read_rows(path, required=("need", "offer"), one_of=()).rows] == [
        {"need": "a", "offer": "b"},
        {"need": "a", "offer": "c"},
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.docx", b"x", "不支持 x.docx 的文件类型“.docx”"),
        ("x.csv", b"", r"是空的（0 字节）"),
        ("x.csv", b"\n \n", "里没有任何内容"),
        ("x.csv", b"1,2,3\n4,5,6\n", "第 1 行不像表头"),
        ("x.csv", b"id,field\n4,5\n", "缺少“title/name/名称/标题”或“text/body/description/content”列"),
        ("x.csv", b"title,text\n4,5\n", "缺少“id/key/编号/序号”列"),
        ("x.csv", b"id,title\n", "里没有任何数据行"),
        ("x.csv", b"PK\x03\x04....", "请把扩展名改为 .xlsx"),
        ("x.jsonl", b'{"title": "t"}\n', "缺少“id/key/编号/序号”列"),
        ("x.jsonl", b"\n\n", "里没有任何数据行"),
        ("x.xlsx", b"id,title\n1,2\n", "内容却不是 Excel 文件"),
    ],
)
def test_read_rows_says_why_a_file_cannot_be_used(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        read_rows(path)


def test_read_rows_refuses_a_missing_file(tmp_path):
    with pytest.raises(TableError, match="找不到文件"):
        read_rows(tmp_path / "none.csv")


def test_read_rows_refuses_archives_that_are_no_workbook_or_unpack_too_large(tmp_path):
    plain, bomb = tmp_path / "plain.xlsx", tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "a")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        part.write(b"<")
    content = bytearray(bomb.read_bytes())
    place = content.rfind(b"PK\x01\x02") + 24  # unpacked size in the zip directory
    content[place : place + 4] = (_sheets.MAX_UNPACKED_BYTES + 1).to_bytes(4, "little")
    bomb.write_bytes(content)
    with pytest.raises(TableError, match="里面没有工作簿"):
        read_rows(plain)
    with pytest.raises(TableError, match="压缩炸弹"):
        read_rows(bomb)


def test_read_rows_refuses_a_broken_workbook(tmp_path):
    path = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(TableError, match="不是可读的 Excel 文件"):
        read_rows(path)


def test_read_rows_refuses_a_file_above_the_limit_before_reading_it(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(_sheets.MAX_FILE_BYTES + 1)  # sparse: takes no space
    with pytest.raises(TableError, match="超过 200 MB 的上限"):
        read_rows(path)


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv", "out.jsonl"])
def test_write_rows_gives_back_what_read_rows_reads(tmp_path, name):
    path = tmp_path / name
    write_rows(path, [{"id": "a", "title": "涂层", "text": "耐磨", "extra": 1}], ["id", "title", "text"])
    assert [row.values for row in read_rows(path).rows] == [{"id": "a", "title": "涂层", "text": "耐磨"}]
    assert [item.name for item in tmp_path.iterdir()] == [name]


def test_write_rows_neutralises_formulas_in_csv(tmp_path):
    path = tmp_path / "out.csv"
    write_rows(path, [{"id": text} for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=")], ["id"])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)] == ["id", "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "x="]


def test_neutral_keeps_numbers_and_writes_lists_as_json():
    assert [neutral(value) for value in (-1, 2.5, None, True, ["甲"])] == [-1, 2.5, None, True, '["甲"]']


def test_write_rows_leaves_the_old_file_when_a_row_fails(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def rows():
        yield {"id": 1}
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write_rows(path, rows(), ["id"])
    assert [(item.name, item.read_text(encoding="utf-8")) for item in tmp_path.iterdir()] == [("out.csv", "old")]


def test_write_rows_refuses_an_unknown_type(tmp_path):
    with pytest.raises(TableError, match="不能写成"):
        write_rows(tmp_path / "out.pdf", [], ["id"])


def test_cell_name_counts_columns_like_a_spreadsheet():
    assert [cell_name(0, 0), cell_name(4, 27), cell_name(9, 701), cell_name(0, 702)] == ["A1", "AB5", "ZZ10", "AAA1"]
