"""Finding many phrases at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.matching import Entry, Expansion, Phrases, Thesaurus

LETTERS = st.text("打滑机冰", max_size=12)


@given(st.sets(st.text("打滑机冰", min_size=2, max_size=4), max_size=8), LETTERS)
def test_find_gives_the_longest_phrase_at_every_place(phrases, text):
    expected = []
    for place in range(len(text)):
        here = [phrase for phrase in phrases if text.startswith(phrase, place)]
        if here:
            expected.append((place, max(here, key=len)))
    assert Phrases(phrases).find(text) == expected


@given(st.sets(st.text("打滑机冰", min_size=2, max_size=4), max_size=8), LETTERS)
def test_blanked_keeps_every_other_character_in_order(phrases, text):
    left = Phrases(phrases).blanked(text).replace(" ", "")
    place = -1
    for letter in left:
        place = text.index(letter, place + 1)
    assert len(left) <= len(text)


def test_phrases_refuse_a_single_character():
    with pytest.raises(ValueError, match="'机' is shorter than 2 characters"):
        Phrases(["机"])


def test_thesaurus_fires_an_entry_once_and_only_in_its_context():
    thesaurus = Thesaurus([
        Entry(("起泡", "鼓包"), ("涂层附着力",), ("漆", "涂层")),
        Entry(("起泡",), ("消泡剂",), ("啤酒",)),
    ])  # fmt: skip
    assert len(thesaurus) == 3
    assert thesaurus.expand("漆面起泡又鼓包") == [Expansion("起泡", ("涂层附着力",), (2, 4))]
    assert thesaurus.expand("啤酒起泡") == [Expansion("起泡", ("消泡剂",), (2, 4))]
    assert thesaurus.expand("轮胎鼓包") == []


def test_thesaurus_normalises_its_entries():
    assert Thesaurus([Entry(("ＰＬＣ壞",), ("故障診斷",))]).expand("plc坏了") == [
        Expansion("plc坏", ("故障诊断",), (0, 4))
    ]
