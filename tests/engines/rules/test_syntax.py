"""The grammar of expressions."""

import pytest

from keqiao.engines.rules import RuleError
from keqiao.engines.rules._syntax import Binary, Name, Unary, parse


def test_parse_binds_and_tighter_than_or() -> None:
    assert parse("a or b and not c") == Binary("or", Name("a"), Binary("and", Name("b"), Unary("not", Name("c"))))


def test_parse_binds_products_tighter_than_sums_and_comparisons() -> None:
    product = Binary("*", Name("b"), Name("c"))
    assert parse("a + b * c >= d") == Binary(">=", Binary("+", Name("a"), product), Name("d"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("staff_t1 <= ", "the end of the expression stands where a value is expected"),
        ("(a or b", "the end of the expression stands where '\\)' is expected"),
        ("a b", "'b' at character 3 is left over"),
        ("a ? b", "'\\? b' at character 3 cannot be read"),
        ("band(a, 5 %: 20, else 0)", "stands where a band says which side its bound belongs to"),
        ("a >= 2026-02-30", "is no day of the calendar"),
        ("count(where a)", "'where a\\)' at character 7 stands where a name is expected"),
    ],
)
def test_parse_names_the_character_at_fault(text: str, what: str) -> None:
    with pytest.raises(RuleError, match=what):
        parse(text)
