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


def test_link_writes_what_joins_parsed_replies(tmp_path: Path) -> None:
    for year in (2024, 2025):
        text = f"一、关于“人才”的建议\n累计选派科创专员{year - 1900}名。\n某省科学技术厅\n{year}年5月20日\n"
        (tmp_path / f"{year}.txt").write_text(text, encoding="utf-8")
    files = [str(path) for path in sorted(tmp_path.glob("*.txt"))]
    run.invoke(app, ["parse", *files, "--out", str(tmp_path / "rows")])

    result = run.invoke(app, ["link", str(tmp_path / "rows"), "--out", str(tmp_path / "links.json")])

    links = json.loads((tmp_path / "links.json").read_text("utf-8"))
    assert result.exit_code == 0
    assert [[part["doc"] for part in one["points"]] for one in links["series"]] == [["2024", "2025"]]


def test_link_leaves_out_a_file_that_is_no_reply(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")

    result = run.invoke(app, ["link", str(tmp_path), "--out", str(tmp_path / "o" / "links.json")])

    assert result.exit_code == 2
    assert "a.json is no parsed reply" in result.output


def test_link_says_what_to_do_with_an_empty_folder(tmp_path: Path) -> None:
    result = run.invoke(app, ["link", str(tmp_path), "--out", str(tmp_path / "links.json")])

    assert result.exit_code == 2
    assert "keqiao reply parse" in result.output


def test_check_ends_with_one_where_it_found_a_fault(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(
        "2024年安排资金4860万元，比2023年的4050万元增长18%。\n某省科技厅\n2025年6月9日\n", encoding="utf-8"
    )

    result = run.invoke(app, ["check", str(source)])

    assert result.exit_code == 1
    assert "fault: the growth is 20.0% by the figures, 18.0% is written" in result.output


def test_link_prints_evidence_and_sums_that_differ(tmp_path: Path) -> None:
    head, foot = "一、关于“人才”的建议\n省科技厅答复：", "\n某省科学技术厅\n{}年5月20日\n"
    texts = {
        "a": "2023年，技术合同成交额100亿元。\n下一步，省科技厅将建立科创专员申报系统。",
        "b": "2024年，技术合同成交额112亿元，比上年增长20%。科创专员申报系统上线运行。",
    }
    for name, year in (("a", 2024), ("b", 2025)):
        (tmp_path / f"{name}.txt").write_text(head + texts[name] + foot.format(year), encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in texts]
    run.invoke(app, ["parse", *files, "--out", str(tmp_path / "rows")])

    out = str(tmp_path / "links.json")
    result = run.invoke(app, ["link", str(tmp_path / "rows"), "--out", out, "--texts", str(tmp_path)])

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert "kept: a 建立科创专员申报系统 — b “科创专员申报系统上线运行”" in lines
    assert "mismatch: a/b-1 = 12.0, written 20.0 — b 112亿元, a 100亿元, b 20%" in lines


def test_link_without_the_texts_goes_by_figures_and_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    run.invoke(app, ["parse", str(tmp_path / "a.txt"), "--out", str(tmp_path / "rows")])
    (tmp_path / "a.txt").write_text("Another text", encoding="utf-8")

    out = tmp_path / "links.json"
    result = run.invoke(app, ["link", str(tmp_path / "rows"), "--out", str(out), "--texts", str(tmp_path)])

    assert result.exit_code == 0
    assert json.loads(out.read_text("utf-8"))["docs"] == ["a"]
