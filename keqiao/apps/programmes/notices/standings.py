"""What is told about policies: that a firm's standing has changed. Never an amount."""

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, Role, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to
from keqiao.apps.programmes import permissions
from keqiao.apps.programmes.models import StandingChange
from keqiao.catalogue import policies

TOPICS = (
    Topic(
        "standing.changed",
        gettext_lazy("我的政策有变化"),
        gettext_lazy("新符合或不再符合某项政策，金额变了，政策有了新版本。"),
        email=Mode.DAILY,
    ),
)


def _firm(entry: Entry) -> Organization:
    return Organization.objects.get(key=entry.subject.partition(":")[2])


def recipients(entry: Entry) -> Iterable[User]:
    return parties.people_with(Role.EDITOR, Role.MANAGER, on=localdate(entry.at), organization=_firm(entry))


def may_read(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_standings(actor, _firm(entry)).allowed


def changed(entry: Entry, actor: Actor) -> Text | None:
    firm = _firm(entry)
    rows = StandingChange.objects.filter(organization=firm, at=entry.at)
    lines = [
        f"{_title(row, on=localdate(entry.at))}：{row.get_verdict_before_display()} → {row.get_verdict_display()}"
        for row in rows
        if row.policy in policies.editions()
    ]
    if not lines:
        return None
    title = _("%(firm)s：%(count)d 项政策有变化") % {"firm": firm.name, "count": len(lines)}
    return Text(title, "\n".join(lines), link=link_to("desk:policies-of", firm.key))


def _title(row: StandingChange, *, on: date) -> str:
    policy = policies.edition(row.policy, on=on)
    return policy.title_en if get_language() == "en" and policy.title_en else policy.title


NOTICES = (Notice("standing.changed", ("standing.change",), recipients=recipients, text=changed, may=may_read),)
