"""Published replies: found by words, year, department, body and result; one with its text, rows, versions."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.proposals import permissions, queries
from keqiao.apps.proposals.models import Body, Reply
from keqiao.apps.proposals.queries import board
from keqiao.web.parts import lists, reply_files, reply_record, reply_words
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request

_PASSAGE = re.compile(r"(\d{1,7})-(\d{1,7})")


class RepliesForm(forms.Form):
    """What to look for; a value that is not offered counts as none."""

    q = forms.CharField(label=_("关键词"), max_length=60, required=False, widget=forms.TextInput({"type": "search"}))
    year = forms.TypedChoiceField(label=_("年份"), coerce=int, empty_value=None, required=False)
    unit = forms.ChoiceField(label=_("答复单位"), required=False)
    body = forms.ChoiceField(label=_("来自"), required=False, choices=[("", _("不限")), *Body.choices])
    result_class = forms.ChoiceField(label=_("办理结果"), required=False)

    def __init__(self, *args: Any, facets: board.Facets, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("year", _("全部年份"), [(year, str(year)) for year in facets.years])
        self._offer("unit", _("全部单位"), [(code, reply_words.unit_name(code)) for code in facets.units])
        self._offer("result_class", _("全部结果"), [(code, reply_words.result_name(code)) for code in facets.classes])

    def _offer(self, name: str, every: Any, choices: list[Any]) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]


@require_safe
def replies(request: Request) -> HttpResponse:
    facets = board.reply_facets()
    form = RepliesForm(request.GET, facets=facets)
    form.is_valid()  # what is not offered is left out
    rows = board.published_replies(**{name: value for name, value in form.cleaned_data.items() if value})
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-replies")
    page = lists.page_of(request, rows)
    context = {
        "section": "reply", "form": form, "page": page, "rows": page.object_list,
        "is_filtered": lists.is_filtered(request.GET),  "any": bool(facets.years),
    }  # fmt: skip
    return render(request, "public/_replies.html" if request.htmx else "public/replies.html", context)


@require_safe
def reply(request: Request, key: str) -> HttpResponse:
    try:
        row = queries.reply(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.can_see_reply(request.actor, row).allowed:
        raise Http404
    versions = [one for one in queries.versions(row) if permissions.can_see_reply(request.actor, one).allowed]
    context = {"section": "reply", "row": row, "proposal": row.proposal, "versions": versions}
    if permissions.can_see_whole_reply(request.actor, row).allowed:
        sheet = reply_record.sheet_of(row, actor=request.actor, cited=_cited(request, row))
        if request.GET.get("file") in reply_files.KINDS:
            return reply_files.answer(sheet, kind=request.GET["file"], name=row.key)
        corrections = [one for one in row.corrections.all() if one.withdrawn_at is None]
        context |= {"sheet": sheet, "meta": sheet.reply.meta, "corrections": corrections}
    elif request.GET.get("file"):
        raise Http404
    return render(request, "public/reply.html", context)


def _cited(request: Request, row: Reply) -> tuple[int, int] | None:
    """The passage of `?at=120-168`, as far as the text has it."""
    match = _PASSAGE.fullmatch(request.GET.get("at", ""))
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= len(row.text) else None


COLUMNS = [
    Column(_("编号"), lambda row: row.key),
    Column(_("文号"), lambda row: row.doc_number),
    Column(_("标题"), lambda row: row.title),
    Column(_("答复单位"), reply_words.issuer_name),
    Column(_("成文日期"), lambda row: row.signed_date, "date"),
    Column(_("发布日期"), lambda row: row.published_date, "date"),
    Column(_("来自"), lambda row: row.proposal.get_body_display() if row.proposal else ""),
    Column(_("建议提案编号"), lambda row: row.proposal.printed if row.proposal else ""),
    Column(_("办理结果"), lambda row: reply_words.result_name(row.result_class) if row.result_class else ""),
    Column(_("数字指标"), lambda row: row.figure_count, "number"),
    Column(_("承诺事项"), lambda row: row.promise_count, "number"),
]
