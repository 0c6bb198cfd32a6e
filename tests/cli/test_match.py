"""`keqiao match` from files to files."""

import json

import pytest
from typer.testing import CliRunner

from keqiao.cli import app
from keqiao.engines.tables import read_rows, write_rows

OFFERS = [
    {
        "id": "ice",
        "title": "长效型自融雪沥青路面",
        "text": "混合料中掺入缓释盐化物，冰雪自行融化，抗滑性能好",
        "keywords": ["融雪"],
    },
    {"id": "oil", "title": "润滑油劣变在线监测传感器", "text": "用介电常数判断油品劣化程度，装在车上", "field": "汽车"},
    {"id": "laser", "title": "光纤激光器", "text": "输出功率≥2kW，中心波长1080±5 nm", "keywords": ["激光切割"]},
]
NEEDS = [
    {
        "id": "n1",
        "title": "机油什么时候该换，车上自己能知道",
        "text": "想要装在车上的小装置，判断润滑油还能不能用",
        "field": "汽车",
    },
    {"id": "n2", "title": "切割机配套光源", "text": "光纤激光器，输出功率不低于3kW"},
]


@pytest.fixture
def files(tmp_path):
    needs, offers = tmp_path / "needs.jsonl", tmp_path / "offers.csv"
    write_rows(needs, NEEDS, ["id", "title", "text", "field"])
    rows = [{**row, "keywords": ";".join(row.get("keywords", []))} for row in OFFERS]
    write_rows(offers, rows, ["id", "title", "text", "keywords", "field"])
    return needs, offers


def run(*arguments):
    return CliRunner().invoke(app, ["match", *map(str, arguments)])


def test_match_writes_trec_lines(files, tmp_path):
    out = tmp_path / "run.txt"
    result = run(*files, "--format", "trec", "--top", 2, "--out", out)
    lines = [line.split() for line in out.read_text(encoding="utf-8").splitlines()]
    assert result.exit_code == 0
    assert [(line[0], line[1], line[3], line[5]) for line in lines if line[3] == "1"] == [
        ("n1", "Q0", "1", "keqiao"),
        ("n2", "Q0", "1", "keqiao"),
    ]
    assert [line[2] for line in lines if line[3] == "1"] == ["oil", "laser"]
    assert all(0 <= float(line[4]) <= 1 for line in lines)


def test_match_gives_reasons_as_json_lines(files, tmp_path):
    out = tmp_path / "out.jsonl"
    run(*files, "--top", 1, "--out", out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["need"], row["offer"], row["overall"]) for row in rows] == [
        ("n1", "oil", None),
        ("n2", "laser", "fail"),
    ]
    assert rows[0]["facets"] == [{"name": "field", "need": "汽车", "offer": "汽车", "agrees": True}]
    assert "润滑油" in {term["term"] for term in rows[0]["terms"]}
    assert [(row["name"], row["verdict"]) for row in rows[1]["indicators"]] == [("输出功率", "fail")]


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_match_writes_tables_people_read(files, tmp_path, name):
    run(*files, "--top", 1, "--out", tmp_path / name)
    rows = [row.values for row in read_rows(tmp_path / name, one_of=()).rows]
    assert [(row["id"], row["成果编号"]) for row in rows] == [("n1", "oil"), ("n2", "laser")]
    assert [row["指标结论"] for row in rows] == ["", "不满足"]
    assert rows[1]["指标核对"] == "输出功率：不满足（≥2kW）"


def test_match_says_none_where_nothing_answers(files, tmp_path):
    needs, offers = files
    write_rows(needs, [{"id": "n3", "text": "奶牛乳房炎疫苗"}], ["id", "text"])
    words = run(needs, offers, "--format", "trec", "--abstain").stdout.split()
    assert [*words[:4], words[5]] == ["n3", "Q0", "NONE", "1", "keqiao"]
    assert float(words[4]) < 0.1


def test_match_without_trade_language_finds_less(files):
    needs, offers = files
    write_rows(needs, [{"id": "n4", "text": "冬天打滑"}], ["id", "text"])
    assert run(needs, offers, "--format", "trec", "--no-expand").stdout == ""


def test_match_prints_csv_and_a_table_on_the_screen(files):
    assert (
        run(*files, "--top", 1, "--format", "csv").stdout.splitlines()[0].startswith("需求编号,需求名称,名次,成果编号")
    )
    assert "oil" in run(*files, "--top", 1).stdout


def test_match_keeps_bad_rows_beside_the_result(files, tmp_path):
    needs, offers = files
    bad = '\n{"id": "n9", "title": "x", "indicators": [{"name": "功率", "op": "ge", "value": "大"}]}\nbroken\n'
    needs.write_text(needs.read_text(encoding="utf-8") + bad, encoding="utf-8")
    out = tmp_path / "run.txt"
    result = run(needs, offers, "--format", "trec", "--out", out)
    kept = [json.loads(line) for line in (tmp_path / "run.txt.errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert result.exit_code == 0
    assert {line.split()[0] for line in out.read_text(encoding="utf-8").splitlines()} == {"n1", "n2"}
    assert sorted((row["file"], row["where"]) for row in kept) == [
        ("needs.jsonl", "第 4 行"),
        ("needs.jsonl", "第 5 行"),
    ]
    assert "'大' is no number" in result.stderr


@pytest.mark.parametrize(
    ("needs", "options", "message"),
    [
        ("broken\n", (), "需求文件里没有可用的行"),
        ("", (), "是空的（0 字节）"),
        ('{"id": "a", "text": "b"}\n', ("--format", "xlsx"), "请用 --out 指定"),
        ('{"id": "a", "text": "b"}\n', ("--out", "x.docx"), "看不出结果格式"),
    ],
)
def test_match_fails_with_two_and_a_reason(files, needs, options, message):
    files[0].write_text(needs, encoding="utf-8")
    result = run(*files, *options)
    assert result.exit_code == 2
    assert message in result.stderr
