from .agreement import (
    Agreement,
    AgreementIndicator,
    AgreementPayment,
    AgreementState,
    ContractType,
    PaymentMode,
    PricingMode,
)
from .introduction import OPEN_STATES, Answer, DeclineReason, Introduction, IntroductionSource, IntroductionState, Side
from .listing import Disclosure, IndicatorOp, IndicatorSense, Listing, Secrecy, State
from .need import CoopMode, IpPolicy, Need, NeedIndicator, NeedKind, Urgency
from .offer import Offer, OfferIndicator

__all__ = [
    "OPEN_STATES",
    "Agreement",
    "AgreementIndicator",
    "AgreementPayment",
    "AgreementState",
    "Answer",
    "ContractType",
    "CoopMode",
    "DeclineReason",
    "Disclosure",
    "IndicatorOp",
    "IndicatorSense",
    "Introduction",
    "IntroductionSource",
    "IntroductionState",
    "IpPolicy",
    "Listing",
    "Need",
    "NeedIndicator",
    "NeedKind",
    "Offer",
    "OfferIndicator",
    "PaymentMode",
    "PricingMode",
    "Secrecy",
    "Side",
    "State",
    "Urgency",
]
