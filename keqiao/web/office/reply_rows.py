"""Correcting what was read in a reply, row by row: accept, change, split, take out, add, undo."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.proposals import actions, merging, queries
from keqiao.apps.proposals.models import Correction, Op, Reply
from keqiao.web.office import reply_forms as shapes
from keqiao.web.office.reply import desk, row_form
from keqiao.web.parts import proposals as parts
from keqiao.web.parts import reasons, reply_desk
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


class Wrong(Exception):
    """A form that has to be shown again, under the name by which the page knows it."""

    def __init__(self, name: str, *bound: forms.Form) -> None:
        super().__init__(name)
        self.name, self.bound = name, bound


def _item(request: Request, row: Reply) -> reply_desk.Item:
    """The row the form speaks of; one that is not there any more was changed by somebody else."""
    key = str(request.POST.get("row", ""))
    items = reply_desk.items(queries.figures_of(row), row.promises.all())
    found = next((item for item in items if item.key == key), None)
    if found is None:
        raise ValidationError(_("这一行已经不在了，可能刚被别人改过。"))
    return found


def _accept(request: Request, row: Reply) -> str:
    item = _item(request, row)
    actions.correct(
        row, kind=item.kind, field="tier", start=item.row.start, end=item.row.end, value="core",
        reason=_("已核对，无误"), by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return _("已接受。")


def _remove(request: Request, row: Reply) -> str:
    item = _item(request, row)
    reason = _("不是数字指标") if item.kind == "figure" else _("不是承诺")
    actions.correct(
        row, kind=item.kind, op=Op.REMOVE, start=item.row.start, end=item.row.end, reason=reason, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return _("已去除，可以在更正记录里撤销。")


def _edit(request: Request, row: Reply) -> str:
    item = _item(request, row)
    form = row_form(item, row, request.POST)
    if not form.is_valid():
        raise Wrong("edit", form)
    values = form.changes()
    if not values:
        return _("没有改动。")
    with told(form, "edit"):
        actions.correct_fields(
            row, kind=item.kind, start=item.row.start, end=item.row.end, values=values,
            reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now(),
        )  # fmt: skip
    return _("已保存更正。")


def _split(request: Request, row: Reply) -> str:
    item = _item(request, row)
    form = shapes.SplitForm(request.POST, auto_id="split_%s")
    pieces = form.pieces(row.text[item.row.start : item.row.end]) if form.is_valid() else []
    if form.errors:
        raise Wrong("split", form)
    with told(form, "split"):
        actions.correct(
            row, kind=item.kind, op=Op.SPLIT, start=item.row.start, end=item.row.end, value=pieces,
            reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now(),
        )  # fmt: skip
    return _("已拆分。")


def _mark(request: Request, row: Reply) -> str:
    """Add what was not read: a figure or a promise at the chosen words."""
    form = shapes.MarkForm(request.POST, text=row.text, auto_id="mark_%s")
    is_figure = request.POST.get("kind") != "promise"
    made = shapes.NewFigureForm if is_figure else shapes.PromiseForm
    fields = made(request.POST, prefix="f" if is_figure else "p", auto_id=f"mark{'f' if is_figure else 'p'}_%s")
    if not all((form.is_valid(), fields.is_valid())):
        raise Wrong("mark", form, fields)
    start, end = form.cleaned_data["place"]
    given = {name: value for name, value in fields.cleaned_data.items() if name in fields.NAMES and value}
    values = {name: fields.stored(name, value) for name, value in given.items()}
    with told(form, "mark", fields):
        actions.correct(
            row, kind=form.cleaned_data["kind"], op=Op.ADD, start=start, end=end, value=values,
            reason=fields.cleaned_data["reason"], by=request.actor, at=timezone.now(),
        )  # fmt: skip
    return _("已标记。")


def _meta(request: Request, row: Reply) -> str:
    form = shapes.MetaForm(request.POST, meta=queries.corrected(row).meta, auto_id="meta_%s")
    if not form.is_valid():
        raise Wrong("meta", form)
    with told(form, "meta"):
        actions.correct_fields(
            row, kind="meta", values=form.changes(), reason=form.cleaned_data["reason"], by=request.actor,
            at=timezone.now(),
        )  # fmt: skip
    return _("已保存更正。")


def _answer(request: Request, row: Reply) -> str:
    start, end = (parts.whole(str(request.POST.get(name, "")), digits=9) for name in ("start", "end"))
    answers = [one for suggestion in queries.corrected(row).suggestions for one in suggestion["answers"]]
    answer = next((one for one in answers if merging.extent(one) == (start, end)), None)
    if answer is None or start is None or end is None:
        raise ValidationError(_("这一行已经不在了，可能刚被别人改过。"))
    form = shapes.AnswerForm(request.POST, answer=answer, auto_id=f"answer{start}_%s")
    if not form.is_valid():
        raise Wrong("answer", form)
    with told(form, "answer"):
        actions.correct_fields(
            row, kind="answer", start=start, end=end, values=form.changes(), reason=str(shapes.COMPARED),
            by=request.actor, at=timezone.now(),
        )  # fmt: skip
    return _("已保存更正。")


def _correction(request: Request, row: Reply) -> Correction:
    number = parts.whole(str(request.POST.get("correction", "")), digits=12)
    found = row.corrections.filter(pk=number).first() if number else None
    if found is None:
        raise Http404
    found.reply = row
    return found


def _undo(request: Request, row: Reply) -> str:
    actions.withdraw_correction(_correction(request, row), by=request.actor, at=timezone.now())
    return _("已撤销，原来的读法恢复。")


def _move(request: Request, row: Reply) -> str:
    """Give a correction that lost its place the words it speaks of now."""
    correction = _correction(request, row)
    form = shapes.PlaceForm(request.POST, text=row.text, auto_id=f"move{correction.pk}_%s")
    if not form.is_valid():
        raise Wrong("move", form)
    start, end = form.cleaned_data["place"]
    with told(form, "move"):
        actions.move_correction(correction, start=start, end=end, by=request.actor, at=timezone.now())
    return _("更正已移到新的位置。")


DOINGS: Mapping[str, Callable[[Request, Reply], str]] = {
    "accept": _accept, "remove": _remove, "edit": _edit, "split": _split, "mark": _mark, "meta": _meta,
    "answer": _answer, "undo": _undo, "move": _move,
}  # fmt: skip


class told:
    """Puts what an action found wrong beside the fields of its form."""

    def __init__(self, form: forms.Form, name: str, *more: forms.Form) -> None:
        self.form, self.name, self.more = form, name, more

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ValidationError):
            add_errors(self.form, error)
            raise Wrong(self.name, self.form, *self.more) from error


@require_POST
@login_required
def correct(request: Request, key: str) -> HttpResponse:
    parts.require_office(request)
    row = parts.find_reply(request, key)
    doing = DOINGS.get(str(request.POST.get("do", "")))
    if doing is None:
        raise Http404
    problems, wrong = [], None
    try:
        said = doing(request, row)
    except Refused as refusal:
        problems = [reasons.sentence(refusal.reason)]
    except ValidationError as error:
        problems = list(error.messages)
    except Wrong as error:
        wrong = error
    else:
        return _done(request, row, said)
    return _again(request, parts.find_reply(request, key), problems, wrong)


def _done(request: Request, row: Reply, said: str) -> HttpResponse:
    """Back to the desk: its part for the script, the page at the row for everybody else."""
    if request.htmx:
        fresh = parts.find_reply(request, row.key)
        return render(request, "office/_reply_desk.html", desk(request, fresh) | {"said": said, "edit_form": None})
    messages.success(request, said)
    chosen, shown = str(request.POST.get("row", "")), str(request.POST.get("show", ""))
    query = f"?show={shown}" if shown in reply_desk.SHOWN else ""
    at = f"#row-{chosen}" if chosen.replace("-", "").isalnum() else ""
    return redirect(f"{reverse('office:reply', kwargs={'key': row.key})}{query}{at}")


def _again(request: Request, row: Reply, problems: list[str], wrong: Wrong | None) -> HttpResponse:
    """The desk with what is wrong; a part for the script comes with 200, for it would not be shown otherwise."""
    context = desk(request, row) | {"problems": problems, "wrong": wrong.name if wrong else ""}
    for form in wrong.bound if wrong else ():
        context |= _bound(wrong.name if wrong else "", form)
    if request.htmx:
        return render(request, "office/_reply_desk.html", context)
    return render(
        request, "office/reply_correct.html", context | {"section": "office", "tab": "replies"}, status=422
    )  # fmt: skip


def _bound(name: str, form: forms.Form) -> dict[str, Any]:
    if isinstance(form, shapes.NewFigureForm):
        return {"mark_figure_form": form}
    if name == "mark" and isinstance(form, shapes.PromiseForm):
        return {"mark_promise_form": form}
    return {f"{name}_form": form}
