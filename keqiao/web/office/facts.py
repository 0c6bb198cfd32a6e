"""Firms' facts in the office: which contradict each other, what one firm's say for a purpose, and which is right."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, permissions, queries
from keqiao.apps.parties.models import PLATFORM, Certificate, Fact, FactStatus, Organization, Purpose, Role
from keqiao.apps.parties.queries import Chosen, FactFace, FactSheet
from keqiao.apps.programmes import queries as programmes
from keqiao.catalogue import facts as catalogue
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.facts import PRIVACY, register_name

CLASSES = ("P0", "P1", "P2")
MOST_FOUND = 30
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SheetForm(forms.Form):
    """What of a firm's facts to list."""

    privacy = forms.ChoiceField(label=gettext_lazy("数据类别"), required=False)
    register = forms.ChoiceField(label=gettext_lazy("数据来源"), required=False)
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = set(organization.facts.filter(ended_at=None).order_by().values_list("year", "register"))
        years = sorted({year for year, _register in live if year}, reverse=True)
        registers = sorted({*(register for _year, register in live), PLATFORM})
        names = {str(code): name for code, name in PRIVACY.items()}
        self._offer("privacy", [(code, names[code]) for code in CLASSES])
        self._offer("register", [(word, register_name(word)) for word in registers])
        self._offer("year", [(year, str(year)) for year in years])
        self._offer("status", FactStatus.choices)

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> Chosen:
        """A choice that is not offered chooses nothing."""
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Chosen(**given)


class LookForm(forms.Form):
    """For what, and in which matter, confidential facts are looked at."""

    purpose = forms.ChoiceField(label=gettext_lazy("用途"), choices=Purpose.choices)
    matter = forms.CharField(
        label=gettext_lazy("办理事项"), max_length=200, help_text=gettext_lazy("例如：核对首批拟兑现名单的研发费用。")
    )


class CertificateForm(forms.ModelForm):
    class Meta:
        model = Certificate
        fields = ("number", "expires_date", "revoked_date")
        widgets = {"expires_date": DATE, "revoked_date": DATE}
        labels = {
            "number": gettext_lazy("证书编号"),
            "expires_date": gettext_lazy("有效期至"),
            "revoked_date": gettext_lazy("撤销日期"),
        }


@require_safe
@login_required
def conflicts(request: Request) -> HttpResponse:
    """The firms served whose facts contradict each other, and a way to any other firm of the place."""
    if not request.actor.has(Role.OFFICER):
        raise PermissionDenied
    served = programmes.firms_served(request.actor)
    text = request.GET.get("q", "").strip()[:60]
    found = served.filter(pk__in=queries.find_organizations(text).values("pk"))[:MOST_FOUND] if text else ()
    page = Paginator(queries.fact_conflicts(served), lists.PAGE_SIZE).get_page(request.GET.get("page"))
    language = get_language() or "zh-hans"
    rows = [
        {"firm": firm, "facts": [_called(name, year, language) for name, year in slots]}
        for firm, slots in page.object_list
    ]
    context = {"section": "office", "tab": "facts", "q": text, "found": found, "page": page, "rows": rows}
    return render(request, "office/facts.html", context)


def _called(name: str, year: int | None, language: str) -> str:
    label = catalogue.facts()[name].label(language) if name in catalogue.facts() else name
    return f"{label} {year}" if year else label


@login_required
def firm_facts(request: Request, key: str) -> HttpResponse:
    """One firm's facts: open ones at once, confidential ones for a purpose; what contradicts is settled here."""
    firm = _find(request, key)
    step = request.POST.get("do", "") if request.method == "POST" else ""
    if step in STEPS:
        return _take(request, firm, step)
    filters = SheetForm(request.POST if step else request.GET, organization=firm)
    look = LookForm(request.POST if step == "look" else None)
    sheet, status = None, 200
    if step == "look":
        sheet = _look(request, firm, look, filters.chosen())
        status = 200 if sheet else 422
    return render(request, "office/firm_facts.html", _context(request, firm, sheet, filters, look), status=status)


def _find(request: Request, key: str) -> Organization:
    """A body of the officer's place; whoever else asks is refused, and the ledger keeps that they did."""
    try:
        firm = queries.organization(key)
    except ObjectDoesNotExist as error:
        if not request.actor.has(Role.OFFICER):
            raise PermissionDenied from error
        raise Http404 from error
    verdict = permissions.can_look_at_facts(request.actor, firm)
    if not verdict.allowed:
        ledger.record(
            "fact.look", by=request.actor, at=timezone.now(), subject=f"organization:{firm.key}", outcome="refused",
            reason=verdict.reason,
        )  # fmt: skip
        raise PermissionDenied
    return firm


def _look(request: Request, firm: Organization, form: LookForm, chosen: Chosen) -> FactSheet | None:
    """What the purpose opens; None where purpose or matter are missing, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return actions.look_at_facts(firm, by=request.actor, at=timezone.now(), chosen=chosen, **form.cleaned_data)
    except ValidationError as error:
        for field, problems in error.error_dict.items():
            form.add_error(field, problems)
    return None


def _context(
    request: Request, firm: Organization, sheet: FactSheet | None, filters: SheetForm, look: LookForm
) -> dict[str, Any]:
    shown = sheet or queries.fact_sheet(firm, chosen=filters.chosen())
    settles = permissions.can_settle_facts(request.actor, firm).allowed
    certificates = firm.certificates.order_by("-issued_date", "pk")
    return {
        "section": "office",
        "tab": "facts",
        "firm": firm,
        "sheet": shown,
        "looked": sheet is not None,
        "purpose": Purpose(look.cleaned_data["purpose"]).label if sheet else "",
        "filters": filters,
        "look": look,
        "settles": settles,
        "conflicts": [(face, _sides(face)) for face in shown.faces if face.status == FactStatus.CONFLICT],
        "certificates": [(row, CertificateForm(instance=row, prefix=f"c{row.pk}")) for row in certificates],
    }


def _sides(face: FactFace) -> list[tuple[str, Fact]]:
    """The values to choose from, each with what the form sends: the row, or a side where one is kept elsewhere."""
    if all(row.pk for row in face.rows):
        return [(str(row.pk), row) for row in face.rows]
    return [("list" if row.pk else "platform", row) for row in face.rows]


def _take(request: Request, firm: Organization, step: str) -> HttpResponse:
    try:
        STEPS[step](request, firm)
        messages.success(request, _("已保存。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("office:firm-facts", key=firm.key)


def _resolve(request: Request, firm: Organization) -> None:
    """One of several values is right, for a reason."""
    chosen, note = request.POST.get("right", ""), request.POST.get("note", "")
    who: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    if chosen in ("list", "platform"):
        actions.settle_certificates(firm, right=chosen, note=note, **who)
        return
    row = _row(firm.facts.filter(ended_at=None), chosen)
    actions.resolve_fact(row, note=actions.check_reason(note, field="note"), **who)


def _confirm(request: Request, firm: Organization) -> None:
    row = _row(firm.facts.filter(ended_at=None), request.POST.get("row", ""))
    actions.confirm_fact(row, by=request.actor, at=timezone.now())


def _confirm_certificate(request: Request, firm: Organization) -> None:
    row = _row(firm.certificates, request.POST.get("row", ""))
    actions.confirm_certificate(row, by=request.actor, at=timezone.now())


def _edit_certificate(request: Request, firm: Organization) -> None:
    row = _row(firm.certificates, request.POST.get("row", ""))
    form = CertificateForm(request.POST, instance=row, prefix=f"c{row.pk}")
    if not form.is_valid():
        raise ValidationError([problem for problems in form.errors.as_data().values() for problem in problems])
    values = {name: form.cleaned_data[name] for name in form.changed_data}
    row.refresh_from_db()
    actions.edit_certificate(row, by=request.actor, at=timezone.now(), **values)


def _row(rows: Any, wanted: str) -> Any:
    found = rows.select_related("organization").filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if found is None:
        raise Http404
    return found


STEPS: dict[str, Callable[[Request, Organization], None]] = {
    "resolve": _resolve,
    "confirm": _confirm,
    "confirm_certificate": _confirm_certificate,
    "edit_certificate": _edit_certificate,
}
