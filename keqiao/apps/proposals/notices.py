"""What is told about proposals, replies and promises: to units what is due, to who signed or follows what moved."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils.functional import Promise as Lazy
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from . import permissions, queries, units
from .models import Assignment, LookBack, Promise, PromiseMove, PromiseState, Proposal, Reply, Voice

TOPICS = (
    Topic(
        "promise.moved",
        gettext_lazy("关注的承诺有变化"),
        gettext_lazy("承诺的核对结果变了，有人发表了看法。提出人和联名人默认关注。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "proposal.moved",
        gettext_lazy("建议提案的进展"),
        gettext_lazy("交办、答复、发布、重新办理。提出人和联名人默认关注。"),
        email=Mode.INSTANT,
    ),
    Topic("promise.quarter", gettext_lazy("承诺季度汇总"), gettext_lazy("每季度一次。"), email=Mode.INSTANT),
    Topic(
        "proposal.work",
        gettext_lazy("承办的建议提案"),
        gettext_lazy("新交办、退回、到期、逾期、回头看、承诺到期。"),
        email=Mode.DAILY,
        roles=(Role.OFFICER,),
    ),
)


def _key(entry: Entry) -> str:
    return entry.subject.partition(":")[2]


def proposal_of(entry: Entry) -> Proposal:
    """The proposal that an entry about a proposal, an assignment or a reply speaks of."""
    kind = entry.subject.partition(":")[0]
    if kind == "assignment":
        return _assignment(entry).proposal
    if kind == "reply":
        found = _reply(entry).proposal
        if found is None:
            raise Proposal.DoesNotExist(f"{entry.subject} answers no proposal that is known")
        return found
    return Proposal.objects.get(key=_key(entry))


def _assignment(entry: Entry) -> Assignment:
    return Assignment.objects.select_related("proposal").get(pk=_key(entry))


def _reply(entry: Entry) -> Reply:
    return Reply.objects.select_related("proposal").get(key=_key(entry))


def _promise(entry: Entry) -> Promise:
    return Promise.objects.select_related("reply__proposal").get(key=_key(entry))


def _look_back(entry: Entry) -> LookBack:
    return LookBack.objects.select_related("reply__proposal").get(pk=_key(entry))


# Who is told.


def promise_followers(entry: Entry) -> Iterable[User]:
    return queries.followers(_promise(entry))


def proposal_followers(entry: Entry) -> Iterable[User]:
    try:
        return queries.followers(proposal_of(entry))
    except Proposal.DoesNotExist:
        return ()


def handlers(entry: Entry) -> Iterable[User]:
    """The officers of the units that have to act."""
    rows = proposal_of(entry).assignments.filter(returned_date=None, answered_date=None)
    found: dict[int, User] = {}
    for unit in set(rows.values_list("unit", flat=True)):
        found |= {user.pk: user for user in units.officers(unit, on=localdate(entry.at))}
    return found.values()


def handler(entry: Entry) -> Iterable[User]:
    return units.officers(_assignment(entry).unit, on=localdate(entry.at))


def office(entry: Entry) -> Iterable[User]:
    return units.hand_over_officers(on=localdate(entry.at))


def owners(entry: Entry) -> Iterable[User]:
    row = _promise(entry)
    return units.officers(row.unit or row.reply.issuer, on=localdate(entry.at))


def issuers(entry: Entry) -> Iterable[User]:
    row = _look_back(entry).reply if entry.subject.startswith("look_back:") else _reply(entry)
    return units.officers(row.issuer, on=localdate(entry.at)) if row.issuer else office(entry)


def reader(entry: Entry) -> Iterable[User]:
    return User.objects.filter(key=_key(entry), is_active=True)


# Who may read it, asked again on the day.


def may_see_promise(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_promise(actor, _promise(entry)).allowed


def may_keep_promise(actor: Actor, entry: Entry) -> bool:
    return permissions.can_keep_promise(actor, _promise(entry)).allowed


def may_see_proposal(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_proposal(actor, proposal_of(entry)).allowed


def may_see_reply(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_reply(actor, _reply(entry)).allowed


def may_handle(actor: Actor, entry: Entry) -> bool:
    return permissions.can_mark_answered(actor, _assignment(entry)).allowed


def may_hand_over(actor: Actor, entry: Entry) -> bool:
    return permissions.can_hand_over(actor).allowed


def may_look_back(actor: Actor, entry: Entry) -> bool:
    return permissions.can_look_back(actor, _look_back(entry)).allowed


def may_keep_reply(actor: Actor, entry: Entry) -> bool:
    return permissions.can_keep_reply(actor, _reply(entry)).allowed


def is_oneself(actor: Actor, entry: Entry) -> bool:
    return actor.key == f"user:{_key(entry)}"


# In what words.


def promise_moved(entry: Entry, actor: Actor) -> Text | None:
    row = _promise(entry)
    move = PromiseMove.objects.filter(promise=row, at=entry.at).last()
    if move is None:
        return None
    title = _("承诺有变化：%(before)s → %(after)s") % {
        "before": move.get_before_display(), "after": move.get_after_display(),
    }  # fmt: skip
    lines = [row.text, row.reply.title]
    if move.after == PromiseState.NO_MENTION:
        lines.append(_("已查看后来的答复 %(count)d 份，未见提及。") % {"count": row.looked_in})
    return Text(title, "\n".join(lines), link=link_to("public:promise", row.key))


def promise_spoken(entry: Entry, actor: Actor) -> Text | None:
    row = _promise(entry)
    voice = Voice.objects.filter(promise=row, at=entry.at).last()
    if voice is None:
        return None
    said = {"role": voice.get_role_display(), "stance": voice.get_stance_display()}
    title = _("%(role)s对承诺发表了看法：%(stance)s") % said
    return Text(title, f"{row.text}\n{voice.text}", link=link_to("public:promise", row.key))


def quarter(entry: Entry, actor: Actor) -> Text | None:
    rows = list(queries.followed_promises(_key(entry)))
    if not rows:
        return None
    counts = {state: sum(row.state == state for row in rows) for state in PromiseState.values}
    lines = [f"{PromiseState(state).label}：{count}" for state, count in counts.items() if count]
    since = entry.at - timedelta(days=92)
    moves = PromiseMove.objects.filter(promise__in=rows, at__gte=since).select_related("promise")
    lines += [f"{move.promise.text}：{move.get_before_display()} → {move.get_after_display()}" for move in moves[:20]]
    title = _("您关注的 %(count)d 项承诺：季度汇总") % {"count": len(rows)}
    return Text(title, "\n".join(lines), link=link_to("desk:promises"))


def _on_proposal(title: Lazy, view: str) -> Callable[[Entry, Actor], Text | None]:
    def text(entry: Entry, actor: Actor) -> Text | None:
        row = proposal_of(entry)
        said = {"number": row.printed, "title": row.title}
        return Text(str(title) % said, link=link_to(view, row.key))

    return text


def _on_reply(title: Lazy, view: str) -> Callable[[Entry, Actor], Text | None]:
    def text(entry: Entry, actor: Actor) -> Text | None:
        row = _reply(entry)
        return Text(str(title) % {"number": row.doc_number, "title": row.title}, link=link_to(view, row.key))

    return text


def _due(title: Lazy) -> Callable[[Entry, Actor], Text | None]:
    def text(entry: Entry, actor: Actor) -> Text | None:
        row = _assignment(entry)
        if not row.is_open or row.due_date is None:
            return None
        said = {"number": row.proposal.printed, "title": row.proposal.title, "due": row.due_date.isoformat()}
        return Text(str(title) % said, units.label(row.unit, get_language() or ""), _link(row.proposal))

    return text


def _link(proposal: Proposal) -> str:
    return link_to("office:proposal", proposal.key)


def promise_due(entry: Entry, actor: Actor) -> Text | None:
    row = _promise(entry)
    said = {"due": row.due_date.isoformat()}
    title = _("承诺将于 %(due)s 到期，请补充依据") % said
    if entry.kind == "promise.look":
        title = _("请查看承诺的进展（%(due)s 到期）") % said
    return Text(title, f"{row.text}\n{row.reply.title}", link=link_to("public:promise", row.key))


def look_back_due(entry: Entry, actor: Actor) -> Text | None:
    row = _look_back(entry)
    if row.done_at is not None:
        return None
    title = _("答复 %(months)d 个月后回头看：%(title)s") % {"months": row.months, "title": row.reply.title}
    return Text(title, link=link_to("office:reply", row.reply.key))


def returned(entry: Entry, actor: Actor) -> Text | None:
    row = _assignment(entry)
    said = {"unit": units.label(row.unit, get_language() or ""), "number": row.proposal.printed}
    why = f"{row.get_return_reason_display()}：{row.return_note}"
    return Text(_("%(unit)s退回 %(number)s，请另行交办") % said, why, _link(row.proposal))


MOVED = {
    "proposal.hand_over": gettext_lazy("%(number)s 已交办：%(title)s"),
    "assignment.answer": gettext_lazy("%(number)s 已有单位办结：%(title)s"),
    "proposal.redo": gettext_lazy("%(number)s 重新办理：%(title)s"),
    "proposal.close": gettext_lazy("%(number)s 已办结：%(title)s"),
}
WORK = {
    "proposal.hand_over": gettext_lazy("新交办 %(number)s：%(title)s"),
    "proposal.redo": gettext_lazy("提出人不满意，须重新办理 %(number)s：%(title)s"),
}

NOTICES = (
    Notice("promise.moved", ("promise.move",), promise_followers, promise_moved, may_see_promise),
    Notice("promise.moved", ("promise.speak",), promise_followers, promise_spoken, may_see_promise),
    Notice("promise.quarter", ("follow.digest",), reader, quarter, is_oneself),
    *(
        Notice("proposal.moved", (kind,), proposal_followers, _on_proposal(title, "desk:proposal"), may_see_proposal)
        for kind, title in MOVED.items()
    ),
    Notice(
        "proposal.moved",
        ("reply.publish",),
        proposal_followers,
        _on_reply(gettext_lazy("答复已发布：%(title)s"), "public:reply"),
        may_see_reply,
    ),
    *(
        Notice("proposal.work", (kind,), handlers, _on_proposal(title, "office:proposal"), may_see_proposal)
        for kind, title in WORK.items()
    ),
    Notice("proposal.work", ("assignment.return",), office, returned, may_hand_over),
    Notice(
        "proposal.work",
        ("assignment.remind",),
        handler,
        _due(gettext_lazy("%(number)s 将于 %(due)s 到期：%(title)s")),
        may_handle,
    ),
    Notice(
        "proposal.work",
        ("assignment.overdue",),
        handler,
        _due(gettext_lazy("%(number)s 已过期限（%(due)s）：%(title)s")),
        may_handle,
        is_urgent=True,
    ),
    Notice("proposal.work", ("promise.remind", "promise.look"), owners, promise_due, may_keep_promise),
    Notice("proposal.work", ("look_back.remind",), issuers, look_back_due, may_look_back),
    Notice(
        "proposal.work",
        ("reply.remind_publish",),
        issuers,
        _on_reply(gettext_lazy("答复已过公开期限，尚未发布：%(number)s %(title)s"), "office:reply"),
        may_keep_reply,
    ),
)
