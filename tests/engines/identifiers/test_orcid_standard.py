import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isni as oracle

from keqiao.engines.identifiers import (
    IDENTIFIER_KINDS,
    IdentifierError,
    check_identifier,
    check_orcid,
    check_standard_number,
)


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "https://orcid.org/0000-0002-1825-0097",
        " ORCID: 0000 0002 1825 0097 ",
    ],
)
def test_check_orcid_forms(typed: str) -> None:
    assert check_orcid(typed) == "0000-0002-1825-0097"


def test_check_orcid_with_x() -> None:
    assert check_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("0000-0002-1825-009", "length", None),
        ("0000-0002-1825-00977", "length", None),
        ("0000-000X-1825-0097", "alphabet", 8),
        ("0000-0002-1825-009A", "alphabet", 16),
        ("0000-0002-1825-0098", "check", 16),
    ],
)
def test_check_orcid_says_what_is_wrong(text: str, code: str, position: int | None) -> None:
    with pytest.raises(IdentifierError) as caught:
        check_orcid(text)

    assert (caught.value.code, caught.value.position) == (code, position)


@given(st.text("0123456789", min_size=15, max_size=15), st.sampled_from("0123456789X"))
def test_check_orcid_agrees_with_oracle(digits: str, last: str) -> None:
    try:
        accepted = bool(check_orcid(digits + last))
    except IdentifierError:
        accepted = False

    assert accepted is oracle.is_valid(digits + last)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("GB/T44436-2024", "GB/T 44436-2024"),
        ("GB 9704-2012", "GB 9704-2012"),
        ("gb／t 1.1—2020", "GB/T 1.1-2020"),
        ("GB / T 1.1 – 2020", "GB/T 1.1-2020"),
        ("GB/Z 18718-2002", "GB/Z 18718-2002"),
        ("JJF1059.1-2012", "JJF 1059.1-2012"),
        ("JB/T 5000.1-98", "JB/T 5000.1-98"),
        ("DB22/T 1234-2024", "DB22/T 1234-2024"),
        ("DB 22/T 1234-2024", "DB22/T 1234-2024"),
        ("DB2201/T 5-2021", "DB2201/T 5-2021"),
        ("T/CSTM00123-2020", "T/CSTM 00123-2020"),
        ("T/ABC2 012-2024", "T/ABC2 012-2024"),
        ("Q/ABC 1-2024", "Q/ABC 1-2024"),
    ],
)
def test_check_standard_number_forms(typed: str, canonical: str) -> None:
    assert check_standard_number(typed) == canonical
    assert check_standard_number(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB/T 44436", "year"),
        ("", "form"),
        ("44436-2024", "form"),
        ("GB/X 44436-2024", "form"),
        ("GB/T 44436-2124", "form"),
        ("Q/ABC 1 001-2020", "form"),
    ],
)
def test_check_standard_number_says_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        check_standard_number(text)

    assert caught.value.code == code


@given(st.text())
def test_check_standard_number_any_text_gives_number_or_identifier_error(text: str) -> None:
    try:
        canonical = check_standard_number(text)
    except IdentifierError:
        return

    assert check_standard_number(canonical) == canonical


@pytest.mark.parametrize("kind", sorted(IDENTIFIER_KINDS))
def test_check_identifier_each_kind_refuses_nonsense(kind: str) -> None:
    with pytest.raises(IdentifierError):
        check_identifier("?", kind=kind)


def test_check_identifier_unknown_kind() -> None:
    with pytest.raises(IdentifierError) as caught:
        check_identifier("1", kind="passport")

    assert caught.value.code == "kind"
