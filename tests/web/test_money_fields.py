"""Money typed in 万元 and rates typed in per cent, kept as whole numbers."""

import pytest
from django import forms

from keqiao.web.parts.money_fields import RateField, WanField


@pytest.mark.parametrize(
    ("typed", "fen"), [("80", 80_000_000), ("0.000001", 1), ("12.3456", 12_345_600), ("", None), ("0", 0)]
)
def test_wan_becomes_fen(typed: str, fen: int | None) -> None:
    assert WanField(required=False).clean(typed) == fen


@pytest.mark.parametrize("typed", ["-1", "1.0000001", "ten", "1e30", "NaN"])
def test_wan_refuses_what_is_no_money(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        WanField(required=False).clean(typed)


@pytest.mark.parametrize(("fen", "shown"), [(80_000_000, "80"), (1, "0.000001"), (1_000_000_000_000, "1000000")])
def test_fen_is_shown_as_it_was_typed(fen: int, shown: str) -> None:
    assert WanField().prepare_value(fen) == shown


def test_rate_becomes_hundredths() -> None:
    field = RateField()
    assert (field.clean("2.5"), field.prepare_value(250)) == (250, "2.5")
    with pytest.raises(forms.ValidationError):
        field.clean("101")
