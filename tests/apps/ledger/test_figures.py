"""A published figure: frozen, checked, corrected, compared with what stands now."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.figures import Kind, Measure, Period, Row, actions, definition, definitions, queries
from keqiao.apps.ledger.figures.checking import comparison, verify
from keqiao.apps.ledger.figures.definitions import UnknownFigureError
from keqiao.apps.ledger.models import EntryValues, FigureRow, PublishedFigure
from keqiao.apps.parties.actions import accounts
from tests.apps.acting import last_entry, officer, person, product
from tests.apps.ledger.figure_world import (
    REGION,
    Rows,
    declared,
    define,
    masked,
    other_version,
    prepare,
    publish,
    rows_in,
)
from tests.factories.base import MOMENT
from tests.factories.parties import BrokerFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def refusal(do: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        do(*args, **kwargs)
    return caught.value.reason


def state(**more: Any) -> PublishedFigure:
    given: dict[str, Any] = {
        "code": "pledges", "name_zh": "质押融资", "unit_zh": "亿元", "value": "25.35", "year": 2024,
        "as_of": date(2024, 12, 31), "sentence": "质押融资25.35亿元，增长26.9%。", "source": "答复第1号",
        "printed_growth": "26.9%", "by": product(), "at": MOMENT,
    }  # fmt: skip
    return actions.state_figure(**(given | more))


def test_published_figure_freezes_value_day_version_and_rows() -> None:
    rows = Rows(*rows_in("a", "a", "a", "b", "b", "b"))
    with declared(define(rows)):
        figure = publish()
    assert (figure.key, figure.value, figure.as_of, figure.version) == (
        "test_figure-2026-06-30-1", "6", date(2026, 6, 30), 1,
    )  # fmt: skip
    assert (figure.state, figure.grade, figure.row_count) == ("published", "rows", 6)
    assert figure.tables == {"area": [["a", 3], ["b", 3]]}
    assert list(verify(figure)) == []
    assert last_entry()[:1] + last_entry()[2:4] == ("figure.publish", f"figure:{figure.key}", "done")


def test_sum_is_exact() -> None:
    rows = Rows(*rows_in("a", "a", "a", amount=10**15 + 1))
    with declared(define(rows, measure=Measure.FEN, unit="元")):
        assert publish().value == str(3 * (10**15 + 1))


def test_rows_corrected_after_publication_change_nothing_but_are_shown() -> None:
    rows = Rows(*rows_in("a", "a", "a", "b"))
    with declared(define(rows)):
        figure = publish()
        rows.rows[0] = replace(rows.rows[0], cells={"area": "b"})
        rows.rows.pop()
        rows.rows += rows_in("c", start=9)

        compared = comparison(figure)

        assert list(verify(figure)) == []
        assert figure.value == "4"
        assert compared.value == 4
        assert [change.subject for change in compared.added] == ["thing:9"]
        assert [change.subject for change in compared.removed] == ["thing:3"]
        assert [(change.subject, change.cells) for change in compared.changed] == [("thing:0", (("area", "a", "b"),))]
        assert not compared.is_settled


def test_correction_takes_the_place_of_the_edition_and_both_stay() -> None:
    rows = Rows(*rows_in("a", "a", "a"))
    with declared(define(rows)):
        first = publish()
        rows.rows += rows_in("a", start=9)
        second = publish()
        first.refresh_from_db()
        assert (first.state, first.end_reason, second.replaces) == ("corrected", "rows_corrected", first)
        assert (first.value, second.value, second.key) == ("3", "4", "test_figure-2026-06-30-2")
        assert [row.key for row in queries.same_code("test_figure")] == [second.key, first.key]
        assert queries.newest("test_figure") == second
        assert (list(verify(first)), list(verify(second))) == ([], [])


def test_same_figure_again_is_refused() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        publish()
        assert refusal(prepare) == "figure_unchanged"


def test_one_person_prepares_and_another_publishes() -> None:
    me = officer(REGION, UserFactory())
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = prepare(by=me)
        assert refusal(prepare) == "figure_draft_exists"
        assert refusal(actions.publish_figure, figure, by=me, at=MOMENT) == "own_figure"
        assert list(queries.published()) == []
        actions.publish_figure(figure, by=officer(REGION, UserFactory()), at=MOMENT)
        assert refusal(actions.publish_figure, figure, by=product(), at=MOMENT) == "figure_is_published"
        assert list(queries.published()) == [figure]


@pytest.mark.parametrize(
    ("actor", "reason"), [(person(), "not_officer_for_figures"), (officer("229901"), "not_officer_for_figures")]
)
def test_only_officers_of_the_region_keep_figures(actor: Any, reason: str) -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        assert refusal(prepare, by=actor) == reason


def test_a_department_keeps_its_own_figures() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")), owner="education")):
        assert refusal(prepare) == "figure_of_another_department"
    with declared(define(Rows(*rows_in("a", "a", "a")), owner="no_such_duty")):
        assert prepare().value == "3"


def test_dropped_draft_makes_room() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = prepare()
        actions.drop_figure(figure, by=officer(REGION, UserFactory()), at=MOMENT)
        assert list(queries.editions()) == []
        assert prepare().key == "test_figure-2026-06-30-2"


def test_withdrawn_figure_stays_with_its_reason() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = publish()
        with pytest.raises(ValidationError):
            actions.withdraw_figure(figure, reason="mood", by=product(), at=MOMENT)
        actions.withdraw_figure(figure, reason="wrong_period", note="Half a year", by=product(), at=MOMENT)
        kept = queries.edition(figure.key)
        assert (kept.state, kept.end_reason, kept.note) == ("withdrawn", "wrong_period", "Half a year")
        assert list(queries.published()) == []
        assert (
            refusal(actions.withdraw_figure, figure, reason="other", by=product(), at=MOMENT) == "figure_is_withdrawn"
        )


def test_small_cell_takes_another_along() -> None:
    with declared(define(Rows(*rows_in(*"aaaaa", *"bbbb", *"cc")))):
        assert publish().tables == {"area": [["a", 5], ["b", None], ["c", None]]}


def test_breakdown_that_cannot_hide_is_left_out() -> None:
    with declared(define(Rows(*rows_in("a", "b")))):
        assert publish().tables == {"area": None}


def test_cell_that_one_holder_fills_is_hidden() -> None:
    big = [Row(f"big:{n}", 900 if n == 0 else 1, date(2026, 3, 1), {"area": "a"}, (f"h{n}",)) for n in range(4)]
    others = [Row(f"o:{n}", 100, date(2026, 3, 1), {"area": "bcd"[n % 3]}, (f"o{n}",)) for n in range(12)]
    with declared(masked(Rows(*big, *others), measure=Measure.FEN)):
        tables = publish().tables["area"]
    assert dict(tables)["a"] is None
    assert sum(value is None for _key, value in tables) == 2


def test_masked_figure_of_two_rows_is_refused() -> None:
    with declared(masked(Rows(*rows_in("a", "a")))):
        assert refusal(prepare) == "figure_too_small"
    with declared(masked(Rows())):
        assert prepare().value == "0"


def test_masked_sum_that_one_holder_fills_is_refused() -> None:
    rows = [Row(f"x:{n}", 97 if n == 0 else 1, date(2026, 3, 1), {}, (f"h{n}",)) for n in range(4)]
    with declared(masked(Rows(*rows), measure=Measure.FEN)):
        assert refusal(prepare) == "figure_dominated"


def test_part_that_gives_the_rest_away_is_refused() -> None:
    every = rows_in(*"aaaaaaaa")
    whole = masked(Rows(*every), code="whole")
    part = masked(Rows(*every[:7]), code="part", part_of=("whole",))
    with declared(whole, part):
        publish("whole")
        assert refusal(prepare, "part") == "figure_difference_small"
    with declared(whole, masked(Rows(*every[:5]), code="part", part_of=("whole",))):
        assert publish("part").value == "5"


def test_longer_period_that_gives_a_row_away_is_refused() -> None:
    rows = Rows(*rows_in("a", "a", "a", "a"))
    with declared(masked(rows)):
        publish()
        rows.rows.append(Row("thing:late", 1, date(2026, 8, 1), {"area": "a"}))
        assert refusal(prepare, as_of=date(2026, 9, 30)) == "figure_difference_small"


def test_correction_that_gives_an_amount_away_is_refused() -> None:
    rows = Rows(*(replace(row, holders=(row.subject,)) for row in rows_in(*"aaaaaaaa", amount=100)))
    with declared(masked(rows, measure=Measure.FEN)):
        publish()
        rows.rows[0] = replace(rows.rows[0], amount=150)
        assert refusal(prepare) == "correction_reveals"
        rows.rows[1:3] = [replace(row, amount=120) for row in rows.rows[1:3]]
        assert publish().value == "890"


def test_draft_that_was_tampered_with_is_not_published() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = prepare()
        PublishedFigure.objects.filter(pk=figure.pk).update(value="30")
        assert refusal(actions.publish_figure, figure, by=product(), at=MOMENT) == "figure_unsound"


def test_draft_of_an_older_definition_is_not_published() -> None:
    one = define(Rows(*rows_in("a", "a", "a")))
    with declared(one):
        figure = prepare()
    with declared(other_version(one)):
        assert refusal(actions.publish_figure, figure, by=product(), at=MOMENT) == "figure_definition_changed"


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"value": "4"}, {"value", "digest", "ledger"}),
        ({"digest": "0" * 64}, {"digest", "ledger"}),
        ({"tables": {}}, {"digest"}),
        ({"row_count": 2}, {"missing"}),
    ],
)
def test_verify_names_what_was_changed(change: dict[str, Any], kinds: set[str]) -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = publish()
    PublishedFigure.objects.filter(pk=figure.pk).update(**change)
    figure.refresh_from_db()
    assert {flaw.kind for flaw in verify(figure)} == kinds


def test_verify_finds_a_changed_row_and_a_missing_one() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = publish()
    FigureRow.objects.filter(figure=figure, number=1).update(subject="thing:other")
    assert [flaw.kind for flaw in verify(figure)] == ["changed"]
    FigureRow.objects.filter(figure=figure, number=2).delete()
    assert {flaw.kind for flaw in verify(figure)} == {"missing", "changed", "value", "digest"}


def test_verify_misses_the_ledger_entry() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = publish()
    EntryValues.objects.filter(entry__subject=figure.subject).delete()
    assert [flaw.kind for flaw in verify(figure)] == ["unrecorded"]


def test_erased_rows_still_recompute() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = publish()
        assert actions.forget_rows("thing:0", by=product(), at=MOMENT, reason="account_erased") == 1
        row = figure.rows.get(number=1)
        assert (row.subject, row.salt, row.facts, row.is_erased) == ("", "", {}, True)
        assert list(verify(figure)) == []
        assert comparison(figure).erased == 1
        assert queries.figures_counting(["thing:0", "thing:1"]) == {"thing:1": [figure]}


def test_growth_is_computed_from_exact_values_with_its_base() -> None:
    rows = Rows(*rows_in("a", "a", "a"), *(Row(f"old:{n}", 1, date(2025, 2, 1)) for n in range(7)))
    with declared(define(rows)):
        base, figure = publish(year=2025), publish()
        growth = queries.growth(figure)
        assert (growth.base, growth.ratio, growth.reason) == (base, Fraction(-4, 7), "")
        assert queries.growth(base).reason == "no_base"
        assert queries.by_year(queries.published().filter(code="test_figure")) == [base, figure]


def test_growth_is_not_said_where_it_would_mislead() -> None:
    rows = Rows(*rows_in("a", "a", "a"))
    one = define(rows)
    with declared(one):
        publish(year=2025)
        assert queries.growth(publish()).reason == "base_zero"
        publish(year=2025, as_of=date(2025, 12, 31))
        later = publish(as_of=date(2026, 9, 30))
        assert queries.growth(later).reason == "other_span"
    with declared(other_version(one)):
        assert queries.growth(publish()).reason == "other_definition"


def test_stock_grows_from_any_day_of_the_year_before() -> None:
    rows = Rows(*(Row(f"x:{n}", 1, date(2024 + n % 2, 1, 1)) for n in range(6)))
    with declared(define(rows, kind=Kind.STOCK)):
        publish(year=2025, as_of=date(2025, 12, 31))
        rows.rows += rows_in("a", "a", "a")
        assert queries.growth(publish()).ratio == Fraction(1, 2)


def test_stated_figure_keeps_what_the_text_says() -> None:
    figure = state(about="reply:R1#120-168")
    assert (figure.key, figure.value, figure.grade, figure.state) == (
        "pledges-2024-1",
        "25.35",
        "sentence",
        "published",
    )
    growth = queries.growth(figure)
    assert (growth.ratio, growth.printed, growth.reason) == (None, "26.9%", "no_base")
    assert list(verify(figure)) == []
    assert comparison(figure).reason == "sentence"
    later = state(value="27.5", year=2025, as_of=date(2025, 12, 31), printed_growth="8%")
    assert (queries.growth(later).ratio, queries.growth(later).printed) == (Fraction(2750, 2535) - 1, "8%")


def test_two_texts_may_say_two_numbers() -> None:
    first, second = state(), state(value="25.4", source="答复第2号")
    assert {row.value for row in queries.published()} == {first.value, second.value} == {"25.35", "25.4"}


def test_stated_draft_waits_for_another() -> None:
    me = officer(REGION, UserFactory())
    figure = state(by=me, state="draft", owner="science_technology")
    assert refusal(actions.publish_figure, figure, by=me, at=MOMENT) == "own_figure"
    actions.publish_figure(figure, by=officer(REGION, UserFactory()), at=MOMENT)
    assert queries.edition(figure.key).state == "published"


def test_stated_figure_is_checked() -> None:
    with pytest.raises(ValidationError, match="不是数字"):
        state(value="about 25")
    with pytest.raises(ValidationError, match="请换一个"):
        state(code="needs_published")
    with pytest.raises(TypeError, match="no wrong"):
        state(wrong="x")
    with pytest.raises(ValidationError):
        state(sentence="")
    assert refusal(state, by=person()) == "not_officer_for_figures"
    assert state(value="1,234").value == "1234"


def test_internal_figures_are_for_offices() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")), is_internal=True)):
        figure = publish()
    assert (list(queries.published()), list(queries.published(internal=True))) == ([], [figure])
    assert queries.years() == []
    with pytest.raises(PublishedFigure.DoesNotExist):
        queries.edition(figure.key)
    assert queries.figures_counting(["thing:0"]) == {}


def test_comparison_says_why_there_is_none() -> None:
    one = define(Rows(*rows_in("a", "a", "a")))
    with declared(one):
        figure = publish()
    assert comparison(figure).reason == "no_definition"
    with declared(other_version(one)):
        assert comparison(figure).reason == "other_definition"


def test_row_counted_twice_is_an_error() -> None:
    with declared(define(Rows(*rows_in("a"), *rows_in("a")))), pytest.raises(ValueError, match="counted twice"):
        prepare()


def test_period_is_of_its_year() -> None:
    with pytest.raises(ValueError, match="cannot be as of"):
        Period(2026, date(2025, 1, 1))
    assert Period.of(2025, on=date(2026, 11, 1), kind=Kind.FLOW).as_of == date(2025, 12, 31)
    assert Period(2025, date(2025, 6, 30), Kind.STOCK).start == date(1, 1, 1)


def test_every_declared_figure_has_words_and_rows() -> None:
    for one in definitions().values():
        assert all(str(getattr(one, name)) for name in ("name", "meaning", "scope", "unit")), one.code
        assert list(one.rows(one.period(2026, as_of=date(2026, 6, 30)))) == []
        assert all(code in definitions() for code in one.part_of)
    with pytest.raises(UnknownFigureError, match="no figure is called"):
        definition("luck")


def test_erased_account_leaves_the_rows_of_figures() -> None:
    brokers = [BrokerFactory(from_date=date(2026, 1, 1)) for _number in range(3)]
    figure = publish("brokers_working")
    subject = f"user:{brokers[0].user.key}"
    assert queries.counts_subject(subject)

    accounts.erase_user(brokers[0].user, by=product(), at=MOMENT, reason="asked")

    assert not queries.counts_subject(subject)
    assert (figure.value, list(verify(figure)), comparison(figure).erased) == ("3", [], 1)
