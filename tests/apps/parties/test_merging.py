"""Merging two records and splitting them again: everything moves, everything comes back exactly."""

from datetime import date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.models import Need
from keqiao.apps.parties import actions, queries
from keqiao.apps.parties.models import Certificate, DuplicatePair, MergeMove, MoveKind, Organization, Person
from tests.apps.acting import administrator, editor, last_entry, officer
from tests.factories.market import NeedFactory, OfferFactory
from tests.factories.parties import (
    CertificateFactory,
    MembershipFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    PersonFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
KEPT_APART = {"ledger", "parties.mergerecord", "parties.mergemove"}
OFFICE = officer("229901")


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours but the ledger and the records of merges."""
    return {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model.__module__.startswith("keqiao.") and not {model._meta.app_label, model._meta.label_lower} & KEPT_APART
    }


def test_merge_moves_everything_that_points_to_the_record(now: datetime) -> None:
    keep, gone = OrganizationFactory(name="松江激光"), OrganizationFactory(name="松江激光设备", summary="做激光。")
    need, offer = NeedFactory(organization=gone), OfferFactory(organization=gone)
    below, person = OrganizationFactory(parent=gone, uscc=None, key="lab"), PersonFactory(organization=gone)
    file = Attachment.objects.create(key="f", subject=f"organization:{gone.key}", name="x", size=1, sha256="0", at=now)
    member = MembershipFactory(organization=gone)

    record = actions.merge(keep=keep, gone=gone, note="同一块牌子", by=OFFICE, at=now)

    for row in (need, offer, below, person, member, file, keep, gone):
        row.refresh_from_db()
    assert {need.organization, offer.organization, below.parent, person.organization, member.organization} == {keep}
    assert (file.subject, keep.summary, gone.merged_into) == (f"organization:{keep.key}", "做激光。", keep)
    assert list(keep.names.values_list("name", "kind")) == [("松江激光设备", "other")]
    assert last_entry() == ("organization.merge", OFFICE.key, f"organization:{keep.key}", "done", "")
    assert {move.table: move.kind for move in record.moves.filter(kind="moved")}.keys() == {
        "market.need", "market.offer", "parties.organization", "parties.person", "parties.membership",
        "files.attachment",
    }  # fmt: skip


def test_key_of_the_record_that_went_leads_to_the_one_that_stayed(now: datetime) -> None:
    keep, gone = OrganizationFactory(), OrganizationFactory()
    actions.merge(keep=keep, gone=gone, note="x", by=OFFICE, at=now)

    assert (queries.organization(gone.key), queries.organization(keep.key)) == (keep, keep)
    assert list(queries.organizations()) == [keep]
    assert list(queries.find_organizations(gone.name)) == [keep]


def test_rows_that_stand_on_both_sides_stay_and_are_written_down(now: datetime) -> None:
    keep, gone = OrganizationFactory(), OrganizationFactory()
    twin = {"kind": "hte", "issued_date": date(2024, 1, 1)}
    CertificateFactory(organization=keep, number="A", **twin)
    left = CertificateFactory(organization=gone, number="A", **twin)
    moved = CertificateFactory(organization=gone, kind="cma", issued_date=date(2024, 1, 1))
    before = snapshot()

    record = actions.merge(keep=keep, gone=gone, note="x", by=OFFICE, at=now)

    assert set(record.moves.filter(table="parties.certificate").values_list("row", "kind")) == {
        (left.pk, MoveKind.LEFT), (moved.pk, MoveKind.MOVED),
    }  # fmt: skip
    assert Certificate.objects.get(pk=left.pk).organization == gone
    actions.split(record, by=OFFICE, at=now)
    assert snapshot() == before


def world(counts: dict[str, int], *, is_below: bool, has_twins: bool) -> tuple[Organization, Organization]:
    keep = OrganizationFactory(summary="" if is_below else "有简介")
    gone = OrganizationFactory(summary="去的简介", industry="C4040")
    if is_below:
        keep.parent = gone
        keep.save()
    for factory, n in (
        (NeedFactory, counts["needs"]), (OfferFactory, counts["offers"]), (PersonFactory, counts["people"]),
        (OrganizationNameFactory, counts["names"]), (MembershipFactory, counts["members"]),
    ):  # fmt: skip
        for side in (gone, *((keep,) if has_twins else ())):
            factory.create_batch(n, organization=side)
    for side in (keep, gone) if has_twins else (gone,):
        CertificateFactory(organization=side)
        OrganizationNameFactory(organization=side, name="同名")
    for person in gone.people.all():
        OfferFactory(organization=gone, person=person)
    return keep, gone


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.fixed_dictionaries(
        {name: st.integers(0, 2) for name in ("needs", "offers", "people", "names", "members")}
    ),
    is_below=st.booleans(),
    has_twins=st.booleans(),
    writes_later=st.booleans(),
)
def test_split_restores_every_row_exactly(
    now: datetime, counts: dict[str, int], *, is_below: bool, has_twins: bool, writes_later: bool
) -> None:
    with transaction.atomic():
        keep, gone = world(counts, is_below=is_below, has_twins=has_twins)
        before = snapshot()
        record = actions.merge(keep=keep, gone=gone, note="x", by=OFFICE, at=now)
        assert snapshot() != before
        later = NeedFactory(organization=keep) if writes_later else None

        actions.split(record, by=OFFICE, at=now + timedelta(hours=1))

        if later is not None:
            later.refresh_from_db()
            assert later.organization == keep
            later.delete()
        assert snapshot() == before
        assert list(ledger.verify()) == []
        transaction.set_rollback(True)


def test_split_leaves_what_was_changed_since(now: datetime) -> None:
    keep, gone, third = OrganizationFactory(), OrganizationFactory(summary="旧"), OrganizationFactory()
    need = NeedFactory(organization=gone)
    record = actions.merge(keep=keep, gone=gone, note="x", by=OFFICE, at=now)
    Need.objects.filter(pk=need.pk).update(organization=third)
    Organization.objects.filter(pk=keep.pk).update(summary="合并后写的")

    actions.split(record, by=OFFICE, at=now)

    need.refresh_from_db()
    keep.refresh_from_db()
    assert (need.organization, keep.summary) == (third, "合并后写的")


def test_chain_of_merges_is_split_from_its_end(now: datetime) -> None:
    first, second, third = OrganizationFactory(), OrganizationFactory(), OrganizationFactory()
    need = NeedFactory(organization=first)
    before = snapshot()
    one = actions.merge(keep=second, gone=first, note="x", by=OFFICE, at=now)
    two = actions.merge(keep=third, gone=second, note="x", by=OFFICE, at=now)

    need.refresh_from_db()
    assert (need.organization, queries.organization(first.key)) == (third, third)
    with pytest.raises(Refused, match="split_later_first"):
        actions.split(one, by=OFFICE, at=now)
    actions.split(two, by=OFFICE, at=now)
    actions.split(one, by=OFFICE, at=now)
    assert snapshot() == before
    with pytest.raises(Refused, match="already_split"):
        actions.split(one, by=OFFICE, at=now)


def test_merge_is_refused_with_its_reason(now: datetime) -> None:
    here, there = OrganizationFactory(), OrganizationFactory(area="229902")
    for actor, reason in ((OFFICE, "not_officer_for_both"), (editor(here), "not_officer_for_both"),
                          (administrator(), "not_officer_for_both")):  # fmt: skip
        with pytest.raises(Refused, match=reason):
            actions.merge(keep=here, gone=there, note="x", by=actor, at=now)
    with pytest.raises(Refused, match="merge_with_itself"):
        actions.merge(keep=here, gone=Organization.objects.get(pk=here.pk), note="x", by=OFFICE, at=now)
    assert MergeMove.objects.count() == 0


def test_people_of_one_body_are_merged_and_split(now: datetime) -> None:
    body = OrganizationFactory()
    keep = PersonFactory(organization=body, name="王宁", phone="", email="")
    gone = PersonFactory(organization=body, name="王宁", email="w@example.invalid")
    offer = OfferFactory(organization=body, person=gone)
    before = snapshot()

    record = actions.merge(keep=keep, gone=gone, note="同一邮箱", by=OFFICE, at=now)

    offer.refresh_from_db()
    keep.refresh_from_db()
    assert (offer.person, keep.email, list(queries.people_of(body))) == (keep, "w@example.invalid", [keep])
    actions.split(record, by=OFFICE, at=now)
    assert snapshot() == before


def test_people_of_two_bodies_are_not_merged(now: datetime) -> None:
    with pytest.raises(Refused, match="different_organizations"):
        actions.merge(keep=PersonFactory(), gone=PersonFactory(), note="x", by=OFFICE, at=now)


def test_search_finds_pairs_once_and_keeps_decisions(now: datetime) -> None:
    one, other = OrganizationFactory(name="示范光学有限公司"), OrganizationFactory(name="示范光学股份有限公司")
    OrganizationFactory(name="别的厂")
    body = OrganizationFactory(name="某研究所")
    for email in ("a@example.invalid", "A@example.invalid"):
        PersonFactory(organization=body, name="王宁" if email[0] == "a" else "王 宁", email=email, phone="")

    assert (actions.find_duplicates(by=OFFICE, at=now), actions.find_duplicates(by=OFFICE, at=now)) == (2, 0)

    assert {(pair.noun, tuple(pair.reasons)) for pair in DuplicatePair.objects.all()} == {
        ("organization", ("same_core",)), ("person", ("same_email",)),
    }  # fmt: skip
    actions.tell_apart(one=one, other=other, note="两家", by=OFFICE, at=now)
    assert actions.find_duplicates(by=OFFICE, at=now) == 0
    assert DuplicatePair.objects.get(noun="organization").state == "different"
    assert Person.objects.count() == 2
