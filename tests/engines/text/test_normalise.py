"""One spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.text import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("ＡＢＣ１２３", "abc123"),
        ("積體電路與雷射", "积体电路与雷射"),
        ("a\u200bb\ue123c\x00d\ufeff", "abcd"),
        ("  多\u3000个\t空\n白 ", "多 个 空 白"),
        ("W/(m·K) ≥5×10⁻³ μm", "w/(m·k) ≥5×10-3 μm"),
        ("µm", "μm"),
        ("ASCII  Only", "ascii only"),
    ],
)
def test_normalise_known_spellings(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text(max_size=80))
def test_normalise_any_text_is_idempotent(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
