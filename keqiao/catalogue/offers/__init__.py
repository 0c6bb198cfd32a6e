"""Offer kinds as data: one file ``<slug>.toml`` a kind says which details such an offer has and how it counts.

A new kind is one file in this folder or in a folder that the deployment names; nothing else changes. ``clean`` turns
what a form, a file or the API gave into the details that are stored; ``form_values`` turns them back.
"""

from keqiao.catalogue.offers._load import KINDS, discover, offer_kinds
from keqiao.catalogue.offers._model import FIELD_TYPES, Choice, Field, FieldProblem, OfferKind

__all__ = ["FIELD_TYPES", "KINDS", "Choice", "Field", "FieldProblem", "OfferKind", "discover", "offer_kinds"]
