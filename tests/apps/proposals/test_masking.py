"""Contacts are covered wherever they stand, and nothing moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.apps.proposals.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系电话：13800138000。", "联系电话：138****8000。"),
        ("电话 138 0013 8000", "电话 138 **** 8000"),
        ("0431-88901234", "043*-****1234"),
        ("电话：（0431）8890 1234", "电话：（043*）**** 1234"),
        ("139 12345678", "139 ****5678"),
        ("邮箱 zhang.san@example.invalid 收", "邮箱 z********@example.invalid 收"),
        ("证件 220102199001011234", "证件 220***********1234"),
        ("投入1380.0138亿元，共13800138000.5元", "投入1380.0138亿元，共13800138000.5元"),
        ("统一社会信用代码 11229999000000001X", "统一社会信用代码 11229999000000001X"),
        ("演科〔2025〕12号", "演科〔2025〕12号"),
    ],
)
def test_contacts_are_covered_and_figures_are_not(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_name_of_whom_to_call_keeps_its_first_letter() -> None:
    text = "联系人：王小明，8800123"
    contacts = [{"name_span": [4, 7], "phone_span": [8, 15]}, {"name_span": None, "phone_span": None}]
    assert masked(text, contacts=contacts) == "联系人：王**，8******"


@given(st.text(alphabet="王1380-0@a. \n人", max_size=60))
def test_length_stays_and_covering_twice_covers_no_less(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert all(now in (before, "*") for before, now in zip(text, once, strict=True))
