"""Names, units and loose talk around quantities of any product."""

import pytest

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.text import convert, extract, parse_unit

LEXICON = shipped_lexicon()


def specs(text: str) -> list[tuple[str | None, str, tuple[float, ...], str]]:
    return [(one.name, one.op, one.value, one.unit) for one in extract(text, lexicon=LEXICON) if one.is_spec]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "要测 3 米长导轨的直线度，误差不超过 1 微米",
            [("导轨长度", "eq", (3.0,), "m"), ("直线度误差", "le", (1.0,), "μm")],
        ),
        ("冻出来化开得等半天", []),
        ("养护半个月以内", [("养护", "le", (0.5,), "月")]),
        ("要求摩擦系数≤0.1", [("摩擦系数", "le", (0.1,), "1")]),
        ("希望脱模力低于30N", [("脱模力", "lt", (30.0,), "N")]),
        ("现在功率只有1.5kW，要求功率不低于2kW", [("功率", "ge", (2.0,), "kW")]),
        ("流量25m³/h±5%", [("流量", "eq", (25.0,), "m3/h")]),
        ("公称通径DN25~DN300", [("公称通径", "range", (25.0, 300.0), "mm")]),
        ("分辨率不低于20位", [("分辨率", "ge", (20.0,), "bit")]),
        ("坍落度损失不大于20mm", [("坍落度损失", "le", (20.0,), "mm")]),
        ("寿命20万模次以上", [("寿命", "ge", (200000.0,), "模次")]),
        ("成本低于12元/模次", [("成本", "lt", (12.0,), "元/模次")]),
        ("60℃半衰期不低于90分钟", [("半衰期", "ge", (90.0,), "min")]),
        ("噪声≤60 dB(A)", [("噪声", "le", (60.0,), "dB(A)")]),
        ("最高操作压力4.1MPa", [("最高操作压力", "le", (4.1,), "MPa")]),
    ],
)
def test_extract_names_what_is_meant(text: str, expected: list[tuple[str | None, str, tuple[float, ...], str]]) -> None:
    assert specs(text) == expected


@pytest.mark.parametrize(
    "unit",
    [
        "模次",
        "次/亩",
        "床夜",
        "个/100g",
        "百分点",
        "工作日",
        "两",
        "dB(A)",
        "με",
        "m/z",
        "AU",
        "元/亩",
        "万元",
        "亿元",
        "株",
        "头",
        "片",
        "包",
    ],
)
def test_parse_unit_counters_and_money_are_known(unit: str) -> None:
    assert parse_unit(unit).known


def test_convert_money_is_one_dimension() -> None:
    assert convert(1.2, source="万元/亩", target="元/亩") == pytest.approx(12000.0)
