"""What is told about claims of a body, roles that were given or ended, and imports that have come to their end.

The entries belong to apps below `post`, which cannot speak of it themselves.
"""

from collections.abc import Iterable

from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.apps.files.models import ImportRun, ImportState
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import joining, permissions
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import ClaimReason, ClaimState, Organization, OrganizationClaim, Role, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from .words import once, value_of

TOPICS = (
    Topic(
        "claim.waiting",
        gettext_lazy("待审核的单位认领"),
        gettext_lazy("先发给单位管理员；没有管理员的，发给主管部门和安全管理员。"),
        email=Mode.DAILY,
        roles=(Role.MANAGER, Role.SECURITY, Role.OFFICER),
    ),
    Topic(
        "account.roles",
        gettext_lazy("我的单位认领和角色"),
        gettext_lazy("认领结果，角色的授予和收回。"),
        email=Mode.INSTANT,
    ),
    Topic("import.ended", gettext_lazy("我的导入"), gettext_lazy("完成或无法继续时。"), email=Mode.OFF),
)


def claim_of(entry: Entry) -> OrganizationClaim:
    return joining.claim(str(value_of(entry, "claim")))


def deciders(entry: Entry) -> Iterable[User]:
    claim, on = claim_of(entry), localdate(entry.at)
    managers = list(parties.people_with(Role.MANAGER, on=on, organization=claim.organization))
    if managers:
        return managers
    return once([*parties.officers_for(claim.organization.area, on=on), *parties.people_with(Role.SECURITY, on=on)])


def claimants(entry: Entry) -> Iterable[User]:
    return [claim_of(entry).user]


def holders(entry: Entry) -> Iterable[User]:
    return [parties.user(entry.subject.removeprefix("user:"))]


def starters(entry: Entry) -> Iterable[User]:
    kind, _colon, key = run_of(entry).by.partition(":")
    return [parties.user(key)] if kind == "user" else []


def run_of(entry: Entry) -> ImportRun:
    return ImportRun.objects.get(key=entry.subject.partition(":")[2])


def may_decide(actor: Actor, entry: Entry) -> bool:
    """Only as long as it is open."""
    claim = claim_of(entry)
    return claim.state == ClaimState.OPEN and permissions.can_decide_claim(actor, claim).allowed


def is_mine(actor: Actor, entry: Entry) -> bool:
    return actor.key == f"user:{claim_of(entry).user.key}"


def is_me(actor: Actor, entry: Entry) -> bool:
    return actor.key == entry.subject


def has_started(actor: Actor, entry: Entry) -> bool:
    return actor.key == run_of(entry).by


def _name(organization: Organization) -> str:
    is_english = (get_language() or "").startswith("en")
    return (organization.name_en if is_english else "") or organization.name


def waiting(entry: Entry, actor: Actor) -> Text:
    claim = claim_of(entry)
    words = {"person": claim.user.name or _("有人"), "body": _name(claim.organization)}
    return Text(_("%(person)s申请加入：%(body)s") % words, link=link_to("desk:claim", claim.key))


def approved(entry: Entry, actor: Actor) -> Text:
    claim = claim_of(entry)
    return Text(_("认领已通过：%(body)s") % {"body": _name(claim.organization)}, link=link_to("desk:home"))


def rejected(entry: Entry, actor: Actor) -> Text:
    claim = claim_of(entry)
    known = entry.reason in ClaimReason.values
    reason = _("原因：%(reason)s。") % {"reason": ClaimReason(entry.reason).label} if known else ""
    return Text(_("认领未通过：%(body)s") % {"body": _name(claim.organization)}, reason, link=link_to("desk:home"))


def granted(entry: Entry, actor: Actor) -> Text | None:
    role = value_of(entry, "role")
    # An approved claim tells of itself, and what the product sets up is no news.
    if entry.reason == "claim" or entry.actor.startswith("system:") or role not in Role.values:
        return None
    return Text(_("您获得了角色：%(role)s") % {"role": Role(role).label}, link=link_to("desk:account"))


def revoked(entry: Entry, actor: Actor) -> Text:
    return Text(_("您的一个角色已结束"), link=link_to("desk:account"))


def import_done(entry: Entry, actor: Actor) -> Text | None:
    """Told once, by the entry of the last batch."""
    run = run_of(entry)
    last = Entry.objects.filter(subject=entry.subject, kind=entry.kind, outcome="done").order_by("-seq")
    if run.state != ImportState.DONE or last.values_list("seq", flat=True).first() != entry.seq:
        return None
    words = {"written": run.written, "total": run.total}
    return Text(
        _("导入完成：%(written)d 行已写入，共 %(total)d 行") % words,
        run.attachment.name,
        link=link_to("desk:import", run.key),
    )


def import_failed(entry: Entry, actor: Actor) -> Text:
    run = run_of(entry)
    return Text(_("导入无法继续"), run.attachment.name, link=link_to("desk:import", run.key))


NOTICES = (
    Notice("claim.waiting", ("organization.claim",), recipients=deciders, text=waiting, may=may_decide),
    Notice("account.roles", ("organization.approve_claim",), recipients=claimants, text=approved, may=is_mine),
    Notice("account.roles", ("organization.reject_claim",), recipients=claimants, text=rejected, may=is_mine),
    Notice("account.roles", ("membership.grant",), recipients=holders, text=granted, may=is_me),
    Notice("account.roles", ("membership.revoke",), recipients=holders, text=revoked, may=is_me),
    # The worker writes on in the name of whoever started it, who may have left the page long ago.
    Notice(
        "import.ended",
        ("import.write",),
        recipients=starters,
        text=import_done,
        may=has_started,
        tells_who_acted=True,
    ),
    Notice(
        "import.ended",
        ("import.fail",),
        recipients=starters,
        text=import_failed,
        may=has_started,
        is_urgent=True,
        tells_who_acted=True,
    ),
)
