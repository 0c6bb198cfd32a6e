"""One introduction: both sides, where it stands, what is said, what comes next."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.files import actions as files
from keqiao.apps.files import queries as attached
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, answers, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.actions.introductions import subject_of
from keqiao.apps.market.models import WILLING_STATES, DeclineReason, Introduction, Listing, Secrecy, Side
from keqiao.apps.parties import queries as parties
from keqiao.web.desk import introduction_forms as shapes
from keqiao.web.desk.introductions import tabs
from keqiao.web.parts import reasons
from keqiao.web.parts.downloads import file_answer
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors

Do = Callable[[Request, Introduction, datetime], None]


def find(request: Request, key: str) -> Introduction:
    """An introduction for its page; one that may not be seen looks like none."""
    try:
        return market.introduction(key, request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _answer(request: Request, row: Introduction, at: datetime) -> None:
    actions.introductions.answer(
        row, side=_posted(request, "side"), answer=_posted(request, "answer"), reason=_posted(request, "reason"),
        note=_posted(request, "note"), by=request.actor, at=at,
    )  # fmt: skip


def _decline(request: Request, row: Introduction, at: datetime) -> None:
    actions.introductions.decline(
        row, side=Side.BROKER, reason=_posted(request, "reason"), note=_posted(request, "note"), by=request.actor, at=at
    )


def _promise(request: Request, row: Introduction, at: datetime) -> None:
    actions.introductions.promise_secrecy(row, side=_posted(request, "side"), by=request.actor, at=at)


def _open(request: Request, row: Introduction, at: datetime) -> None:
    listing: Listing = row.need if _posted(request, "listing") == "need" else row.offer
    actions.disclose(listing, to=person(request), by=request.actor, at=at)


def _take(request: Request, row: Introduction, at: datetime) -> None:
    actions.contacts.take(row, by=request.actor, at=at)


def _remove(request: Request, row: Introduction, at: datetime) -> None:
    file = _file(row, _posted(request, "file"))
    permit = permissions.can_remove_file(request.actor, row, uploader=file.by)
    files.remove(file, permit=permit, by=request.actor, at=at)


def _move(request: Request, row: Introduction, at: datetime) -> None:
    """The board's one list of what can happen next: `yes:<side>`, `talk`, `agree`, `no:<reason>`."""
    step, _, value = _posted(request, "move").partition(":")
    by = request.actor
    if step == "yes":
        actions.introductions.answer(row, side=value, answer="yes", by=by, at=at)
    elif step == "talk":
        actions.introductions.talk(row, by=by, at=at)
    elif step == "agree":
        actions.introductions.agree(row, by=by, at=at)
    elif step == "no":
        actions.introductions.decline(row, side=Side.BROKER, reason=value, by=by, at=at)
    else:
        raise ValidationError(gettext("请先选择要做什么。"))


def _posted(request: Request, name: str) -> str:
    return str(request.POST.get(name, ""))


# Each button of the page: what it does, and what is said when it is done.
BUTTONS: dict[str, tuple[Do, Any]] = {
    "answer": (_answer, gettext_lazy("答复已记录。")),
    "promise": (_promise, gettext_lazy("已确认保密，时间已记录。")),
    "open": (_open, gettext_lazy("全文已打开，查看已记入台账。")),
    "move": (_move, gettext_lazy("已更新。")),
    "talk": (lambda request, row, at: actions.introductions.talk(row, by=request.actor, at=at),
             gettext_lazy("已开始洽谈。")),
    "agree": (lambda request, row, at: actions.introductions.agree(row, by=request.actor, at=at),
              gettext_lazy("已达成。")),
    "resume": (lambda request, row, at: actions.introductions.resume(row, by=request.actor, at=at),
               gettext_lazy("已恢复洽谈。")),
    "decline": (_decline, gettext_lazy("已记为未成。")),
    "reopen": (lambda request, row, at: actions.introductions.reopen(row, by=request.actor, at=at),
               gettext_lazy("已重新发起。")),
    "take": (_take, gettext_lazy("您已认领，现在由您负责。")),
    "remove": (_remove, gettext_lazy("附件已移除。")),
}  # fmt: skip


@login_required
def introduction(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    if request.method != "POST":
        return _page(request, row, _forms(request))
    what, at = _posted(request, "do"), timezone.now()
    if what not in BUTTONS:
        return _submit(request, row, what, at=at)
    act, said = BUTTONS[what]
    try:
        act(request, row, at)
        messages.success(request, str(said))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:board") if _posted(request, "back") == "board" else redirect("desk:introduction", key=key)


def _forms(request: Request, bound: str = "") -> dict[str, forms.Form]:
    """The page's forms; only the one that was sent is bound."""
    data = {name: request.POST if name == bound else None for name in ("log", "plan", "message", "file", "hand-over")}
    on = timezone.localdate()
    return {
        "log": shapes.LogForm(data["log"], on=on, auto_id="log_%s"),
        "plan": shapes.PlanForm(data["plan"], auto_id="plan_%s"),
        "message": shapes.MessageForm(data["message"], auto_id="message_%s"),
        "file": shapes.FileForm(data["file"], request.FILES if data["file"] else None, auto_id="file_%s"),
        "hand-over": shapes.HandOverForm(
            data["hand-over"], people=list(parties.brokers(on=on)[:300]) if bound == "hand-over" else [],
            auto_id="over_%s",
        ),
    }  # fmt: skip


def _submit(request: Request, row: Introduction, what: str, *, at: datetime) -> HttpResponse:
    """One of the page's forms; with errors the page comes back as it was typed."""
    shown = _forms(request, what)
    form = shown.get(what)
    if form is None:
        raise Http404
    if form.is_valid() and _write(request, row, what, form, at=at):
        messages.success(request, gettext("已保存。"))
        return redirect("desk:introduction", key=row.key)
    return _page(request, find(request, row.key), shown, status=422)


def _write(request: Request, row: Introduction, what: str, form: forms.Form, *, at: datetime) -> bool:
    values, by = form.cleaned_data, request.actor
    try:
        if what == "log":
            actions.contacts.log_contact(row, by=by, at=at, **values)
        elif what == "plan":
            actions.contacts.plan(row, by=by, at=at, **values)
        elif what == "message":
            actions.contacts.write_message(row, by=by, at=at, **values)
        elif what == "hand-over":
            actions.contacts.hand_over(row, to=parties.user(values["to"]), reason=values["reason"], by=by, at=at)
        else:
            permit = permissions.can_write_message(by, row)
            file = values["file"]
            files.attach(subject=subject_of(row), name=file.name, content=file.read(), permit=permit, by=by, at=at)
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
        return False
    return True


def _page(
    request: Request, row: Introduction, shown: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:  # fmt: skip
    at, actor = timezone.now(), request.actor
    face = market.introduction_face(row, actor, at=at)
    full = {"seeker": market.face(row.need, actor), "provider": market.face(row.offer, actor)}
    may_write = permissions.can_write_message(actor, row).allowed
    if face.is_handler and not shown["hand-over"].is_bound:
        people = [person for person in parties.brokers(on=localdate(at))[:300] if person.user_id != row.owner_id]
        shown["hand-over"] = shapes.HandOverForm(people=people, auto_id="over_%s")
    if not shown["plan"].is_bound:
        shown["plan"].initial = {"next_action": row.next_action, "next_action_date": row.next_action_date}
    context = {
        **tabs(request, "list"),
        "face": face,
        "full": full,
        "verdicts": answers.verdicts(row.need, row.offer) if not any(side.hidden for side in full.values()) else [],
        "kept_back": any(side.hidden for side in full.values()),
        "openable": {
            "seeker": permissions.can_open(actor, row, row.need),
            "provider": permissions.can_open(actor, row, row.offer),
        },
        "messages_shown": permissions.can_read_messages(actor, row).allowed,
        "conversation": market.message_faces(row, actor),
        "contacts": row.contacts.select_related("author") if face.is_handler else [],
        "files": _files(row, actor),
        "may_write": may_write,
        "may_move": permissions.can_move_on(actor, row).allowed,
        "may_take": face.is_ownerless and permissions.can_take(actor, row).allowed,
        "may_reopen": row.state == "declined" and permissions.can_reopen_introduction(actor, row).allowed,
        "is_willing": row.state in WILLING_STATES,
        "hides_seeker": row.need.secrecy in (Secrecy.INTRODUCTION, Secrecy.ABSTRACT_ONLY),
        "decline_reasons": DeclineReason.choices,
        "forms": shown,
        "over": shown["hand-over"],
    }  # fmt: skip
    return render(request, "desk/introduction.html", context, status=status)


def _files(row: Introduction, actor: Any) -> list[tuple[Attachment, bool]]:
    """The files of an introduction, each with whether the actor may take it off; none for who may not read them."""
    if not permissions.can_read_messages(actor, row).allowed:
        return []
    return [
        (file, permissions.can_remove_file(actor, row, uploader=file.by).allowed)
        for file in attached.attachments_of(subject_of(row))
    ]


def _file(row: Introduction, key: str) -> Attachment:
    try:
        file = attached.attachment(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if file.subject != subject_of(row):
        raise Http404
    return file


@require_safe
@login_required
def download(request: Request, key: str, file: str) -> HttpResponse:
    row = find(request, key)
    if not permissions.can_read_messages(request.actor, row).allowed:
        raise Http404
    return file_answer(_file(row, file))
