"""Bringing tables: upload, match the columns, look at every row, let the good ones in, take the wrong ones back."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.files import actions, contents, queries
from keqiao.apps.files.kinds import ImportKind, kinds
from keqiao.apps.files.models import ImportRun
from keqiao.apps.ledger.actions import Refused
from keqiao.engines.tables import TemplateColumn, write_template
from keqiao.web.parts import imports as parts
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.export import TYPES
from keqiao.web.parts.request import Request

DO = {
    "start": actions.start_import,
    "pause": actions.pause_import,
    "resume": actions.resume_import,
    "discard": actions.discard_import,
}


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("导入什么"))
    sender = forms.ChoiceField(label=gettext_lazy("以谁的名义"))
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("Excel（.xlsx）、CSV 或 Parquet；技术需求也可以是 Word（.docx）。"),
    )

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in parts.kinds_for(request.actor)]  # type: ignore[attr-defined]
        self.fields["sender"].choices = parts.sender_choices(request.actor)  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.txt,.parquet,.docx"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > contents.MOST_BYTES:
            what = _("文件“%(name)s”超过 %(most)d MB，请压缩或拆分后再传。")
            raise ValidationError(what % {"name": file.name, "most": contents.MOST_BYTES // 1024 // 1024})
        return file


@login_required
def imports(request: Request) -> HttpResponse:
    """The form to bring a file, the templates, and the files brought before."""
    offered = parts.kinds_for(request.actor)
    if not offered:
        raise PermissionDenied
    form = UploadForm(
        request.POST or None, request.FILES or None, request=request, initial={"kind": request.GET.get("kind")}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = actions.upload_import(
                kind=kinds()[given["kind"]], sender=given["sender"], name=given["file"].name,
                content=given["file"].read(), by=request.actor, at=timezone.now(),
            )  # fmt: skip
            return redirect("desk:import", key=run.key)
        except ValidationError as error:
            form.add_error("file", error)
        except Refused as refusal:
            form.add_error("sender", reasons.sentence(refusal.reason))
    runs = queries.import_runs(senders=parts.senders(request.actor), by=request.actor.key)
    page = lists.page_of(request, runs)
    context = {"section": "desk", "form": form, "kinds": offered, "page": page}
    return render(request, "desk/imports.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def template(request: Request, kind: str) -> HttpResponse:
    """The table to fill in, with notes, lists and one example."""
    found = next((one for one in parts.kinds_for(request.actor) if one.code == kind), None)
    if found is None:
        raise Http404
    columns = [
        TemplateColumn(str(field.label), field.required, str(field.hint), field.example,
                       tuple(field.choices()) if field.choices else (), field.width)
        for field in found.fields
    ]  # fmt: skip
    words = [_("填写"), _("填写说明"), _("选项"), _("列"), _("必填"), _("说明"), _("示例")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.xlsx"
        write_template(path, columns, words=words)
        response = HttpResponse(path.read_bytes(), content_type=TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="keqiao-{kind}.xlsx"'
    return response


@require_safe
@login_required
def run_page(request: Request, key: str) -> HttpResponse:
    """One file, wherever it stands: matching, checking, preview, writing, done."""
    run = _find(request, key)
    kind = kinds()[run.kind]
    if run.state == "mapping" or ("columns" in request.GET and parts.is_open_to_matching(run)):
        return _columns_page(request, run, kind)
    counts = queries.import_counts(run)
    verdict = request.GET.get("verdict", "")
    page = lists.page_of(request, queries.import_rows(run, verdict=verdict))
    context = {
        "section": "desk",
        "run": run,
        "kind": kind,
        "counts": counts,
        "good": counts["new"] + counts["changed"],
        "verdict": verdict,
        "page": page,
        "columns": parts.shown_columns(run, kind),
        "rows": [parts.shown_row(row, run, kind) for row in page.object_list],
        "can_rematch": parts.is_open_to_matching(run),
    }
    return render(request, "desk/import.html", context)


def _columns_page(request: Request, run: ImportRun, kind: ImportKind, *, error: str = "") -> HttpResponse:
    context = {
        "section": "desk",
        "run": run,
        "kind": kind,
        "columns": parts.columns_to_match(run, kind),
        "sheets": parts.sheets_of(run),
        "error": error,
        "asks_source": kind.field("source") is not None,
        "asks_register": kind.can_submit and not run.sender.startswith("organization:"),
    }
    return render(request, "desk/import_columns.html", context, status=422 if error else 200)


@require_POST
@login_required
def columns(request: Request, key: str) -> HttpResponse:
    run = _find(request, key)
    kind = kinds()[run.kind]
    mapping = [request.POST.get(f"column-{number}", "") for number in range(len(run.headings))]
    options = {name: True for name in ("submit", "register", "consent") if request.POST.get(name)}
    source = request.POST.get("source", "").strip()[:120]
    sheet = request.POST.get("sheet") if "turn" in request.POST else None
    try:
        actions.choose_columns(
            run, mapping=mapping, sheet=sheet, options=options | ({"source": source} if source else {}),
            by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        run.mapping = mapping
        return _columns_page(request, run, kind, error=" ".join(error.messages))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("desk:import", key=run.key)


@require_POST
@login_required
def do(request: Request, key: str, what: str) -> HttpResponse:
    run = _find(request, key)
    try:
        DO[what](run, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
        return redirect("desk:import", key=key)
    if what == "discard":
        messages.success(request, _("文件和它的各行已删除；已经写入的内容不受影响。"))
        return redirect("desk:imports")
    return redirect("desk:import", key=key)


@require_safe
@login_required
def progress(request: Request, key: str) -> HttpResponse:
    """How far it is; the page is loaded anew once nothing is at work."""
    run = _find(request, key)
    response = render(request, "desk/_import_progress.html", {"run": run})
    if not parts.is_at_work(run):
        response["HX-Refresh"] = "true"
    return response


@require_safe
@login_required
def wrong(request: Request, key: str) -> HttpResponse:
    """The wrong rows as they came, each with what is wrong, to correct and bring again."""
    return parts.wrong_rows(_find(request, key))


def _find(request: Request, key: str) -> ImportRun:
    """A run of one's own or of the body, office or station one sends for; any other looks like none."""
    try:
        run = queries.import_run(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if run.by != request.actor.key and run.sender not in parts.senders(request.actor):
        raise Http404
    if not kinds()[run.kind].may(request.actor, run.sender).allowed:
        raise Http404
    return run
