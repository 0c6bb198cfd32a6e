"""One contract: what it says, where it stands, payments, the price notice, the trial, files, the registration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.files import actions as files
from keqiao.apps.files import queries as attached
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, agreement_rules, permissions
from keqiao.apps.market.actions.agreements import subject_of
from keqiao.apps.market.actions.pricing import fewest_days, is_over
from keqiao.apps.market.actions.trials import TrialInput, sum_of
from keqiao.apps.market.models import (
    Agreement,
    AgreementPayment,
    AgreementState,
    NoticeState,
    PricingNotice,
    TerminationReason,
    Trial,
    TrialTrigger,
)
from keqiao.web.desk import agreement_forms as shapes
from keqiao.web.desk.agreements import find
from keqiao.web.parts.downloads import file_answer
from keqiao.web.parts.page_steps import Step, Write, asked, plain, take
from keqiao.web.parts.request import Request


def _notice(row: Agreement) -> PricingNotice:
    found = row.notices.exclude(state=NoticeState.VOID).first()
    if found is None:
        raise Refused("notice_not_running")
    return found


def _trial(row: Agreement) -> Trial:
    found = Trial.objects.filter(agreement=row).first()
    if found is None:
        raise Refused("trial_over")
    found.agreement = row
    return found


def _paid(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    payment = get_object_or_404(row.payments, pk=_number(request, "row"))
    actions.payments.record_payment(payment, by=request.actor, at=at, **given)


def _answer(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    objection = get_object_or_404(_notice(row).objections, pk=_number(request, "row"))
    actions.pricing.handle_objection(objection, by=request.actor, at=at, **given)


def _close(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    notice = _notice(row)
    winner = notice.bids.filter(pk=given["winner"] or 0).first()
    actions.pricing.close_notice(notice, winner=winner, result=given["result"], by=request.actor, at=at)


def _set_trial(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    sales, output = given.pop("trigger_sales"), given.pop("trigger_output")
    value = {TrialTrigger.SALES: sales, TrialTrigger.OUTPUT: output}.get(given["trigger"])
    actions.trials.set_trial(row, TrialInput(trigger_value=value, **given), by=request.actor, at=at)


def _report(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    given |= {"sales_fen": given["sales_fen"] or 0, "output": given["output"] or 0}
    actions.trials.report_trial(_trial(row), by=request.actor, at=at, **given)


def _attach(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    permit = permissions.can_write_agreement(request.actor, row)
    file = given["file"]
    files.attach(
        subject=subject_of(row), name=file.name, content=file.read(), permit=permit, by=request.actor, at=at,
        purpose="contract",
    )  # fmt: skip


def _remove(request: Request, row: Agreement, given: dict[str, Any], at: datetime) -> None:
    found = _file(row, str(request.POST.get("row", "")))
    permit = permissions.can_remove_annex(request.actor, row, uploader=found.by)
    files.remove(found, permit=permit, by=request.actor, at=at)


def _number(request: Request, name: str) -> int:
    text = str(request.POST.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _of_notice(action: Callable[..., object]) -> Write:
    return lambda request, row, given, at: action(_notice(row), by=request.actor, at=at, **given)


def _of_trial(action: Callable[..., object]) -> Write:
    return lambda request, row, given, at: action(_trial(row), by=request.actor, at=at, **given)


STEPS: Mapping[str, Step] = {
    "sign": Step(shapes.SignForm, plain(actions.agreements.sign), gettext_lazy("已登记为签订。")),
    "perform": Step(shapes.PerformForm, plain(actions.agreements.perform), gettext_lazy("已登记为履行完毕。")),
    "terminate": Step(shapes.TerminateForm, plain(actions.agreements.terminate), gettext_lazy("合同已终止。")),
    "paid": Step(shapes.PaidForm, _paid, gettext_lazy("付款已登记。")),
    "notice": Step(shapes.NoticeForm, plain(actions.pricing.publish_notice), gettext_lazy("已发布公示。")),
    "answer": Step(shapes.AnswerForm, _answer, gettext_lazy("异议已处理，提出人能看到说明。")),
    "bid": Step(shapes.BidForm, _of_notice(actions.pricing.record_bid), gettext_lazy("报价已登记。")),
    "close": Step(shapes.CloseForm, _close, gettext_lazy("公示结果已确认。")),
    "withdraw": Step(shapes.ResultForm, _of_notice(actions.pricing.withdraw_notice), gettext_lazy("公示已撤回。")),
    "trial": Step(shapes.TrialForm, _set_trial, gettext_lazy("先用后转条款已保存。")),
    "report": Step(shapes.ReportForm, _report, gettext_lazy("使用报告已登记。")),
    "convert": Step(shapes.ConvertForm, _of_trial(actions.trials.convert_trial), gettext_lazy("已转为付费许可。")),
    "return": Step(shapes.NoteForm, _of_trial(actions.trials.return_trial), gettext_lazy("已登记为退回。")),
    "dispute": Step(shapes.NoteForm, _of_trial(actions.trials.dispute_trial), gettext_lazy("已登记为有争议。")),
    "file": Step(shapes.FileForm, _attach, gettext_lazy("附件已上传。")),
    "remove": Step(forms.Form, _remove, gettext_lazy("附件已移除。")),
}  # fmt: skip


@login_required
def agreement(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    if request.method != "POST":
        return _page(request, row)
    name, step = asked(request, STEPS)
    form = step.form(request.POST, request.FILES, auto_id=_auto_id(name, str(request.POST.get("row", ""))))
    if take(request, row, step, form):
        return redirect("desk:agreement", key=key)
    row.refresh_from_db()
    return _page(request, row, name=name, bound=form, pk=_number(request, "row"), status=422)


def _auto_id(name: str, pk: str) -> str:
    return f"{name}{pk}_%s"


@dataclass(frozen=True)
class Board:
    """The page's forms: blank ones, but for the one that was sent and came back with errors."""

    name: str = ""
    bound: forms.Form | None = None
    pk: int = 0

    def form(self, name: str, *, pk: int = 0, initial: dict[str, Any] | None = None) -> forms.Form:
        if self.bound is not None and (self.name, self.pk) == (name, pk):
            return self.bound
        return STEPS[name].form(initial=initial, auto_id=_auto_id(name, str(pk or "")))


def _page(
    request: Request, row: Agreement, *, name: str = "", bound: forms.Form | None = None, pk: int = 0, status: int = 200
) -> HttpResponse:
    board, today = Board(name, bound, pk), timezone.localdate()
    may_write = permissions.can_write_agreement(request.actor, row).allowed
    files_shown = [
        (file, permissions.can_remove_annex(request.actor, row, uploader=file.by).allowed)
        for file in attached.attachments_of(subject_of(row))
    ]
    payments = list(row.payments.all())
    context = {
        "section": "desk",
        "row": row,
        "bound": bound,
        "may_write": may_write,
        "is_draft": row.state == AgreementState.DRAFT,
        "is_signed": row.state == AgreementState.SIGNED,
        "states": _states(row),
        "default_ip": _default_ip(row),
        "indicators": row.indicators.all(),
        "payments": _payments(row, payments, board, may_write=may_write),
        "payment_sum": sum(payment.amount_fen or 0 for payment in payments),
        "paid_sum": sum(payment.paid_fen or 0 for payment in payments),
        "pricing": _pricing(request, row, board),
        "trial": _trial_context(request, row, board, may_write=may_write),
        "filing": _filing(request, row),
        "files": files_shown,
        "file_form": board.form("file"),
        "sign_form": board.form("sign", initial={"signed_date": today}),
        "perform_form": board.form("perform", initial={"ended_date": today}),
        "terminate_form": _terminate_form(row, board),
        "open_terminate": name == "terminate",
        "history": [entry for entry in ledger.entries_of(subject_of(row)) if entry.outcome == "done"],
    }
    return render(request, "desk/agreement.html", context, status=status)


def _default_ip(row: Agreement) -> str:
    """The law's own rule, where the contract says nothing."""
    is_silent = not (row.ip_policy or row.ip_note)
    return agreement_rules.default_ip(row.contract_type, row.subtype) if is_silent else ""


def _terminate_form(row: Agreement, board: Board) -> forms.Form:
    form = board.form("terminate", initial={"ended_date": timezone.localdate()})
    choices = TerminationReason.choices
    is_draft = row.state == AgreementState.DRAFT
    form.fields["reason"].choices = [choice for choice in choices if (choice[0] == "not_signed") == is_draft]  # type: ignore[attr-defined]
    return form


def _states(row: Agreement) -> list[tuple[str, bool]]:
    order = [AgreementState.DRAFT, AgreementState.SIGNED, AgreementState.PERFORMED]
    if row.state == AgreementState.TERMINATED:
        order[-1] = AgreementState.TERMINATED
        if row.signed_date is None:
            del order[1]
    place = order.index(AgreementState(row.state))
    return [(str(state), number <= place) for number, state in enumerate(order)]


def _payments(
    row: Agreement, payments: Sequence[AgreementPayment], board: Board, *, may_write: bool
) -> list[tuple[Any, forms.Form | None]]:
    open_now = may_write and row.state in (AgreementState.SIGNED, AgreementState.PERFORMED)
    today = timezone.localdate()
    return [
        (
            payment,
            board.form("paid", pk=payment.pk, initial={"paid_fen": payment.amount_fen, "paid_date": today})
            if open_now and payment.paid_date is None
            else None,
        )
        for payment in payments
    ]


def _pricing(request: Request, row: Agreement, board: Board) -> dict[str, Any]:
    """The notices of the price, and what the seller can do now."""
    rows = list(row.notices.prefetch_related("objections__author", "bids"))
    current = next((notice for notice in rows if notice.state != NoticeState.VOID), None)
    today, is_draft = timezone.localdate(), row.state == AgreementState.DRAFT
    may = permissions.can_price(request.actor, row).allowed and is_draft
    objections = list(current.objections.all()) if current else []
    runs = current is not None and current.state == NoticeState.RUNNING
    return {
        "needed": agreement_rules.needs_notice(row) and is_draft,
        "rows": rows,
        "current": current,
        "may": may,
        "runs": runs,
        "is_over": current is not None and is_over(current, on=today),
        "objections": [
            (objection, board.form("answer", pk=objection.pk) if may and not objection.outcome else None)
            for objection in objections
        ],
        "open": sum(1 for objection in objections if not objection.outcome),
        "form": board.form("notice", initial={"title": row.title, "price_fen": row.contract_amount_fen,
                                              "start_date": today, "days": fewest_days(today)}),
        "bid_form": board.form("bid", initial={"bid_date": today}),
        "close_form": board.form("close"),
        "withdraw_form": board.form("withdraw"),
        "is_bound": board.name in ("notice", "bid", "close", "withdraw", "answer"),
    }  # fmt: skip


def _trial_context(request: Request, row: Agreement, board: Board, *, may_write: bool) -> dict[str, Any]:
    found: Trial | None = getattr(row, "trial", None)
    today = timezone.localdate()
    initial: dict[str, Any] = {}
    if found is not None:
        initial = {name: getattr(found, name, None) for name in shapes.TrialForm.base_fields}
        initial["trigger_sales" if found.trigger == TrialTrigger.SALES else "trigger_output"] = found.trigger_value
    is_open = found is not None and row.state == AgreementState.SIGNED and found.outcome in ("", "dispute")
    return {
        "row": found,
        "sum": sum_of(found, on=today) if found else None,
        "reports": found.reports.all() if found else (),
        "is_late": found is not None and not found.outcome and found.report_due_date < today,
        "may_set": may_write and row.state == AgreementState.DRAFT and row.contract_type == "license",
        "may_end": may_write and is_open,
        "may_report": is_open and permissions.can_report_trial(request.actor, row).allowed,
        "form": board.form("trial", initial=initial),
        "report_form": board.form("report", initial={"report_date": today}),
        "convert_form": board.form("convert", initial={"due_date": today}),
        "return_form": board.form("return"),
        "dispute_form": board.form("dispute"),
        "name": board.name,
    }


def _filing(request: Request, row: Agreement) -> dict[str, Any]:
    registration = getattr(row, "registration", None)
    verdict = permissions.can_file(request.actor, row)
    return {
        "row": registration,
        "may": verdict.allowed,
        "why": "" if verdict.allowed else verdict.reason,
        "is_open": registration is None and row.state == AgreementState.SIGNED,
    }


def _file(row: Agreement, key: str) -> Attachment:
    try:
        found = attached.attachment(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if found.subject != subject_of(row):
        raise Http404
    return found


@require_safe
@login_required
def file(request: Request, key: str, file: str) -> HttpResponse:
    """An annex, for those who may see the contract; the office that it was filed with has an address of its own."""
    return file_answer(_file(find(request, key), file))
