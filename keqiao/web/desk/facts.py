"""The facts of a firm: what is known, from whom, what contradicts what, and what they may be used for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, permissions, queries
from keqiao.apps.parties.models import Fact, Organization, Purpose
from keqiao.apps.parties.queries import FactFace
from keqiao.catalogue import facts as catalogue
from keqiao.web.desk import fact_forms
from keqiao.web.parts import imports, reasons
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

CONSENTS: dict[str, Callable[..., Any]] = {"authorise": actions.authorise, "end": actions.end_authorisation}
ROW_ACTS: dict[str, Callable[..., Any]] = {
    "confirm": actions.confirm_fact,
    "withdraw": actions.withdraw_fact,
}


def _find(request: Request, key: str, *, is_own: bool = False) -> Organization:
    """A body whose facts the reader may see, or only of the reader's own; any other has no such page."""
    try:
        row = queries.organization(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.can_see_facts(request.actor, row).allowed:
        raise Http404
    if is_own and row.key not in request.actor.organizations():
        raise Http404
    return row


@login_required
def facts(request: Request, key: str) -> HttpResponse:
    """All facts of a body by group; its managers say what they may be used for."""
    body = _find(request, key, is_own=True)
    if request.method == "POST":
        return _consent(request, body)
    groups = queries.fact_rows(body, request.actor)
    faces = [face for group in groups for face in group.faces]
    consents = queries.consents_of(body)
    context = {
        "section": "desk",
        "organization": body,
        "groups": groups,
        "known": len(faces),
        "conflicts": [face for face in faces if face.status == "conflict"],
        "consents": [(purpose, consents.get(purpose.value)) for purpose in Purpose],
        "can_authorise": permissions.can_authorise_facts(request.actor, body.key).allowed,
        "looks": queries.looks_at(body),
        "can_state": _states_for(request, body) is not None,
        "can_import": any(kind.code == "facts" for kind in imports.kinds_for(request.actor)),
    }
    return render(request, "desk/facts.html", context)


def _consent(request: Request, body: Organization) -> HttpResponse:
    act = CONSENTS.get(request.POST.get("do", ""))
    purpose = request.POST.get("purpose", "")
    if act is None or purpose not in Purpose.values:
        raise Http404
    try:
        act(body, purpose=purpose, by=request.actor, at=timezone.now())
        done = _("已授权。") if request.POST["do"] == "authorise" else _("授权已撤回。")
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("desk:facts", key=body.key)


@login_required
def fact(request: Request, key: str, name: str) -> HttpResponse:
    """One fact in all its years: who states what, which is right, and a form to state it oneself."""
    body = _find(request, key)
    about = catalogue.facts().get(name)
    if about is None:
        raise Http404
    faces = [
        face for group in queries.fact_rows(body, request.actor) for face in group.faces if face.about.name == name
    ]
    if request.POST.get("do") in ROW_ACTS:
        return _step(request, body, name)
    fixed = _fixed(request, body, name)
    state = partial(_correct, fixed) if fixed else _states_for(request, body, about)
    form, lines = _forms(request, about, faces, body, fixed=fixed) if state else (None, None)
    if request.method == "POST":
        if state is None or form is None:
            messages.error(request, reasons.sentence(_may(request, body, about)))
            return redirect("desk:fact", key=body.key, name=name)
        if _saved(request, body, state, form, lines):
            messages.success(request, _("已保存。"))
            return redirect("desk:fact", key=body.key, name=name)
    context = {
        "section": "desk",
        "organization": body,
        "about": about,
        "is_own": body.key in request.actor.organizations(),
        "rows": [(face, [_acts(request, face, row) for row in face.rows]) for face in faces],
        "earlier": [row for row in queries.earlier_facts(body, request.actor) if row.name == name],
        "form": form,
        "lines": lines,
        "prefix": "items",
        "fixed": fixed,
        "for_register": state is actions.bring_fact,
    }
    return render(request, "desk/fact.html", context, status=422 if request.method == "POST" else 200)


def _fixed(request: Request, body: Organization, name: str) -> Fact | None:
    """The standing value that the reader wants to correct, if it is theirs to correct."""
    row = _standing(body, name, request.POST.get("fix") or request.GET.get("fix") or "")
    return row if row is not None and permissions.can_correct_fact(request.actor, row).allowed else None


def _standing(body: Organization, name: str, wanted: str) -> Fact | None:
    rows = body.facts.filter(ended_at=None, name=name).select_related("organization")
    return rows.filter(pk=int(wanted)).first() if wanted.isdecimal() else None


def _correct(row: Fact, _body: Organization, *, name: str, **stated: Any) -> Fact:
    return actions.correct_fact(row, **stated)


def _may(request: Request, body: Organization, about: catalogue.Fact) -> str:
    """Why the reader may state nothing here."""
    verdict = permissions.can_declare_fact(request.actor, body.key)
    return "fact_of_experts" if verdict.allowed and about.by == "experts" else verdict.reason


def _states_for(request: Request, body: Organization, about: catalogue.Fact | None = None) -> Callable[..., Any] | None:
    """How the reader may state a fact: a firm's editors as their own, officers as a register's."""
    if permissions.can_declare_fact(request.actor, body.key).allowed:
        return None if about is not None and about.by == "experts" else actions.declare_fact
    return actions.bring_fact if permissions.can_bring_fact(request.actor, body).allowed else None


def _forms(
    request: Request, about: catalogue.Fact, faces: list[FactFace], body: Organization, *, fixed: Fact | None
) -> tuple[Any, Any]:
    data = request.POST if request.method == "POST" else None
    for_register = _states_for(request, body, about) is actions.bring_fact
    today = timezone.localdate()
    initial: dict[str, Any] = {"observed_on": today, "register": about.source, "purposes": Purpose.values}
    if request.GET.get("year", "").isdecimal():
        initial["year"] = int(request.GET["year"])
    face = next((face for face in faces if face.year in (None, initial.get("year", face.year))), None)
    standing = next((row for row in face.rows if row.is_declared != for_register), face.row) if face else None
    if fixed is not None:
        standing, initial["observed_on"] = fixed, fixed.observed_on
        initial["year"] = fixed.year
    if standing is not None and standing.needs_consent and body.key not in request.actor.organizations():
        standing = None  # an officer corrects a confidential value without having looked at it
    if standing is not None and not about.is_list:
        value, unit = catalogue.in_unit(about, standing.value)
        initial |= {"value": _written(about, standing.value, value), "unit": unit, "year": standing.year}
    form = fact_forms.FactForm(
        data, about=about, for_register=for_register, on=today, is_correction=fixed is not None, initial=initial
    )  # fmt: skip
    items = standing.value if standing is not None and about.is_list else []
    return form, fact_forms.item_forms(about, data, items=items) if about.is_list else None


def _written(about: catalogue.Fact, stored: Any, number: str) -> str:
    if about.type == "flag":
        return "是" if stored else "否"
    return number


def _saved(request: Request, body: Organization, state: Callable[..., Any], form: Any, lines: Any) -> bool:
    """Whether what was stated could be written; if not, the form says why."""
    if not form.is_valid() or (lines is not None and not lines.is_valid()):
        return False
    stated = form.stated()
    if lines is not None:
        stated["value"] = fact_forms.items_of(lines, form.about)
        if bool(stated["value"]) == form.cleaned_data["none"]:
            form.add_error("none", _("请逐项填写，或勾选“确认没有”，两者只能选一。"))
            return False
    try:
        state(body, by=request.actor, at=timezone.now(), **stated)
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
        return False
    return True


def _step(request: Request, body: Organization, name: str) -> HttpResponse:
    """Confirm or withdraw one value."""
    row = _standing(body, name, request.POST.get("row", ""))
    if row is None:
        raise Http404
    try:
        ROW_ACTS[request.POST["do"]](row, by=request.actor, at=timezone.now())
        messages.success(request, _("已保存。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("desk:fact", key=body.key, name=row.name)


def _acts(request: Request, face: FactFace, row: Fact) -> tuple[Fact, list[str]]:
    """A value with what the reader may do to it; what the platform registers is changed there."""
    found: list[str] = []
    if row.pk is None:
        return row, found
    is_open = face.status != "conflict" and row.status == "self_declared"
    if is_open and permissions.can_confirm_fact(request.actor, row).allowed:
        found.append("confirm")
    if permissions.can_correct_fact(request.actor, row).allowed:
        found += ["correct", "withdraw"]
    return row, found
