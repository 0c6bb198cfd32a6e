"""Needs in, ranked offers with reasons out."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.engines.matching import (
    Document,
    Entry,
    FacetNote,
    Index,
    Indicator,
    Matcher,
    Model,
    Phrases,
    Query,
    Thesaurus,
)
from keqiao.engines.matching._explain import longest_phrase
from keqiao.engines.matching._facets import facet_notes
from keqiao.engines.matching._features import NAMES, features, weighed
from keqiao.engines.matching._model import LIST_NAMES, list_features
from keqiao.engines.matching._pack import packed
from keqiao.engines.matching._texts import Texts, whole_count
from keqiao.engines.text import Lexicon, Segmenter

SEGMENTER = Segmenter()
LEXICON = Lexicon(synonyms={"输出功率": "输出功率"}, better={"输出功率": "up"})
OFFERS = [
    Document(
        key="ice", title="自融雪沥青路面", text="沥青混合料中掺入缓释盐化物，冰雪自行融化，抗滑性能好", field="道路"
    ),
    Document(key="oil", title="润滑油在线监测", text="介电常数随油品劣化而变化，传感器装在车上", field="汽车"),
    Document(key="laser", title="光纤激光器", text="输出功率≥2kW，用于切割", trl=7, keywords=("激光切割",)),
    Document(key="weak", title="光纤激光器", text="输出功率≥500W，用于切割", trl=4),
]


@pytest.fixture(scope="module")
def index():
    found = Index.create(segmenter=SEGMENTER, lexicon=LEXICON)
    with found.writer() as writer:
        writer.add(OFFERS)
    found.reload()
    return found


@pytest.fixture(scope="module")
def matcher(index):
    entries = [Entry(("换机油",), ("润滑油", "油品劣化")), Entry(("打滑",), ("抗滑性能",), ("路", "桥"))]
    return Matcher(index, Model(), Thesaurus(entries), everyday=Phrases(["我们", "想要", "什么时候"]))


def keys(answer):
    return [match.key for match in answer.matches]


def test_answer_explains_a_match(matcher):
    answer = matcher.answer(Query(title="下雪，路面打滑", text="坡道冰雪多，想要换一种沥青面层"))
    first = answer.matches[0]
    assert keys(answer)[0] == "ice"
    assert {term for term, _ in first.terms} == {"冰雪", "沥青"}
    assert first.phrase == "路面"
    assert [(item.trade, item.technical) for item in first.via] == [("打滑", ("抗滑性能",))]
    assert answer.expansions == list(first.via)


def test_answer_finds_by_trade_language_only_when_asked_to_expand(matcher):
    query = Query(text="换机油")
    assert keys(matcher.answer(query)) == ["oil"]
    assert keys(matcher.answer(replace(query, expand=False))) == []


def test_answer_shows_indicator_verdicts(matcher):
    query = Query(text="切割用光纤激光器，输出功率不低于1kW")
    found = {match.key: match for match in matcher.answer(query).matches}
    assert {key: match.overall for key, match in found.items()} == {"laser": "pass", "weak": "fail"}
    assert [row.verdict for row in found["laser"].indicators] == ["pass"]


def test_answer_takes_the_indicators_of_the_form_before_the_text(matcher):
    wanted = Indicator("输出功率", "ge", (400.0,), "W", "ge")
    query = Query(text="光纤激光器，输出功率不低于1kW", indicators=(wanted,))
    assert {match.key: match.overall for match in matcher.answer(query).matches} == {"laser": "pass", "weak": "pass"}


def test_answer_filters_only_by_kind(matcher):
    query = Query(text="光纤激光器", field="农业", trl_min=9, kinds=frozenset({"offer"}))
    assert set(keys(matcher.answer(query))) == {"laser", "weak"}
    assert keys(matcher.answer(replace(query, kinds=frozenset({"patent"})))) == []


def test_answer_without_anything_shared_is_empty_and_doubtful(matcher):
    answer = matcher.answer(Query(text="酸奶"))
    assert (answer.matches, answer.chance_any, matcher.is_doubtful(answer)) == ([], 0.0, True)


@pytest.mark.parametrize("text", ["", "。，！", "的", "😀", "a" * 3000, "激" * 3000])
def test_answer_bears_any_text(matcher, text):
    assert all(0 <= match.score <= 1 for match in matcher.answer(Query(text=text)).matches)


def test_answer_gives_the_top_only(matcher):
    query = Query(text="光纤激光器")
    assert [len(matcher.answer(query, top=top).matches) for top in (0, 1, 9)] == [0, 1, 2]


def test_answer_many_is_lazy_and_equal(matcher):
    queries = [Query(text="光纤激光器"), Query(text="冰雪")]
    assert list(matcher.answer_many(queries)) == [matcher.answer(query) for query in queries]


def test_encoder_reorders_by_its_cosine(index):
    class Towards:
        def encode(self, texts):
            return np.array([[1.0, 0.0] if "500w" in text or "need" in text else [0.0, 1.0] for text in texts])

    query = Query(text="need 光纤激光器 激光切割")
    plain, encoded = Matcher(index, Model()), Matcher(index, Model(), encoder=Towards(), encoder_weight=9.0)
    assert [keys(plain.answer(query))[0], keys(encoded.answer(query))[0]] == ["laser", "weak"]


def test_facet_notes_compare_what_both_sides_name():
    query = Query(
        text="x", field="汽车零部件", region="2201", trl_min=6, budget_fen=(1, 500), deadline=date(2027, 1, 1)
    )
    offer = Document(
        "k", "t", "x", field="汽车零部件制造", region="22", trl=5, budget_fen=(400, 900), valid_until=date(2026, 12, 1)
    )
    notes = facet_notes(query, packed(offer, indicators=()))
    assert notes == [
        FacetNote("field", "汽车零部件", "汽车零部件制造", True),
        FacetNote("region", "2201", "22", True),
        FacetNote("trl", "6", "5", False),
        FacetNote("budget", "1-500", "400-900", True),
        FacetNote("deadline", "2027-01-01", "2026-12-01", False),
    ]
    assert facet_notes(Query(text="x"), packed(offer, indicators=())) == []


def test_facet_notes_find_unlike_fields_different():
    offer = packed(Document("k", "t", "x", field="现代农业"), indicators=())
    assert [note.agrees for note in facet_notes(Query(text="x", field="汽车"), offer)] == [False]


WORDS = st.text("激光器冰雪a1 ，", max_size=30)


@settings(max_examples=40)
@given(WORDS, WORDS)
def test_longest_phrase_is_the_longest_common_piece(need, text):
    record = packed(Document("k", "", text), indicators=())
    whole = f"\n\n{record.body}"
    pieces = {need[i:j] for i in range(len(need)) for j in range(i + 2, len(need) + 1)}
    shared = [piece for piece in pieces if piece in whole and " " not in piece]
    assert len(longest_phrase(need, record)) == max(map(len, shared), default=0)


@settings(max_examples=40)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_counts_agree_with_counting_by_hand(bodies):
    index = Index.create(segmenter=SEGMENTER)
    with index.writer() as writer:
        writer.add(Document(str(place), "激光", body) for place, body in enumerate(bodies))
    index.reload()
    texts = Texts(index.search(words={"激光": 1.0}, bigrams={}))
    names = ["激光", "光器", "冰雪"]
    counts, _ = texts.pair_counts(names)
    expected = [[[_overlapping(part, name) for name in names] for part in parts] for parts in texts.parts]
    assert counts.tolist() == expected
    letters = [[float(whole.count(letter)) for letter in "激冰"] for whole in texts.whole]
    assert texts.character_counts(["激", "冰"]).tolist() == letters


def _overlapping(text, name):
    return float(sum(text.startswith(name, place) for place in range(len(text))))


def test_whole_count_leaves_parts_of_latin_words_alone():
    assert [whole_count(text, "pc") for text in ("pc板", "pcr", "用pc，pc", "apc")] == [1, 0, 2, 0]


def test_features_are_finite_and_named(matcher):
    found = matcher.considered(Query(text="光纤激光器用于切割冰雪路面", title="打滑"))
    assert found.rows.shape == (len(found.candidates), len(NAMES))
    assert np.isfinite(found.rows).all()


def test_features_of_no_candidates_are_an_empty_matrix(matcher, index):
    prepared = matcher.prepared(Query(text="酸奶"))
    assert features(prepared, [], index).shape == (0, len(NAMES))


def test_considered_leaves_documents_out(matcher):
    found = matcher.considered(Query(text="光纤激光器"), leave_out=frozenset({"laser"}))
    assert [candidate.record.key for candidate in found.candidates] == ["weak"]


def test_weighed_gives_unknown_terms_no_weight(index):
    terms = weighed(index, "words", {"沥青": 1.0, "酸奶": 1.0})
    assert terms.weights[0] > 0
    assert terms.weights[1] == 0
    assert terms.rarity[1] == 0


def test_ranking_puts_chances_in_the_order_of_scores():
    model = Model(chance=(0.1,) * len(LIST_NAMES) + (2.0,), chance_any=(0.2,) * len(LIST_NAMES))
    rows = np.random.default_rng(1).normal(size=(5, len(NAMES))) ** 2
    ranking = model.ranking(rows, scores=np.array([0.1, 0.9, 0.5, 0.9, -1.0]))
    assert ranking.order == [1, 3, 2, 0, 4]
    assert ranking.chances == sorted(ranking.chances, reverse=True)
    assert 0 < ranking.chance_any < 1
    assert list_features(rows, rows[:, 0]).size == len(LIST_NAMES)


def test_model_refuses_other_features():
    with pytest.raises(ValueError, match="trained for other features"):
        Model.load({"form": 1, "names": ["x"]})
