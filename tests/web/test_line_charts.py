"""Courses over time: one axis from zero, one shape a basis, no line between bases."""

import xml.etree.ElementTree as ET

from django.template.loader import render_to_string

from keqiao.web.parts.line_charts import Point, line_chart

STOCK = [Point("2025", 60, "60"), Point("2024", 47, "47")]


def test_points_of_a_basis_are_joined_in_order_of_time() -> None:
    chart = line_chart([("stock", STOCK)], title="t")

    assert [dot.point.label for dot in chart.courses[0].dots] == ["2024", "2025"]
    assert chart.courses[0].dots[0].y > chart.courses[0].dots[1].y


def test_bases_differ_by_shape_and_share_the_axis() -> None:
    chart = line_chart([("stock", STOCK), ("flow", [Point("2025", 12, "12")])], title="t")

    stock, flow = chart.courses
    assert stock.shape != flow.shape
    assert flow.dots[0].x == stock.dots[1].x


def test_axis_begins_at_zero_and_holds_the_largest() -> None:
    chart = line_chart([("stock", [Point("2024", 0.047, "0.047")])], title="t")

    assert [text for _y, text in chart.grid] == ["0", "0.025", "0.05"]


def test_nothing_to_draw_is_an_empty_frame() -> None:
    assert line_chart([], title="t").courses == ()


def test_single_point_has_no_line_and_the_drawing_is_sound() -> None:
    chart = line_chart([("stock", STOCK), ("flow", [Point("2025", 12, "<12>")])], title="t & u")

    html = render_to_string("parts/line_chart.html", {"chart": chart})

    assert len(list(ET.fromstring(html.strip()).iter("polyline"))) == 1  # noqa: S314 - our own drawing
    assert "&lt;12&gt;" in html


def test_few_points_make_a_drawing_that_may_grow() -> None:
    years = [Point(str(year), 1, "1") for year in range(2020, 2026)]

    drawn = [line_chart([("stock", years[:count])], title="t") for count in (1, 2, 3, 4, 6)]
    assert [chart.is_narrow for chart in drawn] == [True, True, True, False, False]
