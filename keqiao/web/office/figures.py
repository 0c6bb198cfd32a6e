"""Preparing, checking, publishing and withdrawing figures."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.figures import FigureState, Grade, Kind, actions, definitions, keepers, queries
from keqiao.apps.ledger.models import EndReason, PublishedFigure
from keqiao.web.parts import figure_page, figure_readiness, lists, reasons
from keqiao.web.parts import figures as parts
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


class PrepareForm(forms.Form):
    """Which figures of which year, counted up to which day."""

    codes = forms.MultipleChoiceField(label=gettext_lazy("公开数字"), widget=forms.CheckboxSelectMultiple)
    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2100)
    as_of = forms.DateField(
        label=gettext_lazy("截至"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("不填为该年年末；当年未结束时为今天。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, codes: list[tuple[str, str]], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["codes"].choices = codes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        year, day = given.get("year"), given.get("as_of")
        if year and day is None:
            given["as_of"] = day = min(date(year, 12, 31), self.on)
        if year and day and day.year != year:
            self.add_error("as_of", _("截至日须在所选年份之内。"))
        elif day and day > self.on:
            self.add_error("as_of", _("截至日不能晚于今天。"))
        return given


class StateForm(forms.Form):
    """A number that stands in a text and nowhere else."""

    code = forms.SlugField(
        label=gettext_lazy("代码"),
        max_length=40,
        help_text=gettext_lazy("小写字母、数字和下划线；同一指标各年用同一个代码。"),
    )
    name_zh = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=200, required=False)
    value = forms.CharField(label=gettext_lazy("数值"), max_length=40)
    unit_zh = forms.CharField(label=gettext_lazy("计量单位"), max_length=20)
    unit_en = forms.CharField(label=gettext_lazy("英文单位"), max_length=40, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("存量或流量"), choices=Kind.choices)
    scope_zh = forms.CharField(label=gettext_lazy("统计范围"), max_length=200, required=False)
    as_of = forms.DateField(label=gettext_lazy("截至"), widget=forms.DateInput(attrs={"type": "date"}))
    sentence = forms.CharField(label=gettext_lazy("原句"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(
        label=gettext_lazy("出处"), max_length=300, help_text=gettext_lazy("文件名、文号、日期，能写页码的写页码。")
    )
    printed_growth = forms.CharField(label=gettext_lazy("原文所称增幅"), max_length=40, required=False)


class WithdrawForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("撤回原因"), choices=EndReason.choices)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)


def _require(request: Request) -> None:
    if not parts.sees_internal(request):
        raise PermissionDenied


@login_required
def figures(request: Request) -> HttpResponse:
    """What waits for a second pair of eyes, what can be prepared, what stands."""
    _require(request)
    on = timezone.localdate()
    mine = [one for one in definitions().values() if keepers.may_keep(request.actor, one.owner).allowed]
    codes = [(one.code, str(one.name)) for one in mine]
    form = PrepareForm(request.POST or None, codes=codes, on=on, initial={"year": on.year})
    if request.method == "POST" and form.is_valid():
        _prepare(request, form.cleaned_data)
        return redirect("office:figures")
    counted = queries.published(internal=True).exclude(grade=Grade.SENTENCE)
    standing = {row.code: row for row in counted.order_by("year", "as_of", "pk")}
    stated = queries.published(internal=True).filter(grade=Grade.SENTENCE).order_by("-year", "-as_of", "-pk")
    page = lists.page_of(request, stated)
    context = {
        "section": "office", "tab": "figures", "form": form, "drafts": queries.drafts(),
        "lines": [(one, standing.get(one.code)) for one in definitions().values()],
        "page": page, "stated": page.object_list,
    }  # fmt: skip
    return render(request, "office/figures.html", context, status=422 if form.errors else 200)


class ReadyForm(forms.Form):
    """For which year and up to which day to look ahead; today's where nothing is asked."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2000, max_value=2100, required=False)
    as_of = forms.DateField(
        label=gettext_lazy("截至"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("不填为该年年末；当年未结束时为今天。"),
    )  # fmt: skip

    def period(self, on: date) -> tuple[int, date]:
        """The year and the day, made to fit each other and not to lie ahead."""
        given = self.cleaned_data if self.is_valid() else {}
        day = min(given.get("as_of") or on, on)
        year = given.get("year") or day.year
        return (year, day) if day.year == year else (year, min(date(year, 12, 31), on))


@login_required
@require_safe
def ready(request: Request) -> HttpResponse:
    """What would be refused if it were frozen now, and why: of the figures that one answers for."""
    _require(request)
    on = timezone.localdate()
    form = ReadyForm(request.GET or None, initial={"year": on.year})
    year, as_of = form.period(on)
    mine = [one for one in definitions().values() if keepers.may_keep(request.actor, one.owner).allowed]
    found = figure_readiness.lines(mine, year=year, as_of=as_of) if year <= on.year else []
    context = {
        "section": "office", "tab": "figures", "form": form, "year": year, "as_of": as_of, "lines": found,
        "refused": [line for line in found if line.state == "refused"],
    }  # fmt: skip
    return render(request, "office/_figures_refused.html" if request.htmx else "office/figures_ready.html", context)


def _prepare(request: Request, given: dict[str, Any]) -> None:
    """Freeze each of the chosen figures; one that is refused does not hold up the others."""
    for code in given["codes"]:
        name = definitions()[code].name
        try:
            figure = actions.prepare_figure(
                code, year=given["year"], as_of=given["as_of"], note=given["note"], by=request.actor, at=timezone.now()
            )
            messages.success(
                request, _("“%(name)s”已冻结：%(value)s，待同事复核。") % {"name": name, "value": parts.shown(figure)}
            )
        except Refused as refusal:
            messages.error(request, f"{name}: {reasons.sentence(refusal.reason)}")


@login_required
def state(request: Request) -> HttpResponse:
    _require(request)
    form = StateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            figure = actions.state_figure(
                **given, year=given["as_of"].year, theme="stated", owner="", state=FigureState.DRAFT,
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            return redirect("office:figure", key=figure.key)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    context = {"section": "office", "tab": "figures", "form": form}
    return render(request, "office/figure_state.html", context, status=422 if form.errors else 200)


def _find(request: Request, key: str) -> PublishedFigure:
    _require(request)
    try:
        return PublishedFigure.objects.select_related("replaces", "replaced_by").get(key=key)
    except PublishedFigure.DoesNotExist as error:
        raise Http404 from error


@login_required
def figure(request: Request, key: str) -> HttpResponse:
    """A draft, or what stands, with what one can do to it."""
    found = _find(request, key)
    if request.method == "POST":
        return _act(request, found)
    return figure_page.answer(
        request, found, template="office/figure.html", section="office", tab="figures", withdraw=WithdrawForm(),
        is_own=found.prepared_by == request.actor.key, **_outlook(found),
    )  # fmt: skip


def _outlook(found: PublishedFigure) -> dict[str, Any]:
    """What publishing a draft, or freezing what stands anew, would be answered."""
    if found.state == FigureState.DRAFT:
        return {"why_not": figure_readiness.why_not_published(found)}
    if found.state == FigureState.PUBLISHED and found.grade != Grade.SENTENCE:
        return {"outlook": figure_readiness.of_edition(found)}
    return {}


@require_POST
def _act(request: Request, found: PublishedFigure) -> HttpResponse:
    who: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    do = request.POST.get("do", "")
    try:
        if do == "publish":
            actions.publish_figure(found, **who)
            messages.success(request, _("已发布。"))
            return redirect("public:figure-edition", key=found.key)
        if do == "drop":
            actions.drop_figure(found, **who)
            messages.success(request, _("已作废。"))
            return redirect("office:figures")
        actions.withdraw_figure(found, reason=request.POST.get("reason", ""), note=request.POST.get("note", ""), **who)
        messages.success(request, _("已撤回。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    return redirect("office:figure", key=found.key)
