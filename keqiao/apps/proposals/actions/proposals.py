"""Writes to proposals: what they are, who signed them, what they ask for, how they are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.proposals import names, permissions
from keqiao.apps.proposals.models import (
    Assignment,
    Body,
    Proposal,
    ProposalState,
    Signer,
    SignerRole,
    Suggestion,
)
from keqiao.catalogue import codes
from keqiao.catalogue import proposals as rulebook

from ._common import assign_fields, lock, plain, publication_problems, require_state
from .handing import give

FIELDS = frozenset({"title", "text", "abstract", "year", "field", "received_date", "is_key", "supervisor"})
FIRST_YEAR = 1949
MOST_YEARS_AHEAD = 1
LARGEST = 99


@dataclass(frozen=True)
class SignerInput:
    """Somebody who signed, in the order of the paper."""

    name: str
    role: str = SignerRole.PROPOSER
    is_group: bool = False
    user: User | None = None


def register_proposal(
    *,
    body: str,
    term: int,
    session: int,
    number: str,
    title: str,
    by: Actor,
    at: datetime,
    kind: str = "",
    signers: Sequence[SignerInput] = (),
    suggestions: Sequence[tuple[str, str]] = (),
    assign: Sequence[tuple[str, str]] = (),
    assigned_date: date | None = None,
    is_demo: bool = False,
    **values: Any,
) -> Proposal:
    """Enter a proposal under its number as printed, with who signed it and the units it is handed to, if any.

    The class may be left out where the number's letters or words say it.
    """
    row = Proposal(
        key=names.proposal_key(), body=body, term=term, session=session, printed=number.strip(), title=title.strip(),
        registered_by=by.key, is_demo=is_demo and by.is_product, created_at=at, updated_at=at,
    )  # fmt: skip
    with ledger.action("proposal.register", by=by, at=at, subject=names.subject_of(row)) as entry:
        entry.require(permissions.can_register_proposal(by, handed_to=[unit for unit, _role in assign]))
        values.setdefault("year", 0)
        changed = assign_fields(row, values, FIELDS)
        _number(row, kind=kind, on=localdate(at))
        _save(row)
        _write_signers(row, signers)
        _write_suggestions(row, suggestions)
        entry.change(body=body, printed=row.printed, kind=row.kind, title=row.title, **plain(changed))
        if assign:
            with ledger.action("proposal.hand_over", by=by, at=at, subject=names.subject_of(row)) as inner:
                give(row, assign, assigned_date or row.received_date or localdate(at), entry=inner, at=at)
    return row


def edit_proposal(proposal: Proposal, *, by: Actor, at: datetime, **values: Any) -> Proposal:
    """Correct what the paper says; the number is what tells it from others and stays."""
    with ledger.action("proposal.edit", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_keep_proposal(by, proposal))
        require_state(proposal, *(state for state in ProposalState.values if state != ProposalState.CLOSED))
        changed = assign_fields(proposal, values, FIELDS)
        proposal.updated_at = at
        _check(proposal, on=localdate(at))
        _save(proposal)
        entry.change(**plain(changed))
    return proposal


def set_signers(proposal: Proposal, signers: Sequence[SignerInput], *, by: Actor, at: datetime) -> None:
    """Who signed, in the order of the paper, and with which account they read here."""
    with ledger.action("proposal.edit", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_keep_proposal(by, proposal))
        proposal.signers.all().delete()
        _write_signers(proposal, signers)
        entry.change(signers=[signer.name for signer in signers])


def set_suggestions(proposal: Proposal, suggestions: Sequence[tuple[str, str]], *, by: Actor, at: datetime) -> None:
    """What is asked for: pairs of a title and the words of the paper."""
    with ledger.action("proposal.edit", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_keep_proposal(by, proposal))
        proposal.suggestions.all().delete()
        _write_suggestions(proposal, suggestions)
        entry.change(suggestions=[title for title, _quoted in suggestions])


def decide_publication(
    proposal: Proposal, *, publication: str, by: Actor, at: datetime, withheld_reason: str = ""
) -> None:
    """How the proposal itself is published; withheld only on a lawful ground."""
    with ledger.action("proposal.publication", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_keep_proposal(by, proposal))
        if problems := publication_problems(publication, withheld_reason, abstract=proposal.abstract):
            raise ValidationError(problems)
        proposal.publication, proposal.withheld_reason, proposal.updated_at = publication, withheld_reason, at
        proposal.save()
        entry.reason = withheld_reason
        entry.change(publication=publication)


def close_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Put it away once everybody who has to answer has done so."""
    with ledger.action("proposal.close", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_hand_over(by))
        require_state(proposal, ProposalState.ANSWERED)
        open_rows = Assignment.objects.filter(proposal=proposal, returned_date=None, answered_date=None)
        if any(row.is_open for row in open_rows):
            raise ledger.Refused("somebody_has_not_answered")
        proposal.state, proposal.updated_at = ProposalState.CLOSED, at
        proposal.save()


def _number(row: Proposal, *, kind: str, on: date) -> None:
    """The number to compare by, the class, the year."""
    if row.body not in Body.values:
        raise ValidationError({"body": _("请选择人大或政协。")})
    region = places.region().code
    found = rulebook.read_number(row.printed, region=region, body=row.body)
    if found is None:
        raise ValidationError(
            {"number": _("“%(given)s”里没有编号，请写成 W163号 或 第163号。") % {"given": row.printed}}
        )
    classes = {code for code, one in rulebook.proposal_classes(region).items() if one.body == row.body}
    row.number, row.kind = found.number, kind or found.kind
    if row.kind not in classes:
        raise ValidationError({"kind": _("从编号看不出类别，请选择提案（建议）类别。")})
    if not row.year:
        row.year = found.year or (row.received_date or on).year
    _check(row, on=on)


def _check(row: Proposal, *, on: date) -> None:
    problems: dict[str, str] = {}
    if not row.title.strip():
        problems["title"] = _("请填写标题。")
    for name in ("term", "session"):
        if not isinstance(getattr(row, name), int) or not 1 <= getattr(row, name) <= LARGEST:
            problems[name] = _("请写 1 到 99 的数字。")
    if not FIRST_YEAR <= row.year <= on.year + MOST_YEARS_AHEAD:
        problems["year"] = _("年度不对，请核对。")
    if row.received_date is not None and row.received_date > on:
        problems["received_date"] = _("日期不能晚于今天。")
    if row.field and row.field not in codes.codes("fields"):
        problems["field"] = _("没有这个技术领域，请从列表中选择。")
    if row.is_key and not row.supervisor.strip():
        problems["supervisor"] = _("重点督办的，请填写督办领导。")
    if problems:
        raise ValidationError(problems)


def _save(row: Proposal) -> None:
    row.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with ledger.attempt():
            row.save()
    except IntegrityError as error:
        twin = Proposal.objects.filter(
            body=row.body, term=row.term, session=row.session, kind=row.kind, number=row.number
        ).first()
        if twin is None:
            raise
        what = _("%(number)s 已经登记：《%(title)s》。") % {"number": twin.printed, "title": twin.title}
        raise ValidationError({"number": ValidationError(what, code="twice")}) from error


def _write_signers(row: Proposal, signers: Sequence[SignerInput]) -> None:
    known: set[str] = set()
    rows: list[Signer] = []
    for signer in signers:
        name = " ".join(signer.name.split())
        if not name or name in known:
            raise ValidationError({"signers": _("提出人的姓名不能为空，也不能重复：%(name)s") % {"name": name or "—"}})
        if signer.role not in SignerRole.values:
            raise ValidationError({"signers": _("身份只能是提出人或联名人。")})
        known.add(name)
        rows.append(
            Signer(
                proposal=row, place=len(rows) + 1, name=name, role=signer.role, is_group=signer.is_group,
                user=signer.user,
            )
        )  # fmt: skip
    Signer.objects.bulk_create(rows)


def _write_suggestions(row: Proposal, suggestions: Sequence[tuple[str, str]]) -> None:
    given = [(title.strip()[:300], quoted.strip()) for title, quoted in suggestions if title.strip()]
    Suggestion.objects.bulk_create(
        Suggestion(proposal=row, n=n, title=title, quoted=quoted) for n, (title, quoted) in enumerate(given, start=1)
    )
