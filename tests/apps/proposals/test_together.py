"""Several fields corrected at once, and a correction taken to a new place."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.models import Entry
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Correction, CorrectionState

from .answering import SCIENCE, asked, bring, place

pytestmark = pytest.mark.django_db


def test_fields_corrected_together_are_undone_one_by_one(now: datetime) -> None:
    asked()
    reply = bring(now)
    where = place(reply, "280万元")

    made = actions.correct_fields(
        reply,
        kind="figure",
        values={"indicator": "资金", "modality": "planned"},
        reason="r",
        by=SCIENCE,
        at=now,
        **where,
    )
    actions.withdraw_correction(made[0], by=SCIENCE, at=now)

    figure = reply.figures.get(raw="280万元")
    assert figure.modality == "planned"
    assert figure.indicator != "资金"


def test_fields_corrected_together_leave_one_entry(now: datetime) -> None:
    asked()
    reply = bring(now)

    actions.correct_fields(
        reply, kind="figure", values={"indicator": "资金", "modality": "planned"}, reason="r", by=SCIENCE, at=now,
        **place(reply, "280万元"),
    )  # fmt: skip

    entry = Entry.objects.get(kind="reply.correct")
    assert entry.facts["count"] > 1


def test_one_wrong_field_keeps_the_others_out(now: datetime) -> None:
    asked()
    reply = bring(now)

    with pytest.raises(ValidationError):
        actions.correct_fields(
            reply, kind="figure", values={"indicator": "资金", "modality": "never"}, reason="r", by=SCIENCE, at=now,
            **place(reply, "280万元"),
        )  # fmt: skip

    assert not reply.corrections.exists()


def test_moved_correction_holds_at_its_new_place(now: datetime) -> None:
    asked()
    reply = bring(now)
    made = actions.correct(
        reply, kind="figure", field="indicator", value="资金", reason="r", by=SCIENCE, at=now, **place(reply, "280万元")
    )
    Correction.objects.filter(pk=made.pk).update(quote="281万元", state=CorrectionState.LOST)
    made.refresh_from_db()

    again = actions.move_correction(made, by=SCIENCE, at=now, **place(reply, "280万元"))

    made.refresh_from_db()
    assert made.state == CorrectionState.WITHDRAWN
    assert (again.state, again.quote) == (CorrectionState.APPLIED, "280万元")
    assert reply.figures.get(raw="280万元").indicator == "资金"
