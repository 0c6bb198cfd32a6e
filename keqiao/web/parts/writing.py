"""What writing pages share: which body one writes for, turning refusals and form errors into pages."""

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Q
from django.forms.forms import BaseForm
from django.http import Http404
from django.utils import timezone

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import Listing
from keqiao.apps.market.names import kind_of, subject_of
from keqiao.apps.market.states import ReturnReason
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization, Role
from keqiao.web.parts.request import Request


def writable(request: Request) -> list[Organization]:
    """The bodies the actor may write for; a broker may write for any, and chooses by code."""
    keys = request.actor.organizations(Role.EDITOR, Role.MANAGER)
    return list(parties.organizations().filter(key__in=keys))


def chosen_organization(request: Request) -> Organization | None:
    """The body named in the form, else the only one the actor may write for."""
    mine = writable(request)
    wanted = request.POST.get("organization") or request.GET.get("organization")
    if not wanted:
        return mine[0] if len(mine) == 1 else None
    if found := next((row for row in mine if row.key == wanted), None):
        return found
    if request.actor.has(Role.BROKER):
        return parties.organizations().filter(Q(key=wanted) | Q(uscc=wanted.strip().upper())).first()
    return None


def find_listing(request: Request, listing: str, key: str) -> Listing:
    """A listing for its page; one that may not be seen looks like none."""
    try:
        return market.see(listing, key, actor=request.actor, on=timezone.localdate())
    except ObjectDoesNotExist as error:
        raise Http404 from error


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Put what an action refused beside the fields it speaks of."""
    problems = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, messages in problems.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


def return_reason(row: Listing) -> str:
    """Why the office sent a draft back the last time, in words; empty if it did not."""
    code = ledger.last_reason(subject_of(row), kind=f"{kind_of(row)}.return")
    return str(ReturnReason(code).label) if code else ""
