"""Numbers over the years: one thing per course, bases apart, growth within rounding, printed and computed apart."""

from decimal import Decimal

from django.test import Client

from keqiao.apps.proposals.queries import courses
from keqiao.apps.proposals.queries.courses import Course
from tests.web.html import links, text
from tests.web.world import World
from tests.web.worlds import replies

EARLIER = """关于对省政协十三届三次会议W{number}号委员提案的答复

演科议案〔{year}〕{number}号

一、关于“用好专利质押”的建议

省科技厅答复：{said}

演示省科学技术厅

{year}年6月8日
"""


def published(world: World, number: int, year: int, said: str) -> None:
    replies.publish(world, f"course-{number}", EARLIER.format(number=number, year=year, said=said))


def found(raw: str) -> Course:
    return next(row for row in courses.courses() if any(point.figure.raw == raw for point in row.points))


def test_numbers_of_one_thing_stand_in_order_with_their_sentences(world: World, visitor: Client) -> None:
    row = next(one for one in courses.courses() if any("1012" in point.figure.raw for point in one.points))
    page = visitor.get(f"/replies/series/{row.key}/")

    assert [point.time for point in row.points] == ["2025", "2026"]
    assert all(f"/replies/{point.reply.key}/?at=" in "".join(links(page)) for point in row.points)
    assert "累计选派科创专员596名。" in page.content.decode()


def test_course_opens_by_any_of_its_numbers(world: World, visitor: Client) -> None:
    row = courses.courses()[0]

    for point in row.points:
        assert visitor.get(f"/replies/series/{point.key}/").status_code == 200


def test_growth_is_compared_within_the_rounding_of_both(world: World) -> None:
    published(world, 61, 2024, "2023年，全省专利质押贷款金额9090万元。")
    published(world, 62, 2025, "2024年，全省专利质押贷款金额1.15亿元，增长26.9%。")

    (step,) = found("1.15亿元").steps

    assert step.low < Decimal("26.9") < step.high
    assert step.printed == Decimal("26.9")
    assert step.agrees


def test_printed_growth_that_rounding_does_not_explain_is_said(world: World, visitor: Client) -> None:
    published(world, 63, 2024, "2023年，全省专利质押登记金额4050万元。")
    published(world, 64, 2025, "2024年，全省专利质押登记金额4860万元，增长18%。")
    row = found("4860万元")

    (step,) = row.steps
    page = text(visitor.get(f"/replies/series/{row.key}/"))

    assert (step.low < 20 < step.high, step.agrees) == (True, False)
    assert "与算出的不同" in page


def test_a_year_and_a_running_total_are_never_joined(world: World, visitor: Client) -> None:
    published(world, 65, 2024, "2023年，全省支持专利导航项目31个。")
    published(world, 66, 2025, "累计支持专利导航项目75个。")
    row = found("75个")

    page = visitor.get(f"/replies/series/{row.key}/").content.decode()

    assert [basis for basis, _points in row.bases] == ["annual", "cumulative"]
    assert row.steps == []
    assert "<polyline" not in page
    assert "口径不同，不连线。" in page


def test_nothing_of_abstracts_and_drafts_lies_on_a_course(world: World) -> None:
    hidden = {world.things[f"reply-{name}"].pk for name in ("abstract", "draft", "old")}

    assert {point.reply.pk for row in courses.courses() for point in row.points} & hidden == set()
