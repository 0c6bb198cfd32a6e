"""What pages of proposals, replies and promises share: choices, columns of files, finding a row one may see."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties import places
from keqiao.apps.proposals import indicators, permissions, queries, units
from keqiao.apps.proposals.models import Assignment, Promise, Proposal, Reply
from keqiao.catalogue import proposals as rulebook
from keqiao.web.parts.export import Column
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label

Row = TypeVar("Row")
Choices = list[tuple[str, str]]


def language() -> str:
    return get_language() or "zh-hans"


def named(choices: Iterable[tuple[Any, Any]]) -> Choices:
    """Choices with their names as the reader's language has them now."""
    return [(str(code), str(name)) for code, name in choices]


def unit_name(code: str) -> str:
    """A unit in the reader's language; a name that no unit of the region has stays as it was printed."""
    return units.label(code, language()) if code else ""


def unit_choices() -> Choices:
    return [(code, unit.label(language())) for code, unit in units.units().items()]


def own_unit_choices(request: Request) -> Choices:
    """The units whose work the actor may look at: all for the office that hands over, else one's own."""
    mine = units.of(request.actor)
    every = units.is_hand_over(request.actor)
    return [(code, name) for code, name in unit_choices() if every or code in mine]


def class_name(code: str) -> str:
    found = rulebook.proposal_classes(places.region().code).get(code)
    return found.label(language()) if found else code


def class_choices() -> Choices:
    return [(code, row.label(language())) for code, row in rulebook.proposal_classes(places.region().code).items()]


def result_name(code: str) -> str:
    """`A 已经解决`: the letter is how offices speak of it."""
    found = rulebook.result_classes(places.region().code).get(code)
    return f"{code} {found.label(language())}" if found else code


def result_choices() -> Choices:
    return [(code, result_name(code)) for code in rulebook.result_classes(places.region().code)]


def withheld_name(code: str) -> str:
    found = rulebook.withheld_reasons(places.region().code).get(code)
    return found.label(language()) if found else code


def withheld_choices() -> Choices:
    rows = rulebook.withheld_reasons(places.region().code)
    return [(code, f"{row.label(language())} · {row.source}") for code, row in rows.items()]


def indicator_names() -> dict[str, str]:
    """The published figures that may measure a promise, by code, in the reader's language with their unit."""
    return {
        code: f"{one.label(language())}（{one.unit}）" if one.unit else one.label(language())
        for code, one in indicators.known().items()
    }


def require_office(request: Request) -> None:
    """Lists of the office are for officers of a unit that handles proposals."""
    if not permissions.can_list_proposals(request.actor).allowed:
        raise PermissionDenied


def find_proposal(request: Request, key: str) -> Proposal:
    """A proposal the actor may see; any other looks like none."""
    return _find(queries.proposal, key, lambda row: permissions.can_see_proposal(request.actor, row).allowed)


def find_reply(request: Request, key: str) -> Reply:
    """A reply whose text the actor may read; any other looks like none."""
    return _find(queries.reply, key, lambda row: permissions.can_see_whole_reply(request.actor, row).allowed)


def find_promise(request: Request, key: str) -> Promise:
    return _find(queries.promise, key, lambda row: permissions.can_see_promise(request.actor, row).allowed)


def _find(read: Callable[[str], Row], key: str, may: Callable[[Row], bool]) -> Row:
    try:
        row = read(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not may(row):
        raise Http404
    return row


def proposal_columns(on: date) -> Sequence[Column]:
    """The columns of a list of proposals as a file."""
    return (
        Column(_("编号"), lambda row: row.printed),
        Column(_("年度"), lambda row: row.year),
        Column(_("提出机构"), lambda row: row.get_body_display()),
        Column(pgettext_lazy("proposal", "会议"), lambda row: row.session_text),
        Column(_("类别"), lambda row: class_name(row.kind)),
        Column(_("技术领域"), lambda row: label(row.field, "fields")),
        Column(_("标题"), lambda row: row.title),
        Column(_("提出人"), lambda row: names(row)),
        Column(_("承办单位"), lambda row: "；".join(handled(row))),
        Column(_("办理期限"), due_date),
        Column(_("状态"), lambda row: row.get_state_display()),
        Column(_("逾期天数"), lambda row: days_late(row, on) or ""),
        Column(_("重点督办"), lambda row: row.supervisor if row.is_key else ""),
    )


def names(row: Proposal) -> str:
    """Who brought it: the first by name, and how many more."""
    signers = list(row.signers.all())
    first = [one.name for one in signers if one.role == "proposer"] or [one.name for one in signers[:1]]
    return "、".join(first)


def handled(row: Proposal) -> list[str]:
    """The units it is with, each with its role."""
    return [
        f"{unit_name(one.unit)}（{one.get_role_display()}）"
        for one in row.assignments.all()
        if one.returned_date is None
    ]


def open_assignments(row: Proposal) -> list[Assignment]:
    return [one for one in row.assignments.all() if one.is_open]


def due_date(row: Proposal) -> date | None:
    """The next last day of those who still have to answer."""
    return min((one.due_date for one in open_assignments(row) if one.due_date), default=None)


def days_late(row: Proposal, on: date) -> int:
    """By how many days the latest of its units is late; 0 if none is."""
    day = due_date(row)
    return max(0, (on - day).days) if day else 0


def whole(text: str, *, digits: int = 4) -> int | None:
    """A whole number out of an address, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def chosen(request: Request, name: str, choices: Sequence[tuple[Any, Any]]) -> str:
    """A choice out of an address; one that is not offered counts as none."""
    given = request.GET.get(name, "")
    return given if given in {value for value, _label in choices} else ""
