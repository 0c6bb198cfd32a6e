"""Bringing replies in: from texts and files, under their numbers, in versions; and what is known about them beside."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.files import actions as files
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.permissions import ALLOWED
from keqiao.apps.proposals import names, permissions, units
from keqiao.apps.proposals.models import (
    Assignment,
    Correction,
    CorrectionState,
    Proposal,
    Reply,
    ReplyState,
)
from keqiao.catalogue import proposals as rulebook

from ._common import assign_fields, lock, plain, publication_problems, require_day, require_state
from .handing import current_round, mark_answered
from .reading import parse_into, refresh, require_sound_number

FIELDS = frozenset({"answered_date", "result_class", "contact_form", "abstract"})
OPEN_STATES = (ReplyState.IMPORTED, ReplyState.CHECKED)


@dataclass
class Document:
    """A file as it was read: its text, and what reading it remarked."""

    text: str
    name: str = ""
    content: bytes = field(default=b"", repr=False)
    notes: tuple[str, ...] = ()


def import_reply(
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    document: Document | None = None,
    proposal: Proposal | None = None,
    doc_number: str = "",
    is_new_version: bool = False,
    is_demo: bool = False,
    **values: Any,
) -> Reply:
    """Keep the text of a reply, read it, and tie it to its proposal where its heading names one that is known.

    A ValidationError says by its code what is wrong: empty, no_reply, no_number, same_text, number_used.
    """
    document = document or Document(text)
    if not document.text.strip():
        raise ValidationError(_("文件里没有文字。"), code="empty")
    reply = Reply(
        key=names.reply_key(), proposal=proposal, text=document.text, imported_by=by.key, file_name=document.name,
        sha256=sha256(document.text.encode()).hexdigest(), notes=list(document.notes), created_at=at, updated_at=at,
        is_demo=is_demo and by.is_product,
    )  # fmt: skip
    with ledger.action("reply.import", by=by, at=at, subject=names.subject_of(reply)) as entry:
        _read(reply, doc_number)
        reply.proposal = proposal or find_proposal(reply.parsed)
        entry.require(permissions.can_import_reply(by, issuer=reply.issuer, proposal=reply.proposal))
        earlier = _earlier(reply, is_new_version=is_new_version)
        _keep(reply, document, by=by, at=at)
        if earlier is not None:
            _carry_corrections(earlier, reply, at=at)
        refresh(reply, at=at)
        _take_values(reply, values, by=by, at=at)
        entry.change(
            doc_number=reply.doc_number, version=reply.version, sha256=reply.sha256, file=reply.file_name,
            figures=reply.figures.count(), promises=reply.promises.count(),
        )  # fmt: skip
    return reply


def _read(reply: Reply, doc_number: str) -> None:
    """Parse, and take from the heading what the row is known by."""
    parse_into(reply, at=reply.created_at)
    meta = reply.parsed["meta"]
    if not (reply.parsed["suggestions"] or meta.get("title") or meta.get("doc_number")):
        raise ValidationError(_("这份文件不像是对建议提案的答复：没有标题、文号和分条。"), code="no_reply")
    reply.doc_number = rulebook.document_number(str(meta.get("doc_number") or "") or doc_number)
    require_sound_number(reply.doc_number)
    reply.title = str(meta.get("title") or reply.doc_number)[:300]
    signed = str(meta.get("signed_by") or meta.get("lead_department") or "")
    reply.issuer_name, reply.issuer = signed[:100], units.resolve(signed)


def find_proposal(parsed: dict[str, Any]) -> Proposal | None:
    """The registered proposal that a heading names by body, session and number; None if it names none or several."""
    meta = parsed["meta"]
    printed = str(meta.get("proposal_id_as_printed") or meta.get("proposal_id") or "")
    session = meta.get("session") or {}
    found = rulebook.read_number(f"{printed}{meta.get('proposal_kind') or ''}", region=places.region().code)
    if found is None or not session.get("term"):
        return None
    rows = Proposal.objects.filter(number=found.number, term=session["term"], session=session.get("session") or 0)
    if meta.get("body"):
        rows = rows.filter(body=meta["body"])
    if found.kind:
        rows = rows.filter(kind=found.kind)
    some = list(rows[:2])
    return some[0] if len(some) == 1 else None


def _earlier(reply: Reply, *, is_new_version: bool) -> Reply | None:
    """The version before this one; a second text under a number has to be said to be a new version."""
    twin = Reply.objects.filter(sha256=reply.sha256).exclude(state=ReplyState.WITHDRAWN).first()
    if twin is not None:
        raise ValidationError(_("同样的文本已经导入过：%(number)s。") % {"number": twin.doc_number}, code="same_text")
    rows = Reply.objects.select_for_update().filter(doc_number=reply.doc_number, is_current=True)
    earlier = rows.filter(issuer_name=reply.issuer_name).first()
    if earlier is None:
        return None
    if not is_new_version:
        what = _("%(number)s 已有一份答复《%(title)s》，内容不同。如果是修改后的文本，请选择“作为新版本导入”。")
        raise ValidationError(what % {"number": earlier.doc_number, "title": earlier.title}, code="number_used")
    earlier.is_current = False
    earlier.save(update_fields=["is_current"])
    reply.version, reply.supersedes = earlier.version + 1, earlier
    reply.proposal = reply.proposal or earlier.proposal
    return earlier


def _kept_name(name: str) -> str:
    """A page is kept as the text it is, so that nothing in it runs on the computer of who fetches it."""
    return f"{name}.txt" if name.lower().endswith((".html", ".htm")) else name


def _keep(reply: Reply, document: Document, *, by: Actor, at: datetime) -> None:
    try:
        with ledger.attempt():
            reply.save()
    except IntegrityError as error:
        raise ValidationError(_("这个发文字号刚被另一份答复使用，请刷新后再试。"), code="number_used") from error
    if document.content:
        row = files.attach(
            subject=names.subject_of(reply), name=_kept_name(document.name), content=document.content, permit=ALLOWED,
            by=by, at=at, purpose="reply",
        )  # fmt: skip
        reply.attachment = row.key


def _carry_corrections(earlier: Reply, reply: Reply, *, at: datetime) -> None:
    """What people corrected in the version before holds for the new text too, where its words still stand."""
    rows = earlier.corrections.filter(withdrawn_at=None).exclude(state=CorrectionState.SUPERSEDED)
    Correction.objects.bulk_create(
        Correction(
            reply=reply, kind=row.kind, op=row.op, field=row.field, quote=row.quote, occurrence=row.occurrence,
            value=row.value, before=row.before, reason=row.reason, by=row.by, at=row.at, carried_from=row,
        )
        for row in rows
        if not (row.kind == "meta" and row.field == "doc_number")
    )  # fmt: skip


def edit_reply(reply: Reply, *, by: Actor, at: datetime, **values: Any) -> None:
    """When it was given, in what form, how far the matter is solved; the text itself is never edited."""
    with ledger.action("reply.edit", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, *OPEN_STATES)
        entry.change(**plain(_take_values(reply, values, by=by, at=at)))


def _take_values(reply: Reply, values: dict[str, Any], *, by: Actor, at: datetime) -> dict[str, Any]:
    changed = assign_fields(reply, values, FIELDS)
    if reply.result_class and reply.result_class not in rulebook.result_classes(places.region().code):
        raise ValidationError({"result_class": _("请选择办理结果的类别。")})
    if reply.answered_date is not None:
        require_day(reply.answered_date, field="answered_date", on=localdate(at), earliest=reply.signed_date)
    reply.full_clean(validate_unique=False, validate_constraints=False, exclude=["parsed", "notes", "text", "sha256"])
    reply.updated_at = at
    reply.save()
    if reply.answered_date is not None and reply.proposal is not None:
        _note_answer(reply, reply.proposal, on=reply.answered_date, by=by, at=at)
    return changed


def _note_answer(reply: Reply, proposal: Proposal, *, on: date, by: Actor, at: datetime) -> None:
    """The unit that signed the reply has answered with it."""
    rows = Assignment.objects.filter(
        proposal=proposal, unit=reply.issuer, round=current_round(proposal), returned_date=None, answered_date=None
    )
    for row in rows.filter(assigned_date__lte=on):
        if permissions.can_mark_answered(by, row).allowed:
            mark_answered(row, answered_date=on, by=by, at=at)
    proposal.refresh_from_db()


def link_proposal(reply: Reply, proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Say which proposal a reply answers, where its heading did not."""
    with ledger.action("reply.edit", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, *OPEN_STATES)
        reply.proposal = proposal
        _take_values(reply, {}, by=by, at=at)
        entry.change(proposal=proposal.key)


def decide_reply_publication(
    reply: Reply, *, publication: str, by: Actor, at: datetime, withheld_reason: str = ""
) -> None:
    """Full text, abstract, on request, or withheld on a lawful ground."""
    with ledger.action("reply.publication", by=by, at=at, subject=names.subject_of(reply)) as entry:
        lock(reply)
        entry.require(permissions.can_keep_reply(by, reply))
        require_state(reply, *OPEN_STATES)
        if problems := publication_problems(publication, withheld_reason, abstract=reply.abstract):
            raise ValidationError(problems)
        reply.publication, reply.withheld_reason, reply.updated_at = publication, withheld_reason, at
        reply.save()
        entry.reason = withheld_reason
        entry.change(publication=publication)
