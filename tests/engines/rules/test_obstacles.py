"""Why no way leads there, for each reason there is."""

from typing import Any

import pytest

from keqiao.engines.rules import Checker, Nearest, RuleError, Searcher, compile_policy
from tests.engines.rules.small import AS_OF, policy

LEVERS = """
[[levers]]
id = "spend"
label = "甲"
label_en = "a"
unit = "分"
adds = { rd_fen_t1 = 1 }
cost = 1
most = 1000

[[levers]]
id = "renew"
label = "乙"
label_en = "b"
unit = "件"
sets = { is_new = true }
cost = 5
most = 1
"""
SECOND = """
[[clauses]]
id = "base.two"
kind = "hard"
label = "二"
label_en = "two"
source = "第二条"
test = "{test}"
"""


def search(test: str, facts: dict[str, Any], *, second: str = "", **options: Any) -> Nearest:
    rest = (SECOND.format(test=second) if second else "") + LEVERS
    checker = Checker(compile_policy(policy(test, rest=rest), as_of=AS_OF))
    return Searcher(checker.program, **options).search(checker.read({"firm_id": "A", **facts}))


def reasons(found: Nearest) -> dict[str, str]:
    return {one.clause: one.reason for one in found.obstacles}


@pytest.mark.parametrize(
    ("test", "facts", "reason"),
    [
        ("reviewed", {}, "people"),
        ("sales_fen_t1 >= 5 元", {}, "data"),
        ("rd_fen_t1 >= 5 元", {}, "data"),
        ("founded <= as_of - 1 years", {"founded": "2026-01-01"}, "time"),
        ("kind = 'a'", {"kind": "b"}, "fixed"),
        ("1 = 2", {}, "fixed"),
        ("rd_fen_t1 >= 50 元", {"rd_fen_t1": 0}, "beyond"),
        ("founded <= as_of - 1 years and kind = 'a'", {"founded": "2026-01-01", "kind": "a"}, "fixed"),
    ],
)
def test_reason_of_a_clause(test: str, facts: dict[str, Any], reason: str) -> None:
    assert reasons(search(test, facts)) == {"base.one": reason}


def test_locked_lever_is_named_as_the_reason() -> None:
    assert reasons(search("is_new", {"is_new": False}, locked=["renew"])) == {"base.one": "locked"}


def test_clauses_that_exclude_each_other_cannot_be_met_together() -> None:
    found = search("rd_fen_t1 >= 5 元", {"rd_fen_t1": 100}, second="rd_fen_t1 <= 2 元")
    assert reasons(found) == {"base.one": "together"}


def test_clause_that_is_met_by_a_move_is_no_obstacle() -> None:
    found = search("rd_fen_t1 >= 5 元", {"rd_fen_t1": 100, "kind": "b"}, second="kind = 'a'")
    assert reasons(found) == {"base.two": "fixed"}


def test_flag_is_set_by_a_lever_also_where_nobody_knows_it() -> None:
    for facts in ({"is_new": False}, {}):
        (way,) = search("is_new", facts).ways
        assert [(move.lever, move.amount, move.cost) for move in way.moves] == [("renew", 1, 5)]


def test_alternative_that_can_be_met_leaves_no_obstacle() -> None:
    assert search("kind = 'a' or is_new", {"kind": "b", "is_new": False}).obstacles == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sets = { is_new = true }", "sets = { kind = true }", "'kind' is no flag"),
        ("sets = { is_new = true }", "sets = { is_new = 1 }", "adds or sets what it cannot"),
        ("adds = { rd_fen_t1 = 1 }", "adds = { rd_fen_t1 = true }", "adds or sets what it cannot"),
        ("sets = { is_new = true }", "", "moves nothing"),
    ],
)
def test_lever_that_makes_no_sense_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Searcher(compile_policy(policy("is_new", rest=LEVERS.replace(old, new)), as_of=AS_OF))
