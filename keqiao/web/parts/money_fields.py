"""Form fields that people fill in as they speak and that give what is kept: fen, hundredths of a per cent, dates."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms

FEN_PER_WAN = 1_000_000
HUNDREDTHS = 100


class WanField(forms.DecimalField):
    """Money typed in 万元, to the fen; cleaned it is integer fen, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 16, "decimal_places": 6, "min_value": 0} | kwargs))

    def clean(self, value: Any) -> Any:
        wan = super().clean(value)
        return None if wan is None else int((wan * FEN_PER_WAN).to_integral_value(ROUND_HALF_UP))

    def prepare_value(self, value: Any) -> Any:
        return f"{(Decimal(value) / FEN_PER_WAN).normalize():f}" if isinstance(value, int) else value


class RateField(forms.DecimalField):
    """A share typed in per cent; cleaned it is hundredths of a per cent, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 5, "decimal_places": 2, "min_value": 0, "max_value": 100} | kwargs))

    def clean(self, value: Any) -> Any:
        rate = super().clean(value)
        return None if rate is None else int(rate * HUNDREDTHS)

    def prepare_value(self, value: Any) -> Any:
        return f"{(Decimal(value) / HUNDREDTHS).normalize():f}" if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")} | kwargs))
