"""Two records of one body or person become one, and two again, exactly.

A merge does not know the tables. It asks the models: every column of every table that points to the record that goes
is turned to the one that stays, and every row so touched is written down with what stood there. Rows that cannot be
turned, because the record that stays has the same already, stay where they are and are written down, too. A split goes
back through that list.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import (
    DuplicatePair,
    MergeMove,
    MergeRecord,
    MoveKind,
    Organization,
    OrganizationName,
    PairState,
    Person,
)

Party = Organization | Person
NOUNS: dict[str, type[Organization] | type[Person]] = {"organization": Organization, "person": Person}
# What the record that stays takes over where it has nothing itself.
FILLED = {
    "organization": ("name_en", "scale", "area", "industry", "summary", "summary_en"),
    "person": ("title", "title_en", "disciplines", "expertise", "expertise_en", "phone", "email", "orcid"),
}
# Tables that speak of the past, or of the merge itself, are never touched.
UNTOUCHED = frozenset({"ledger", "parties.mergerecord", "parties.mergemove", "parties.duplicatepair"})
AT_ONCE = 500


def merge(*, keep: Party, gone: Party, note: str, by: Actor, at: datetime) -> MergeRecord:
    """Let everything of `gone` be of `keep` from now on; the key of `gone` leads to `keep`.

    Returns the record by which `split` undoes it.
    """
    noun = noun_of(keep)
    with ledger.action(f"{noun}.merge", by=by, at=at, subject=f"{noun}:{keep.key}") as entry:
        # In one order, so that two merges never wait crosswise.
        for row in sorted((keep, gone), key=lambda row: row.pk):
            model: Any = type(row)
            row.refresh_from_db(from_queryset=model._default_manager.select_for_update())
        entry.require(permissions.can_merge(by, *(area_of(row) for row in (keep, gone))))
        _require_mergeable(keep, gone)
        record = MergeRecord.objects.create(
            noun=noun,
            kept=keep.key,
            gone=gone.key,
            kept_name=keep.name,
            gone_name=gone.name,
            note=note,
            by=by.key,
            at=at,
        )
        moves = [*_step_aside(keep, gone), *_fill(keep, gone)]
        for model, field in _columns(type(keep)):
            moves += _turn(model, field, keep, gone)
        for model in _subject_tables():
            moves += _turn_subjects(model, f"{noun}:{gone.key}", f"{noun}:{keep.key}")
        moves += _redirect(keep, gone)
        if isinstance(keep, Organization):
            moves += _keep_name(keep, gone, at=at)
        for move in moves:
            move.record = record
        MergeMove.objects.bulk_create(moves, batch_size=AT_ONCE)
        _settle_pairs(noun, keep.key, gone.key, by=by, at=at)
        entry.count = sum(move.kind == MoveKind.MOVED for move in moves)
        entry.change(gone=gone.key, record=record.pk, note=note)
    return record


def split(record: MergeRecord, *, by: Actor, at: datetime) -> MergeRecord:
    """Give back every row that the merge moved and every value that it filled in.

    What was written since stays with the record that was kept; a value changed since is left as it is now.
    """
    subject = f"{record.noun}:{record.kept}"
    with ledger.action(f"{record.noun}.split", by=by, at=at, subject=subject) as entry:
        record.refresh_from_db(from_queryset=MergeRecord.objects.select_for_update())
        keep, gone = (NOUNS[record.noun].objects.select_for_update().get(key=key) for key in (record.kept, record.gone))
        entry.require(permissions.can_merge(by, *(area_of(row) for row in (keep, gone))))
        if record.split_at is not None:
            raise ledger.Refused("already_split")
        if keep.merged_into_id is not None:
            raise ledger.Refused("split_later_first")
        entry.count = sum(_give_back_all(record))
        record.split_at, record.split_by = at, by.key
        record.save(update_fields=["split_at", "split_by"])
        one, other = sorted((record.kept, record.gone))
        DuplicatePair.objects.filter(noun=record.noun, one=one, other=other).update(
            state=PairState.OPEN, decided_by="", decided_at=None
        )
        entry.change(gone=record.gone, record=record.pk)
    return record


def tell_apart(*, one: Party, other: Party, note: str, by: Actor, at: datetime) -> DuplicatePair:
    """Write down that two records are two; the pair leaves the queue for good."""
    noun = noun_of(one)
    with ledger.action(f"{noun}.tell_apart", by=by, at=at, subject=f"{noun}:{one.key}") as entry:
        entry.require(permissions.can_merge(by, *(area_of(row) for row in (one, other))))
        if one.pk == other.pk:
            raise ledger.Refused("merge_with_itself")
        first, second = sorted((one.key, other.key))
        pair, _made = DuplicatePair.objects.update_or_create(
            noun=noun, one=first, other=second,
            defaults={"state": PairState.DIFFERENT, "decided_at": at, "decided_by": by.key, "note": note},
            create_defaults={"state": PairState.DIFFERENT, "decided_at": at, "decided_by": by.key, "note": note,
                             "score": 0.0, "found_at": at},
        )  # fmt: skip
        entry.change(other=other.key, note=note)
    return pair


def noun_of(row: Party) -> str:
    return "organization" if isinstance(row, Organization) else "person"


def area_of(row: Party) -> str:
    return row.area if isinstance(row, Organization) else row.organization.area


def _require_mergeable(keep: Party, gone: Party) -> None:
    if keep.pk == gone.pk:
        raise ledger.Refused("merge_with_itself")
    if keep.merged_into_id is not None or gone.merged_into_id is not None:
        raise ledger.Refused("already_merged")
    if isinstance(keep, Person) and isinstance(gone, Person) and keep.organization_id != gone.organization_id:
        raise ledger.Refused("different_organizations")


def _columns(target: type[Party]) -> Iterator[tuple[Any, str]]:
    """Every column of every table that points to this kind of record; hidden ones of the apps above included."""
    for model in apps.get_models(include_auto_created=True):
        if {model._meta.app_label, model._meta.label_lower} & UNTOUCHED or model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.remote_field.model is target:
                yield model, field.attname


def _subject_tables() -> Iterator[Any]:
    """Tables that name things by their key, as the ledger does: attached files, numbers of imports."""
    for model in apps.get_models():
        if {model._meta.app_label, model._meta.label_lower} & UNTOUCHED:
            continue
        if any(field.name == "subject" and isinstance(field, models.CharField) for field in model._meta.local_fields):
            yield model


def _turn(model: Any, field: str, keep: Party, gone: Party) -> list[MergeMove]:
    """Point one column of all rows from one record to the other; rows that cannot go stay and are noted as left."""
    rows = list(model._base_manager.filter(**{field: gone.pk}).values_list("pk", flat=True).order_by("pk"))
    rows = [pk for pk in rows if not (model is type(gone) and pk in (keep.pk, gone.pk))]
    if not rows:
        return []
    if _try_update(model, rows, {field: keep.pk}):
        return [_move(model, pk, field, gone.pk, keep.pk) for pk in rows]
    moved = [pk for pk in rows if _try_update(model, [pk], {field: keep.pk})]
    return [
        _move(model, pk, field, gone.pk, keep.pk, kind=MoveKind.MOVED if pk in moved else MoveKind.LEFT) for pk in rows
    ]


def _turn_subjects(model: Any, old: str, new: str) -> list[MergeMove]:
    rows = list(model._base_manager.filter(subject=old).values_list("pk", flat=True).order_by("pk"))
    if rows and not _try_update(model, rows, {"subject": new}):
        return [_move(model, pk, "subject", old, new, kind=MoveKind.LEFT) for pk in rows]
    return [_move(model, pk, "subject", old, new) for pk in rows]


def _try_update(model: Any, rows: list[Any], values: dict[str, Any]) -> bool:
    """Update rows, all or none; False if a constraint forbids it."""
    try:
        with ledger.attempt():
            for start in range(0, len(rows), AT_ONCE):
                model._base_manager.filter(pk__in=rows[start : start + AT_ONCE]).update(**values)
    except IntegrityError:
        return False
    return True


def _move(model: Any, row: Any, field: str, old: Any, new: Any, *, kind: str = MoveKind.MOVED) -> MergeMove:
    return MergeMove(kind=kind, table=model._meta.label_lower, row=row, field=field, old=old, new=new)


def _step_aside(keep: Party, gone: Party) -> list[MergeMove]:
    """A body that lay below the one that goes takes its place below the next one up."""
    if not isinstance(keep, Organization) or not isinstance(gone, Organization) or keep.parent_id != gone.pk:
        return []
    above = gone.parent_id
    move = _move(Organization, keep.pk, "parent_id", keep.parent_id, above, kind=MoveKind.FILLED)
    Organization.objects.filter(pk=keep.pk).update(parent=above)
    keep.refresh_from_db()
    return [move]


def _fill(keep: Party, gone: Party) -> list[MergeMove]:
    moves = []
    for name in FILLED[noun_of(keep)]:
        old, new = getattr(keep, name), getattr(gone, name)
        if not old and new:
            moves.append(_move(type(keep), keep.pk, name, old, new, kind=MoveKind.FILLED))
            setattr(keep, name, new)
    if moves:
        keep.save(update_fields=[move.field for move in moves])
    return moves


def _redirect(keep: Party, gone: Party) -> list[MergeMove]:
    type(gone)._default_manager.filter(pk=gone.pk).update(merged_into=keep.pk)
    gone.merged_into_id = keep.pk
    return [_move(type(gone), gone.pk, "merged_into_id", None, keep.pk)]


def _keep_name(keep: Organization, gone: Party, *, at: datetime) -> list[MergeMove]:
    """The name of the record that goes keeps leading to the body."""
    if gone.name == keep.name or keep.names.filter(name=gone.name).exists():
        return []
    row = OrganizationName.objects.create(organization=keep, name=gone.name, kind="other", from_date=localdate(at))
    return [_move(OrganizationName, row.pk, "", None, {"name": row.name}, kind=MoveKind.ADDED)]


def _settle_pairs(noun: str, kept: str, gone: str, *, by: Actor, at: datetime) -> None:
    one, other = sorted((kept, gone))
    DuplicatePair.objects.filter(noun=noun, one=one, other=other).update(
        state=PairState.MERGED, decided_at=at, decided_by=by.key
    )


def _give_back_all(record: MergeRecord) -> Iterator[int]:
    """Undo all touches, the last ones first; rows of one column that were moved alike go back together."""
    moves = list(record.moves.exclude(kind=MoveKind.LEFT).order_by("-pk"))
    for (table, field, kind), group in groupby(moves, key=lambda move: (move.table, move.field, move.kind)):
        if kind != MoveKind.MOVED:
            yield from (int(_give_back(move)) for move in group)
            continue
        same = list(group)
        model: Any = apps.get_model(table)
        rows = model._base_manager.filter(pk__in=[move.row for move in same], **{field: same[0].new})
        still = list(rows.values_list("pk", flat=True))
        if _try_update(model, still, {field: same[0].old}):
            yield len(still)
        else:
            yield from (int(_try_update(model, [pk], {field: same[0].old})) for pk in still)


def _give_back(move: MergeMove) -> bool:
    """Undo one touch of one row, if the row still says what the merge made it say."""
    model: Any = apps.get_model(move.table)
    if move.kind == MoveKind.ADDED:
        return bool(model._base_manager.filter(pk=move.row).delete()[0])
    row = model._base_manager.filter(pk=move.row).first()
    if row is None or getattr(row, move.field) != move.new:
        return False
    return bool(model._base_manager.filter(pk=move.row).update(**{move.field: move.old}))
