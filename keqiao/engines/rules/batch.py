"""Many firms, one policy: the same program over columns, in Polars or as SQL text.

The result has a row for each firm: `verdict` (place in VERDICTS), three bit masks over the clauses, bit i for clause i,
and `score_low`, `score_high`, `amount`; all but the amount in the
narrowest integers that hold them. A clause is `passed`, `failed` or `lacking` data by its bits; with both of the
first two it does not apply, with none of the three it waits for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules import _sql
from keqiao.engines.rules._facts import Firm
from keqiao.engines.rules._lists import reducer
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._polars import Plan
from keqiao.engines.rules._program import Program
from keqiao.engines.rules._steps import without_gaps
from keqiao.engines.rules._verdict import VERDICTS, state_node

_TYPES: dict[str, type[pl.DataType]] = {"int": pl.Int64, "bool": pl.Boolean, "str": pl.String}
_NARROW = frozenset({"verdict", "passed", "failed", "lacking", "score_low", "score_high"})
_STATES = {"100": "pass", "010": "fail", "001": "unknown", "000": "manual", "110": "not_applicable"}


def result_nodes(program: Program, *, with_masks: bool = True, full: frozenset[str] = frozenset()) -> dict[str, Node]:
    """Return the nodes of a result's columns by name, for data in which the columns `full` have no unknown cell."""
    parts = without_gaps(_parts(program, with_masks=with_masks), full=full)
    found = {"verdict": state_node(parts["eligible"], parts["lacks_data"])}
    if with_masks:
        found |= _masks(parts, count=len(program.clauses))
    return found | {name: parts[name] for name in ("score_low", "score_high", "amount") if name in parts}


def _parts(program: Program, *, with_masks: bool) -> dict[str, Node]:
    found = {"eligible": program.eligible, "lacks_data": program.lacks_data}
    if program.score is not None:
        found |= {"score_low": program.score.low, "score_high": program.score.high}
    if program.amount is not None:
        found["amount"] = program.paid
    if with_masks:
        for place, tested in enumerate(program.clauses):
            found |= {
                f"holds {place}": tested.holds,
                f"out {place}": tested.is_out,
                f"lacks {place}": tested.lacks_data,
            }
    return found


def _masks(parts: Mapping[str, Node], *, count: int) -> dict[str, Node]:
    passed, failed, lacking, settled = n.ZERO, n.ZERO, n.ZERO, n.ZERO
    always = 0  # bits of clauses that either pass or fail: their failed bits are what their passed bits leave over
    for place in range(count):
        holds, is_out, lacks = (parts[f"{name} {place}"] for name in ("holds", "out", "lacks"))
        bit = n.const(1 << place)
        if is_out == n.FALSE and not holds.nullable:
            always += 1 << place
            settled = n.add(settled, n.choose(holds, bit, n.ZERO))
            continue
        passed = n.add(passed, n.choose(n.some((is_out, n.surely(holds))), bit, n.ZERO))
        failed = n.add(failed, n.choose(n.some((is_out, n.surely_not(holds))), bit, n.ZERO))
        lacking = n.add(lacking, n.choose(n.every((n.negate(is_out), lacks)), bit, n.ZERO))
    rest = n.sub(n.const(always), settled)
    return {"passed": n.add(passed, settled), "failed": n.add(failed, rest), "lacking": lacking}


@lru_cache(maxsize=128)
def columns(program: Program) -> dict[str, type[pl.DataType]]:
    """Return the columns a program reads, with their types; dates are day numbers, lists already numbers."""
    nodes = [*result_nodes(program).values(), *program.missing.values()]
    return {node.value: _TYPES[node.kind] for node in n.walk(nodes) if node.op == "col"}


def frame_of(program: Program, firms: Iterable[Firm]) -> pl.DataFrame:
    """Return the columns of firms, their lists reduced to numbers; `firm` is the id."""
    reducers = [(term.items, reducer(term)) for term in program.terms]
    wanted = columns(program)
    found: dict[str, list[Any]] = {"firm": [], **{name: [] for name in wanted}}
    for firm in firms:
        row = {**firm.values, "firm": firm.id}
        for items, reduce in reducers:
            row.update(reduce(firm.lists[items], firm.values))
        for name, cells in found.items():
            cells.append(row[name])
    return pl.DataFrame(found, schema={"firm": pl.String, **wanted})


def judge(program: Program, frame: pl.DataFrame, *, with_masks: bool = True) -> pl.DataFrame:
    """Return a result row for each row of a frame with the columns of :func:`columns`.

    Polars takes the rows in batches, so that the memory needed between does not grow with them.
    """
    wanted = [name for name in columns(program) if name in frame.columns]
    full = frozenset(name for name in wanted if not frame[name].null_count())
    return _plan(program, full, with_masks).over(frame.select(wanted).lazy()).collect(engine="streaming")


@lru_cache(maxsize=128)
def _plan(program: Program, full: frozenset[str], with_masks: bool) -> Plan:
    return Plan(result_nodes(program, with_masks=with_masks, full=full), narrow=_NARROW)


def sql_text(program: Program, *, table: str, keep: Sequence[str] = ("firm",)) -> str:
    """Return the SELECT that computes the same results in DuckDB from a table with the columns of :func:`columns`."""
    return _sql.select(result_nodes(program), table=table, keep=keep)


def states_of(program: Program, row: Mapping[str, int]) -> dict[str, str]:
    """Return the states that the masks of a result row stand for."""
    names = {
        (1, 0, 0): "pass",
        (0, 1, 0): "fail",
        (0, 0, 1): "unknown",
        (0, 0, 0): "manual",
        (1, 1, 0): "not_applicable",
    }
    masks = [row[name] for name in ("passed", "failed", "lacking")]
    return {
        tested.clause.id: names[tuple(mask >> place & 1 for mask in masks)]  # type: ignore[index]
        for place, tested in enumerate(program.clauses)
    }


def verdict_of(row: Mapping[str, int]) -> str:
    """Return the verdict of a result row."""
    return VERDICTS[row["verdict"]]
