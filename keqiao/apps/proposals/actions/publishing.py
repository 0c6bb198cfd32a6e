"""From a checked reply to a public one: two people, one decision on publication, and what follows from it."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import clocks, names, permissions
from keqiao.apps.proposals.models import (
    PUBLIC,
    Body,
    ContactForm,
    Feedback,
    LookBack,
    Promise,
    ProposalState,
    Reply,
    ReplyState,
)
from keqiao.catalogue import proposals as rulebook

from ._common import lock, require_day, require_state
from .handing import redo
from .stating import state_figures

LOOK_BACKS = ("look_back_first", "look_back_second")


def check_reply(reply: Reply, *, by: Actor, at: datetime) -> None:
    """Somebody has compared what was read with the text. Corrections that lost their place are looked at first."""
    with ledger.action("reply.check", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, ReplyState.IMPORTED)
        _require_current(reply)
        reply.state, reply.checked_by, reply.updated_at = ReplyState.CHECKED, by.key, at
        reply.save()


def return_reply(reply: Reply, *, reason: str, by: Actor, at: datetime) -> None:
    """Back to those who correct it, with the reason."""
    with ledger.action("reply.return", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, ReplyState.CHECKED)
        if not reason.strip():
            raise ValidationError({"reason": _("请写明退回的理由。")})
        reply.state, reply.checked_by, reply.updated_at = ReplyState.IMPORTED, "", at
        reply.save()
        entry.change(reason=reason.strip()[:500])


def publish_reply(reply: Reply, *, by: Actor, at: datetime, published_date: date | None = None) -> None:
    """Show it to everybody, in full or by its abstract; from now on its promises are followed, its figures stated.

    `published_date` is for replies that were published elsewhere before they came here. A newer version takes over the
    promises of the one before that stand in both, with all that people said of them.
    """
    with ledger.action("reply.publish", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_publish_reply(by, reply))
        require_state(reply, ReplyState.CHECKED)
        _require_current(reply)
        if reply.publication not in PUBLIC:
            raise ledger.Refused("no_publication_decision")
        day = published_date or localdate(at)
        require_day(day, field="published_date", on=localdate(at), earliest=reply.signed_date)
        reply.state, reply.published_by, reply.published_date = ReplyState.PUBLISHED, by.key, day
        reply.linked_at, reply.updated_at = None, at
        reply.save()
        moved = _take_over(reply)
        state_figures(reply, by=by, at=at)
        if reply.supersedes is not None:
            state_figures(reply.supersedes, by=by, at=at)
        _plan_look_backs(reply, day)
        entry.change(published_date=day.isoformat(), publication=reply.publication, promises_taken_over=moved)


def withdraw_reply(reply: Reply, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a published reply down, with the reason; the row and its trace stay."""
    with ledger.action("reply.withdraw", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, ReplyState.PUBLISHED)
        if not reason.strip():
            raise ValidationError({"reason": _("请写明撤下的理由。")})
        reply.state, reply.updated_at = ReplyState.WITHDRAWN, at
        reply.save()
        state_figures(reply, by=by, at=at)
        entry.change(reason=reason.strip()[:500])


def record_feedback(
    reply: Reply, *, process: str, result: str, date: date, by: Actor, at: datetime, contact_form: str = ""
) -> None:
    """What the proposer said of process and result. Not satisfied with the result: it is handled again."""
    with ledger.action("reply.feedback", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_record_feedback(by, reply))
        if reply.answered_date is None:
            raise ValidationError({"date": _("请先填写答复日期。")})
        for name, value in (("process", process), ("result", result)):
            if value not in Feedback.values:
                raise ValidationError({name: _("请选择满意、基本满意或不满意。")})
        if contact_form and contact_form not in ContactForm.values:
            raise ValidationError({"contact_form": _("请选择沟通方式。")})
        require_day(date, field="date", on=localdate(at), earliest=reply.answered_date)
        reply.feedback_process, reply.feedback_result, reply.feedback_date = process, result, date
        reply.contact_form, reply.updated_at = contact_form or reply.contact_form, at
        reply.save()
        proposal = reply.proposal
        if result == Feedback.DISSATISFIED and proposal is not None and proposal.state == ProposalState.ANSWERED:
            redo(proposal, on=date, by=by, at=at)
        entry.change(process=process, result=result, date=date.isoformat())


def record_look_back(look_back: LookBack, *, note: str, by: Actor, at: datetime, result_class: str = "") -> None:
    """What became of a matter that was "being solved": how far it is solved now, and how one sees that."""
    with ledger.action("look_back.record", by=by, at=at, subject=names.subject_of(look_back)) as entry:
        lock(look_back)
        entry.require(permissions.can_look_back(by, look_back))
        if look_back.done_at is not None:
            raise ledger.Refused("look_back_done")
        if not note.strip():
            raise ValidationError({"note": _("请写明目前的情况。")})
        if result_class not in rulebook.result_classes(places.region().code):
            raise ValidationError({"result_class": _("请选择办理结果的类别。")})
        look_back.done_at, look_back.done_by = at, by.key
        look_back.note, look_back.result_class = note.strip(), result_class
        look_back.save()
        entry.change(result_class=result_class)


def _require_current(reply: Reply) -> None:
    if not reply.is_current:
        raise ledger.Refused("reply_not_current")


def _take_over(reply: Reply) -> int:
    """Move the promises that stand in both versions to the new one; they keep their keys, evidence and voices."""
    if reply.supersedes is None:
        return 0
    fresh = list(reply.promises.filter(is_lost=False))
    moved = 0
    for old in reply.supersedes.promises.filter(is_lost=False):
        same = next((row for row in fresh if row.text == old.text), None)
        if same is not None:
            fresh.remove(same)
            _replace(same, old)
            moved += 1
    return moved


def _replace(fresh: Promise, old: Promise) -> None:
    """The old row goes to the new place; the new one, which nobody has seen yet, is not needed."""
    taken = ("reply", "start", "end", "sentence_start", "sentence_end", "sentence", "suggestion")
    values = {name: getattr(fresh, name) for name in taken}
    fresh.delete()
    for name, value in values.items():
        setattr(old, name, value)
    old.checked_on = None
    old.save()


def _plan_look_backs(reply: Reply, day: date) -> None:
    found = rulebook.result_classes(places.region().code).get(reply.result_class)
    if found is None or not found.look_back:
        return
    start = reply.answered_date or reply.signed_date or day
    body = reply.proposal.body if reply.proposal else Body.NPC
    for name in LOOK_BACKS:
        rule = clocks.rule(name, body=body, on=day)
        LookBack.objects.get_or_create(
            reply=reply, months=rule.value, defaults={"due_date": rule.last_day(start), "rule": rule.version}
        )
