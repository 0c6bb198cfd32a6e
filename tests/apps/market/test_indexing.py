"""The index follows the ledger; answers show what the asker may see."""

import dataclasses
from datetime import date, datetime
from pathlib import Path

import pytest

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market import actions, answers, indexing
from keqiao.apps.market.models import Need, Offer
from keqiao.apps.parties.actors import VISITOR, system
from keqiao.engines.matching import Query
from tests.apps.acting import editor, product
from tests.factories.market import NeedFactory, NeedIndicatorFactory, OfferFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.slow]

TODAY = date(2026, 11, 21)
ASKED = Query(text="丝束粘连、热炉里起毛，求耐热油剂")


@pytest.fixture(autouse=True)
def index_root(tmp_path: Path, settings) -> Path:
    settings.INDEX_ROOT = tmp_path / "index"
    return settings.INDEX_ROOT


def found(listing: str = "offer") -> list[str]:
    return sorted(row.face.key for row in answers.answer(listing, ASKED, actor=VISITOR, on=TODAY).rows)


def publish(offer: Offer, at: datetime) -> None:
    actions.submit(offer, by=editor(offer.organization), at=at)
    actions.screen(offer, by=product(), at=at)
    actions.publish(offer, by=product(), at=at)


def test_answers_are_not_ready_before_there_is_an_index() -> None:
    OfferFactory()

    nothing = answers.answer("offer", ASKED, actor=VISITOR, on=TODAY)

    assert (nothing.ready, nothing.rows, nothing.answer) == (False, (), None)
    assert (indexing.place("offer"), answers.current_matcher("offer")) == (None, None)


def test_first_round_builds_both_indexes(now: datetime) -> None:
    offer = OfferFactory(title="碳丝耐热油剂")
    OfferFactory(state="draft")
    NeedFactory(title="丝束热炉粘连求解")

    assert indexing.catch_up_all(at=now) == 2
    assert found() == [offer.key]
    assert len(found("need")) == 1


def test_index_follows_what_is_published_and_taken_down(now: datetime) -> None:
    stays = OfferFactory(title="碳丝耐热油剂甲")
    indexing.catch_up("offer", at=now)
    comes = OfferFactory(title="碳丝耐热油剂乙", state="draft")

    publish(comes, now)
    assert indexing.catch_up("offer", at=now) == 1
    both = found()
    actions.withdraw(stays, reason="solved", by=product(), at=now)
    assert found() == [comes.key]  # gone from answers at once, from the index at the next round
    assert indexing.catch_up("offer", at=now) == 1
    assert indexing.catch_up("offer", at=now) == 0

    assert (both, found()) == (sorted([stays.key, comes.key]), [comes.key])
    assert indexing.place("offer").seq == ledger.last_seq()


def test_round_that_was_cut_short_is_repeated_without_loss(now: datetime) -> None:
    indexing.catch_up("offer", at=now)
    before = indexing.place("offer")
    publish(OfferFactory(title="碳丝耐热油剂", state="draft"), now)
    indexing.catch_up("offer", at=now)

    indexing._point("offer", before)  # killed after the index was committed, before its place was written

    assert indexing.catch_up("offer", at=now) == 1
    assert len(found()) == 1


def test_more_than_a_batch_is_taken_up_in_rounds(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    indexing.catch_up("offer", at=now)
    for number in range(3):
        publish(OfferFactory(title=f"碳丝耐热油剂{number}", state="draft"), now)

    assert [indexing.catch_up("offer", at=now) for _ in range(3)] == [2, 1, 0]
    assert len(found()) == 3


def test_index_that_was_lost_is_built_again(now: datetime) -> None:
    OfferFactory(title="碳丝耐热油剂")
    indexing.catch_up("offer", at=now)
    folder = Path(indexing.place("offer").folder)
    folder.rename(folder.with_name("elsewhere"))

    assert indexing.catch_up("offer", at=now) == 1
    assert len(found()) == 1


def test_expired_listing_leaves_the_index(now: datetime) -> None:
    OfferFactory(title="碳丝耐热油剂")
    indexing.catch_up("offer", at=now)
    Offer.objects.update(expires_date=TODAY)

    actions.expire_due(by=system("worker"), at=now)
    indexing.catch_up("offer", at=now)

    assert len(answers.current_matcher("offer").index) == 0


@pytest.mark.parametrize("secrecy", ["abstract_only", "registered", "introduction"])
def test_words_of_the_kept_back_part_find_nothing(secrecy: str, now: datetime) -> None:
    need = NeedFactory(title="丝束求助", abstract="求解决粘连", text="量子纠缠陀螺仪标定", secrecy=secrecy)
    NeedIndicatorFactory(need=need, name="陀螺漂移")
    indexing.catch_up("need", at=now)

    answer = answers.answer("need", Query(text="量子纠缠陀螺仪标定，陀螺漂移 31.7 MPa"), actor=product(), on=TODAY)

    assert answer.rows == ()
    stored = b"".join(path.read_bytes() for path in Path(indexing.place("need").folder).rglob("*") if path.is_file())
    assert "陀螺".encode() not in stored


def test_query_of_a_listing_is_its_public_part_unless_all_may_be_read() -> None:
    need = NeedFactory()
    NeedIndicatorFactory(need=need)

    public, full = answers.query_of(Need.objects.get(), full=False), answers.query_of(Need.objects.get(), full=True)

    assert (public.text, public.indicators, public.budget_fen) == (need.abstract, (), None)
    assert full.text == f"{need.abstract}\n{need.text}"
    assert (len(full.indicators), full.budget_fen) == (1, (77_700_000, 88_800_000))
    assert dataclasses.replace(full, text=public.text, indicators=(), budget_fen=None) == public


def test_index_thrown_away_is_no_more_pointed_at_and_is_written_anew(now: datetime, index_root: Path) -> None:
    publish(OfferFactory(state="draft"), now)
    indexing.catch_up("offer", at=now)

    indexing.throw_away()
    indexing.throw_away()  # what is not there may be thrown away too

    assert (indexing.place("offer"), index_root.exists()) == (None, False)
    assert indexing.catch_up("offer", at=now) == 1
