"""Records that may be one: the queue, the two side by side, the decision; merges, and taking one back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, duplicates, permissions
from keqiao.apps.parties.models import MergeMove, MergeRecord, Role
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label, masked_email

NOUNS = ("organization", "person")
LONGEST_NOTE = 200
TABLES: dict[str, Promise] = {
    "parties.organization": gettext_lazy("下级单位"),
    "parties.organizationname": gettext_lazy("其他名称"),
    "parties.certificate": gettext_lazy("资质"),
    "parties.person": gettext_lazy("专家"),
    "parties.membership": gettext_lazy("成员与角色"),
    "parties.station": gettext_lazy("分市场和工作站"),
    "market.need": gettext_lazy("技术需求"),
    "market.offer": gettext_lazy("供给"),
    "market.agreement": gettext_lazy("技术合同"),
    "market.legacyproject": gettext_lazy("历史合同与项目"),
    "files.attachment": gettext_lazy("附件"),
    "files.importednumber": gettext_lazy("导入编号"),
    "files.importrow": gettext_lazy("导入记录"),
}


@dataclass(frozen=True)
class Line:
    """One fact of two records beside each other."""

    label: str
    one: str
    other: str

    @property
    def is_same(self) -> bool:
        return self.one == self.other


def _require(request: Request) -> None:
    if not request.actor.has(Role.OFFICER):
        raise PermissionDenied


def table_name(table: str) -> str:
    return str(TABLES.get(table, table))


@require_safe
@login_required
def queue(request: Request) -> HttpResponse:
    """Pairs that nobody has decided yet, the surest first."""
    _require(request)
    noun = request.GET.get("noun", "")
    noun = noun if noun in NOUNS else NOUNS[0]
    page = lists.page_of(request, duplicates.duplicate_pairs(noun, actor=request.actor))
    context = {
        "section": "office",
        "tab": "duplicates",
        "noun": noun,
        "page": page,
        "pairs": duplicates.with_parties(page.object_list, noun),
    }
    return render(request, "office/duplicates.html", context)


@require_POST
@login_required
def search(request: Request) -> HttpResponse:
    """Look for pairs now instead of waiting for the worker."""
    _require(request)
    found = actions.find_duplicates(by=request.actor, at=timezone.now())
    messages.success(request, _("查找完成，新找到 %(n)d 对。") % {"n": found})
    return redirect("office:duplicates")


@login_required
def compare(request: Request, noun: str, first: str, second: str) -> HttpResponse:
    """Two records side by side: merge either into the other, or say that they are two."""
    _require(request)
    rows = duplicates.parties_of(noun, (first, second))
    if len(rows) != 2:
        raise Http404
    pair = rows[first], rows[second]
    if not permissions.can_merge(request.actor, *(actions.area_of(row) for row in pair)).allowed:
        raise Http404
    if request.method == "POST":
        return _decide(request, noun, *pair)
    known = duplicates.pair_of(noun, first, second)
    weights = duplicates.weights_of(*pair)
    context = {
        "section": "office",
        "tab": "duplicates",
        "noun": noun,
        "one": pair[0],
        "other": pair[1],
        "pair": known,
        "lines": _organization_lines(*pair) if noun == "organization" else _person_lines(*pair),
        "weights": [(table_name(table), *counts) for table, counts in weights.items()],
        "is_open": pair[0].merged_into_id is None and pair[1].merged_into_id is None,
    }
    return render(request, "office/duplicate.html", context)


def _decide(request: Request, noun: str, one: Any, other: Any) -> HttpResponse:
    what, note = request.POST.get("do", ""), request.POST.get("note", "").strip()[:LONGEST_NOTE]
    who: dict[str, Any] = {"note": note, "by": request.actor, "at": timezone.now()}
    if what not in ("keep_one", "keep_other", "different"):
        raise Http404
    if not note and what != "different":
        messages.error(request, _("请写明合并的依据。"))
        return redirect("office:duplicate", noun=noun, first=one.key, second=other.key)
    try:
        if what == "different":
            actions.tell_apart(one=one, other=other, **who)
            messages.success(request, _("已记为两条不同的记录。"))
            return redirect("office:duplicates")
        keep, gone = (one, other) if what == "keep_one" else (other, one)
        record = actions.merge(keep=keep, gone=gone, **who)
        messages.success(request, _("已合并；需要时可以在这里原样拆分。"))
        return redirect("office:merge", pk=record.pk)
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("office:duplicates")


def _organization_lines(one: Any, other: Any) -> list[Line]:
    facts: dict[str, Callable[[Any], str]] = {
        _("名称"): lambda row: row.name,
        _("统一社会信用代码"): lambda row: row.uscc or "",
        _("英文名称"): lambda row: row.name_en,
        _("类型"): lambda row: label(row.kind, "organization_kind"),
        _("所在地"): lambda row: label(row.area, "area"),
        _("上级单位"): lambda row: row.parent.name if row.parent else "",
        _("行业"): lambda row: label(row.industry, "industry"),
        _("简介"): lambda row: row.summary[:200],
        _("登记日期"): lambda row: f"{timezone.localtime(row.created_at):%Y-%m-%d}",
    }
    return [Line(name, say(one), say(other)) for name, say in facts.items()]


def _person_lines(one: Any, other: Any) -> list[Line]:
    """Telephone and e-mail are masked; whether they are the same is said all the same."""
    facts: dict[str, Callable[[Any], str]] = {
        _("姓名"): lambda row: row.name,
        _("单位"): lambda row: row.organization.name,
        _("职称"): lambda row: row.title,
        _("专长"): lambda row: row.expertise[:200],
        _("ORCID"): lambda row: row.orcid,
        _("电子邮箱"): lambda row: masked_email(row.email) if row.email else "",
        _("电话"): lambda row: f"{row.phone[:3]}****{row.phone[-2:]}" if row.phone else "",
        _("登记日期"): lambda row: f"{timezone.localtime(row.created_at):%Y-%m-%d}",
    }
    return [Line(name, say(one), say(other)) for name, say in facts.items()]


def _touched(move: MergeMove) -> str:
    return _("编号的指向") if move.field == "merged_into_id" else table_name(move.table)


@require_safe
@login_required
def merges(request: Request) -> HttpResponse:
    _require(request)
    page = lists.page_of(request, duplicates.merge_records(actor=request.actor))
    return render(request, "office/merges.html", {"section": "office", "tab": "merges", "page": page})


@login_required
def merge(request: Request, pk: int) -> HttpResponse:
    """One merge with every row it moved, and the way back."""
    _require(request)
    record: MergeRecord = get_object_or_404(duplicates.merge_records(actor=request.actor), pk=pk)
    if request.method == "POST":
        try:
            actions.split(record, by=request.actor, at=timezone.now())
            messages.success(request, _("已拆分，各条内容回到合并以前的归属。"))
        except Refused as refusal:
            messages.error(request, reasons.sentence(refusal.reason))
        return redirect("office:merge", pk=pk)
    page = lists.page_of(request, record.moves.order_by("id"))
    context = {
        "section": "office",
        "tab": "merges",
        "record": record,
        "page": page,
        "moves": [(_touched(move), move) for move in page.object_list],
    }
    return render(request, "office/merge.html", context)
