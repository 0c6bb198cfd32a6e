"""The support a matter's firm qualifies for, as the last link so far of a thread."""

from collections.abc import Iterator
from datetime import date

from keqiao.apps.market.models import Agreement, Need
from keqiao.apps.market.thread import Link, Root, subject_of_root
from keqiao.apps.parties.actors import Actor

from . import permissions, queries
from .reckoning import editions_on


def links(root: Root, *, actor: Actor, on: date) -> Iterator[Link]:
    """Policies whose conditions a firm of the matter meets, for that firm's own people."""
    firms = [root.organization] if isinstance(root, Need) else [root.seller, root.buyer]
    if isinstance(root, Agreement) and root.need is not None:
        firms.append(root.need.organization)
    seen = [firm for firm in firms if firm is not None and permissions.can_see_standings(actor, firm).allowed]
    if not seen:
        return
    editions = editions_on(on)
    for row in queries.supported(seen).select_related("organization").order_by("policy"):
        if (policy := editions.get(row.policy)) is None:
            continue
        yield Link(
            "support", f"{row.organization.key}/{row.policy}", policy.title, policy.title_en, row.verdict,
            "standing_verdict", row.since_at, subject_of_root(root), policy.version,
        )  # fmt: skip
