"""Numbers of replies become figures of their sentence, or open to the platform's own; these measure promises."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.figures import checking, freezing
from keqiao.apps.ledger.models import Entry, FigureState, PublishedFigure
from keqiao.apps.market import thread as market
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.proposals import actions, indicators, thread
from keqiao.apps.proposals.actions.stating import printed, state_figures
from keqiao.apps.proposals.indicators import Indicator
from keqiao.apps.proposals.models import Promise, Reply, ReplyFigure
from tests.apps.acting import product
from tests.factories.base import MOMENT
from tests.factories.market import NeedFactory

from .answering import FIRST, LOADER, SCIENCE, SECOND, bring, follow_all, of, place, publish, published

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def edition(
    value: str, *, day: date, code: str = "platforms", name: str = "公共服务平台数", **more: Any
) -> PublishedFigure:
    """A figure of the platform that opens to rows."""
    given: dict[str, Any] = {
        "key": f"{code}-{day.isoformat()}-1", "code": code, "grade": "rows", "kind": "flow", "measure": "count",
        "name_zh": name, "name_en": "x", "unit_zh": "个", "year": day.year, "as_of": day, "value": value,
        "alg": "sha256", "digest": "x", "state": "published", "prepared_by": "x", "prepared_at": MOMENT,
        "published_by": "y", "published_at": MOMENT,
    }  # fmt: skip
    return PublishedFigure.objects.create(**(given | more))


def stated() -> dict[str, PublishedFigure]:
    rows = PublishedFigure.objects.filter(grade="sentence", state=FigureState.PUBLISHED).order_by("pk")
    return {f"{row.value}{row.unit_zh}": row for row in rows}


def test_stated_figures_are_proved_by_the_entry_of_their_reply(now: datetime) -> None:
    published(now)
    figure = stated()["280万元"]
    assert [flaw for row in stated().values() for flaw in checking.verify(row)] == []

    figure.value = "281"
    figure.digest = freezing.figure_digest(figure, ())
    assert {flaw.kind for flaw in checking.verify(figure)} == {"ledger"}


def test_published_reply_states_what_its_sentences_report_as_done(now: datetime) -> None:
    reply = bring(now, by=LOADER)
    assert stated() == {}
    publish(reply, now)

    found = stated()
    assert set(found) >= {"3个", "280万元", "596名"}
    figure = found["280万元"]
    assert (figure.grade, figure.year, figure.as_of, figure.state) == (
        "sentence",
        2024,
        date(2024, 12, 31),
        "published",
    )
    assert "投入专项资金280万元" in figure.sentence
    assert "演科议案〔2025〕12号" in figure.source
    start, end = place(reply, "280万元").values()
    assert figure.about == f"reply:{reply.key}#{start}-{end}"
    assert found["596名"].kind == "cumulative"
    row = reply.figures.get(raw="280万元")
    assert (row.figure_key, row.figure_grade) == (figure.key, "sentence")
    assert indicators.amount_of(figure) == Decimal(2_800_000)
    assert Entry.objects.filter(kind="reply.state_figures", subject=f"reply:{reply.key}").count() == 1


def test_number_that_the_platform_published_opens_to_its_rows(now: datetime) -> None:
    own = edition("3", day=date(2024, 12, 31))
    edition("3", day=date(2023, 12, 31))
    edition("3", day=date(2024, 12, 31), code="firms", name="科技型企业")
    reply = published(now)
    row = reply.figures.get(raw="3个")
    assert (row.figure_key, row.figure_grade) == (own.key, "rows")
    assert "3个" not in stated()


def test_corrected_number_is_stated_anew_and_the_old_one_withdrawn(now: datetime) -> None:
    reply = published(now)
    before = stated()["596名"]
    actions.correct(
        reply, kind="figure", field="value", value="612", reason="印错", by=SCIENCE, at=now, **place(reply, "596名")
    )
    before.refresh_from_db()
    assert (before.state, before.end_reason) == ("withdrawn", "typing_error")
    assert set(stated()) >= {"612人", "3个", "280万元"}
    row = reply.figures.get(raw="596名")
    assert row.figure_key == stated()["612人"].key

    actions.withdraw_correction(reply.corrections.get(), by=SCIENCE, at=now)
    assert "596名" in stated()
    assert "612人" not in stated()


def test_stating_twice_states_nothing_twice(now: datetime) -> None:
    reply = published(now)
    before = {row.pk for row in stated().values()}
    assert state_figures(reply, by=product(), at=now) == 0
    actions.read_again(reply, by=product(), at=now)
    assert {row.pk for row in stated().values()} == before


def test_reply_taken_down_or_replaced_states_nothing(now: datetime) -> None:
    first = published(now)
    changed = published(now, FIRST.replace("280万元", "290万元"), is_new_version=True)
    assert {row.about.partition("#")[0] for row in stated().values()} == {f"reply:{changed.key}"}
    assert "290万元" in stated()
    actions.withdraw_reply(changed, reason="有误", by=SCIENCE, at=now)
    assert stated() == {}
    assert first.state == "published"


def test_abstract_states_no_figures(now: datetime) -> None:
    reply = bring(now, by=LOADER)
    actions.edit_reply(reply, abstract="摘要", by=LOADER, at=now)
    actions.decide_reply_publication(reply, publication="abstract", by=LOADER, at=now)
    actions.check_reply(reply, by=SCIENCE, at=now)
    actions.publish_reply(reply, by=LOADER, at=now)
    assert stated() == {}


def test_same_thing_has_the_same_code_in_every_reply(now: datetime) -> None:
    published(now)
    published(now, SECOND)
    rows = ReplyFigure.objects.filter(raw__in=("596名", "1012名"))
    codes = {PublishedFigure.objects.get(key=row.figure_key).code for row in rows}
    assert len(codes) == 1


@pytest.mark.parametrize(
    ("raw", "value", "unit", "said"),
    [
        ("25.35亿元", "2535000000", "CNY", ("25.35", "亿元")),
        ("1,500 余万元", "15000000", "CNY", ("1500", "万元")),
        ("26.9%", "26.9", "percent", ("26.9", "%")),
        ("四成二", "42", "percent", ("42", "%")),
        ("十一亿元", "1100000000", "CNY", ("1100000000", "元")),
        ("百余户", "100", "count:户", ("100", "户")),
        ("1\n012名", "1012", "count:人", ("1012", "名")),
    ],
)
def test_digits_and_unit_are_those_of_the_text(raw: str, value: str, unit: str, said: tuple[str, str]) -> None:
    assert printed(ReplyFigure(raw=raw, value=Decimal(value), unit=unit)) == said


AMONG = [
    Indicator(code=code, name=name, name_en="", unit="")
    for code, name in (("needs", "发布的技术需求数"), ("deals", "技术合同成交额"), ("officers", "科创专员选派人数"))
]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("扩大科创专员选派规模", "officers"),
        ("力争技术合同成交额突破300亿元", "deals"),
        ("持续优化营商环境", None),
        ("", None),
    ],
)
def test_indicator_is_proposed_where_the_promise_names_it(words: str, code: str | None) -> None:
    found = indicators.propose(words, AMONG)
    assert (found[0].code if found else None) == code
    if found:
        assert found[1]


def test_indicator_is_proposed_and_taken(now: datetime) -> None:
    reply = published(now, FIRST.replace("科创专员选派规模", "发布技术需求规模"))
    row = reply.promises.get(text__contains="技术需求")
    assert (row.proposed_indicator, row.needs_indicator) == ("needs_published", True)
    actions.accept_indicator(row, by=SCIENCE, at=now)
    assert not Promise.objects.get(pk=row.pk).needs_indicator
    other = reply.promises.get(text__contains="资金")
    with pytest.raises(ValidationError):
        actions.accept_indicator(other, by=SCIENCE, at=now)
    with pytest.raises(ValidationError):
        actions.edit_promise(other, indicator="no_such_figure", by=SCIENCE, at=now)


@pytest.fixture
def measured(now: datetime) -> tuple[Promise, PublishedFigure]:
    """A promise to have five platforms, three when it was made; now there are four."""
    edition("3", day=date(2024, 12, 31), code="needs_published")
    row = of(published(now), "2025年底")
    actions.edit_promise(row, indicator="needs_published", target_value=Decimal(5), by=SCIENCE, at=now)
    return row, edition("4", day=date(2025, 12, 31), code="needs_published")


def test_later_edition_shows_a_promise_partly_kept_then_kept(
    measured: tuple[Promise, PublishedFigure], now: datetime
) -> None:
    row, part = measured
    follow_all(now)
    row.refresh_from_db()
    assert (row.state, row.evidence.get().figure_key) == ("partly", part.key)
    whole = edition("5", day=date(2026, 6, 30), code="needs_published")
    follow_all(now + timedelta(days=1))
    row.refresh_from_db()
    assert row.state == "kept"
    assert set(row.evidence.values_list("figure_key", "supports")) == {(part.key, "partly"), (whole.key, "kept")}


def test_edition_corrected_since_counts_no_more(measured: tuple[Promise, PublishedFigure], now: datetime) -> None:
    row, part = measured
    follow_all(now)
    PublishedFigure.objects.filter(pk=part.pk).update(state="corrected")
    follow_all(now + timedelta(days=1))
    row.refresh_from_db()
    assert (row.state, row.evidence.count()) == ("no_mention", 1)
    edition("5", day=date(2025, 12, 31), code="needs_published", key="needs_published-2025-2", replaces=part)
    follow_all(now + timedelta(days=2))
    row.refresh_from_db()
    assert row.state == "kept"


def test_refused_edition_is_not_noted_again(measured: tuple[Promise, PublishedFigure], now: datetime) -> None:
    row, _part = measured
    follow_all(now)
    actions.reject_evidence(row.evidence.get(), reason="口径不同", by=SCIENCE, at=now)
    follow_all(now + timedelta(days=1))
    row.refresh_from_db()
    assert (row.state, row.evidence.count()) == ("no_mention", 1)


def test_figure_is_cited_by_hand_only_if_it_was_published(
    measured: tuple[Promise, PublishedFigure], now: datetime
) -> None:
    row, part = measured
    given: dict[str, Any] = {"kind": "figure", "supports": "kept", "by": SCIENCE, "at": now}
    with pytest.raises(ValidationError):
        actions.add_evidence(row, figure_key="nothing-2025-1", **given)
    assert actions.add_evidence(row, figure_key=part.key, **given).value == Decimal(4)
    with pytest.raises(ValidationError):
        actions.add_evidence(row, figure_key=part.key, **given)


def test_money_is_compared_in_yuan() -> None:
    fen = edition("15000000", day=date(2025, 12, 31), code="money", measure="fen")
    printed_in_yi = PublishedFigure(measure="text", value="25.35", unit_zh="亿元")
    assert (indicators.amount_of(fen), indicators.amount_of(printed_in_yi)) == (
        Decimal(150_000),
        Decimal(2_535_000_000),
    )


def test_thread_goes_from_a_figure_to_the_sentence_and_the_promise(now: datetime) -> None:
    need = NeedFactory()
    own = edition("3", day=date(2024, 12, 31))
    own.rows.create(number=1, subject=f"need:{need.key}", amount=1, digest="x")
    reply = published(now)

    known = list(market.links(need, actor=VISITOR, on=now.date()))
    known += market.figure_links(known)

    links = list(thread.further_links(known, actor=VISITOR))

    assert [(link.kind, link.parent) for link in links[:2]] == [
        ("reply", f"figure:{own.key}"), ("promise", f"reply:{reply.key}"),
    ]  # fmt: skip
    assert "公共服务平台3个" in links[0].note
    assert {link.title for link in links[1:]} == set(reply.promises.filter(suggestion=1).values_list("text", flat=True))
    Reply.objects.filter(pk=reply.pk).update(state="withdrawn")
    assert list(thread.further_links(known, actor=VISITOR)) == []
