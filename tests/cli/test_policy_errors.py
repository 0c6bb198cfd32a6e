"""What of a file `keqiao policy` cannot use: named cell by cell, in two languages, and unknown."""

from pathlib import Path

import polars as pl
import pytest

from keqiao.cli.policy import app

from .test_policy import FIRM, check, lines, run, write


def test_check_says_in_two_languages_what_it_cannot_use(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [{**FIRM, "rd_fen_t1": -2, "rd_wan_t1": 2}])
    firms.write_text(firms.read_text("utf-8") + "[]\n", encoding="utf-8")

    check(firms, tmp_path / "out.jsonl")

    found = {one["code"]: (one["message"], one["message_zh"]) for one in lines(tmp_path / "out.jsonl.errors.jsonl")}
    assert found == {
        "unknown_name": (
            "rd_wan_t1 is no fact of the vocabulary: check the spelling and the unit (money in 分)",
            "没有“rd_wan_t1”这项数据：请核对名称和单位（金额以分为单位）",
        ),
        "no_object": ("no JSON object: write one {…} a line", "不是 JSON 对象：请每行写一个 {…}"),
        "negative": (
            "-2 is negative: write what the register says, 0 or more", "-2 是负数：请按登记填写，不小于 0",
        ),
    }  # fmt: skip


def test_explain_says_what_it_cannot_use_in_the_language_asked_for(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [{**FIRM, "rd_fen_t1": -2}])
    command = ["explain", "--policy", "demo-rd-grant", "--as-of", "2026-07-01", "--firms", str(firms)]

    said = [run.invoke(app, [*command, "--language", language]).stderr for language in ("zh", "en")]

    assert said == [
        "! firm A rd_fen_t1: -2 是负数：请按登记填写，不小于 0\n",
        "! firm A rd_fen_t1: -2 is negative: write what the register says, 0 or more\n",
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_of_a_column_with_decimals_only_cells_that_are_no_whole_fen_are_unknown(tmp_path: Path, ending: str) -> None:
    amounts = [float(FIRM["rd_fen_t1"]), 200_000_000.5, None]
    firms = [{**FIRM, "firm_id": id, "rd_fen_t1": amount} for id, amount in zip("ABC", amounts, strict=True)]
    path = write(tmp_path / f"firms.{ending}", firms)

    check(path, tmp_path / "out.jsonl")

    assert [one["verdict"] for one in lines(tmp_path / "out.jsonl")] == ["eligible", "unknown", "unknown"]
    errors = [(one["where"], one["attribute"], one["code"]) for one in lines(tmp_path / "out.jsonl.errors.jsonl")]
    assert errors == [("firm B", "rd_fen_t1", "not_fen")]
    if ending == "parquet":
        check(path, tmp_path / "out.parquet")
        assert pl.read_parquet(tmp_path / "out.parquet")["verdict"].to_list() == ["eligible", "unknown", "unknown"]
        again = [(one["where"], one["attribute"], one["code"]) for one in lines(tmp_path / "out.parquet.errors.jsonl")]
        assert again == errors
