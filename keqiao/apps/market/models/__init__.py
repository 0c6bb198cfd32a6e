from .listing import Disclosure, IndicatorOp, IndicatorSense, Listing, Secrecy, State
from .need import CoopMode, IpPolicy, Need, NeedIndicator, NeedKind, Urgency
from .offer import Offer, OfferIndicator

__all__ = [
    "CoopMode",
    "Disclosure",
    "IndicatorOp",
    "IndicatorSense",
    "IpPolicy",
    "Listing",
    "Need",
    "NeedIndicator",
    "NeedKind",
    "Offer",
    "OfferIndicator",
    "Secrecy",
    "State",
    "Urgency",
]
