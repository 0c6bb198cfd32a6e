"""The shipped policies against the cases beside them, the reference bench, and what every edition must hold."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from keqiao.catalogue import policies
from keqiao.catalogue.files import CatalogueError
from keqiao.cli.policy import app
from keqiao.engines.rules import Explainer, Policy, Verdict
from keqiao.engines.rules._explain import names_in

EDITIONS = [policy for some in policies.editions().values() for policy in some]
CASES = [(policy, case) for policy in EDITIONS for case in policies.cases(policy)]


def judged(policy: Policy, case: dict[str, Any]) -> Verdict:
    checker = policies.checker(policy.slug, as_of=case["as_of"])
    return checker.check(checker.read(case["firm"]))


@pytest.mark.parametrize(("policy", "case"), CASES, ids=[f"{policy.slug}: {case['why']}" for policy, case in CASES])
def test_case_beside_a_policy_holds(policy: Policy, case: dict[str, Any]) -> None:
    verdict = judged(policy, case).as_dict()

    expected = {name: case[name] for name in ("verdict", "score", "amount_fen", "missing") if name in case}
    assert {name: verdict[name] for name in expected} == expected
    states = case.get("states", {})
    assert {id: verdict["clauses"][id] for id in states} == states


@pytest.mark.parametrize("policy", EDITIONS, ids=lambda policy: policy.slug)
def test_clauses_each_pass_and_fail_in_some_case(policy: Policy) -> None:
    seen = {(id, state) for case in policies.cases(policy) for id, state in judged(policy, case).clauses.items()}

    empty = {name for name, one in policy.parameters.items() if one.stages[-1].value is None}
    settled = [clause for clause in policy.clauses if not empty & set(names_in(clause.test))]
    wanted = {(clause.id, state) for clause in settled for state in ("pass", "fail")}
    assert wanted - seen == set()


@pytest.mark.parametrize("policy", EDITIONS, ids=lambda policy: policy.slug)
def test_clauses_are_cited_and_mapped_to_articles(policy: Policy) -> None:
    mapped = {id for article in policy.articles for id in article.clauses}

    assert mapped == {clause.id for clause in policy.clauses}
    assert [clause.id for clause in policy.clauses if not (clause.source and clause.label and clause.label_en)] == []


def citations(policy: Policy) -> dict[str, str]:
    """By clause (or number, or amount), what of the text it cites."""
    found = {one.id: f"{one.document} {one.source}" for one in policy.clauses}
    found |= {
        f"parameter {name}": " ".join(stage.source for stage in one.stages) for name, one in policy.parameters.items()
    }
    return found | ({"benefit": policy.benefit.source} if policy.benefit else {})


@pytest.mark.parametrize("policy", EDITIONS, ids=lambda policy: policy.slug)
def test_each_passage_of_a_text_is_cited_by_code_or_left_to_people_with_a_reason(policy: Policy) -> None:
    cited = citations(policy)
    by_people = {one for article in policy.articles if article.manual for one in article.passages}

    assert policy.passages
    assert [
        one for one in policy.passages if one not in by_people and not any(one in text for text in cited.values())
    ] == []


@pytest.mark.parametrize("policy", EDITIONS, ids=lambda policy: policy.slug)
def test_each_clause_stands_beside_a_passage_it_cites(policy: Policy) -> None:
    cited = citations(policy)
    astray = [
        (article.name, id)
        for article in policy.articles for id in (*article.clauses, *(["benefit"] if article.is_amount else []))
        if not any(passage in cited[id] for passage in article.passages)
    ]  # fmt: skip
    assert astray == []


def test_demonstration_policies_say_so() -> None:
    assert [one.slug for one in EDITIONS if one.is_demo != ("演示" in one.title)] == []


def test_edition_before_its_first_day_is_the_first() -> None:
    assert policies.edition("srdi-2026", on=date(2020, 1, 1)).version == "2026-2"


def test_edition_looks_back_over_the_names_it_follows() -> None:
    days = [date(2020, 1, 1), date(2026, 3, 31), date(2026, 4, 1)]
    found = [policies.edition_before_or_on("little-giant-2026", on=day) for day in days]
    assert [one.version for one in found] == ["2022-63-annex3", "2022-63-annex3", "2026-2-annex2"]


def test_followed_policies_are_shipped_and_older() -> None:
    followed = {one.slug: policies.editions()[one.follows][-1] for one in EDITIONS if one.follows}

    assert set(followed) == {"little-giant-2026", "srdi-2026"}
    assert all(before.starts < policies.editions()[slug][0].starts for slug, before in followed.items())


def test_edition_unknown_names_those_there_are() -> None:
    with pytest.raises(policies.NoPolicyError, match=r"'nonsense'; use one of .*tech-sme-2017"):
        policies.edition("nonsense", on=date(2026, 1, 1))


def test_codes_of_facts_have_names_in_both_languages() -> None:
    coded = {name: one.codes for name, one in policies.vocabulary().attributes.items() if one.type == "code"}

    assert [name for name, codes in coded.items() if not codes] == []
    assert [names for codes in coded.values() for names in codes.values() if not all(names)] == []
    assert {code[:2] for policy in EDITIONS if (code := policy.region)} - {"GB"} <= set(coded["province_code"])


@pytest.mark.parametrize(
    ("slug", "id", "facts", "language", "said"),
    [
        ("high-tech-enterprise-2016", "base.field", {"hightech_field": "04"}, "zh", "新材料"),
        ("high-tech-enterprise-2016", "base.field", {"hightech_field": "04"}, "en", "New materials"),
        ("rd-super-deduction", "base.sector", {"industry_division": "04"}, "zh", "渔业"),
        ("rd-super-deduction", "base.sector", {"industry_division": "52"}, "en", "Retail"),
        ("demo-rd-grant", "base.province", {"province_code": "22"}, "zh", "吉林省"),
    ],
)
def test_code_is_called_by_the_name_it_has_for_its_fact(
    slug: str, id: str, facts: dict[str, str], language: str, said: str
) -> None:
    checker = policies.checker(slug, as_of=date(2026, 7, 1))
    found = Explainer(checker.program, language=language).explain(checker.read({"firm_id": "A", **facts}))

    (finding,) = next(note for note in found.clauses if note.id == id).findings
    assert finding.value.startswith(said)
    assert not any(one.isdigit() for one in finding.bound.replace("、", ",").split(","))


def test_edition_half_written_names_file_and_line(tmp_path: Path) -> None:
    text = (policies.FOLDER / "srdi" / "2026-2.toml").read_text("utf-8")
    path = tmp_path / "half.toml"
    path.write_text(text[: text.index('test = "niche_start') + 30], encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"half.toml, line \d+: this is no valid TOML"):
        policies.read_edition(path)


def test_bench_is_answered_in_full(shared: Path, tmp_path: Path) -> None:
    bench = shared / "bench" / "policycases"
    out = tmp_path / "verdicts.jsonl"

    done = CliRunner().invoke(app, ["check", "--cases", str(bench / "cases_dev.jsonl"), "--out", str(out)])

    command = [sys.executable, str(bench / "score.py"), str(bench / "cases_dev.jsonl"), str(out), "--json"]
    total = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["policies"]["TOTAL"]
    assert done.exit_code == 0
    assert {total[part] for part in ("verdict", "clauses", "score", "amount", "missing", "exact")} == {total["n"]}
