"""Python, Polars and SQL say the same of every firm: verdict, masks, score and amount, bit by bit."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.catalogue import policies
from keqiao.engines.rules import Checker, Program, Verdict, compile_policy, read_policy
from keqiao.engines.rules.batch import frame_of, judge, sql_text, states_of, verdict_of
from tests.engines.rules.firms import made_up
from tests.engines.rules.small import AS_OF, WORDS, policy_text


def day_of(slug: str) -> date:
    """The day most cases of a policy are asked for."""
    day: date = policies.cases(policies.editions()[slug][-1])[0]["as_of"]
    return day


def checked(slug: str, folder: Path, *, count: int, seed: int) -> tuple[Program, list[Verdict], list[dict], list[dict]]:
    checker: Checker = policies.checker(slug, as_of=day_of(slug))
    firms = [checker.read(facts) for facts in made_up(checker.program.policy, count=count, seed=seed)]
    frame = frame_of(checker.program, firms)
    in_polars = judge(checker.program, frame).to_dicts()
    with duckdb.connect() as connection:
        frame.write_parquet(folder / "firms.parquet")
        cursor = connection.execute(sql_text(checker.program, table=f"'{folder / 'firms.parquet'}'"))
        names = [column[0] for column in cursor.description or []]
        in_sql = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return checker.program, [checker.check(firm) for firm in firms], in_polars, in_sql


@pytest.mark.parametrize("slug", policies.editions())
@pytest.mark.slow
def test_back_ends_agree_on_firms_near_the_bounds(slug: str, tmp_path: Path) -> None:
    program, in_python, in_polars, in_sql = checked(slug, tmp_path, count=400, seed=7)

    assert [{name: one[name] for name in in_polars[0]} for one in in_sql] == in_polars
    assert [verdict_of(one) for one in in_polars] == [one.verdict for one in in_python]
    assert [states_of(program, one) for one in in_polars] == [one.clauses for one in in_python]
    assert [one.get("amount") for one in in_polars] == [one.amount_fen for one in in_python]
    ends = [one.score if isinstance(one.score, tuple) else (one.score, one.score) for one in in_python]
    assert [(one.get("score_low"), one.get("score_high")) for one in in_polars] == ends


def test_made_up_firms_reach_every_verdict() -> None:
    program = policies.checker("srdi-2026", as_of=day_of("srdi-2026")).program
    checker = Checker(program)
    found = {checker.check(checker.read(facts)).verdict for facts in made_up(program.policy, count=400, seed=7)}
    assert found == {"eligible", "ineligible", "unknown", "needs_review"}


def test_unknown_always_says_what_is_missing() -> None:
    for slug in policies.editions():
        checker = policies.checker(slug, as_of=day_of(slug))
        verdicts = [checker.check(checker.read(facts)) for facts in made_up(checker.program.policy, count=150, seed=3)]
        assert [one for one in verdicts if (one.verdict == "unknown") > bool(one.missing)] == []


def test_missing_facts_once_known_never_turn_a_settled_verdict() -> None:
    """What is eligible or ineligible stays so whatever is filled in."""
    checker = policies.checker("tech-sme-2017", as_of=day_of("tech-sme-2017"))
    for facts in made_up(checker.program.policy, count=150, seed=5):
        before = checker.check(checker.read(facts)).verdict
        full = {
            **policies.cases(checker.program.policy)[0]["firm"],
            **{k: v for k, v in facts.items() if v is not None},
        }
        if before in ("eligible", "ineligible"):
            assert checker.check(checker.read(full)).verdict == before


def test_amounts_of_the_largest_kind_do_not_wrap_around(tmp_path: Path) -> None:
    checker = policies.checker("rd-super-deduction", as_of=date(2026, 5, 20))
    facts = policies.cases(checker.program.policy)[0]["firm"]
    huge = {name: 2**53 for name in facts if name.startswith("rd_")}
    firms = [checker.read({**facts, **huge, "tax_year": year}) for year in (2017, 2022, 2025)]

    found = judge(checker.program, frame_of(checker.program, firms))["amount"].to_list()

    assert found == [checker.check(firm).amount_fen for firm in firms]


def test_rows_keep_their_order_over_many_batches() -> None:
    checker = policies.checker("tech-sme-2017", as_of=day_of("tech-sme-2017"))
    firms = [checker.read(facts) for facts in made_up(checker.program.policy, count=100, seed=11)]
    few = frame_of(checker.program, firms)
    found = judge(checker.program, pl.concat([few] * 3000))
    assert found.equals(pl.concat([judge(checker.program, few)] * 3000))


BOUNDS = st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True)
WORTHS = st.lists(st.integers(0, 50), min_size=5, max_size=5)


@settings(max_examples=60, deadline=None)
@given(BOUNDS, WORTHS, st.sampled_from([">=", ">"]), st.integers(0, 50), st.booleans())
def test_band_is_worth_its_first_row_that_holds(
    bounds: list[int], worths: list[int], sign: str, rest: int, falls: bool
) -> None:
    bounds = sorted(bounds, reverse=True) if falls else bounds
    rows = ", ".join(f"{sign} {bound} 人: {worth}" for bound, worth in zip(bounds, worths, strict=False))
    text = policy_text("is_new", head=f'score = "band(staff_t1, {rows}, else {rest})"')
    checker = Checker(compile_policy(read_policy(text, vocabulary=WORDS), as_of=AS_OF))

    def worth(staff: int) -> int:
        reached = (staff >= bound if sign == ">=" else staff > bound for bound in bounds)
        return next((worth for holds, worth in zip(reached, worths, strict=False) if holds), rest)

    firms = [checker.read({"id": str(staff), "staff_t1": staff}) for staff in range(62)]
    firms.append(checker.read({"id": "unknown"}))
    found = judge(checker.program, frame_of(checker.program, firms)).to_dicts()
    most = [*worths[: len(bounds)], rest]

    assert [(one["score_low"], one["score_high"]) for one in found] == [
        *((worth(staff), worth(staff)) for staff in range(62)),
        (min(most), max(most)),
    ]
    assert [checker.check(firm).score for firm in firms[:-1]] == [worth(staff) for staff in range(62)]
