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
from .project import LegacyProject, ProjectKind

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
    "LegacyProject",
    "Listing",
    "Need",
    "NeedIndicator",
    "NeedKind",
    "Offer",
    "OfferIndicator",
    "PaymentMode",
    "PricingMode",
    "ProjectKind",
    "Secrecy",
    "Side",
    "State",
    "Urgency",
]
