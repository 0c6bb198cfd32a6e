"""Needs against offers."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.matching import Indicator, check, indicators_from, overall, validate

LEXICON = shipped_lexicon()


def verdict(need: str, offer: str) -> list[str]:
    rows = check(indicators_from(need, lexicon=LEXICON), indicators_from(offer, lexicon=LEXICON), lexicon=LEXICON)
    return [row.verdict for row in rows]


@pytest.mark.parametrize(
    ("need", "offer", "expected"),
    [
        ("功率2000W以上", "输出功率≥2kW", "pass"),
        ("功率2000W以上", "平均功率1500瓦", "fail"),
        ("功率2000W以上", "功率从300W到3000W可调", "pass"),
        ("抗拉强度不低于4900MPa", "拉伸强度4.4~5.5GPa", "unknown"),
        ("定位精度优于5μm", "定位精度±3μm", "pass"),
        ("探测距离≥400m", "探测距离≥300m", "fail"),
        ("功率2000W以上", "重量30kg", "unknown"),
        ("出水氨氮≤5mg/L", "进水氨氮≤3mg/L", "unknown"),
        ("批内CV≤6%", "批间差<5%", "unknown"),
        ("亩产700公斤以上", "产量11.2吨/公顷", "pass"),
        ("纯度≥99.9%", "纯度4N", "pass"),
        ("检测限≤1ppb", "灵敏度0.5ng/mL", "pass"),
    ],
)
def test_check_one_pair(need: str, offer: str, expected: str) -> None:
    assert verdict(need, offer) == [expected]


def test_check_keeps_both_quotes_and_the_reason() -> None:
    need, offer = indicators_from("功率2000W以上", lexicon=LEXICON), indicators_from("输出功率1.5kW", lexicon=LEXICON)

    row = check(need, offer, lexicon=LEXICON)[0]

    assert (row.need_quote, row.offer_quote, row.reason, row.margin) == ("2000W以上", "1.5kW", "misses", -0.25)


def test_overall_wish_that_fails_does_not_count() -> None:
    must = Indicator("功率", "ge", (1.0,), "kW", "ge")
    wish = Indicator("重量", "le", (10.0,), "kg", "le", must=False)
    offer = indicators_from("功率2kW,重量30kg", lexicon=LEXICON)

    assert overall(check([must, wish], offer, lexicon=LEXICON)) == "pass"


def test_overall_nothing_asked_is_unknown() -> None:
    assert overall([]) == "unknown"


@pytest.mark.parametrize(
    ("indicator", "codes"),
    [
        (Indicator("功率", "ge", (2.0,), "kW"), []),
        (Indicator("功率", "ge", (), "kW"), ["missing_value"]),
        (Indicator("功率", "range", (10.0, 5.0), "kW"), ["impossible_range"]),
        (Indicator("功率", "pm", (10.0, -1.0), "kW"), ["negative_width"]),
        (Indicator("功率", "ge", (1.0,), "zork"), ["unknown_unit"]),
        (Indicator("功率", "about", (1.0,), "kW"), ["unknown_operator"]),
    ],
)
def test_validate_names_the_problem(indicator: Indicator, codes: list[str]) -> None:
    assert [problem.code for problem in validate(indicator)] == codes


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6))
def test_check_lower_bound_agrees_with_the_numbers(asked: float, given_value: float) -> None:
    need = Indicator("功率", "ge", (asked,), "W", "ge")
    offer = Indicator("功率", "eq", (given_value,), "W")

    row = check([need], [offer], lexicon=LEXICON)[0]

    assert (row.verdict == "pass") == (given_value >= asked * (1 - 2e-9))


def test_check_bench_reaches_its_targets(shared: Path) -> None:
    folder = shared / "bench" / "needs"
    needs = {row["id"]: [_given(one) for one in row["indicators"]] for row in _rows(folder / "needs_spec_dev.jsonl")}
    offers = {row["id"]: indicators_from(row["text"], lexicon=LEXICON) for row in _rows(folder / "offers_spec.jsonl")}
    pairs = _rows(folder / "pairs_dev.jsonl")

    outcome = [
        (pair["overall"], overall(check(needs[pair["need"]], offers[pair["offer"]], lexicon=LEXICON))) for pair in pairs
    ]

    passed = [gold for gold, ours in outcome if ours == "pass"]
    assert sum(gold == ours for gold, ours in outcome) / len(outcome) >= 0.95
    assert sum(gold != "pass" for gold in passed) / len(passed) <= 0.02


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _given(row: dict[str, object]) -> Indicator:
    value = row["value"] if isinstance(row["value"], list) else [row["value"]]
    return Indicator(row["name"], row["op"], tuple(value), row["unit"], row["sense"], row["must"])
