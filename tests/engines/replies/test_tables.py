"""Tables: what a cell takes from its column, its row, and the line above the table."""

from keqiao.catalogue.replies import parse_reply


def cells(text: str) -> list[tuple[str, str, str | None, str]]:
    return [(one.raw, one.unit, one.year_or_period, one.indicator or "") for one in parse_reply(text).figures]


def test_cells_of_places_take_year_and_subject_from_the_line_above() -> None:
    text = "2024年各流域灌区改造情况\n流域\t处数（处）\t投资（亿元）\n沱水\t9\t12.6\n滦溪\t6\t8.4\n"
    assert cells(text) == [
        ("9", "count:处", "2024", "沱水灌区改造处数"), ("12.6", "CNY", "2024", "沱水灌区改造投资"),
        ("6", "count:处", "2024", "滦溪灌区改造处数"), ("8.4", "CNY", "2024", "滦溪灌区改造投资"),
    ]  # fmt: skip


def test_columns_of_a_table_of_years_say_what_it_is_about() -> None:
    text = (
        "表1 2017—2018年公办幼儿园建设情况\n年度  总投资（万元）  公办园学位（个）\n"
        "2017  9860  3,780\n2018  13420  5,130\n合计  23280  8,910\n"
    )
    assert [row[2:] for row in cells(text)] == [
        ("2017", "公办幼儿园总投资"), ("2017", "公办园学位数"), ("2018", "公办幼儿园总投资"), ("2018", "公办园学位数"),
        ("合计", "公办幼儿园总投资"), ("合计", "公办园学位数"),
    ]  # fmt: skip


def test_two_units_above_a_table_go_to_the_columns_they_fit() -> None:
    text = "表2 2024年末公共桩分布（单位：个、%）\n县区\t保有量\t占比\n东县\t1120\t47.9\n西县\t785\t33.5\n"
    assert [row[:3] for row in cells(text)] == [
        ("1120", "count:个", "2024"), ("47.9", "percent", "2024"), ("785", "count:个", "2024"),
        ("33.5", "percent", "2024"),
    ]  # fmt: skip


def test_column_that_narrows_takes_the_noun_of_the_one_before() -> None:
    text = "年度\t财政补贴（万元）\t其中省级（万元）\n2023\t420\t300\n2024\t516\t350\n"
    assert cells(text)[1] == ("300", "CNY", "2023", "财政补贴省级")


def test_table_drawn_with_bars_has_its_heading() -> None:
    text = "|指标|2022年|2023年|增长|\n|---|---|---|---|\n|床位（张）|51300|54800|6.8%|\n|护理员（人）|900|990|10%|\n"
    assert [row[:3] for row in cells(text)][:3] == [
        ("51300", "count:张", "2022"), ("54800", "count:张", "2023"), ("6.8%", "percent", None),
    ]  # fmt: skip
    assert [one.quantity_kind for one in parse_reply(text).figures][2] == "growth"


def test_title_spread_with_spaces_is_no_table() -> None:
    text = "某委提复〔2025〕31 号    类别：B\n\n对市政协九届四次会议第 96 号提案的答复\n\n某委员：\n收悉。\n"
    assert cells(text) == []
