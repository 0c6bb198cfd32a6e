"""`keqiao reply` on files."""

import json
from pathlib import Path

from typer.testing import CliRunner

from keqiao.cli.reply import app

run = CliRunner()
TEXT = "一、关于“人才”的建议\r\n2024年，选派专员1\r\n012名。\r\n"


def test_parse_writes_rows_whose_spans_lie_in_the_file(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(TEXT.encode())

    result = run.invoke(app, ["parse", str(source), "--out", str(tmp_path / "out")])

    reply = json.loads((tmp_path / "out" / "a.json").read_text("utf-8"))
    start, end = reply["figures"][0]["span"]
    assert result.exit_code == 0
    assert (reply["schema"], reply["source"]["file"]) == ("keqiao.reply.gold/1", "a.txt")
    assert (TEXT[start:end], reply["figures"][0]["value"]) == ("1\r\n012名", 1012)


def test_parse_writes_the_text_that_was_read_from_another_kind(tmp_path: Path) -> None:
    source = tmp_path / "a.html"
    source.write_text("<p>2024年，支持企业73户。</p>", encoding="utf-8")

    run.invoke(app, ["parse", str(source), "--out", str(tmp_path / "out")])

    reply = json.loads((tmp_path / "out" / "a.json").read_text("utf-8"))
    text = (tmp_path / "out" / "a.read.txt").read_text("utf-8")
    start, end = reply["figures"][0]["span"]
    assert text[start:end] == reply["figures"][0]["raw"] == "73户"


def test_parse_reads_the_good_files_and_names_the_bad_one(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.txt", tmp_path / "b.pdf"
    good.write_bytes(TEXT.encode())
    bad.write_bytes(b"%PDF-1.4 broken")

    result = run.invoke(app, ["parse", str(bad), str(good), "--out", str(tmp_path)])

    assert result.exit_code == 2
    assert "b.pdf: the file is damaged" in result.output
    assert (tmp_path / "a.json").exists()


def test_parse_refuses_two_files_for_one_name(tmp_path: Path) -> None:
    for name in ("a.txt", "a.html"):
        (tmp_path / name).write_bytes(TEXT.encode())

    result = run.invoke(app, ["parse", str(tmp_path / "a.txt"), str(tmp_path / "a.html"), "--out", str(tmp_path / "o")])

    assert result.exit_code == 2
    assert "rename one of them" in result.output
