"""Facts that come as columns give what facts that come firm by firm give."""

import json
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Checker, compile_policy
from keqiao.engines.rules.batch import frame_of, judge
from keqiao.engines.rules.frames import read_frame
from tests.engines.rules.firms import made_up
from tests.engines.rules.small import AS_OF, WORDS, policy

DAY = date(2026, 6, 1)


def as_frame(firms: list[dict[str, Any]]) -> pl.DataFrame:
    names = dict.fromkeys(name for firm in firms for name in firm)
    return pl.DataFrame({name: pl.Series(name, [firm.get(name) for firm in firms], strict=False) for name in names})


@pytest.mark.slow
@pytest.mark.parametrize("slug", policies.editions())
def test_columns_of_a_frame_are_those_of_its_firms(slug: str) -> None:
    checker = policies.checker(slug, as_of=DAY)
    firms = [one for one in made_up(checker.program.policy, count=300, seed=4) if not holds_a_float(one)]

    facts = read_frame(as_frame(firms), vocabulary=checker.program.policy.vocabulary, year=DAY.year)

    expected = frame_of(checker.program, [checker.read(one) for one in firms])
    found = facts.for_program(checker.program)
    assert found.cast(expected.schema).equals(expected)
    assert judge(checker.program, found).equals(judge(checker.program, expected))


def holds_a_float(firm: dict[str, Any]) -> bool:
    """In JSON 500.0 is of the wrong type; in a column, which has one type for all, it is 500."""
    return any(isinstance(value, float) for value in firm.values())


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["tech-sme-2017", "tech-transfer-income-tax", "innovative-sme-2022"])
def test_lists_as_text_are_read_as_lists(slug: str) -> None:
    checker = policies.checker(slug, as_of=DAY)
    firms = [one for one in made_up(checker.program.policy, count=200, seed=8) if not holds_a_float(one)]
    firms[0] = {**firms[0], "ip_items": [{"class": "1"}, "no item"], "tech_contracts": [{"receipts_fen": 1.5}]}
    lists = checker.program.policy.vocabulary.lists
    texts = [
        {name: json.dumps(value) if name in lists and value is not None else value for name, value in one.items()}
        for one in firms
    ]

    facts = read_frame(as_frame(texts), vocabulary=checker.program.policy.vocabulary, year=DAY.year)

    expected = frame_of(checker.program, [checker.read(one) for one in firms])
    assert facts.for_program(checker.program).cast(expected.schema).equals(expected)


def test_periods_as_text_are_looked_at() -> None:
    texts = ['{"staff_t1": 2025}', '{"staff_t1": 2024}', '{"staff_t1": "2025"}', '{"staff_t1"', None, "{}"]
    frame = pl.DataFrame({"firm_id": list("ABCDEF"), "staff_t1": [5] * 6, "_periods": texts})
    assert read_frame(frame, vocabulary=WORDS, year=2026).frame["staff_t1"].to_list() == [5, None, None, None, 5, 5]


@pytest.mark.parametrize(
    ("column", "test"),
    [
        (pl.Series("staff_t1", [-1, 2**53 + 1, 5]), "staff_t1 <= 5 人"),
        (pl.Series("staff_t1", [1.5, 2.5, 5.0]), "staff_t1 <= 5 人"),
        (pl.Series("founded", ["2026-02-30", "20260215", "2020-01-01"]), "founded <= as_of"),
        (pl.Series("is_new", [0, 1, 1]), "is_new"),
        (pl.Series("kind", [1, 2, 3]), "kind = 'a'"),
        (pl.Series("items", ["x", "{}", None]), "count(items) <= 1 件"),
        (pl.Series("items", [1, 2, None]), "count(items) <= 1 件"),
    ],
)
def test_cells_that_cannot_be_used_are_unknown_and_counted(column: pl.Series, test: str) -> None:
    frame = pl.DataFrame([pl.Series("firm_id", ["A", "B", "C"]), column])
    facts = read_frame(frame, vocabulary=WORDS, year=2026)
    program = compile_policy(policy(test), as_of=AS_OF)

    verdicts = judge(program, facts.for_program(program))["verdict"].to_list()

    assert verdicts[:2] == [1, 1]  # unknown
    assert facts.unusable[column.name] >= 2
    assert {(one.firm, one.name) for one in facts.problems} >= {("A", column.name), ("B", column.name)}


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Float32, pl.Decimal(20, 2)])
def test_of_a_column_with_decimals_only_the_cells_that_are_no_whole_numbers_are_lost(dtype: Any) -> None:
    cells = pl.Series("sales_fen_t1", [500.0, 12.5, None, -3.0, 0.0], dtype=pl.Float64).cast(dtype)
    facts = read_frame(pl.DataFrame([pl.Series("firm_id", list("ABCDE")), cells]), vocabulary=WORDS, year=2026)

    assert facts.frame["sales_fen_t1"].to_list() == [500, None, None, None, 0]
    assert facts.unusable == {"sales_fen_t1": 2}
    assert [(one.firm, one.code) for one in facts.problems] == [("B", "not_fen"), ("D", "negative")]


def test_decimals_that_are_no_numbers_or_not_exact_are_lost() -> None:
    cells = pl.Series("sales_fen_t1", [float("nan"), float("inf"), 1e300, 2.0**53, 2.0**53 - 1])
    facts = read_frame(pl.DataFrame([pl.Series("firm_id", list("ABCDE")), cells]), vocabulary=WORDS, year=2026)

    assert facts.frame["sales_fen_t1"].to_list() == [None, None, None, None, 2**53 - 1]
    assert [one.firm for one in facts.problems] == list("ABCD")


def test_whole_decimals_in_items_are_used_and_others_named() -> None:
    items = [[{"paid_fen": 5.0}], [{"paid_fen": 1.5}], None]
    facts = read_frame(pl.DataFrame({"firm_id": list("ABC"), "items": items}), vocabulary=WORDS, year=2026)

    assert facts.unusable == {"items.paid_fen": 1}
    assert [(one.firm, one.name, one.given) for one in facts.problems] == [("B", "items.paid_fen", "1.5")]


def test_only_the_first_bad_cells_of_a_column_are_named() -> None:
    firms = pl.Series("firm_id", [str(number) for number in range(1500)])
    facts = read_frame(pl.DataFrame([firms, pl.Series("staff_t1", [-1] * 1500)]), vocabulary=WORDS, year=2026)

    assert (facts.unusable, len(facts.problems)) == ({"staff_t1": 1500}, 1000)


def test_dates_may_be_dates_and_periods_are_looked_at() -> None:
    frame = pl.DataFrame(
        {
            "firm_id": ["A", "B"],
            "founded": [datetime(2020, 1, 1, 9, 30, tzinfo=UTC), None],
            "staff_t1": [5, 5],
            "_periods": [{"staff_t1": 2025}, {"staff_t1": 2024}],
        }
    )
    facts = read_frame(frame, vocabulary=WORDS, year=2026).frame
    assert facts["founded"].to_list() == [date(2020, 1, 1).toordinal(), None]
    assert facts["staff_t1"].to_list() == [5, None]


def test_frame_without_a_column_or_items_is_unknown_or_none() -> None:
    program = compile_policy(policy("count(items where kind = 'a') >= 1 件"), as_of=AS_OF)
    for items, expected in (([[], []], [0, 0]), ([None, []], [1, 0])):
        frame = pl.DataFrame({"firm_id": ["A", "B"], "items": items}, strict=False)
        found = judge(program, read_frame(frame, vocabulary=WORDS, year=2026).for_program(program))
        assert found["verdict"].to_list() == expected
    missing = read_frame(pl.DataFrame({"firm_id": ["A"]}), vocabulary=WORDS, year=2026)
    assert judge(program, missing.for_program(program))["verdict"].to_list() == [1]


def test_frame_agrees_with_the_reference_on_largest_sums() -> None:
    program = compile_policy(policy("sum(items: paid_fen where kind = 'a') >= 5 元"), as_of=AS_OF)
    items = [[{"kind": "a", "paid_fen": 2**53}] * 2000, [{"kind": "a", "paid_fen": 0}]]
    frame = pl.DataFrame({"firm_id": ["A", "B"], "items": items})
    checker = Checker(program)
    firms = [checker.read({"firm_id": "A", "items": one}) for one in items]

    found = judge(program, read_frame(frame, vocabulary=WORDS, year=2026).for_program(program))

    assert found["verdict"].to_list() == judge(program, frame_of(program, firms))["verdict"].to_list() == [3, 0]
