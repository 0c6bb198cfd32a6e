"""The rule book of proposals: dated periods, classes, numbers as they are printed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.catalogue import calendar, proposals
from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.proposals import _load

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "body", "region", "start", "last"),
    [
        ("answer", "npc", "22", date(2026, 2, 5), date(2026, 5, 6)),  # 5 May 2026 is a holiday
        ("answer", "npc", "22", date(2026, 11, 30), date(2027, 3, 1)),  # no 30 February, then a Sunday
        ("answer_broad", "cppcc", "22", date(2026, 2, 6), date(2026, 8, 6)),
        ("return", "npc", "22", date(2026, 9, 21), date(2026, 10, 8)),  # ten days end on a holiday
        ("return", "npc", "229999", date(2026, 9, 30), date(2026, 10, 13)),  # five working days
        ("redo", "cppcc", "229999", date(2026, 6, 3), date(2026, 8, 3)),
        ("publish", "npc", "22", date(2026, 6, 12), date(2026, 7, 13)),  # 19 June 2026 is a holiday
    ],
)
def test_last_day_is_counted_by_the_rule_of_the_region(
    name: str, body: str, region: str, start: date, last: date
) -> None:
    assert proposals.rule(name, body=body, region=region, on=start).last_day(start) == last


def test_rule_of_the_law_follows_its_editions() -> None:
    found = [
        proposals.rule("answer", body="npc", region="22", on=day) for day in (date(2025, 3, 11), date(2025, 3, 12))
    ]
    assert [rule.version for rule in found] == ["national/answer/npc/2015-08-29", "national/answer/npc/2025-03-12"]


def test_day_without_a_rule_says_what_to_do() -> None:
    with pytest.raises(proposals.NoRuleError, match=r"add one to catalogue/proposals/r22\.toml"):
        proposals.rule("answer", body="npc", region="22", on=date(1999, 1, 1))


@given(start=DAYS, months=st.integers(1, 30))
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: date, months: int) -> None:
    end = proposals.add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(start=DAYS)
def test_rolled_day_is_a_working_day_not_before_the_unrolled_one(start: date) -> None:
    rule = proposals.rule("answer", body="npc", region="229999", on=start)
    last = rule.last_day(start)
    plain = proposals.add_months(start, 3)
    assert calendar.is_working_day(last)
    assert not any(calendar.is_working_day(plain + timedelta(days=n)) for n in range((last - plain).days))


@pytest.mark.parametrize(
    ("printed", "number", "kind", "year"),
    [
        ("W163号", "163", "member", None),
        ("Ｗ１６３ 号", "163", "member", None),
        ("2025W233号", "233", "member", 2025),
        ("D8号党派团体提案", "8", "party", None),
        ("第372号委员提案", "372", "member", None),
        ("第0217号提案", "217", "", None),
        ("第1086号建议", "1086", "deputy", None),
        ("0217", "217", "", None),
    ],
)
def test_printed_number_is_taken_apart(printed: str, number: str, kind: str, year: int | None) -> None:
    assert proposals.read_number(printed, region="22") == proposals.ProposalNumber(number, kind, year)


def test_text_without_a_number_has_none() -> None:
    assert proposals.read_number("委员提案", region="22") is None
    assert proposals.document_number("关于某事的函") == ""
    assert proposals.read_session("常委会") is None


def test_class_letters_count_for_their_body_only() -> None:
    assert proposals.read_number("W163号", region="22", body="npc").kind == ""


@pytest.mark.parametrize(
    "printed",
    ["吉工信议案〔2025〕32号", "吉工信议案[2025]32号", "吉工信议案（2025）第032号", " 吉工信议案【2025】 32 号 "],
)
def test_document_number_reads_alike_however_it_is_printed(printed: str) -> None:
    assert proposals.document_number(printed) == "吉工信议案〔2025〕32号"


@given(st.integers(1, 99), st.integers(1, 30))
def test_session_is_read_as_it_is_printed(term: int, session: int) -> None:
    printed = f"省政协{proposals.chinese(term)}届{proposals.chinese(session)}次会议"
    assert proposals.read_session(printed) == (term, session)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('name = "luck"', "use one of"),
        ('unit = "years"', "use one of"),
        ('roll = "up"', "use one of"),
        ('body = "un"', "use one of"),
        ("value = 0", "above 0"),
        ('valid_from = "today"', "of type date"),
        ("colour = 1", "unknown keys colour"),
    ],
)
def test_malformed_rule_names_its_fault(line: str, said: str, tmp_path: Path) -> None:
    fields = {"name": '"answer"', "value": "3", "unit": '"months"', "roll": '"next"', "valid_from": "2020-01-01"}
    fields |= {"source": '"x"', "note": '"y"', "note_en": '"z"'}
    key, _, value = line.partition(" = ")
    path = tmp_path / "x.toml"
    path.write_text("[[rule]]\n" + "\n".join(f"{name} = {text}" for name, text in (fields | {key: value}).items()))
    with pytest.raises(CatalogueError, match=said):
        _load._read_rules(path)


@pytest.mark.parametrize("region", ["22", "229999"])
def test_every_rule_has_a_source_and_every_body_a_time_limit(region: str) -> None:
    assert [rule.version for rule in proposals.rules(region) if not (rule.source and rule.note and rule.note_en)] == []
    for name in proposals.NAMES:
        for body in proposals.BODIES:
            assert proposals.find(name, body=body, region=region, on=date(2026, 1, 1)) is not None
    assert {row.body for row in proposals.proposal_classes(region).values()} == set(proposals.BODIES)
