import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from keqiao.engines.identifiers import IdentifierError, check_uscc, make_uscc, organization_code
from keqiao.engines.identifiers._uscc import ALPHABET, CATEGORIES

HEADS = [(authority, category) for authority, categories in CATEGORIES.items() for category in categories]


@st.composite
def codes(draw: st.DrawFn) -> str:
    authority, category = draw(st.sampled_from(HEADS))
    area = draw(st.text("0123456789", min_size=6, max_size=6))
    serial = draw(st.text(ALPHABET, min_size=8, max_size=8))
    return make_uscc(authority=authority, category=category, area=area, serial=serial)


def error_of(text: str) -> IdentifierError:
    with pytest.raises(IdentifierError) as caught:
        check_uscc(text)
    return caught.value


@pytest.mark.parametrize("code", ["91110000600037341L", "11220000013544429K", "12220000412760962A"])
def test_check_uscc_known_codes(code: str) -> None:
    assert check_uscc(code) == code
    assert oracle.validate(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "91110000600037341l",
        " 9111 0000 6000 37341L\n",
        "91110000-60003734-1-L",
        "９１１１００００６０００３７３４１Ｌ",
        "91110000–60003734—1L",
        "\ufeff91110000600037341L\u200b",
        "91110000\u300060003734\u00a01L",
    ],
)
def test_check_uscc_cleans_what_people_type(typed: str) -> None:
    assert check_uscc(typed) == "91110000600037341L"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "length", None),
        ("9111000060003734", "length", None),
        ("91110000600037341LL", "length", None),
        ("911100006000373411234567890123456789", "length", None),
        ("9111000060003734IL", "alphabet", 17),
        ("911100006O0037341L", "alphabet", 10),
        ("91110000六00037341L", "alphabet", 9),
        ("01110000600037341L", "authority", 1),
        ("B1110000600037341L", "authority", 1),
        ("94110000600037341L", "category", 2),
        ("Y2110000600037341L", "category", 2),
        ("9111A000600037341L", "area", 5),
        ("91110000600037342L", "organization_check", 17),
        ("91110000600037441L", "organization_check", 17),
        ("11220000412760962A", "check", 18),
        ("91110000600037341M", "check", 18),
    ],
)
def test_check_uscc_says_what_is_wrong(text: str, code: str, position: int | None) -> None:
    error = error_of(text)

    assert (error.code, error.position) == (code, position)
    assert ":" in error.message


def test_check_uscc_refuses_other_types() -> None:
    with pytest.raises(TypeError, match="as text, not as int"):
        check_uscc(91110000600037341)  # type: ignore[arg-type]


def test_organization_check_ten_is_written_x() -> None:
    code = make_uscc(authority="9", category="1", area="229999", serial="00000006")

    assert organization_code(code) == "00000006-X"
    assert oracle.validate(code) == code


def test_organization_check_eleven_is_written_zero() -> None:
    assert organization_code(make_uscc(authority="9", category="1", area="229999", serial=0)) == "00000000-0"


@pytest.mark.parametrize(
    ("authority", "category", "area", "serial", "code"),
    [
        ("9", "1", "22999", "00000001", "length"),
        ("9", "1", "229999", "1", "length"),
        ("9", "1", "229999", 123456789, "length"),
        ("9", "1", "229999", "0000000I", "alphabet"),
        ("9", "7", "229999", "00000001", "category"),
        ("9", "1", "22999A", "00000001", "area"),
    ],
)
def test_make_uscc_refuses_bad_parts(authority: str, category: str, area: str, serial: str | int, code: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        make_uscc(authority=authority, category=category, area=area, serial=serial)

    assert caught.value.code == code


@given(codes())
def test_make_uscc_result_is_canonical(code: str) -> None:
    assert check_uscc(code) == code
    assert organization_code(code).replace("-", "") == code[8:17]


@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_check_uscc_catches_every_substitution(code: str, place: int, character: str) -> None:
    changed = code[:place] + character + code[place + 1 :]

    if changed == code:
        assert check_uscc(changed) == code
    else:
        assert error_of(changed).code in {"authority", "category", "area", "organization_check", "check"}


@given(codes(), st.integers(0, 16))
def test_check_uscc_catches_every_swap_of_neighbours(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    if swapped == code:
        assert check_uscc(swapped) == code
    else:
        assert error_of(swapped).code in {"authority", "category", "area", "organization_check", "check"}


@given(codes())
def test_check_uscc_agrees_with_oracle_where_it_knows_the_authority(code: str) -> None:
    assert oracle.is_valid(code) is (code[0] not in "ANY")


@given(st.text(ALPHABET, min_size=18, max_size=18))
def test_check_uscc_refuses_what_the_oracle_refuses(text: str) -> None:
    if text[0] not in "ANY" and not oracle.is_valid(text):
        assert error_of(text).code != "length"


@given(st.text())
def test_check_uscc_any_text_gives_code_or_identifier_error(text: str) -> None:
    try:
        canonical = check_uscc(text)
    except IdentifierError:
        return

    assert check_uscc(canonical) == canonical
