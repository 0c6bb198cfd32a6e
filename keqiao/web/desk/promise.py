"""One promise: its sentence, what is cited for it, what each side says, and what the reader may add in their role."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.files import actions as files
from keqiao.apps.files import queries as attached
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.figures import queries as published
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.proposals import actions, permissions, queries
from keqiao.apps.proposals.models import Evidence, EvidenceKind, Promise, VoiceRole
from keqiao.apps.proposals.names import subject_of
from keqiao.web.desk import promise_forms as shapes
from keqiao.web.parts import proposals as parts
from keqiao.web.parts import reasons
from keqiao.web.parts.downloads import file_answer
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors

Given = dict[str, Any]
MOST_EDITIONS = 30
Write = Callable[[Request, Promise, Given, datetime], object]


def roles(request: Request, row: Promise) -> list[str]:
    """The roles in which the reader may say how it stands."""
    return [role for role in VoiceRole.values if permissions.can_speak(request.actor, row, role=role).allowed]


def may_open_files(request: Request, row: Promise, *, speaks: Sequence[str]) -> bool:
    """Files that are cited may hold more than is public: for the unit, who signed, and who reads as a third."""
    outside = {VoiceRole.PROPOSER, VoiceRole.THIRD}
    return bool(outside & set(speaks)) or permissions.can_keep_promise(request.actor, row).allowed


def _speak(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.speak(row, **given, by=request.actor, at=at)


def _add_file(request: Request, row: Promise, given: Given, at: datetime) -> None:
    upload = given["file"]
    permit = permissions.can_keep_promise(request.actor, row)
    kept = files.attach(
        subject=subject_of(row), name=upload.name, content=upload.read(), permit=permit, purpose="evidence",
        by=request.actor, at=at,
    )  # fmt: skip
    actions.add_evidence(
        row, kind=EvidenceKind.FILE, supports=given["supports"], attachment=kept.key, note=given["note"],
        by=request.actor, at=at,
    )  # fmt: skip


def _add_sentence(request: Request, row: Promise, given: Given, at: datetime) -> None:
    start, end = given["place"]
    later = next(one for one in queries.later_replies(row) if one.key == given["later"])
    actions.add_evidence(
        row, kind=EvidenceKind.REPLY, supports=given["supports"], later=later, start=start, end=end,
        note=given["note"], by=request.actor, at=at,
    )  # fmt: skip


def _add_figure(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.add_evidence(row, kind=EvidenceKind.FIGURE, **given, by=request.actor, at=at)


def _accept(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.accept_indicator(row, by=request.actor, at=at)


def _reject(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.reject_evidence(_evidence(request, row), reason=given["reason"], by=request.actor, at=at)


def _evidence(request: Request, row: Promise) -> Evidence:
    number = str(request.POST.get("evidence", ""))
    found = next((one for one in row.evidence.all() if str(one.pk) == number), None)
    if found is None:
        raise Http404
    found.promise = row
    return found


def _edit(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.edit_promise(row, **given, by=request.actor, at=at)


def _follow(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.follow(row, by=request.actor, at=at)


def _unfollow(request: Request, row: Promise, given: Given, at: datetime) -> None:
    actions.unfollow(row, by=request.actor, at=at)


@dataclass(frozen=True)
class Step:
    """One form of the page: what it does, and what is said when it is done."""

    write: Write
    said: Any


STEPS: Mapping[str, Step] = {
    "speak": Step(_speak, gettext_lazy("看法已发表，注明身份和日期。")),
    "file": Step(_add_file, gettext_lazy("依据已加入，核对结果随后更新。")),
    "sentence": Step(_add_sentence, gettext_lazy("依据已加入，核对结果随后更新。")),
    "figure": Step(_add_figure, gettext_lazy("依据已加入，核对结果随后更新。")),
    "accept": Step(_accept, gettext_lazy("已采用这个指标。")),
    "reject": Step(_reject, gettext_lazy("已注明不采用，依据仍可查看。")),
    "edit": Step(_edit, gettext_lazy("已保存。")),
    "follow": Step(_follow, gettext_lazy("已关注，有变化时会通知您。")),
    "unfollow": Step(_unfollow, gettext_lazy("已取消关注。")),
}


def _form(
    request: Request, row: Promise, name: str, *, posted: bool, speaks: Sequence[str] | None = None
) -> forms.Form:
    given: dict[str, Any] = {"auto_id": f"{name}_%s"}
    data: tuple[Any, ...] = (request.POST, request.FILES) if posted else ()
    if name == "speak":
        return shapes.SpeakForm(*data, roles=roles(request, row) if speaks is None else speaks, **given)
    if name == "sentence":
        return shapes.SentenceForm(*data, replies=list(queries.later_replies(row)), **given)
    if name == "figure":
        return shapes.FigureForm(*data, figures=_editions(row), **given)
    if name == "edit":
        return shapes.EditForm(*data, row=row, **given)
    plain: dict[str, type[forms.Form]] = {"file": shapes.FileForm, "reject": shapes.RejectForm}
    return plain.get(name, forms.Form)(*data, **given)


def _editions(row: Promise) -> list[PublishedFigure]:
    """The published editions of its indicator, newest first."""
    return list(published.published().filter(code=row.indicator)[:MOST_EDITIONS]) if row.indicator else []


@login_required
def promise(request: Request, key: str) -> HttpResponse:
    row = parts.find_promise(request, key)
    if request.method != "POST":
        return _page(request, row)
    name = str(request.POST.get("do", ""))
    step = STEPS.get(name)
    if step is None:
        raise Http404
    form = _form(request, row, name, posted=True)
    if form.is_valid():
        given = form.changes() if isinstance(form, shapes.EditForm) else dict(form.cleaned_data)
        try:
            step.write(request, row, given, timezone.now())
            messages.success(request, str(step.said))
            return redirect("desk:promise", key=key)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        except ValidationError as error:
            add_errors(form, error)
    return _page(request, parts.find_promise(request, key), name=name, bound=form, status=422)


def _page(
    request: Request, row: Promise, *, name: str = "", bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    may_keep = row.is_live and permissions.can_keep_promise(request.actor, row).allowed
    speaks = roles(request, row)
    wanted = {
        "speak": bool(speaks), "file": may_keep, "sentence": may_keep, "figure": may_keep and bool(row.indicator),
        "edit": may_keep, "reject": may_keep,
    }  # fmt: skip
    shown = [one for one, may in wanted.items() if may]
    made = {}
    for one in shown:
        is_bound = bound is not None and one == name
        made[f"{one}_form"] = bound if is_bound else _form(request, row, one, posted=False, speaks=speaks)
    found = queries.voices(row)
    context = {
        "section": "desk",
        "row": row,
        "today": timezone.localdate(),
        "name": name,
        "bound": bound,
        "may_keep": may_keep,
        "indicators": parts.indicator_names(),
        "roles": speaks,
        "voices": [(role, label, found.get(role)) for role, label in VoiceRole.choices],
        "evidence": queries.evidence(row),
        "rejecting": str(request.POST.get("evidence", "")),
        "may_open_files": may_open_files(request, row, speaks=speaks),
        "timeline": queries.timeline(row),
        "is_following": queries.is_following(str(person(request).key), row),
        "in_office": permissions.can_list_proposals(request.actor).allowed,
        **made,
    }
    return render(request, "desk/promise.html", context, status=status)


@require_safe
@login_required
def file(request: Request, key: str, file: str) -> HttpResponse:
    """A file that is cited for a promise."""
    row = parts.find_promise(request, key)
    try:
        found = attached.attachment(file)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if found.subject != subject_of(row) or not may_open_files(request, row, speaks=roles(request, row)):
        raise Http404
    return file_answer(found)
