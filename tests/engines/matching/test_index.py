"""The index: adding, replacing, deleting, reading from a folder."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.engines.matching import Document, Index, IndexProblem, Indicator, chunks
from keqiao.engines.matching._pack import dumps, loads, packed
from keqiao.engines.text import Lexicon, Segmenter

SEGMENTER = Segmenter()
ICE = Document(key="ice", title="自融雪路面", text="沥青混合料中掺入盐化物，冰雪自行融化")
OIL = Document(key="oil", title="润滑油在线监测", text="介电常数随油品劣化而变化", kind="patent")


def index_of(*documents, path=None):
    index = Index.create(path, segmenter=SEGMENTER)
    with index.writer() as writer:
        writer.add(documents)
    index.reload()
    return index


def keys(index, word, **options):
    return [found.record.key for found in index.search(words={word: 1.0}, bigrams={}, **options)]


def test_index_finds_by_word_and_by_bigram():
    index = index_of(ICE, OIL)
    assert keys(index, "润滑油") == ["oil"]
    assert [found.record.key for found in index.search(words={}, bigrams={"融雪": 1.0})] == ["ice"]


def test_index_replaces_a_document_with_the_same_key():
    index = index_of(ICE, OIL)
    with index.writer() as writer:
        writer.add([Document(key="ice", title="电热融冰", text="碳纤维发热线")])
    index.reload()
    assert len(index) == 2
    assert keys(index, "沥青") == []
    assert keys(index, "碳纤维") == ["ice"]


def test_index_shows_a_commit_only_after_reload_and_deletes():
    index = index_of(ICE, OIL)
    with index.writer() as writer:
        writer.delete(["oil", "unknown"])
    assert len(index) == 2
    index.reload()
    assert [len(index), keys(index, "润滑油"), keys(index, "沥青")] == [1, [], ["ice"]]
    assert [index.frequency("words", "沥青"), index.frequency("words", "酸奶")] == [1, 0]


def test_index_drops_everything_when_an_error_leaves_the_writer():
    index = index_of(ICE)
    with pytest.raises(ValueError, match="empty key"), index.writer() as writer:
        writer.add([OIL, Document(key="", title="x", text="y")])
    index.reload()
    assert len(index) == 1


def test_index_keeps_only_the_kinds_asked_for():
    index = index_of(ICE, OIL)
    assert keys(index, "润滑油", kinds={"offer"}) == []
    assert keys(index, "润滑油", kinds={"offer", "patent"}) == ["oil"]
    assert keys(index, "润滑油", kinds=set()) == []


def test_index_weighs_terms():
    index = index_of(ICE, OIL)
    found = index.search(words={"润滑油": 1.0, "沥青": 3.0}, bigrams={})
    assert [candidate.record.key for candidate in found] == ["ice", "oil"]
    assert found[0].score > found[1].score > 0


def test_index_without_terms_or_limit_finds_nothing():
    index = index_of(ICE)
    assert index.search(words={"沥青": 0.0}, bigrams={}) == []
    assert keys(index, "沥青", limit=0) == []


def test_index_opens_what_another_process_wrote(tmp_path):
    index_of(ICE, OIL, path=tmp_path / "index")
    assert keys(Index.open(tmp_path / "index", segmenter=SEGMENTER), "沥青") == ["ice"]


def test_index_says_what_is_wrong_with_a_folder(tmp_path):
    index_of(ICE, path=tmp_path / "index")
    with pytest.raises(IndexProblem, match="already holds an index"):
        Index.create(tmp_path / "index", segmenter=SEGMENTER)
    with pytest.raises(IndexProblem, match="holds no index"):
        Index.open(tmp_path / "none", segmenter=SEGMENTER)


def test_index_allows_one_writer(tmp_path):
    index = index_of(ICE, path=tmp_path / "index")
    with index.writer(), pytest.raises(IndexProblem, match="another writer"):
        index.writer()


def test_index_reads_indicators_only_where_none_are_given():
    lexicon = Lexicon(synonyms={"输出功率": "输出功率"}, better={"输出功率": "up"})
    index = Index.create(segmenter=SEGMENTER, lexicon=lexicon)
    given_one = Indicator("功率", "ge", (1.0,), "W")
    with index.writer() as writer:
        writer.add([
            Document(key="read", title="激光器", text="输出功率≥2kW"),
            Document(key="given", title="激光器", text="输出功率≥2kW", indicators=(given_one,)),
        ])  # fmt: skip
    index.reload()
    found = {c.record.key: c.record.indicators for c in index.search(words={"激光器": 1.0}, bigrams={})}
    assert [(row.name, row.op, row.value, row.unit) for row in found["read"]] == [("输出功率", "ge", (2.0,), "kW")]
    assert found["given"] == (given_one,)


@pytest.mark.slow
def test_index_is_the_same_when_several_processes_prepare_it():
    documents = [Document(key=f"d{place}", title="融雪路面", text=f"第 {place} 段") for place in range(450)]
    index = Index.create(segmenter=SEGMENTER)
    with index.writer() as writer:
        writer.add(documents, processes=2)
    index.reload()
    assert len(index) == 450
    found = index.search(words={"融雪": 1.0}, bigrams={}, limit=450)
    assert sorted(candidate.record.key for candidate in found) == sorted(document.key for document in documents)


TEXT = st.text('激光器 aμ1,。"\\\n', max_size=20)


@settings(max_examples=40)
@given(TEXT, TEXT, st.lists(TEXT, max_size=3), st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_packed_documents_come_back_as_they_went(title, text, words, until):
    indicators = (Indicator(title, "range", (1.0, 2.5), "nm", "in", must=False, cap=True, quote=text),)
    document = Document("k", title, text, tuple(words), trl=3, budget_fen=(1, 2), valid_until=until)
    record = packed(document, indicators=indicators)
    assert loads(dumps(record)) == record


def test_chunks_cut_documents_into_lists():
    assert [len(part) for part in chunks(iter([ICE, OIL, ICE]), size=2)] == [2, 1]
