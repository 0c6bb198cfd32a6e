"""What is told about needs and offers on their way to the public, and before they leave it."""

from collections.abc import Iterable

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import permissions
from keqiao.apps.market.models import Listing, Need, State
from keqiao.apps.market.names import MODELS
from keqiao.apps.market.states import ReturnReason, WithdrawReason
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from .words import title_of

TOPICS = (
    Topic(
        "listing.waiting",
        gettext_lazy("待审核的需求和供给"),
        gettext_lazy("发给所在地主管部门人员。"),
        email=Mode.DAILY,
        roles=(Role.OFFICER,),
    ),
    Topic(
        "listing.decided",
        gettext_lazy("我的需求和供给的审核结果"),
        gettext_lazy("退回、发布、撤下。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "listing.expiring",
        gettext_lazy("我的需求和供给即将到期"),
        gettext_lazy("到期前两周和到期时各一次。"),
        email=Mode.DAILY,
    ),
)


def both(step: str) -> tuple[str, ...]:
    return tuple(f"{listing}.{step}" for listing in MODELS)


def listing_of(entry: Entry) -> Listing:
    """The need or offer that an entry is about; DoesNotExist if it is gone."""
    kind, _colon, key = entry.subject.partition(":")
    return MODELS[kind]._default_manager.select_related("organization", "author").get(key=key)


def writers(entry: Entry) -> Iterable[User]:
    """Those who write for the body, and the broker who wrote it down for them."""
    row = listing_of(entry)
    people = list(parties.people_with(Role.EDITOR, Role.MANAGER, on=localdate(entry.at), organization=row.organization))
    return people if row.author is None or row.author in people else [*people, row.author]


def screeners(entry: Entry) -> Iterable[User]:
    return parties.officers_for(listing_of(entry).area, on=localdate(entry.at))


def may_decide(actor: Actor, entry: Entry) -> bool:
    """Only as long as it waits: what has been decided meanwhile is no news."""
    row = listing_of(entry)
    return row.state in (State.SUBMITTED, State.SCREENED) and permissions.can_screen(actor, row).allowed


def may_write(actor: Actor, entry: Entry) -> bool:
    return permissions.can_submit(actor, listing_of(entry)).allowed


def _noun(row: Listing) -> str:
    return _("需求条目") if isinstance(row, Need) else _("供给条目")


def _words(row: Listing) -> dict[str, str]:
    return {"noun": _noun(row), "title": title_of(row)}


def _page(row: Listing) -> str:
    return link_to("public:listing", "need" if isinstance(row, Need) else "offer", row.key)


def _edit(row: Listing) -> str:
    return link_to("desk:need-edit" if isinstance(row, Need) else "desk:offer-edit", row.key)


def waiting(entry: Entry, actor: Actor) -> Text:
    row = listing_of(entry)
    link = link_to("office:decide", "need" if isinstance(row, Need) else "offer", row.key)
    return Text(_("待审核%(noun)s：%(title)s") % _words(row), link=link)


def returned(entry: Entry, actor: Actor) -> Text:
    row = listing_of(entry)
    known = entry.reason in ReturnReason.values
    reason = _("退回原因：%(reason)s。") % {"reason": ReturnReason(entry.reason).label} if known else ""
    return Text(
        _("%(noun)s被退回：%(title)s") % _words(row), (reason + _("修改后可以再次提交。")).strip(), link=_edit(row)
    )


def published(entry: Entry, actor: Actor) -> Text:
    row = listing_of(entry)
    until = _("公开至 %(day)s。") % {"day": row.expires_date.isoformat()} if row.expires_date else ""
    return Text(_("%(noun)s已发布：%(title)s") % _words(row), until, link=_page(row))


def withdrawn(entry: Entry, actor: Actor) -> Text:
    row = listing_of(entry)
    known = entry.reason in WithdrawReason.values
    reason = _("原因：%(reason)s。") % {"reason": WithdrawReason(entry.reason).label} if known else ""
    return Text(_("%(noun)s已撤下：%(title)s") % _words(row), reason, link=_page(row))


def expiring(entry: Entry, actor: Actor) -> Text | None:
    row = listing_of(entry)
    if row.expires_date is None or row.state != State.PUBLISHED:
        return None
    text = _("公开到 %(day)s 为止。如仍需公开，请到期后重新编辑提交。") % {"day": row.expires_date.isoformat()}
    return Text(_("%(noun)s即将到期：%(title)s") % _words(row), text, link=_page(row))


def expired(entry: Entry, actor: Actor) -> Text:
    row = listing_of(entry)
    return Text(
        _("%(noun)s已到期：%(title)s") % _words(row),
        _("公众不再看到。可以重新编辑后再提交。"),
        link=link_to("desk:home"),
    )


NOTICES = (
    Notice("listing.waiting", both("submit"), recipients=screeners, text=waiting, may=may_decide),
    Notice("listing.decided", both("return"), recipients=writers, text=returned, may=may_write, is_urgent=True),
    Notice("listing.decided", both("publish"), recipients=writers, text=published, may=may_write),
    Notice("listing.decided", both("withdraw"), recipients=writers, text=withdrawn, may=may_write),
    Notice("listing.expiring", both("remind"), recipients=writers, text=expiring, may=may_write),
    Notice("listing.expiring", both("expire"), recipients=writers, text=expired, may=may_write),
)
