"""Corrections hold over whatever the parser reads next: applied, or listed as lost; none is dropped."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.apps.proposals import merging
from keqiao.apps.proposals.models import CorrectionState, Op

TEXT = (
    "一、关于建平台的建议\n2024年，省科技厅投入280余万元，建平台3个，选派专员1012名。"
    "下一步，将建平台5个，扩大选派规模。"
)


@dataclass(frozen=True)
class Fix:
    pk: int
    kind: str
    op: str
    field: str = ""
    quote: str = ""
    occurrence: int = 0
    value: Any = None


def spans(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def figure(words: str, **values: Any) -> dict[str, Any]:
    return {"id": "f001", "span": spans(words), "raw": words, "value": 1, "department": None, **values}


def promise(words: str, **values: Any) -> dict[str, Any]:
    return {"id": "c001", "span": spans(words), "text": words, "department": None, **values}


PARSED = {
    "meta": {"title": "答复", "doc_number": "演科〔2025〕1号"},
    "suggestions": [
        {
            "n": 1, "heading_span": [0, 10], "span": [0, len(TEXT)],
            "answers": [{"span": [11, len(TEXT)], "marker_span": None, "disposition": None}],
        }
    ],
    "figures": [figure("280余万元"), figure("3个"), figure("1012名")],
    "commitments": [promise("建平台5个"), promise("扩大选派规模")],
}  # fmt: skip


def merged(*fixes: Fix, parsed: dict[str, Any] = PARSED) -> merging.Merged:
    return merging.merge(parsed, text=TEXT, fixes=fixes)


def test_parse_itself_is_left_alone() -> None:
    merged(Fix(1, "figure", "set", "department", "3个", value="省科技厅"))
    assert PARSED["figures"][1]["department"] is None


def test_set_holds_where_the_words_stand_whatever_the_numbering() -> None:
    other = {**PARSED, "figures": [figure("1012名", id="f001"), figure("3个", id="f077")]}
    for parsed in (PARSED, other):
        found = merged(Fix(1, "figure", "set", "department", "3个", value="省科技厅"), parsed=parsed)
        assert {thing["raw"]: thing["department"] for thing in found.figures}["3个"] == "省科技厅"
        assert found.states == {1: CorrectionState.APPLIED}


def test_later_value_supersedes_the_earlier_one_of_the_same_field_only() -> None:
    found = merged(
        Fix(1, "figure", "set", "department", "3个", value="甲"),
        Fix(2, "figure", "set", "unit", "3个", value="count:个"),
        Fix(3, "figure", "set", "department", "3个", value="乙"),
        Fix(4, "meta", "set", "title", value="题"),
        Fix(5, "meta", "set", "title", value="新题"),
    )
    thing = found.figures[1]
    assert (thing["department"], thing["unit"], thing["origin"], found.meta["title"]) == (
        "乙", "count:个", "corrected", "新题",
    )  # fmt: skip
    assert [found.states[pk] for pk in range(1, 6)] == ["superseded", "applied", "applied", "superseded", "applied"]


def test_correction_without_its_thing_is_lost_and_listed() -> None:
    found = merged(
        Fix(1, "figure", "set", "unit", "省科技厅", value="x"),
        Fix(2, "figure", "set", "unit", "不在文中", value="x"),
        Fix(3, "figure", "set", "unit", "3个", occurrence=1, value="x"),
    )
    assert list(found.states.values()) == [CorrectionState.LOST] * 3


def test_removed_thing_stays_away_and_a_vanished_one_needs_no_removing() -> None:
    fix = Fix(1, "figure", "remove", quote="3个")
    assert [thing["raw"] for thing in merged(fix).figures] == ["280余万元", "1012名"]
    found = merged(fix, parsed={**PARSED, "figures": []})
    assert (found.figures, found.states) == ([], {1: CorrectionState.MOOT})


def test_added_thing_stands_once_when_the_parser_finds_it_too() -> None:
    fix = Fix(1, "promise", "add", quote="选派专员", value={"department": "省科技厅"})
    added = merged(fix).promises[0]
    assert (added["text"], added["origin"], added["department"]) == ("选派专员", "added", "省科技厅")
    assert TEXT[slice(*added["sentence_span"])].startswith("2024年")
    assert TEXT[slice(*added["sentence_span"])].endswith("1012名。")

    found = merged(fix, parsed={**PARSED, "commitments": [promise("选派专员1012名")]})
    assert [(one["text"], one["department"]) for one in found.promises] == [("选派专员1012名", "省科技厅")]


def test_split_puts_parts_in_place_of_one_and_parts_keep_what_is_theirs() -> None:
    quote = "将建平台5个，扩大选派规模"
    parts = [{"start": 1, "end": 6, "department": "甲"}, {"start": 7, "end": 13}]
    whole = {**PARSED, "commitments": [promise(quote, department="乙")]}
    for parsed, second in ((whole, "乙"), (PARSED, None), ({**PARSED, "commitments": []}, None)):
        found = merged(Fix(1, "promise", "split", quote=quote, value=parts), parsed=parsed)
        assert [(one["text"], one["department"]) for one in found.promises] == [
            ("建平台5个", "甲"), ("扩大选派规模", second),
        ]  # fmt: skip
        assert {one["origin"] for one in found.promises} == {"split"}


def test_answer_and_suggestion_are_found_by_their_words() -> None:
    found = merged(
        Fix(1, "suggestion", "set", "quoted", "关于建平台", value=True),
        Fix(2, "answer", "set", "disposition", "2024年", value="declined"),
    )
    (suggestion,) = found.suggestions
    assert (suggestion["quoted"], suggestion["answers"][0]["disposition"]) == (True, "declined")


@pytest.mark.parametrize(("words", "occurrence"), [("建平台", 0), ("建平台", 1), ("建平台", 2), ("。", 1), ("aa", 0)])
def test_place_of_words_and_their_number_agree(words: str, occurrence: int) -> None:
    place = merging.place_of(TEXT, words, occurrence)
    if words == "aa":
        assert place is None
        return
    assert place is not None
    assert TEXT[slice(*place)] == words
    assert merging.occurrence_of(TEXT, *place) == occurrence


@st.composite
def parses(draw: st.DrawFn) -> dict[str, Any]:
    """Figures that do not overlap, anywhere in the text, numbered in any way."""
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=16)))
    pairs = [(cuts[n], cuts[n + 1]) for n in range(0, len(cuts) - 1, 2)]
    ids = draw(st.permutations(range(len(pairs))))
    return {
        "figures": [
            {"id": f"f{n}", "span": [a, b], "raw": TEXT[a:b], "value": n, "unit": "u", "department": None}
            for n, (a, b) in zip(ids, pairs, strict=True)
        ]
    }


@st.composite
def corrected(draw: st.DrawFn) -> tuple[dict[str, Any], list[Fix]]:
    """A parse with corrections of the things in it."""
    parsed = draw(parses())
    fixes = []
    for pk in range(draw(st.integers(1, 6))):
        start, end = draw(st.sampled_from([tuple(one["span"]) for one in parsed["figures"]]))
        op = draw(st.sampled_from([Op.SET, Op.SET, Op.REMOVE, Op.ADD]))
        field = draw(st.sampled_from(["unit", "department"]))
        quote, number = TEXT[start:end], merging.occurrence_of(TEXT, start, end)
        value: Any = {field: f"by{pk}"} if op == Op.ADD else f"by{pk}" if op == Op.SET else None
        fixes.append(Fix(pk, "figure", op, field if op == Op.SET else "", quote, number, value))
    return parsed, fixes


@given(made=corrected(), later=parses())
def test_corrected_values_stand_after_any_other_parse(made: tuple[dict[str, Any], list[Fix]], later: Any) -> None:
    parsed, fixes = made
    for given_parse in (parsed, later):
        found = merging.merge(given_parse, text=TEXT, fixes=fixes)
        assert set(found.states) == {fix.pk for fix in fixes}
        held = {pk for thing in found.figures for pk in thing["set"].values()}
        for thing in found.figures:
            for field, pk in thing["set"].items():
                if field:
                    assert thing[field] == f"by{pk}"
        for fix in fixes:
            state = found.states[fix.pk]
            if fix.op == Op.SET and state == CorrectionState.APPLIED:
                assert fix.pk in held
            if state == CorrectionState.LOST:
                assert merging.best(
                    given_parse["figures"], merging.place_of(TEXT, fix.quote, fix.occurrence)
                ) is None or any(other.op == Op.REMOVE and other.pk < fix.pk for other in fixes)


@given(made=corrected())
def test_nothing_is_lost_while_the_parse_stays(made: tuple[dict[str, Any], list[Fix]]) -> None:
    parsed, fixes = made
    if not any(fix.op == Op.REMOVE for fix in fixes):
        states = merging.merge(parsed, text=TEXT, fixes=fixes).states
        assert CorrectionState.LOST not in states.values()


@given(start=st.integers(0, len(TEXT) - 1), length=st.integers(1, 9))
def test_sentence_holds_its_piece(start: int, length: int) -> None:
    end = min(start + length, len(TEXT))
    first, last = merging.sentence_around(TEXT, start, end)
    assert first <= start < end <= last <= len(TEXT)
