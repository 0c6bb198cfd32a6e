"""Pages that show one row with several forms: each form is a step with what it asks for, what it does, what is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from keqiao.apps.ledger.actions import Refused
from keqiao.web.parts import reasons
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

# Request, row, what the form was given, moment.
Write = Callable[[Request, Any, dict[str, Any], datetime], object]


@dataclass(frozen=True)
class Step:
    """One form of a page: what it asks for, what it does, what is said when it is done."""

    form: type[forms.Form]
    write: Write
    said: Any


def plain(action: Callable[..., object]) -> Write:
    """An action that takes the row and what the form asks for by the same names."""
    return lambda request, row, given, at: action(row, by=request.actor, at=at, **given)


def asked(request: Request, steps: Mapping[str, Step]) -> tuple[str, Step]:
    """The step that a press asks for, by the name of its button; none of that name is no page."""
    name = str(request.POST.get("do", ""))
    if name not in steps:
        raise Http404
    return name, steps[name]


def take(request: Request, row: Any, step: Step, form: forms.Form) -> bool:
    """Do what the form asks for and say so; where that may not be, the form says why."""
    if not form.is_valid():
        return False
    try:
        step.write(request, row, dict(form.cleaned_data), timezone.now())
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
    except ValidationError as error:
        add_errors(form, error)
    else:
        messages.success(request, str(step.said))
        return True
    return False
