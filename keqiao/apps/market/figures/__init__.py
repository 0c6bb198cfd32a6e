"""Figures that the market can publish: what each means, in which unit and period, and the rows behind it."""

from .contracts import CONTRACT_FIGURES
from .listings import LISTING_FIGURES
from .matters import MATTER_FIGURES

__all__ = ["CONTRACT_FIGURES", "FIGURES"]

FIGURES = (*LISTING_FIGURES, *MATTER_FIGURES, *CONTRACT_FIGURES)
