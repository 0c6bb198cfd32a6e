"""The office's trade language: kept as rows, taken up by the matching without a restart."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import answers, indexing, queries
from keqiao.apps.market.actions import thesaurus
from keqiao.apps.market.models import ThesaurusEntry
from keqiao.apps.parties.actors import VISITOR
from keqiao.engines.matching import Entry, Query
from tests.apps.acting import broker, last_entry, officer
from tests.factories.market import OfferFactory
from tests.factories.parties import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
KEEPER = officer("229901")


@pytest.fixture(autouse=True)
def index_root(tmp_path: Path, settings: Any) -> None:
    settings.INDEX_ROOT = tmp_path / "index"


def found() -> list[str]:
    query = Query(text="机台开机半小时后哼哼唧唧，停不下来")
    return [row.face.key for row in answers.answer("offer", query, actor=VISITOR, on=TODAY).rows]


def test_matching_takes_an_entry_up_and_lets_it_go_without_a_restart(now: datetime) -> None:
    blank = {"title_en": "", "abstract": "", "abstract_en": "", "text": "", "keywords": [], "field": ""}
    offer = OfferFactory(title="主轴轴承异常振动诊断", **blank)
    OfferFactory(title="酸奶发酵", **blank)
    indexing.catch_up_all(at=now)
    assert found() == []

    row = thesaurus.add_entry(trade=["哼哼唧唧"], technical=["轴承异常振动"], by=KEEPER, at=now)
    indexing.catch_up_all(at=now)
    assert found() == [offer.key]

    thesaurus.switch_entry(row, on=False, by=KEEPER, at=now)
    indexing.catch_up_all(at=now)
    assert found() == []

    thesaurus.switch_entry(row, on=True, by=KEEPER, at=now)
    thesaurus.edit_entry(row, trade=["咯噔咯噔"], technical=["轴承异常振动"], context=(), note="", by=KEEPER, at=now)
    indexing.catch_up_all(at=now)
    assert found() == []


def test_words_are_kept_as_the_matching_reads_them(now: datetime) -> None:
    row = thesaurus.add_entry(
        trade=[" ＡＢ跳闸", "ab跳闸", ""], technical=["过流保护"], context=["路"], by=KEEPER, at=now
    )

    row.refresh_from_db()
    assert (row.trade, row.technical, row.context) == (["ab跳闸"], ["过流保护"], ["路"])
    assert list(queries.thesaurus_entries()) == [Entry(("ab跳闸",), ("过流保护",), ("路",))]
    assert last_entry() == ("thesaurus.add", KEEPER.key, f"thesaurus:{row.key}", "done", "")


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"trade": ["响"]}, "trade", "只有一个字"),
        ({"trade": []}, "trade", ""),
        ({"technical": []}, "technical", ""),
        ({"technical": ["长" * 41]}, "technical", "太长"),
        ({"trade": [f"词{number:02d}" for number in range(21)]}, "trade", "最多 20 个词"),
    ],
)
def test_entry_that_would_do_harm_is_refused(words: dict[str, Any], field: str, said: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as error:
        thesaurus.add_entry(**{"trade": ["异响"], "technical": ["振动"]} | words, by=KEEPER, at=now)
    assert said in str(error.value.message_dict[field])
    assert not ThesaurusEntry.objects.exists()


def test_the_same_entry_is_not_kept_twice(now: datetime) -> None:
    thesaurus.add_entry(trade=["异响", "嗡嗡响"], technical=["振动"], by=KEEPER, at=now)
    with pytest.raises(ValidationError, match="已有相同的词条：异响、嗡嗡响 → 振动"):
        thesaurus.add_entry(trade=["嗡嗡响", "异响"], technical=["振动"], by=KEEPER, at=now)


def test_only_officers_keep_words(now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        thesaurus.add_entry(trade=["异响"], technical=["振动"], by=broker(UserFactory()), at=now)
    assert refusal.value.reason == "officers_only"
