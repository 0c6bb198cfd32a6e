"""Replies in the office: bringing files, several at once, and the list of what has been brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.proposals import actions, permissions, queries, units
from keqiao.apps.proposals.models import Proposal, ReplyState
from keqiao.web.parts import lists, reasons, reply_desk
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request

MOST_FILES = 50
ENDINGS = ".txt,.docx,.pdf,.html,.htm"
COLUMNS: Sequence[Column] = (
    Column(gettext_lazy("文号"), lambda row: row.doc_number),
    Column(gettext_lazy("版本"), lambda row: row.version),
    Column(gettext_lazy("标题"), lambda row: row.title),
    Column(gettext_lazy("答复单位"), lambda row: row.issuer_name or parts.unit_name(row.issuer)),
    Column(gettext_lazy("建议提案编号"), lambda row: row.proposal.printed if row.proposal else ""),
    Column(gettext_lazy("成文日期"), lambda row: row.signed_date),
    Column(gettext_lazy("办理结果"), lambda row: row.result_class),
    Column(gettext_lazy("公开方式"), lambda row: row.get_publication_display()),
    Column(gettext_lazy("状态"), lambda row: row.get_state_display()),
    Column(gettext_lazy("数字"), lambda row: row.figure_count),
    Column(gettext_lazy("承诺"), lambda row: row.promise_count),
    Column(gettext_lazy("找不到位置的更正"), lambda row: row.lost_count),
)


@dataclass(frozen=True)
class Brought:
    """What one file brought: a reply with what was read in it, or the problem with what may be done about it."""

    name: str
    reply: Any = None
    figures: int = 0
    promises: int = 0
    doubtful: int = 0
    findings: int = 0
    code: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()


@require_safe
@login_required
def replies(request: Request) -> HttpResponse:
    parts.require_office(request)
    return _page(request, [])


def _page(request: Request, brought: list[Brought], *, is_version: bool = False) -> HttpResponse:
    choices: dict[str, tuple[Any, parts.Choices]] = {
        "state": (_("状态"), parts.named(ReplyState.choices)),
        "issuer": (_("答复单位"), parts.own_unit_choices(request)),
        "class": (_("办理结果"), parts.result_choices()),
    }
    given = {name: parts.chosen(request, name, offered) for name, (_label, offered) in choices.items()}
    text, is_lost = request.GET.get("q", "").strip()[:80], bool(request.GET.get("lost"))
    narrow: dict[str, Any] = {"state": given["state"], "issuer": given["issuer"], "result_class": given["class"]}
    rows = queries.counted(queries.replies(request.actor, q=text, **narrow))
    lost = queries.lost_corrections(request.actor)
    if is_lost:
        rows = rows.filter(pk__in=lost.order_by().values("reply"))
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-replies")
    context = {
        "section": "office",
        "tab": "replies",
        "page": lists.page_of(request, rows),
        "text": text,
        "filters": [(name, label, offered, given[name]) for name, (label, offered) in choices.items()],
        "is_filtered": lists.is_filtered(request.GET),
        "is_lost": is_lost,
        "lost": lost.count(),
        "proposal": _proposal(request, request.GET.get("proposal", "") or request.POST.get("proposal", "")),
        "may_import": bool(units.of(request.actor)),
        "brought": brought,
        "is_version": is_version,
        "endings": ENDINGS,
        "most_files": MOST_FILES,
    }
    failed = bool(brought) and not any(one.reply for one in brought)
    return render(request, "office/replies.html", context, status=422 if failed else 200)


def _proposal(request: Request, key: str) -> Proposal | None:
    """The proposal that files are brought for, if one was named and may be seen."""
    if not key:
        return None
    try:
        row = queries.proposal(key)
    except ObjectDoesNotExist:
        return None
    return row if permissions.can_see_proposal(request.actor, row).allowed else None


@require_POST
@login_required
def bring(request: Request) -> HttpResponse:
    """Each file by itself: a bad one leaves the others alone. A script sends them one by one and asks for the part."""
    parts.require_office(request)
    if not units.of(request.actor):
        raise PermissionDenied
    files = request.FILES.getlist("files")[:MOST_FILES]
    is_version = bool(request.POST.get("version"))
    proposal = _proposal(request, str(request.POST.get("proposal", "")))
    given = [(str(file.name), file.read()) for file in files]
    found = actions.import_replies(
        files=given, proposal=proposal, is_new_version=is_version, by=request.actor, at=timezone.now()
    )
    brought = [_brought(one) for one in found]
    if not brought:
        brought = [Brought("", code="empty", problem=_("没有选择文件。请选择一份或几份答复（txt、docx、pdf、html）。"))]
    if request.headers.get("X-Part"):
        return render(request, "office/_replies_brought.html", {"brought": brought})
    return _page(request, brought, is_version=is_version)


def _brought(one: actions.Imported) -> Brought:
    if one.reply is None:
        return Brought(one.name, code=one.code, problem=one.problem or reasons.sentence(one.code))
    rows = list(one.reply.figures.all())
    return Brought(
        one.name, one.reply, len(rows), one.reply.promises.count(),
        sum(bool(reply_desk.doubts(row)) for row in rows), len(queries.findings(one.reply)), notes=tuple(one.notes),
    )  # fmt: skip
