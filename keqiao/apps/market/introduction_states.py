"""The life of an introduction as one table, as `states` has it for listings."""

from .models import OPEN_STATES, IntroductionState
from .states import Step

PROPOSED, CONTACTED = IntroductionState.PROPOSED, IntroductionState.CONTACTED
INTERESTED, TALKING = IntroductionState.INTERESTED, IntroductionState.TALKING
AGREED, DECLINED = IntroductionState.AGREED, IntroductionState.DECLINED

# `interest` is nobody's button: it follows from the second side's yes. `resume` is for an agreement that fell through.
STEPS = {
    "contact": Step(frozenset({PROPOSED}), CONTACTED),
    "interest": Step(frozenset({PROPOSED, CONTACTED}), INTERESTED),
    "talk": Step(frozenset({INTERESTED}), TALKING),
    "agree": Step(frozenset({INTERESTED, TALKING}), AGREED),
    "resume": Step(frozenset({AGREED}), TALKING),
    "decline": Step(frozenset(OPEN_STATES), DECLINED, needs_reason=True),
    "reopen": Step(frozenset({DECLINED}), CONTACTED),
}
# The row keeps the first moment of each of these.
MOMENTS = {CONTACTED: "contacted_at", INTERESTED: "interested_at", TALKING: "talking_at", AGREED: "agreed_at"}
