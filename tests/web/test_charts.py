"""Charts: lengths in proportion, empty and single values, no style in the drawing."""

from django.template.loader import render_to_string

from keqiao.web.parts.charts import HEIGHT, Bar, bars, columns


def test_bars_are_as_long_as_their_values() -> None:
    chart = bars([Bar("A", 8, "8"), Bar("B", 2, "2"), Bar("C", None, "—")], title="T")

    longest, quarter, none = (mark.width for mark in chart.marks)
    assert (quarter / longest, none) == (0.25, 0)


def test_bars_of_nothing_but_zeros_have_no_length() -> None:
    assert [mark.width for mark in bars([Bar("A", 0, "0")], title="T").marks] == [0]


def test_columns_stand_on_one_line_below_a_round_number() -> None:
    chart = columns([Bar("1", 3, "3"), Bar("2", 14, "14")], title="T")

    assert {round(mark.y + mark.height, 1) for mark in chart.marks} == {HEIGHT - 28}
    assert [text for _, text in chart.grid] == ["0", "10", "20"]


def test_drawing_has_its_title_and_escapes_what_it_shows() -> None:
    drawn = render_to_string("parts/chart.html", {"chart": bars([Bar("<b>", 1.5, "1.5")], title="标题")})

    assert 'role="img" aria-label="标题"' in drawn
    assert "&lt;b&gt;" in drawn
    assert "style=" not in drawn
    assert 'width="320.0"' in drawn


def test_drawing_is_as_wide_as_its_texts() -> None:
    rows = [Bar("Other (pooled)", 140, "1.4 million yuan", note="100%"), Bar("甲", 1, "1")]
    chart = bars(rows, title="T")

    assert chart.marks[0].x > 14 * 6
    assert chart.width > chart.marks[0].end + len("1.4 million yuan 100%") * 6
    assert bars(rows[1:], title="T").width < chart.width
