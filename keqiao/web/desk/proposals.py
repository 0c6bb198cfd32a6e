"""My proposals: what I signed or follow, how far it is, what was answered and promised, and what I think of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.models import Role
from keqiao.apps.proposals import actions, permissions, queries
from keqiao.apps.proposals.models import ContactForm, Feedback, Proposal, Reply, VoiceRole
from keqiao.web.parts import lists, reasons, reply_desk
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.money_fields import DayField
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors

MOST_SHOWN = 200


class FeedbackForm(forms.Form):
    """What the proposer says of how it was handled and of the result."""

    process = forms.ChoiceField(label=gettext_lazy("对办理过程"), choices=Feedback.choices)
    result = forms.ChoiceField(
        label=gettext_lazy("对办理结果"), choices=Feedback.choices,
        help_text=gettext_lazy("对结果不满意的，承办单位重新办理，在规定期限内再次答复。"),
    )  # fmt: skip
    date = DayField(label=gettext_lazy("反馈日期"))
    contact_form = forms.ChoiceField(
        label=gettext_lazy("沟通方式"), choices=[("", "—"), *ContactForm.choices], required=False
    )


@require_safe
@login_required
def proposals(request: Request) -> HttpResponse:
    """What stands under my name, what I follow, and the promises of both; for third readers, what waits for them."""
    key = str(person(request).key)
    signed = queries.signed_by(key)
    followed = queries.followed_proposals(key).exclude(pk__in=signed.order_by().values("pk"))
    promises = queries.followed_promises(key)
    context = {
        "section": "desk",
        "today": timezone.localdate(),
        "signed": signed[:MOST_SHOWN],
        "followed": followed[:MOST_SHOWN],
        "page": lists.page_of(request, promises),
        "indicators": SimpleLazyObject(parts.indicator_names),
        "reads_third": request.actor.has(Role.EXPERT, Role.AUDITOR),
        "to_read": _to_read(request),
    }
    return render(request, "desk/proposals.html", context)


def _to_read(request: Request) -> list[Any]:
    """Published promises of which the unit has spoken and no third person has: whoever may read them is shown some."""
    if not request.actor.has(Role.EXPERT, Role.AUDITOR):
        return []
    return list(queries.promises_for_third_reading()[:MOST_SHOWN])


@login_required
def proposal(request: Request, key: str) -> HttpResponse:
    row = parts.find_proposal(request, key)
    if request.method != "POST":
        return _page(request, row)
    name, at, by = str(request.POST.get("do", "")), timezone.now(), request.actor
    bound: FeedbackForm | None = None
    try:
        if name == "follow":
            actions.follow(row, by=by, at=at)
            messages.success(request, _("已关注，有变化时会通知您。"))
        elif name == "unfollow":
            actions.unfollow(row, by=by, at=at)
            messages.success(request, _("已取消关注。"))
        elif name == "feedback":
            reply = _reply(request, row)
            bound = FeedbackForm(request.POST, auto_id=f"feedback{reply.pk}_%s")
            if not bound.is_valid():
                return _page(request, row, bound=bound, status=422)
            actions.record_feedback(reply, **bound.cleaned_data, by=by, at=at)
            messages.success(request, _("反馈已记录，承办单位会看到。"))
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        if bound is None:
            raise
        add_errors(bound, error)
        return _page(request, row, bound=bound, status=422)
    return redirect("desk:proposal", key=key)


def _reply(request: Request, row: Proposal) -> Reply:
    wanted = str(request.POST.get("reply", ""))
    found = next((one for one in queries.replies(request.actor, proposal=row) if one.key == wanted), None)
    if found is None:
        raise Http404
    return found


def _page(request: Request, row: Proposal, *, bound: FeedbackForm | None = None, status: int = 200) -> HttpResponse:
    on, wanted = timezone.localdate(), str(request.POST.get("reply", ""))
    replies = list(queries.replies(request.actor, proposal=row).defer(None))
    signed = permissions.is_signer(request.actor, row)
    context = {
        "section": "desk",
        "row": row,
        "today": on,
        "bound": bound,
        "is_signer": signed,
        "replies": [
            (one, (bound if bound is not None and one.key == wanted else FeedbackForm(
                initial={"date": on, "process": one.feedback_process, "result": one.feedback_result},
                auto_id=f"feedback{one.pk}_%s")) if signed and one.answered_date else None, one.key == wanted)
            for one in replies
        ],
        "matrix": queries.suggestion_matrix(row, actor=request.actor, among=replies),
        "promises": queries.promises(request.actor).filter(reply__proposal=row),
        "indicators": SimpleLazyObject(parts.indicator_names),
        "is_following": queries.is_following(str(person(request).key), row),
        "in_office": permissions.can_list_proposals(request.actor).allowed,
    }  # fmt: skip
    return render(request, "desk/proposal.html", context, status=status)


@require_safe
@login_required
def reply(request: Request, key: str) -> HttpResponse:
    """A reply to read: its text with figures and promises marked, the promises beside it."""
    row = parts.find_reply(request, key)
    items = reply_desk.items(queries.figures_of(row), row.promises.all())
    context = {
        "section": "desk",
        "row": row,
        "today": timezone.localdate(),
        "lines": reply_desk.lines(queries.pieces(row, actor=request.actor), items),
        "promises": [item.row for item in items if item.kind == "promise"],
        "figures": [item for item in items if item.kind == "figure"],
        "roles": dict(VoiceRole.choices),
    }
    return render(request, "desk/reply.html", context)
