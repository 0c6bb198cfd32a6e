"""`keqiao quality` as an administrator types it, on an installation of its own."""

import json
from pathlib import Path

import pytest

from tests.cli.test_operations import keqiao

pytestmark = pytest.mark.slow


def test_quality_on_the_demo(tmp_path: Path) -> None:
    early = keqiao("quality", "measure", home=tmp_path)
    keqiao("demo", home=tmp_path)
    measured = keqiao("quality", "measure", home=tmp_path)
    exported = keqiao("quality", "export", str(tmp_path / "own.jsonl"), home=tmp_path)
    nowhere = keqiao("quality", "export", str(tmp_path / "no" / "own.jsonl"), home=tmp_path)

    assert early.returncode == 2
    assert "keqiao: " in early.stderr
    figures = dict(line.split() for line in measured.stdout.splitlines())
    assert float(figures["ndcg_low"]) < float(figures["ndcg"]) < float(figures["ndcg_high"])
    rows = [json.loads(line) for line in (tmp_path / "own.jsonl").read_text(encoding="utf-8").splitlines()]
    assert int(figures["pairs"]) == sum(row["part"] == "grade" for row in rows)
    assert exported.stdout.endswith(f"{figures['pairs']} grades\n")
    assert (nowhere.returncode, list(tmp_path.glob("no*"))) == (2, [])
    assert "Choose another place" in nowhere.stderr
