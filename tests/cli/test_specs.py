"""`keqiao specs` on files."""

import json
from pathlib import Path

from typer.testing import CliRunner

from keqiao.cli.specs import app

run = CliRunner()


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_extract_writes_one_line_a_text(tmp_path: Path) -> None:
    texts = write(tmp_path / "t.jsonl", [{"id": "a", "text": "功率≥2kW"}, {"id": "b", "text": "没有数字"}])

    result = run.invoke(app, ["extract", str(texts), "--out", str(tmp_path / "o.jsonl")])

    rows = read(tmp_path / "o.jsonl")
    assert result.exit_code == 0
    assert [row["id"] for row in rows] == ["a", "b"]
    assert (rows[0]["quantities"][0]["span"], rows[0]["quantities"][0]["value"]) == ([2, 6], 2.0)


def test_check_all_pairs_without_a_pairs_file(tmp_path: Path) -> None:
    needs = write(tmp_path / "n.jsonl", [{"id": "n", "text": "功率2000W以上"}])
    offers = write(tmp_path / "o.jsonl", [{"id": "x", "text": "功率3kW"}, {"id": "y", "text": "功率1kW"}])

    run.invoke(app, ["check", str(needs), str(offers), "--out", str(tmp_path / "r.jsonl")])

    rows = read(tmp_path / "r.jsonl")
    assert [(row["need"], row["offer"], row["overall"]) for row in rows] == [("n", "x", "pass"), ("n", "y", "fail")]


def test_check_given_indicators_in_a_cell_and_pairs(tmp_path: Path) -> None:
    cell = json.dumps([{"name": "功率", "op": "ge", "value": 2, "unit": "kW", "sense": "ge", "must": True}])
    needs = write(tmp_path / "n.jsonl", [{"id": "n", "text": "无", "indicators": cell}])
    offers = write(tmp_path / "o.jsonl", [{"id": "x", "text": "功率3kW"}, {"id": "y", "text": "功率1kW"}])
    pairs = write(tmp_path / "p.jsonl", [{"need": "n", "offer": "y"}, {"need": "n", "offer": "zz"}])

    result = run.invoke(
        app, ["check", str(needs), str(offers), "--pairs", str(pairs), "--out", str(tmp_path / "r.jsonl")]
    )

    assert result.exit_code == 0
    assert [(row["offer"], row["overall"]) for row in read(tmp_path / "r.jsonl")] == [("y", "fail")]
    assert "zz" in read(tmp_path / "r.jsonl.errors.jsonl")[0]["message"]


def test_extract_broken_line_is_listed_and_the_rest_is_done(tmp_path: Path) -> None:
    texts = tmp_path / "t.jsonl"
    texts.write_text('{"id": "a", "text": "功率≥2kW"}\n{broken\n', encoding="utf-8")

    result = run.invoke(app, ["extract", str(texts), "--out", str(tmp_path / "o.jsonl")])

    assert result.exit_code == 0
    assert len(read(tmp_path / "o.jsonl")) == 1
    assert len(read(tmp_path / "o.jsonl.errors.jsonl")) == 1


def test_extract_nothing_good_ends_with_2(tmp_path: Path) -> None:
    texts = tmp_path / "t.jsonl"
    texts.write_text("{broken\n", encoding="utf-8")

    assert run.invoke(app, ["extract", str(texts), "--out", str(tmp_path / "o.jsonl")]).exit_code == 2
    assert not (tmp_path / "o.jsonl").exists()


def test_check_bad_indicator_names_the_row(tmp_path: Path) -> None:
    needs = write(
        tmp_path / "n.jsonl",
        [
            {"id": "n", "text": "功率1kW以上"},
            {"id": "m", "text": "无", "indicators": [{"name": "功率", "op": "ge", "value": "多"}]},
        ],
    )
    offers = write(tmp_path / "o.jsonl", [{"id": "x", "text": "功率3kW"}])

    result = run.invoke(app, ["check", str(needs), str(offers), "--out", str(tmp_path / "r.jsonl")])

    assert result.exit_code == 0
    assert "不是数字" in read(tmp_path / "r.jsonl.errors.jsonl")[0]["message"]
