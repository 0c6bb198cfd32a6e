"""`keqiao policy` on files."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from keqiao.catalogue import policies
from keqiao.cli.policy import app

run = CliRunner()
FIRM = {
    "firm_id": "A",
    "province_code": "99",
    "a107012_filed_t1": True,
    "founded": "2015-01-01",
    "rd_fen_t1": 200_000_000,
    "rd_fen_t2": 200_000_000,
    "certificates": [{"type": "tech_sme", "from": "2025-06-01", "to": "2026-06-01"}],
    "list_checks": [{"list": "serious_dishonesty", "status": "off", "checked_at": "2026-05-20"}],
}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def as_cells(firm: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if isinstance(value, list) else value for name, value in firm.items()}


def write(path: Path, firms: list[dict[str, Any]]) -> Path:
    names = list(dict.fromkeys(name for firm in firms for name in firm))
    cells = [as_cells(firm) for firm in firms]
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(firm, ensure_ascii=False) + "\n" for firm in firms), encoding="utf-8")
    elif path.suffix == ".parquet":
        pl.DataFrame(cells).with_columns(pl.col("founded").str.to_date()).write_parquet(path)
    elif path.suffix == ".csv":
        pl.DataFrame(cells).write_csv(path)
    else:
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        for line, row in enumerate([dict(zip(names, names, strict=True)), *cells]):
            for place, name in enumerate(names):
                sheet.write(line, place, row.get(name))
        book.close()
    return path


def check(firms: Path, out: Path, *, policy: str = "demo-rd-grant", as_of: str = "2026-06-01") -> Any:
    return run.invoke(app, ["check", "--policy", policy, "--as-of", as_of, "--firms", str(firms), "--out", str(out)])


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "csv", "xlsx"])
def test_check_reads_every_kind_of_file_alike(tmp_path: Path, ending: str) -> None:
    firms = write(tmp_path / f"firms.{ending}", [FIRM, {**FIRM, "firm_id": "B", "rd_fen_t1": 49_999_999}])

    done = check(firms, tmp_path / "out.jsonl")

    found = [(one["firm"], one["verdict"], one["amount_fen"]) for one in lines(tmp_path / "out.jsonl")]
    assert (done.exit_code, found) == (0, [("A", "eligible", 20_000_000), ("B", "ineligible", 0)])
    assert not (tmp_path / "out.jsonl.errors.jsonl").exists()


def test_check_counts_what_it_cannot_use_as_unknown_and_lists_it(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [{**FIRM, "rd_fen_t1": "200万元", "rd_wan_t1": 200}])

    check(firms, tmp_path / "out.jsonl")

    (verdict,) = lines(tmp_path / "out.jsonl")
    errors = [(one["where"], one["attribute"]) for one in lines(tmp_path / "out.jsonl.errors.jsonl")]
    assert (verdict["verdict"], verdict["missing"]) == ("unknown", ["rd_fen_t1"])
    assert errors == [("line 1", "rd_wan_t1"), ("firm A", "rd_fen_t1")]


def test_check_keeps_of_a_firm_that_stands_twice_what_both_rows_say(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM, {**FIRM, "rd_fen_t1": 1}])

    check(firms, tmp_path / "out.jsonl")

    assert [one["missing"] for one in lines(tmp_path / "out.jsonl")] == [["rd_fen_t1"], ["rd_fen_t1"]]
    (error,) = lines(tmp_path / "out.jsonl.errors.jsonl")
    assert error["message"] == "firm_id stands in 2 rows that differ in rd_fen_t1: keep one row a firm"


def test_check_names_a_line_that_is_no_firm_and_reads_the_others(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM])
    firms.write_text(firms.read_text("utf-8") + "{half\n[]\n", encoding="utf-8")

    done = check(firms, tmp_path / "out.jsonl")

    assert (done.exit_code, len(lines(tmp_path / "out.jsonl"))) == (0, 1)
    assert [one["where"] for one in lines(tmp_path / "out.jsonl.errors.jsonl")] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"policy": "nonsense"}, "there is no policy 'nonsense'; use one of cocoon-to-butterfly, demo-rd-grant"),
        ({"as_of": "tomorrow"}, "--as-of is 'tomorrow', which is no day"),
    ],
)
def test_check_refuses_what_it_does_not_know(tmp_path: Path, change: dict[str, str], message: str) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM])

    done = check(firms, tmp_path / "out.jsonl", **change)

    assert (done.exit_code, (tmp_path / "out.jsonl").exists()) == (2, False)
    assert message in done.stderr


def test_check_refuses_a_file_without_firms(tmp_path: Path) -> None:
    (tmp_path / "firms.jsonl").write_text("\n", encoding="utf-8")

    done = check(tmp_path / "firms.jsonl", tmp_path / "out.jsonl")

    assert done.exit_code == 2
    assert "没有任何企业" in done.stderr


def test_check_shares_the_budget_of_a_batch(tmp_path: Path) -> None:
    case = {
        "id": "X",
        "policy": "demo-rd-grant",
        "as_of": "2026-06-01",
        "budget_fen": 3,
        "firms": [FIRM, {**FIRM, "firm_id": "B"}, {**FIRM, "firm_id": "C", "province_code": "98"}],
    }
    write(tmp_path / "cases.jsonl", [case])

    run.invoke(app, ["check", "--cases", str(tmp_path / "cases.jsonl"), "--out", str(tmp_path / "out.jsonl")])

    (answer,) = lines(tmp_path / "out.jsonl")
    assert [one["amount_fen"] for one in answer["verdict"]] == [2, 1, 0]


def test_list_names_every_policy_and_marks_the_invented_ones() -> None:
    done = run.invoke(app, ["list"])
    assert "tech-sme-2017\t2017-115\t2017-05-03\t科技型中小企业评价" in done.stdout
    assert [line.split("\t")[0] for line in done.stdout.splitlines() if "演示" in line] == [
        "demo-rd-grant",
        "demo-title-award",
        "voucher-demo",
    ]


def test_explain_prints_clauses_and_where_it_comes_from(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM, {**FIRM, "firm_id": "B"}])

    done = run.invoke(
        app, ["explain", "--policy", "demo-rd-grant", "--as-of", "2026-06-01", "--firms", str(firms), "--firm", "B"]
    )

    printed = done.stdout.splitlines()
    assert printed[0].startswith("B  研发投入后补助（演示）（演示文件（非真实政策））：符合条件")
    assert len([line for line in printed if line.startswith("  ✓ base.rd_floor")]) == 1
    assert printed[-1].startswith("demo-rd-grant demo-1 sha256:")


def test_explain_prints_alternatives_below_what_they_are_for(tmp_path: Path) -> None:
    case = policies.cases(policies.editions()["tech-sme-2017"][-1])[0]["firm"]
    command = ["explain", "--policy", "tech-sme-2017", "--as-of", "2026-06-15", "--language", "en"]

    done = run.invoke(app, [*command, "--firms", str(write(tmp_path / "firms.jsonl", [case]))])

    printed = done.stdout.splitlines()
    at = printed.index("  ✓ any one of these is enough:")
    assert [line.split()[:2] for line in printed[at + 1 : at + 5]] == [
        ["✗", "direct.hte"], ["✗", "direct.award"], ["✗", "direct.rd_body"], ["✗", "direct.standard"],
    ]  # fmt: skip
    assert printed[at + 5] == "      ✓ all of these together:"
    assert printed[at + 6].startswith("          ✓ score.")


def test_explain_writes_reasons_as_data(tmp_path: Path) -> None:
    firms, out = write(tmp_path / "firms.jsonl", [{**FIRM, "founded": None, "rd_fen_t2": None}]), tmp_path / "o.jsonl"

    run.invoke(
        app,
        [
            "explain",
            "--policy",
            "demo-rd-grant",
            "--as-of",
            "2026-06-01",
            "--firms",
            str(firms),
            "--language",
            "en",
            "--out",
            str(out),
        ],
    )

    (found,) = lines(out)
    assert [one["register"] for one in found["lacks"]] == ["market regulation", "tax administration"]


def test_explain_refuses_a_firm_that_is_not_there(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM])
    done = run.invoke(
        app, ["explain", "--policy", "demo-rd-grant", "--as-of", "2026-06-01", "--firms", str(firms), "--firm", "Z"]
    )
    assert (done.exit_code, "holds no firm 'Z'" in done.stderr) == (2, True)


def test_simulate_writes_a_line_for_each_combination(tmp_path: Path) -> None:
    firms, out = write(tmp_path / "firms.jsonl", [FIRM]), tmp_path / "out.jsonl"
    command = ["simulate", "--policy", "demo-rd-grant", "--as-of", "2026-06-01", "--firms", str(firms)]

    done = run.invoke(
        app, [*command, "--out", str(out), "--set", "cap=10 万元|30 万元", "--set", "rate_first=5 %|10 %"]
    )

    assert done.exit_code == 0
    assert [(one["set"]["cap"], one["amount_fen"]) for one in lines(out)] == [
        ("10 万元", 10_000_000),
        ("10 万元", 10_000_000),
        ("30 万元", 10_000_000),
        ("30 万元", 20_000_000),
    ]


@pytest.mark.parametrize(
    ("setting", "message"), [("cap", "--set is 'cap': write parameter=value"), ("cup=1 元", "no parameter 'cup'")]
)
def test_simulate_refuses_a_setting_that_does_not_fit(tmp_path: Path, setting: str, message: str) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM])
    command = ["simulate", "--policy", "demo-rd-grant", "--as-of", "2026-06-01", "--firms", str(firms)]

    done = run.invoke(app, [*command, "--out", str(tmp_path / "out.jsonl"), "--set", setting])

    assert (done.exit_code, message in done.stderr) == (2, True)


def test_diff_names_the_firms_that_change_and_why(tmp_path: Path) -> None:
    firms, out = write(tmp_path / "firms.jsonl", [FIRM, {**FIRM, "firm_id": "B", "rd_fen_t1": 10**9}]), tmp_path / "o"
    edition = policies.FOLDER / "demo-rd-grant" / "demo-1.toml"
    (tmp_path / "new.toml").write_text(edition.read_text("utf-8").replace('"50 万元"', '"300 万元"'), encoding="utf-8")
    command = ["diff", "--old", "demo-rd-grant", "--new", str(tmp_path / "new.toml"), "--as-of", "2026-06-01"]

    done = run.invoke(app, [*command, "--firms", str(firms), "--out", str(out)])

    assert done.stdout == "1 of 2 firms change\n"
    (change,) = lines(out)
    assert (change["firm"], change["clauses"]) == ("A", {"base.rd_floor": ["pass", "fail"]})


def test_diff_between_two_days_shows_what_a_newer_standard_asks(tmp_path: Path) -> None:
    older = policies.editions()["little-giant-2022"][-1]
    (firm,) = [case["firm"] for case in policies.cases(older) if case["why"] == "every threshold met"]
    command = ["diff", "--old", "little-giant-2022", "--new", "little-giant-2026", "--as-of", "2026-04-01"]
    command += ["--old-as-of", "2026-03-31", "--firms", str(write(tmp_path / "firms.jsonl", [firm]))]

    done = run.invoke(app, [*command, "--out", str(tmp_path / "o")])

    (change,) = lines(tmp_path / "o")
    assert done.stdout == "1 of 1 firms change\n"
    assert (change["before"]["verdict"], change["after"]["verdict"]) == ("eligible", "ineligible")
    assert change["clauses"]["req.main_share"] == ["pass", "fail"]
    assert change["clauses"]["req.rd_sum"] == ["absent", "fail"]


def test_nearest_in_columns_searches_firm_by_firm_what_arrays_cannot(tmp_path: Path) -> None:
    edition = policies.editions()["high-tech-enterprise-2016"][-1]
    wanted = ("one of 50 fewer", "364 days", "surely 71")
    firms = [{**case["firm"], "firm_id": case["why"]} for case in policies.cases(edition) if case["why"] in wanted]
    rows = [
        {name: json.dumps(value) if isinstance(value, list) else value for name, value in one.items()} for one in firms
    ]
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(tmp_path / "firms.parquet")
    command = ["nearest", "--policy", edition.slug, "--as-of", str(policies.cases(edition)[0]["as_of"])]

    done = run.invoke(app, [*command, "--firms", str(tmp_path / "firms.parquet"), "--out", str(tmp_path / "o.parquet")])

    found = pl.read_parquet(tmp_path / "o.parquet").select("firm", "cheapest_cost", "cheapest_hire").rows()
    assert done.exit_code == 0
    assert sorted(found) == [("364 days", None, None), ("one of 50 fewer", 40_000_000, 2), ("surely 71", 0, 0)]


def test_together_counts_what_does_not_add_up_once(tmp_path: Path) -> None:
    days = {"from": "2026-01-01", "to": "2027-01-01"}
    titles = [{"type": "tech_sme", **days}, {"type": "srdi", **days}]
    firms, out = write(tmp_path / "firms.jsonl", [{**FIRM, "certificates": titles}]), tmp_path / "o"
    command = ["together", "--as-of", "2026-06-01", "--firms", str(firms), "--out", str(out)]

    done = run.invoke(app, [*command, "--policy", "demo-rd-grant", "--policy", "demo-title-award"])

    (found,) = lines(out)
    grant, award = found["benefits"]
    assert done.exit_code == 0
    assert (grant["counted_fen"], grant["instead"]) == (0, ["demo-title-award"])
    assert award["counted_fen"] == found["total_fen"] == 30_000_000
    assert [part["amount_fen"] for part in award["instalments"]] == [15_000_000, 15_000_000]


def test_together_refuses_a_policy_without_an_amount(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM])
    command = ["together", "--as-of", "2026-06-01", "--firms", str(firms), "--out", str(tmp_path / "o")]

    done = run.invoke(app, [*command, "--policy", "uk-eris"])

    assert (done.exit_code, "'uk-eris' has no amount in 分" in done.stderr) == (2, True)


def test_check_by_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = check(write(tmp_path / "firms.jsonl", [FIRM]), tmp_path / "o", policy=str(tmp_path / "no.toml"))
    assert (done.exit_code, "no.toml: cannot be read" in done.stderr) == (2, True)


def test_nearest_writes_ways_for_firms_that_are_not_eligible(tmp_path: Path) -> None:
    case = policies.cases(policies.editions()["tech-sme-2017"][-1])[0]["firm"]
    firms = write(tmp_path / "firms.jsonl", [case, {**case, "firm_id": "B", "tech_staff_t1": 19}])
    command = ["nearest", "--policy", "tech-sme-2017", "--as-of", "2026-06-15", "--firms", str(firms)]

    done = run.invoke(app, [*command, "--out", str(tmp_path / "o.jsonl"), "--cost", "hire=7", "--lock", "rd"])

    (found,) = lines(tmp_path / "o.jsonl")
    assert (done.exit_code, found["firm"], found["cheapest"]["cost"]) == (0, "B", 14)


def test_nearest_refuses_a_cost_that_is_no_number(tmp_path: Path) -> None:
    firms = write(tmp_path / "firms.jsonl", [FIRM])
    command = ["nearest", "--policy", "tech-sme-2017", "--as-of", "2026-06-15", "--firms", str(firms)]
    done = run.invoke(app, [*command, "--out", str(tmp_path / "o.jsonl"), "--cost", "hire=much"])
    assert (done.exit_code, "--cost is 'hire=much'" in done.stderr) == (2, True)


def test_coverage_shows_clauses_manual_passages_and_missing_data() -> None:
    printed = run.invoke(app, ["coverage"]).stdout
    assert "  第八条: direct.hte, direct.award, direct.rd_body, direct.standard\n" in printed
    assert "  试点区域 2000 万元: 试点区域限额尚待核实，未作规则化。\n" in printed
    assert "  待补数据: contract_least 首次销售合同额下限\n" in printed


def test_coverage_of_one_policy_and_of_none() -> None:
    one = run.invoke(app, ["coverage", "--policy", "uk-eris"])
    assert one.stdout.startswith("uk-eris 2024-04  Corporation Tax Act 2009, Part 13\n")
    assert run.invoke(app, ["coverage", "--policy", "nonsense"]).exit_code == 2


def test_check_in_columns_gives_what_line_by_line_gives(tmp_path: Path) -> None:
    firms = [FIRM, {**FIRM, "firm_id": "B", "rd_fen_t1": -1}, {**FIRM, "firm_id": "C", "province_code": "98"}]
    pl.DataFrame(firms).write_parquet(tmp_path / "firms.parquet")

    done = check(tmp_path / "firms.parquet", tmp_path / "out.parquet")
    check(write(tmp_path / "firms.jsonl", firms), tmp_path / "out.jsonl")

    found = pl.read_parquet(tmp_path / "out.parquet").select("firm", "verdict", "amount").rows()
    assert found == [(one["firm"], one["verdict"], one["amount_fen"]) for one in lines(tmp_path / "out.jsonl")]
    assert (done.exit_code, [one["attribute"] for one in lines(tmp_path / "out.parquet.errors.jsonl")]) == (
        0,
        ["rd_fen_t1"],
    )


def test_check_in_columns_refuses_other_files(tmp_path: Path) -> None:
    done = check(write(tmp_path / "firms.jsonl", [FIRM]), tmp_path / "out.parquet")
    assert (done.exit_code, "give --firms as .parquet" in done.stderr) == (2, True)
    pl.DataFrame({"id": [1]}).write_parquet(tmp_path / "firms.parquet")
    done = check(tmp_path / "firms.parquet", tmp_path / "out.parquet")
    assert (done.exit_code, "has no column firm_id" in done.stderr) == (2, True)


def test_nearest_in_columns_writes_costs_and_amounts(tmp_path: Path) -> None:
    case = policies.cases(policies.editions()["tech-sme-2017"][-1])[0]["firm"]
    firms = pl.DataFrame(
        [case, {**case, "firm_id": "B", "tech_staff_t1": 19}, {**case, "firm_id": "C", "resident": False}]
    )
    firms.write_parquet(tmp_path / "firms.parquet")
    command = ["nearest", "--policy", "tech-sme-2017", "--as-of", "2026-06-15"]

    done = run.invoke(
        app,
        [
            *command,
            "--firms",
            str(tmp_path / "firms.parquet"),
            "--out",
            str(tmp_path / "o.parquet"),
            "--cost",
            "hire=7",
        ],
    )

    found = pl.read_parquet(tmp_path / "o.parquet").select("firm", "cheapest_cost", "cheapest_hire").rows()
    assert (done.exit_code, found) == (0, [("case", 0, 0), ("B", 14, 2), ("C", None, None)])
