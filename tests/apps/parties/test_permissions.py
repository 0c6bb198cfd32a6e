"""Who may read the ledger; where officers serve."""

from datetime import date

import pytest

from keqiao.apps.parties import permissions, places
from keqiao.apps.parties.actors import VISITOR, Grant
from keqiao.apps.parties.models import Role
from tests.apps.acting import administrator, broker, person


def test_ledger_is_for_auditors_alone() -> None:
    auditor = person(None, Grant(Role.AUDITOR))

    allowed = [permissions.can_read_ledger(by).allowed for by in (VISITOR, broker(), auditor, administrator())]

    assert allowed == [False, False, True, False]
    assert permissions.can_read_ledger(broker()).reason == "auditors_only"


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ([], frozenset()),
        (["229901"], {"229901", "YS-GXQ"}),
        (["229901", "YS-HSZ"], {"229901", "YS-GXQ", "YS-HSZ"}),
        (["elsewhere"], {"elsewhere"}),
        (["229902", "229999"], None),
    ],
)
def test_officers_serve_a_place_with_all_inside(served: list[str], expected: frozenset[str] | None) -> None:
    assert places.served_by(served) == expected


def test_places_have_names_and_what_lies_inside() -> None:
    on = date(2026, 11, 21)

    assert places.inside("229904", on=on) == ("229904", "YS-HSZ")
    assert (places.label("229904", language="en"), places.label("110105", language="en")) == (
        "Baishanhu City",
        "110105",
    )
    assert (places.lineage("YS-GXQ"), places.lineage("")) == (("YS-GXQ", "229901", "229999"), ())
    assert places.choices(on)[0].code == "229901"
