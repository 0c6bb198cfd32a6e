import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.identifiers import (
    IdentifierError,
    check_patent_number,
    check_publication_number,
    make_patent_number,
)

numbers = st.builds(
    lambda year, kind, serial: make_patent_number(year=year, kind=kind, serial=serial),
    st.integers(2003, 2030),
    st.sampled_from([1, 2, 3, 8, 9]),
    st.integers(0, 9_999_999),
)


def error_of(text: str) -> IdentifierError:
    with pytest.raises(IdentifierError) as caught:
        check_patent_number(text)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("201710601862.3", "201710601862.3"),
        ("95115608.X", "95115608.X"),
        ("97101765.4", "97101765.4"),
        ("200310102344.5", "200310102344.5"),
        ("ZL 2017 1 0601862.3", "201710601862.3"),
        ("zl201710601862.3", "201710601862.3"),
        ("CN 201710601862.3", "201710601862.3"),
        ("2017106018623", "201710601862.3"),
        ("95115608x", "95115608.X"),
        ("ＺＬ２０１７１０６０１８６２．３", "201710601862.3"),
    ],
)
def test_check_patent_number_forms(typed: str, canonical: str) -> None:
    assert check_patent_number(typed) == canonical


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "length", None),
        ("201710601862", "length", None),
        ("201710601862.", "length", None),
        ("201710601862.33", "length", None),
        ("20171060186.3", "length", None),
        ("2017l0601862.3", "alphabet", 5),
        ("ZL2017l0601862.3", "alphabet", 7),
        ("201710601862.A", "alphabet", 14),
        ("199910601862.3", "year", 1),
        ("ZL60115608.X", "year", 3),
        ("201740601862.3", "type", 5),
        ("95415608.X", "type", 3),
        ("201710601862.4", "check", 14),
        ("ZL201710601863.3", "check", 16),
    ],
)
def test_check_patent_number_says_what_is_wrong(text: str, code: str, position: int | None) -> None:
    error = error_of(text)

    assert (error.code, error.position) == (code, position)


def test_make_patent_number_refuses_a_long_serial() -> None:
    with pytest.raises(IdentifierError, match="4 \\+ 1 \\+ 7 digits"):
        make_patent_number(year=2020, kind=1, serial=10_000_000)


@given(numbers)
def test_make_patent_number_result_is_canonical(number: str) -> None:
    assert check_patent_number(number) == number
    assert check_patent_number(f"ZL{number.replace('.', '')}") == number


@given(numbers, st.integers(0, 13), st.sampled_from("0123456789X"))
def test_check_patent_number_catches_every_substitution(number: str, place: int, character: str) -> None:
    if place == 12 or number[place] == character:
        return
    changed = number[:place] + character + number[place + 1 :]

    assert error_of(changed).code in {"check", "year", "type", "alphabet"}


@given(st.text())
def test_check_patent_number_any_text_gives_number_or_identifier_error(text: str) -> None:
    try:
        canonical = check_patent_number(text)
    except IdentifierError:
        return

    assert check_patent_number(canonical) == canonical


@pytest.mark.parametrize("typed", ["CN107390376B", "cn 107390376 b", "ＣＮ１０７３９０３７６Ｂ"])
def test_check_publication_number_forms(typed: str) -> None:
    assert check_publication_number(typed) == "CN107390376B"


@pytest.mark.parametrize("text", ["", "107390376B", "CN107390376", "US107390376B", "CN10739B"])
def test_check_publication_number_other_texts(text: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        check_publication_number(text)

    assert caught.value.code == "form"
