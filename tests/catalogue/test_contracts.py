"""Dated rules for technology contracts."""

from datetime import date
from pathlib import Path

import pytest

from keqiao.catalogue import contracts
from keqiao.catalogue.files import CatalogueError


@pytest.mark.parametrize(
    ("region", "on", "value", "unit"),
    [
        ("22", date(2026, 6, 1), 30, "days"),
        ("22", date(2000, 2, 16), 30, "days"),
        ("229999", date(2026, 6, 1), 15, "working_days"),
        ("229999", date(2019, 6, 1), 30, "days"),
    ],
)
def test_rule_of_the_day_is_the_regions_own_before_the_countrys(region: str, on: date, value: int, unit: str) -> None:
    found = contracts.rule("registration", region=region, on=on)
    assert (found.value, found.unit) == (value, unit)


def test_draft_is_never_applied() -> None:
    assert contracts.find("registration_experts", region="22", on=date(2026, 6, 1)) is None
    assert "registration_experts" in {rule.name for rule in contracts.rules("22") if rule.needs_confirmation}


def test_day_without_a_rule_says_what_to_do() -> None:
    with pytest.raises(contracts.NoRuleError, match=r"add one to catalogue/contracts/r22\.toml"):
        contracts.rule("registration", region="22", on=date(1999, 1, 1))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('name = "luck"', "use one of"),
        ('unit = "years"', "use one of"),
        ('starts = "birth"', "use one of"),
        ("value = 0", "a whole value above 0"),
        ('source = ""', "a source"),
        ("colour = 1", "correct the spelling"),
    ],
)
def test_malformed_rule_names_its_fault(line: str, said: str, tmp_path: Path) -> None:
    fields = {"name": '"registration"', "value": "30", "unit": '"days"', "source": '"x"'}
    name, _, value = line.partition(" = ")
    path = tmp_path / "x.toml"
    path.write_text("[[rule]]\n" + "\n".join(f"{key} = {text}" for key, text in (fields | {name: value}).items()))
    with pytest.raises(CatalogueError, match=said):
        contracts._read(path)


def test_every_shipped_rule_has_a_source() -> None:
    assert [rule.name for region in ("22", "229999") for rule in contracts.rules(region) if not rule.source] == []
