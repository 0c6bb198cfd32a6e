"""Promises: a computed state from evidence that can be looked up, and people's views beside it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from keqiao.apps.files import actions as files
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.parties.models import User
from keqiao.apps.parties.permissions import ALLOWED
from keqiao.apps.proposals import actions, parsing, permissions, queries, tracking
from keqiao.apps.proposals.models import (
    Evidence,
    Promise,
    PromiseMove,
    PromiseState,
    Reply,
    Supports,
)
from tests.apps.acting import person, product
from tests.factories.parties import UserFactory
from tests.factories.proposals import SignerFactory

from .answering import LOADER, SCIENCE, SECOND, asked, bring, follow_all, of, place, publish, published
from .people import hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def cite(promise: Promise, later: Reply, words: str, now: datetime, /, **values: Any) -> Evidence:
    given: dict[str, Any] = {"kind": "reply", "supports": "kept", "later": later, "by": SCIENCE, "at": now}
    return actions.add_evidence(promise, **(given | place(later, words) | values))


@given(
    supports=st.lists(st.sampled_from(Supports.values), max_size=3), specificity=st.sampled_from(["soft", "concrete"]),
    has_indicator=st.booleans(), due=st.dates(), on=st.dates(), looked_in=st.integers(0, 3),
)  # fmt: skip
def test_state_says_no_more_than_the_evidence(
    supports: list[str], specificity: str, has_indicator: bool, due: date, on: date, looked_in: int
) -> None:
    def state(shown: list[str], day: date = on) -> PromiseState:
        return tracking.standing(
            supports=shown, specificity=specificity, has_indicator=has_indicator, due_date=due, on=day,
            looked_in=looked_in,
        ).state  # fmt: skip

    found = state(supports)
    assert (found == PromiseState.KEPT) == ("kept" in supports)
    assert (found == PromiseState.PARTLY) == ("partly" in supports and "kept" not in supports)
    assert state([*supports, "kept"]) == PromiseState.KEPT
    if not supports:
        assert found != PromiseState.NO_MENTION or on > due
        assert state([], due) in (PromiseState.NOT_DUE, PromiseState.TOO_SOFT)
    assert "broken" not in PromiseState.values


@pytest.mark.parametrize(
    ("value", "target", "before", "direction", "shown"),
    [
        (5, 5, 3, "up", "kept"), (4, 5, 3, "up", "partly"), (3, 5, 3, "up", None), (4, 5, None, "up", None),
        (6, None, 3, "up", "partly"), (2, None, 3, "up", None), (6, 6, 12, "down", "kept"),
        (8, 6, 12, "down", "partly"), (12, 6, 12, "down", None),
    ],
)  # fmt: skip
def test_figure_shows_a_promise_kept_only_against_a_target(
    value: int, target: int | None, before: int | None, direction: str, shown: str | None
) -> None:
    found = tracking.figure_supports(
        value=Decimal(value), target=None if target is None else Decimal(target),
        before=None if before is None else Decimal(before), direction=direction,
    )  # fmt: skip
    assert found == shown


@pytest.mark.parametrize(
    ("horizon", "day", "stated"),
    [
        ("2025-12", date(2025, 12, 31), True), ("2026-02", date(2026, 2, 28), True), ("2026", date(2026, 12, 31), True),
        ("2026-03-05", date(2026, 3, 5), True), ("2026-13", date(2026, 12, 31), False),
        ("every_year", date(2026, 12, 31), False), (None, date(2026, 12, 31), False),
    ],
)  # fmt: skip
def test_day_of_a_promise_is_the_stated_one_or_the_end_of_next_year(
    horizon: str | None, day: date, stated: bool
) -> None:
    assert parsing.last_day_of(horizon, signed=date(2025, 6, 10)) == (day, stated)


def test_states_are_reckoned_once_a_day_and_the_first_time_is_no_move(now: datetime) -> None:
    reply = published(now)
    assert [follow_all(now), follow_all(now)] == [4, 0]

    states = dict(reply.promises.values_list("text", "state"))
    assert states == {
        "扩大科创专员选派规模": "not_due", "建立科创专员申报系统": "not_due",
        "到2025年底前建成公共服务平台5个": "no_mention", "持续优化资金使用方式": "too_soft",
    }  # fmt: skip
    assert not PromiseMove.objects.exists()
    assert follow_all(now + timedelta(days=1)) == 4


def test_unpublished_promises_are_not_reckoned(now: datetime) -> None:
    bring(now)
    assert follow_all(now) == 0


def test_later_replies_of_the_unit_are_what_is_looked_through(now: datetime) -> None:
    reply, later = published(now), published(now, SECOND)
    follow_all(now)
    built, money = of(reply, "2025年底"), of(reply, "资金")
    built.refresh_from_db()
    assert (built.state, built.state_why, built.looked_in) == ("no_mention", "looked_through", 1)
    assert (list(queries.later_replies(built)), list(queries.later_replies(money))) == ([later], [])


def test_evidence_moves_the_state_and_refusing_it_moves_it_back(now: datetime) -> None:
    reply, later = published(now), published(now, SECOND)
    row = of(reply, "2025年底")
    follow_all(now)
    evidence = cite(row, later, "全省建成公共服务平台5个", now)
    follow_all(now + timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.state, row.state_why, evidence.quote) == ("kept", "evidence", "全省建成公共服务平台5个")

    with pytest.raises(ValidationError):
        actions.reject_evidence(evidence, reason=" ", by=SCIENCE, at=now)
    actions.reject_evidence(evidence, reason="口径不同", by=SCIENCE, at=now + timedelta(minutes=2))
    follow_all(now + timedelta(minutes=3))

    moves = list(row.moves.values_list("before", "after", "why"))
    assert moves == [("no_mention", "kept", "evidence"), ("kept", "no_mention", "looked_through")]
    assert Entry.objects.filter(kind="promise.move", subject=f"promise:{row.key}").count() == 2
    with pytest.raises(Refused, match="evidence_rejected"):
        actions.reject_evidence(evidence, reason="再", by=SCIENCE, at=now)
    with pytest.raises(ValidationError):
        cite(row, later, "全省建成公共服务平台5个", now)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "rumour"}, {"supports": "broken"}, {"later": None}, {"start": 9, "end": 9}, {"end": 99_999},
        {"kind": "file", "attachment": "nothing"},
    ],
)  # fmt: skip
def test_evidence_has_to_be_something_that_can_be_looked_up(values: dict[str, Any], now: datetime) -> None:
    reply, later = published(now), published(now, SECOND)
    with pytest.raises(ValidationError):
        cite(of(reply, "2025年底"), later, "公共服务平台5个", now, **values)
    assert not Evidence.objects.exists()


def test_evidence_comes_from_a_later_reply(now: datetime) -> None:
    reply, later = published(now), published(now, SECOND)
    with pytest.raises(ValidationError):
        cite(of(later, "管理办法"), reply, "专项资金280万元", now)
    with pytest.raises(ValidationError):
        cite(of(reply, "2025年底"), reply, "专项资金280万元", now)


def test_file_of_the_promise_is_evidence_and_of_something_else_is_not(now: datetime) -> None:
    row = of(published(now), "2025年底")
    kept = [
        files.attach(subject=subject, name="验收.txt", content=b"ok", permit=ALLOWED, by=SCIENCE, at=now)
        for subject in (f"promise:{row.key}", "promise:other")
    ]
    given: dict[str, Any] = {"kind": "file", "supports": "partly", "by": SCIENCE, "at": now}
    with pytest.raises(ValidationError):
        actions.add_evidence(row, attachment=kept[1].key, **given)
    actions.add_evidence(row, attachment=kept[0].key, **given)
    follow_all(now)
    assert Promise.objects.get(pk=row.pk).state == "partly"


def test_only_owner_and_keepers_touch_a_promise(now: datetime) -> None:
    row = of(published(now), "资金")
    assert row.unit == "finance"
    allowed = [permissions.can_keep_promise(actor, row).allowed for actor in (
        officer_of("finance"), SCIENCE, hand_over_office(), officer_of("health"), VISITOR,
    )]  # fmt: skip
    assert allowed == [True, True, True, False, False]
    with pytest.raises(Refused, match="not_owner_unit"):
        actions.edit_promise(row, target_value=Decimal(3), by=officer_of("health"), at=now)


def test_what_is_set_by_hand_stays_through_another_reading(now: datetime) -> None:
    reply = published(now)
    row = of(reply, "扩大")
    actions.edit_promise(
        row, due_date=date(2026, 6, 30), target_value=Decimal(1000), target_unit="人", unit="education", by=SCIENCE,
        at=now,
    )  # fmt: skip
    actions.read_again(reply, by=product(), at=now)
    row.refresh_from_db()
    assert (row.due_date, row.due_basis, row.target_value, row.unit) == (
        date(2026, 6, 30), "set", Decimal(1000), "education",
    )  # fmt: skip
    for values in (
        {"due_date": date(2020, 1, 1)}, {"direction": "sideways"}, {"unit": "moon"}, {"target_value": Decimal("NaN")},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            actions.edit_promise(row, **values, by=SCIENCE, at=now)
    with pytest.raises(ValueError, match="text"):
        actions.edit_promise(row, text="x", by=SCIENCE, at=now)


def test_list_holds_exactly_what_the_permission_allows(now: datetime) -> None:
    user = UserFactory()
    proposal = asked()
    SignerFactory(proposal=proposal, user=user)
    full, abstract = published(now, SECOND), bring(now, answered_date=date(2025, 6, 12))
    actions.edit_reply(abstract, abstract="摘要", by=LOADER, at=now)
    actions.decide_reply_publication(abstract, publication="abstract", by=LOADER, at=now)
    actions.check_reply(abstract, by=SCIENCE, at=now)
    actions.publish_reply(abstract, by=LOADER, at=now)
    actors = {
        "visitor": VISITOR, "office": hand_over_office(), "science": SCIENCE, "finance": officer_of("finance"),
        "health": officer_of("health"), "signer": person(user),
    }  # fmt: skip
    counts = {}
    for name, actor in actors.items():
        listed = set(queries.promises(actor))
        assert listed == {row for row in Promise.objects.all() if permissions.can_see_promise(actor, row).allowed}
        counts[name] = len(listed)
    whole = full.promises.count() + abstract.promises.count()
    assert counts == {"visitor": 1, "office": whole, "science": whole, "finance": 2, "health": 1, "signer": whole}
    assert queries.shown_text(abstract, actor=VISITOR) == "" != queries.shown_text(abstract, actor=person(user))
    assert list(queries.public_promises()) == list(full.promises.all())


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({}, 4), ({"q": "专员"}, 2), ({"unit": "finance"}, 1), ({"specificity": "soft"}, 1), ({"year": 2025}, 4),
        ({"year": 2024}, 0), ({"state": "no_mention"}, 1), ({"due_before": date(2026, 1, 1)}, 1),
        ({"needs_indicator": True}, 4),
    ],
)  # fmt: skip
def test_list_is_narrowed(narrowed: dict[str, Any], count: int, now: datetime) -> None:
    published(now)
    follow_all(now)
    assert queries.promises(VISITOR, **narrowed).count() == count
    with pytest.raises(ValueError, match="colour"):
        queries.promises(VISITOR, colour="red")


def test_counts_by_unit_add_up_to_the_list(now: datetime) -> None:
    published(now)
    follow_all(now)
    counts = dict(queries.promise_counts(VISITOR))
    assert {unit: sum(states.values()) for unit, states in counts.items()} == {"science": 3, "finance": 1}
    assert counts["science"]["no_mention"] == 1
    assert [group for group, _states in queries.promise_counts(VISITOR, by="year")] == [2025]


def test_timeline_tells_the_life_of_a_promise_in_order(signed: tuple[Promise, User], now: datetime) -> None:
    row, user = signed
    follow_all(now)
    later = published(now, SECOND)
    evidence = cite(row, later, "1012名", now + timedelta(hours=1))
    follow_all(now + timedelta(hours=2))
    actions.speak(row, role="proposer", stance="kept", text="好", by=person(user), at=now + timedelta(hours=3))
    actions.reject_evidence(evidence, reason="口径", by=SCIENCE, at=now + timedelta(hours=4))
    kinds = [moment.kind for moment in queries.timeline(queries.promise(row.key))]
    assert kinds == ["made", "evidence", "moved", "voice", "refused", "due"]


def test_database_takes_no_evidence_without_its_citation(signed: tuple[Promise, User], now: datetime) -> None:
    row, _user = signed
    common = {"promise": row, "supports": "kept", "by": "x", "at": now}
    wrong: list[dict[str, Any]] = [
        {"kind": "reply"}, {"kind": "reply", "later": row.reply, "start": 3, "end": 3, "quote": "x"},
        {"kind": "reply", "later": row.reply, "start": 3, "end": 4}, {"kind": "figure"}, {"kind": "file"},
        {"kind": "figure", "figure_key": "a-2025-1", "attachment": "x"},
    ]  # fmt: skip
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.create(**common, **values)


def test_promise_follows_its_reply_when_that_is_taken_down(now: datetime) -> None:
    reply = publish(bring(now, by=LOADER), now)
    actions.withdraw_reply(reply, reason="有误", by=SCIENCE, at=now)
    assert queries.promises(VISITOR).count() == 0
    assert follow_all(now) == 0
