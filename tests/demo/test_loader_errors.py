"""Errors in the demo's data: the row is named, and nothing of the load stays."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market.models import Need
from keqiao.apps.parties.models import Organization
from keqiao.demo import loader

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

FIRM = {"key": "org-x-01", "name": "甲厂", "kind": "enterprise", "area": "229901"}
NEED = {
    "key": "need-x-01",
    "organization": "org-x-01",
    "title": "粘丝",
    "abstract": "丝束粘连",
    "problem": "炉里粘丝",
    "field": "new_materials",
}


def write(folder: Path, **files: list[Any]) -> None:
    for name, rows in files.items():
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / f"{name}-x.jsonl").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "place", "what"),
    [
        ({"organizations": [FIRM, "{broken"]}, "organizations-x.jsonl, line 2", "JSONDecodeError"),
        ({"organizations": [FIRM | {"kind": "circus"}]}, "organizations-x.jsonl, line 1 (org-x-01)", "circus"),
        ({"organizations": [FIRM | {"parent": "org-none"}]}, "organizations-x.jsonl, line 1 (org-x-01)", "org-none"),
        ({"organizations": [FIRM, FIRM]}, "organizations-x.jsonl, line 2 (org-x-01)", "organization_exists"),
        (
            {"organizations": [FIRM], "people": ["", {"key": "p", "name": "甲", "organization": "org-none"}]},
            "people-x.jsonl, line 2 (p)",
            "org-none",
        ),
        (
            {"organizations": [FIRM], "needs": [NEED | {"organization": "org-none"}]},
            "needs-x.jsonl, line 1 (need-x-01)",
            "org-none",
        ),
        (
            {"organizations": [FIRM], "needs": [NEED | {"state": "lost"}]},
            "needs-x.jsonl, line 1 (need-x-01)",
            "lost",
        ),
        (
            {"organizations": [FIRM], "offers": [NEED | {"key": "offer-x-01", "kind": "miracle", "text": "好"}]},
            "offers-x.jsonl, line 1 (offer-x-01)",
            "miracle",
        ),
        (
            {"organizations": [FIRM], "needs": [NEED | {"secrecy": "introduction", "abstract": "甲厂粘丝"}]},
            "needs-x.jsonl, line 1 (need-x-01)",
            "甲厂",
        ),
    ],
)
def test_wrong_row_is_named_and_nothing_of_the_load_stays(
    files: dict[str, list[Any]], place: str, what: str, tmp_path: Path, now: datetime
) -> None:
    write(tmp_path, **files)

    with pytest.raises(loader.DemoDataError) as caught:
        loader.load(at=now, folder=tmp_path)

    assert place in str(caught.value)
    assert what in str(caught.value)
    assert (Organization.objects.count(), Need.objects.count(), ledger.last_seq()) == (0, 0, 0)
