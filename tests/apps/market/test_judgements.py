"""Judging matches: who may, what is kept, what the ranking is measured on and trained with."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import indexing, personal, queries, search_quality
from keqiao.apps.market.actions import judgements
from keqiao.apps.market.models import Judgement, Offer, QualityRun
from keqiao.apps.parties.models import User
from keqiao.engines.matching import Entry
from tests.apps.acting import broker, editor, last_entry, officer, product
from tests.factories.market import IntroductionFactory, NeedFactory, OfferFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
TEXT = "碳丝在热炉里粘连起毛，求耐热油剂"


@pytest.fixture(autouse=True)
def index_root(tmp_path: Path, settings: Any) -> None:
    settings.INDEX_ROOT = tmp_path / "index"


@pytest.fixture
def judge() -> User:
    return UserFactory()


def test_judge_says_it_once_and_again(judge: User, now: datetime) -> None:
    need, offer, by = NeedFactory(), OfferFactory(), broker(judge)
    judgements.judge(need, offer, grade=3, judge=judge, by=by, at=now)
    judgements.judge(need, offer, grade=1, judge=judge, by=by, at=now)

    assert list(Judgement.objects.values_list("need", "offer", "judge", "grade")) == [(need.pk, offer.pk, judge.pk, 1)]
    assert last_entry() == ("judgement.record", by.key, f"judgement:{need.key}", "done", "")
    assert list(ledger.verify()) == []

    judgements.take_back(need, offer, judge=judge, by=by, at=now)
    assert not Judgement.objects.exists()


def test_only_judges_judge_and_each_in_their_own_name(judge: User, now: datetime) -> None:
    need, offer = NeedFactory(), OfferFactory()
    others = {
        "not_a_judge": editor(OrganizationFactory(), judge),
        "only_yourself": officer("229901", UserFactory()),
    }
    for reason, by in others.items():
        with pytest.raises(Refused) as refusal:
            judgements.judge(need, offer, grade=3, judge=judge, by=by, at=now)
        assert refusal.value.reason == reason
        assert last_entry()[3:] == ("refused", reason)
    assert not Judgement.objects.exists()


def test_what_is_not_public_is_not_judged(judge: User, now: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        judgements.judge(NeedFactory(state="draft"), OfferFactory(), grade=2, judge=judge, by=broker(judge), at=now)
    assert refusal.value.reason == "not_public"


@pytest.mark.parametrize("grade", [-1, 4, 99])
def test_grade_outside_the_scale_is_refused(grade: int, judge: User, now: datetime) -> None:
    with pytest.raises(ValidationError, match="0、1、2、3"):
        judgements.judge(NeedFactory(), OfferFactory(), grade=grade, judge=judge, by=broker(judge), at=now)
    assert not Judgement.objects.exists()


def grade(need: Any, offer: Any, *grades: int, at: datetime) -> None:
    for given in grades:
        user = UserFactory()
        judgements.judge(need, offer, grade=given, judge=user, by=broker(user), at=at)


def test_a_judgement_changes_the_training_table(now: datetime) -> None:
    need, offer, other = NeedFactory(), OfferFactory(), OfferFactory()
    assert list(queries.training_rows()) == []

    grade(need, offer, 3, 1, 2, at=now)
    grade(need, other, 0, at=now)

    assert [(row.need, row.offer, row.grade, row.source) for row in queries.training_rows()] == sorted(
        [(need.key, offer.key, 2, "judged"), (need.key, other.key, 0, "judged")]
    )


def test_what_came_of_a_pair_counts_before_what_a_judge_said(now: datetime) -> None:
    row = IntroductionFactory(state="agreed")
    grade(row.need, row.offer, 0, at=now)

    assert [(found.grade, found.source) for found in queries.training_rows()] == [(3, "broker")]


def test_training_file_holds_what_everyone_may_read(now: datetime) -> None:
    need = NeedFactory(secrecy="introduction", abstract="Everybody reads this", text="HIDDEN text")
    offer, gone = OfferFactory(text="Open text"), OfferFactory(state="withdrawn")
    grade(need, offer, 2, at=now)
    Judgement.objects.create(need=need, offer=gone, grade=3, at=now)

    file = list(queries.training_file(on=TODAY))

    assert [row["part"] for row in file] == ["offer", "need", "grade"]
    assert "HIDDEN" not in repr(file)
    assert (file[1]["text"], file[2]["offer"]) == ("Everybody reads this", offer.key)


def bare(title: str) -> Offer:
    """An offer of which nothing but its title can be found."""
    return OfferFactory(title=title, title_en="", abstract="", abstract_en="", text="", keywords=[], field="")


def market(now: datetime) -> tuple[Any, list[Any]]:
    """A need and three offers, of which two share its words."""
    need = NeedFactory(title="碳丝粘连", abstract=TEXT)
    offers = [bare("碳丝耐热油剂"), bare("热炉碳丝设备"), bare("酸奶发酵")]
    indexing.catch_up_all(at=now)
    return need, offers


def test_pool_holds_what_is_found_in_an_order_of_each_judge(now: datetime) -> None:
    assert search_quality.pool(NeedFactory(), judge="a", on=TODAY) is None
    need, offers = market(now)
    for number in range(6):
        bare(f"碳丝油剂 {number}")
    indexing.rebuild("offer", at=now)

    pools = {judge: search_quality.pool(need, judge=judge, on=TODAY) for judge in ("a", "b", "c")}

    assert len({frozenset(keys or ()) for keys in pools.values()}) == 1
    assert len({tuple(keys or ()) for keys in pools.values()}) > 1
    assert offers[2].key not in (pools["a"] or ())
    assert pools["a"] == search_quality.pool(need, judge="a", on=TODAY)


def test_pool_leaves_out_what_is_no_longer_public_though_it_is_still_indexed(now: datetime) -> None:
    need, (good, fair, _) = market(now)
    Offer.objects.filter(pk=good.pk).update(expires_date=TODAY)

    assert search_quality.pool(need, judge="a", on=TODAY) == [fair.key]


def test_measurement_is_asked_for_once_and_made_by_the_worker(now: datetime) -> None:
    need, (good, fair, _) = market(now)
    grade(need, good, 3, 3, at=now)
    grade(need, fair, 0, at=now)
    asker = officer("229901", UserFactory())
    judgements.ask_for_measurement(by=asker, at=now)
    with pytest.raises(Refused) as refusal:
        judgements.ask_for_measurement(by=asker, at=now)
    assert refusal.value.reason == "measuring_already"

    assert [judgements.measure_due(by=product(), at=now) for _ in range(2)] == [1, 0]

    run = QualityRun.objects.get()
    place = search_quality.ranking(need).index(good.key)
    assert (run.made_at, run.needs, run.pairs, run.entries, len(run.model)) == (now, 1, 2, 0, 8)
    assert run.ndcg == pytest.approx([1.0, 0.6309298][place])
    assert (run.precision, run.judged) == (0.2, 1.0)
    assert (run.ndcg_low, run.ndcg_high) == (run.ndcg, run.ndcg)
    assert run.agreement is None


def test_measurement_without_judgements_has_no_figures(now: datetime) -> None:
    market(now)
    judgements.ask_for_measurement(by=product(), at=now)
    judgements.measure_due(by=product(), at=now)

    run = QualityRun.objects.get()
    assert (run.needs, run.ndcg, run.precision, run.agreement) == (0, None, None, None)


def test_measurement_waits_for_the_index(now: datetime) -> None:
    judgements.ask_for_measurement(by=product(), at=now)
    assert judgements.measure_due(by=product(), at=now) == 0
    assert QualityRun.objects.get().made_at is None


def test_entry_is_tried_before_it_is_kept(now: datetime) -> None:
    need = NeedFactory(title="机台哼哼唧唧", abstract="开机半小时后哼哼唧唧，停不下来")
    NeedFactory(title="酸奶发酵", abstract="发酵时间长")
    offer = bare("主轴轴承异常振动诊断")
    indexing.catch_up_all(at=now)

    (touched,) = search_quality.touched_by(Entry(("哼哼唧唧",), ("轴承异常振动",)), on=TODAY) or ()

    assert (touched.need.key, touched.trade, touched.is_changed) == (need.key, "哼哼唧唧", True)
    assert (offer.key in touched.before, touched.after[0]) == (False, offer.key)


def test_judges_data_are_exported_and_outlive_the_account_without_a_name(judge: User, now: datetime) -> None:
    need, offer = NeedFactory(), OfferFactory()
    judgements.judge(need, offer, grade=2, judge=judge, by=broker(judge), at=now)

    assert personal.data(judge)["judgements"] == [
        {"need": need.key, "offer": offer.key, "grade": 2, "at": now.isoformat()}
    ]
    personal.erase(judge)
    assert list(Judgement.objects.values_list("judge", "grade")) == [(None, 2)]
