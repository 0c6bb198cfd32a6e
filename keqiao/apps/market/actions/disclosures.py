from datetime import datetime

from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import Disclosure, Listing
from keqiao.apps.market.names import kind_of, subject_of
from keqiao.apps.market.queries.introductions import is_introduced
from keqiao.apps.parties import permissions as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User


def disclose(listing: Listing, *, to: User, by: Actor, at: datetime) -> None:
    """Show the full text of a listing to a signed-in person from now on, and write down that it was shown."""
    subject = subject_of(listing)
    with ledger.action(f"{kind_of(listing)}.disclose", by=by, at=at, subject=subject) as entry:
        entry.require(parties.can_act_for(by, to))
        introduced = is_introduced(listing, by)
        if not introduced:  # whoever was introduced reads on when the listing is no longer public
            entry.require(permissions.can_see(by, listing, on=localdate(at)))
        entry.require(permissions.can_read_full(by, listing, disclosed=True, introduced=introduced))
        Disclosure.objects.get_or_create(listing=subject, user=to, defaults={"at": at})
