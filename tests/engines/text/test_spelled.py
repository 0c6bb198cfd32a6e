import pytest

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.text import spelled
from keqiao.web.parts.listing_forms import read_lines


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("Cel", "℃"), ("W/(m.K)", "W/(m·K)"), ("m3/h", "m³/h"), ("g/cm3", "g/cm³"), ("cm-1", "cm⁻¹"), ("1", ""),
        ("kg/亩", "kg/亩"), ("H2", "H²"), ("μm", "μm"), ("K/min", "K/min"),
    ],
)  # fmt: skip
def test_units_are_spelled_as_people_write_them(plain: str, written: str) -> None:
    assert spelled(plain) == written


def test_present_value_stands_beside_its_requirement() -> None:
    lines = read_lines("现在输出功率只有1.5 kW，要求输出功率不低于2 kW。", lexicon=shipped_lexicon())

    assert [(line["name"], line["op"], line["low"], line["unit"], line["current_value"]) for line in lines] == [
        ("输出功率", "ge", "2", "kW", "1.5 kW")
    ]
