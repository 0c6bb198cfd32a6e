"""A workbook of several sheets."""

from pathlib import Path

from python_calamine import CalamineWorkbook

from keqiao.engines.tables import write_book


def test_sheets_keep_their_order_and_hold_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"

    write_book(path, {"数字": ([{"值": 3600, "单位": "=1+1"}], ["值", "单位"]), "承" * 40: ([], ["承诺"])})

    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["数字", "承" * 31]
    assert book.get_sheet_by_name("数字").to_python() == [["值", "单位"], [3600, "'=1+1"]]
    assert book.get_sheet_by_name("承" * 31).to_python() == [["承诺"]]
