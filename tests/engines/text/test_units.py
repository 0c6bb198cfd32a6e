"""Unit algebra."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.text import UnitError, convert, parse_unit


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("W/(m·K)", "W/(m.K)"), ("W/m·K", "W/(m.K)"), ("10⁻⁶/K", "10⁻⁶/K"), ("/K", "1/K"),
        ("cm⁻¹", "1/cm"), ("cm-1", "1/cm"),
        ("N·m", "N.m"), ("牛·米", "N.m"), ("kg/亩", "kg/亩"), ("公斤每亩", "kg/亩"), ("转/分", "rpm"),
        ("r/min", "rpm"),
        ("毫开", "mK"), ("℃/min", "Cel/min"), ("m³/h", "m3/h"), ("mmHg", "mmHg"),
        ("gr/mm", "gr/mm"), ("dB/Hz", "dB/Hz"),
        ("Gbps", "Gb/s"), ("吨/日", "t/d"), ("", "1"),
    ],
)  # fmt: skip
def test_parse_unit_known_spellings(text: str, symbol: str) -> None:
    assert parse_unit(text).symbol == symbol


def test_parse_unit_unknown_keeps_its_spelling() -> None:
    unit = parse_unit("zork")

    assert (unit.symbol, unit.known) == ("zork", False)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (11.2, "吨/公顷", "kg/亩", 746.6666666666666),
        (13.0, "dBm", "mW", 19.952623149688797),
        (7.0, "N(purity)", "%", 99.99999),
        (1.0, "转/分", "r/s", 1 / 60),
        (25.0, "℃", "K", 298.15),
        (1.0, "mmHg", "Pa", 133.322387),
    ],
)
def test_convert_known_pairs(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source=source, target=target) == pytest.approx(expected)


def test_convert_temperature_difference_has_no_offset() -> None:
    assert convert(0.04, source="℃", target="mK", difference=True) == pytest.approx(40.0)


def test_convert_other_dimension_says_so() -> None:
    with pytest.raises(UnitError, match="different things"):
        convert(1.0, source="kg", target="m")


def test_convert_unknown_unit_says_so() -> None:
    with pytest.raises(UnitError, match="unknown unit 'zork'"):
        convert(1.0, source="zork", target="m")


@given(
    st.floats(1e-6, 1e6), st.sampled_from([("mm", "in"), ("kW", "hp"), ("℃", "K"), ("MPa", "psi"), ("kg/亩", "t/ha")])
)
def test_convert_there_and_back_is_the_same(value: float, pair: tuple[str, str]) -> None:
    there = convert(value, source=pair[0], target=pair[1])

    assert math.isclose(convert(there, source=pair[1], target=pair[0]), value, rel_tol=1e-6, abs_tol=1e-9)


@given(st.text(max_size=30))
def test_parse_unit_any_text_never_fails(text: str) -> None:
    assert isinstance(parse_unit(text).symbol, str)
