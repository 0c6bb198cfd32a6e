"""Words and bigrams."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.text import Segmenter, bigrams, normalise


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(["铌酸锂薄膜", "Ｘ射线衍射仪"])


def test_words_own_vocabulary_stays_whole(segmenter: Segmenter) -> None:
    assert segmenter.words("用x射线衍射仪测铌酸锂薄膜") == ["用", "x射线衍射仪", "测", "铌酸锂薄膜"]


def test_words_vocabulary_is_private_to_its_segmenter(segmenter: Segmenter) -> None:
    assert "铌酸锂薄膜" not in Segmenter().words("铌酸锂薄膜")


def test_words_latin_greek_numbers_stay_whole(segmenter: Segmenter) -> None:
    assert segmenter.words("线宽0.05μm,co2;gb/t 17421.2-2016,αβ相") == [
        "线宽", "0.05", "μm", "co2", "gb", "t", "17421.2", "2016", "αβ", "相",
    ]  # fmt: skip


def test_words_after_pickle_are_equal(segmenter: Segmenter) -> None:
    copy = pickle.loads(pickle.dumps(segmenter))  # noqa: S301 - our own bytes

    assert copy.words("铌酸锂薄膜调制器") == segmenter.words("铌酸锂薄膜调制器")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("激光", ["激光"]),
        ("光", ["光"]),
        ("高功率的激光,1550nm", ["高功", "功率", "激光", "1550nm"]),
    ],
)
def test_bigrams_known_texts(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


@given(st.text(max_size=60))
def test_bigrams_any_text_only_pieces_of_it(text: str) -> None:
    normal = normalise(text)

    assert all(piece in normal.replace("的", "") or piece in normal for piece in bigrams(normal))


@given(st.text(max_size=60))
def test_words_any_text_only_pieces_of_it(segmenter: Segmenter, text: str) -> None:
    normal = normalise(text)

    assert all(word in normal for word in segmenter.words(normal))
