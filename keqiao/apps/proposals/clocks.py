"""Days that follow from the rule book: which rule, and the last day that it gives."""

from datetime import date

from keqiao.apps.parties import places
from keqiao.catalogue import proposals as rulebook
from keqiao.catalogue.proposals import Rule

from .models import ANSWERING_ROLES, Proposal, UnitRole


def rule(name: str, *, body: str, on: date) -> Rule:
    return rulebook.rule(name, body=body, region=places.region().code, on=on)


def last_day(proposal: Proposal, *, role: str, round: int, start: date) -> tuple[date | None, str]:
    """Until when a unit has to act on what is handed to it on a day, and the rule that says so."""
    if role in ANSWERING_ROLES:
        name = "redo" if round > 1 else "answer_broad" if proposal.is_broad else "answer"
    elif role == UnitRole.CO:
        name = "co_opinion"
    else:
        return None, ""
    found = rule(name, body=proposal.body, on=start)
    return found.last_day(start), found.version


def end_of_next_year(day: date) -> date:
    """What a promise without a day is measured by; said to be an assumption wherever it is shown."""
    return date(day.year + 1, 12, 31)
