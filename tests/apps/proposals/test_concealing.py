"""Telephones, names and identity numbers in a text: hidden letter for letter, so that every span stays right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.apps.proposals.masking import conceal, mask, opened, personal


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("联系电话：13900000000。", ["13900000000"]),
        ("电话139-0000-0000", ["139-0000-0000"]),
        ("办公电话0999-88886666，", ["0999-88886666"]),
        ("（0999）88886666", ["（0999）88886666"]),
        ("身份证110101199003070017", ["110101199003070017"]),
        ("邮箱zhou.my@example.invalid。", ["zhou.my@example.invalid"]),
        ("演科规〔2023〕6号，3600万元，2024年12月", []),
        ("投入139000000000元", []),
    ],
)
def test_personal_numbers_are_found_and_figures_are_not(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in personal(text)] == found


def test_number_that_was_read_as_a_figure_stays() -> None:
    text = "投入13900000000元"

    assert personal(text, figures=[(2, 14)]) == []


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13512345678", "135****5678"),
        ("0999-88886666", "099*-****6666"),
        ("110101199003070017", "110***********0017"),
        ("zhou.my@example.invalid", "z******@example.invalid"),
    ],
)
def test_masked_number_can_be_recognised_but_not_used(number: str, shown: str) -> None:
    assert mask(number, names=[], numbers=[(0, len(number))]) == shown


def test_short_number_of_a_contact_shows_one_digit_and_comes_back_as_it_was_read() -> None:
    text, numbers = "电话：88912345。", [(3, 11)]
    hidden = conceal(text, names=[], numbers=numbers)

    assert mask(text, names=[], numbers=numbers) == "电话：8*******。"
    assert opened(mask(hidden, names=[], numbers=numbers)) == hidden


@given(st.text(alphabet="0123456789-（）()年月日电话：@a.元 \n", max_size=80))
def test_concealing_keeps_places_and_is_settled_after_once(text: str) -> None:
    numbers = personal(text)
    hidden = conceal(text, names=[], numbers=numbers)

    assert len(hidden) == len(text)
    assert personal(hidden) == numbers
    assert conceal(hidden, names=[], numbers=personal(hidden)) == hidden
    shown = mask(hidden, names=[], numbers=numbers)
    assert shown == mask(text, names=[], numbers=numbers)
    assert opened(shown) == opened(hidden)
