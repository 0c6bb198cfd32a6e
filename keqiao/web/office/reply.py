"""One reply in the office: its text beside what was read in it, what is remarked, and the steps until it is public."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.proposals import actions, merging, permissions, queries
from keqiao.apps.proposals.models import CorrectionState, Reply, ReplyState
from keqiao.apps.proposals.names import subject_of
from keqiao.web.office import reply_forms as shapes
from keqiao.web.parts import proposals as parts
from keqiao.web.parts import reply_desk, reply_remarks
from keqiao.web.parts.page_steps import Step, asked, plain, take
from keqiao.web.parts.request import Request


def _publish(request: Request, row: Reply, given: dict[str, Any], at: datetime) -> None:
    actions.publish_reply(row, published_date=given["published_date"], by=request.actor, at=at)


def _link(request: Request, row: Reply, given: dict[str, Any], at: datetime) -> None:
    wanted = given["proposal"].strip()
    found = list(queries.proposals(request.actor, on=timezone.localdate(), q=wanted)[:2])
    exact = [one for one in found if wanted in (one.printed, one.key, one.number)] or found
    if len(exact) != 1:
        text = _("没有找到这件建议提案。") if not exact else _("找到不止一件，请把编号写完整。")
        raise ValidationError({"proposal": text})
    actions.link_proposal(row, exact[0], by=request.actor, at=at)


STEPS: Mapping[str, Step] = {
    "check": Step(forms.Form, plain(actions.check_reply), gettext_lazy("已核对，请另一位同事发布。")),
    "return": Step(shapes.WhyForm, plain(actions.return_reply), gettext_lazy("已退回核对。")),
    "publish": Step(shapes.PublishForm, _publish, gettext_lazy("已发布。承诺从现在起跟踪。")),
    "withdraw": Step(shapes.WhyForm, plain(actions.withdraw_reply), gettext_lazy("已撤下，公众不再看到。")),
    "facts": Step(shapes.FactsForm, plain(actions.edit_reply), gettext_lazy("已保存。")),
    "publication": Step(
        shapes.ReplyPublicationForm, plain(actions.decide_reply_publication), gettext_lazy("公开方式已确定。")
    ),
    "feedback": Step(shapes.FeedbackForm, plain(actions.record_feedback), gettext_lazy("反馈已记录。")),
    "link": Step(shapes.LinkForm, _link, gettext_lazy("已对上建议提案。")),
    "parse": Step(forms.Form, plain(actions.read_again), gettext_lazy("已重新解析，更正仍然有效。")),
}


@login_required
def reply(request: Request, key: str) -> HttpResponse:
    parts.require_office(request)
    row = parts.find_reply(request, key)
    if request.method != "POST":
        return page(request, row)
    name, step = asked(request, STEPS)
    form = step.form(request.POST, auto_id=f"{name}_%s")
    if isinstance(form, shapes.PublishForm):
        form.ask(len(reply_remarks.remarks(row)))
    if take(request, row, step, form):
        return redirect("office:reply", key=key)
    return page(request, parts.find_reply(request, key), name=name, bound=form, status=422)


def page(
    request: Request, row: Reply, *, name: str = "", bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; asked for by htmx, the desk alone."""
    context = desk(request, row) | {"section": "office", "tab": "replies", "name": name, "bound": bound}
    if request.htmx and name == "":
        return render(request, "office/_reply_desk.html", context, status=status)
    around = _around(request, row, name, bound, found=context["found"], remarks=context["remarks"])
    return render(request, "office/reply.html", context | around, status=status)


def desk(request: Request, row: Reply) -> dict[str, Any]:
    """Text and rows side by side, the open row with its form, corrections, and what lost its place."""
    found = queries.corrected(row)
    items = reply_desk.items(queries.figures_of(row), row.promises.all())
    shown = request.GET.get("show", request.POST.get("show", ""))
    shown = shown if shown in reply_desk.SHOWN else "all"
    chosen = request.GET.get("row", request.POST.get("row", ""))
    opened = next((item for item in items if item.key == chosen), None)
    may_correct = _may_correct(request, row)
    return {
        "row": row,
        "found": found,
        "items": reply_desk.narrowed(items, shown),
        "counts": reply_desk.counts(items),
        "shown": shown,
        "chosen": chosen,
        "lines": reply_desk.lines(queries.pieces(row, actor=request.actor), items),
        "may_correct": may_correct,
        "edit_form": row_form(opened, row) if opened and may_correct else None,
        "split_form": shapes.SplitForm(auto_id="split_%s"),
        "mark_form": shapes.MarkForm(auto_id="mark_%s"),
        "mark_figure_form": shapes.NewFigureForm(auto_id="markf_%s", prefix="f"),
        "mark_promise_form": shapes.PromiseForm(auto_id="markp_%s", prefix="p"),
        "corrections": [one for one in reversed(found.corrections) if one.state != CorrectionState.LOST],
        "lost": found.lost,
        "remarks": reply_remarks.remarks(row),
        "units_known": sorted({item.row.unit for item in items if item.kind == "figure" and item.row.unit}),
    }


def row_form(item: reply_desk.Item, row: Reply, data: Any = None) -> shapes.CorrectionForm:
    made = shapes.FigureForm if item.kind == "figure" else shapes.PromiseForm
    return made(data, row=item.row, auto_id="edit_%s")


def _may_correct(request: Request, row: Reply) -> bool:
    return row.state != ReplyState.WITHDRAWN and permissions.can_keep_reply(request.actor, row).allowed


def _around(
    request: Request,
    row: Reply,
    name: str,
    bound: forms.Form | None,
    *,
    found: queries.Corrected,
    remarks: Sequence[reply_remarks.Remark],
) -> dict[str, Any]:
    """What stands around the desk: the heading, the answers, the steps, versions and history."""

    def form(wanted: str, **initial: Any) -> forms.Form:
        if bound is not None and name == wanted:
            return bound
        fresh = STEPS[wanted].form(initial=initial, auto_id=f"{wanted}_%s")
        if isinstance(fresh, shapes.PublishForm):
            fresh.ask(len(remarks))
        return fresh

    on = timezone.localdate()
    may_keep = permissions.can_keep_reply(request.actor, row).allowed
    verdict = permissions.can_publish_reply(request.actor, row)
    return {
        "may_keep": may_keep,
        "publish_refusal": "" if verdict.allowed else verdict.reason,
        "is_open": row.state in (ReplyState.IMPORTED, ReplyState.CHECKED),
        "versions": queries.versions(row),
        "meta_form": shapes.MetaForm(meta=found.meta, auto_id="meta_%s"),
        "answers": _answers(found.suggestions),
        "facts_form": form(
            "facts", answered_date=row.answered_date, result_class=row.result_class, contact_form=row.contact_form,
            abstract=row.abstract,
        ),
        "publication_form": form("publication", publication=row.publication, withheld_reason=row.withheld_reason),
        "publish_form": form("publish"),
        "return_form": form("return"),
        "withdraw_form": form("withdraw"),
        "link_form": form("link"),
        "feedback_form": form(
            "feedback", date=row.feedback_date or on, process=row.feedback_process, result=row.feedback_result
        ),
        "may_feedback": permissions.can_record_feedback(request.actor, row).allowed and row.answered_date is not None,
        "history": [entry for entry in ledger.entries_of(subject_of(row)) if entry.outcome == "done"],
    }  # fmt: skip


Part = tuple[Mapping[str, Any], tuple[int, int], forms.Form]


def _answers(suggestions: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Part]]]:
    """Each suggestion with the parts that answer it, each with its form."""
    found = []
    for suggestion in suggestions:
        parts_of: list[Part] = []
        for answer in suggestion["answers"]:
            place = merging.extent(answer)
            parts_of.append((answer, place, shapes.AnswerForm(answer=answer, auto_id=f"answer{place[0]}_%s")))
        found.append((suggestion, parts_of))
    return found
