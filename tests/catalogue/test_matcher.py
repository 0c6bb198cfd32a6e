"""Table rows as documents and queries; the shipped model over a handful of offers."""

from datetime import date, datetime

import pytest

from keqiao.catalogue.matcher import (
    create_index,
    document_from_row,
    indicators_from_value,
    open_index,
    query_from_row,
    shipped_matcher,
    shipped_model,
)
from keqiao.engines.matching import Document, Entry, Indicator, Query
from keqiao.engines.matching._features import NAMES


def test_document_from_row_reads_every_column():
    row = {
        "id": 7, "title": "涂层", "text": "", "abstract": "耐磨", "keywords": ["激光"],
        "kind": "patent", "field": "材料",
        "region": "220100", "trl": "TRL 6", "budget": "30-50", "valid_until": datetime(2027, 1, 2, 3),  # noqa: DTZ001
        "indicators": "硬度不低于60HRC",
    }  # fmt: skip
    assert document_from_row(row) == Document(
        key="7", title="涂层", text="耐磨\n硬度不低于60HRC", keywords=("激光",), kind="patent", field="材料",
        region="220100", trl=6, budget_fen=(30_000_000, 50_000_000), valid_until=date(2027, 1, 2),
    )  # fmt: skip


def test_query_from_row_reads_every_column():
    row = {
        "id": "n", "title": "打滑", "text": "路面", "keywords": ["防滑"], "field": "道路",
        "region": "22", "trl_min": 5.0,
        "budget": "80万元", "deadline": "2027/03/01", "indicators": [{"name": "硬度", "op": "ge", "value": 60}],
    }  # fmt: skip
    assert query_from_row(row, expand=False) == Query(
        text="路面", title="打滑", keywords=("防滑",), field="道路", region="22", trl_min=5,
        budget_fen=(80_000_000, 80_000_000), deadline=date(2027, 3, 1), expand=False,
        indicators=(Indicator("硬度", "ge", (60.0,)),),
    )  # fmt: skip


def test_rows_without_readable_soft_facets_have_none():
    row = {"id": "n", "text": "x", "trl": "不详", "budget": "面议", "deadline": "三个月内", "valid_until": None}
    assert query_from_row(row) == Query(text="x")
    assert document_from_row({**row, "valid_until": date(2027, 1, 1)}).valid_until == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([3], "must be an object"),
        ([{"name": "功率", "op": "ge"}], "the value None is no number"),
        ([{"name": "功率", "value": 3}], "has no operator"),
    ],
)
def test_indicators_from_value_says_what_is_wrong(value, message):
    with pytest.raises(ValueError, match=message):
        indicators_from_value(value)


def test_shipped_model_fits_the_features_of_this_program():
    model = shipped_model()
    assert model.trees is not None
    assert model.trees.names == NAMES
    assert 0 < model.abstain < 1


def test_shipped_matcher_joins_vocabulary_model_and_an_offices_own_entries(tmp_path):
    index = create_index(tmp_path / "index")
    with index.writer() as writer:
        writer.add(
            [Document("a", "滚动轴承故障诊断", "提取振动信号特征"), Document("b", "奶牛乳房炎疫苗", "免疫保护率高")]
        )
    matcher = shipped_matcher(open_index(tmp_path / "index"), extra=[Entry(("老牛下不来奶",), ("乳房炎",))])
    assert [match.key for match in matcher.answer(Query(text="老牛下不来奶怎么办")).matches] == ["b"]
    assert matcher.answer(Query(text="滚动轴承坏了")).matches[0].key == "a"
