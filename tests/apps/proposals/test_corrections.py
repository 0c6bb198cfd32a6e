"""What people correct stands after another reading, in a new version, or is listed as having lost its place."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.proposals import actions, merging, parsing, queries
from keqiao.apps.proposals.actions import reading
from keqiao.apps.proposals.models import Correction, CorrectionState, Promise, Reply
from keqiao.catalogue import replies as vocabulary
from keqiao.engines import replies as engine
from tests.apps.acting import product

from .answering import FIRST, SCIENCE, SECOND, bring, place
from .people import officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def correct(reply: Reply, now: datetime, words: str, **values: Any) -> Correction:
    given: dict[str, Any] = {"reason": "核对原文", "by": SCIENCE, "at": now} | place(reply, words)
    return actions.correct(reply, **(given | values))


def test_correction_is_a_row_of_its_own_and_shows_at_once(now: datetime) -> None:
    reply = bring(now)
    row = correct(reply, now, "596名", kind="figure", field="value", value="612")

    figure = reply.figures.get(raw="596名")
    assert (figure.value, figure.origin) == (Decimal(612), "corrected")
    assert (row.quote, row.occurrence, row.before, row.by) == ("596名", 0, 596, SCIENCE.key)
    assert reply.parsed["figures"][2]["value"] == 596


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("596名", {"kind": "figure", "field": "value", "value": "many"}),
        ("596名", {"kind": "figure", "field": "value", "value": "NaN"}),
        ("596名", {"kind": "figure", "field": "value", "value": True}),
        ("596名", {"kind": "figure", "field": "modality", "value": "maybe"}),
        ("596名", {"kind": "figure", "field": "raw", "value": "x"}),
        ("596名", {"kind": "figure", "field": "suggestion", "value": 0}),
        ("596名", {"kind": "figure", "field": "indicator", "value": "长" * 301}),
        ("596名", {"kind": "moon", "field": "value", "value": 1}),
        ("596名", {"kind": "figure", "field": "value", "value": 1, "op": "burn"}),
        ("596名", {"kind": "answer", "op": "remove"}),
        ("596名", {"kind": "promise", "field": "horizon", "value": "soon"}),
        ("596名", {"kind": "figure", "field": "value", "value": 1, "reason": " "}),
        ("596名", {"kind": "figure", "field": "value", "value": 1, "start": 9, "end": 9}),
        ("596名", {"kind": "figure", "field": "value", "value": 1, "end": 99_999}),
        ("收悉", {"kind": "figure", "field": "value", "value": 1}),
        ("收悉", {"kind": "figure", "op": "remove"}),
        ("收悉", {"kind": "figure", "op": "add", "value": {"raw": "x"}}),
        ("收悉", {"kind": "figure", "op": "add", "value": "x"}),
        ("收悉", {"kind": "promise", "op": "split", "value": [{"start": 0, "end": 1}]}),
        ("收悉", {"kind": "promise", "op": "split", "value": [{"start": 0, "end": 2}, {"start": 1, "end": 2}]}),
        ("收悉", {"kind": "promise", "op": "split", "value": [{"start": 0, "end": 1}, {"start": 1, "end": 3}]}),
    ],
)
def test_correction_that_makes_no_sense_is_refused(words: str, values: dict[str, Any], now: datetime) -> None:
    reply = bring(now)
    with pytest.raises(ValidationError):
        correct(reply, now, words, **values)
    assert not Correction.objects.exists()


def test_only_keepers_correct(now: datetime) -> None:
    reply = bring(now)
    with pytest.raises(Refused, match="not_issuer"):
        correct(reply, now, "596名", kind="figure", field="value", value=1, by=officer_of("industry"))


def test_figures_and_promises_are_added_removed_and_split(now: datetime) -> None:
    reply = bring(now)
    correct(reply, now, "280万元", kind="figure", op="remove")
    correct(reply, now, "设立科技创新专项资金", kind="promise", op="add", value={"department": "省财政厅"})
    words = "扩大科创专员选派规模，建立科创专员申报系统"
    parts = [{"start": 0, "end": 10}, {"start": 11, "end": 21, "department": "省教育厅"}]
    correct(reply, now, words, kind="promise", op="split", value=parts)

    assert [row.raw for row in reply.figures.all()] == ["3个", "596名", "5个"]
    assert list(reply.promises.filter(is_lost=False).order_by("start").values_list("text", "unit", "origin")) == [
        ("扩大科创专员选派规模", "science", "split"),
        ("建立科创专员申报系统", "education", "split"),
        ("到2025年底前建成公共服务平台5个", "science", "parsed"),
        ("设立科技创新专项资金", "finance", "added"),
        ("持续优化资金使用方式", "finance", "parsed"),
    ]


def test_removed_promise_keeps_its_row_and_comes_back_when_the_correction_goes(now: datetime) -> None:
    reply = bring(now)
    key = reply.promises.get(text="建立科创专员申报系统").key
    row = correct(reply, now, "建立科创专员申报系统", kind="promise", op="remove")
    gone = Promise.objects.get(key=key)
    assert (gone.is_lost, gone.is_removed, gone.is_live) == (True, True, False)

    actions.withdraw_correction(row, by=SCIENCE, at=now)

    again = Promise.objects.get(key=key)
    assert (again.is_lost, again.is_removed, Correction.objects.get().state) == (False, False, "withdrawn")
    with pytest.raises(Refused, match="correction_withdrawn"):
        actions.withdraw_correction(row, by=SCIENCE, at=now)


def test_day_of_a_promise_follows_its_corrected_horizon(now: datetime) -> None:
    reply = bring(now)
    correct(reply, now, "扩大科创专员选派规模", kind="promise", field="horizon", value="2026-06")
    row = reply.promises.get(text="扩大科创专员选派规模")
    assert (row.due_date, row.due_basis) == (date(2026, 6, 30), "stated")


def test_corrections_go_with_the_text_into_a_new_version(now: datetime) -> None:
    reply = bring(now)
    correct(reply, now, "596名", kind="figure", field="department", value="省人社厅")
    correct(reply, now, "280万元", kind="figure", field="value", value="2810000")
    correct(reply, now, "", kind="meta", field="title", value="新题", start=0, end=0)
    second = bring(now, FIRST.replace("280万元", "290万元").replace("2024年", "2024年末"), is_new_version=True)

    found = queries.corrected(second)
    assert second.figures.get(raw="596名").department == "省人社厅"
    assert second.title == "新题"
    assert [(row.quote, row.state) for row in found.lost] == [("280万元", CorrectionState.LOST)]
    assert list(queries.lost_corrections(SCIENCE)) == found.lost
    assert list(queries.lost_corrections(officer_of("health"))) == []


def another_reading(text: str, *, drop: int, shift: int, merge: bool) -> dict[str, Any]:
    """What another edition might read: things gone, spans a little different, two run into one."""
    parsed = parsing.read(text)
    for name in ("figures", "commitments"):
        things = [one for number, one in enumerate(parsed[name]) if number != drop]
        for one in things:
            one["span"] = [one["span"][0], max(one["span"][0] + 1, one["span"][1] - shift)]
            one["id"] = f"x{one['span'][0]}"
        if merge and len(things) > 1:
            things[0]["span"] = [things[0]["span"][0], things[1]["span"][1]]
            del things[1]
        parsed[name] = things
    return parsed


FIELDS = st.sampled_from([
    ("figure", "596名", "value", "612", Decimal(612)), ("figure", "3个", "department", "省教育厅", "省教育厅"),
    ("figure", "5个", "modality", "rule", "rule"), ("promise", "扩大科创专员选派规模", "horizon", "2027", "2027"),
    ("promise", "建立科创专员申报系统", "specificity", "soft", "soft"),
])  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    made=st.lists(FIELDS, min_size=1, max_size=4, unique_by=lambda one: one[1]), drop=st.integers(-1, 3),
    shift=st.integers(0, 2), merge=st.booleans(),
)  # fmt: skip
def test_corrected_values_stand_in_rows_after_another_reading(
    made: list[tuple[str, str, str, str, Any]], drop: int, shift: int, merge: bool, now: datetime
) -> None:
    Promise.objects.all().delete()
    Reply.objects.all().delete()
    reply = bring(now)
    for kind, words, field, value, _stored in made:
        correct(reply, now, words, kind=kind, field=field, value=value)

    reply.parsed = another_reading(FIRST, drop=drop, shift=shift, merge=merge)
    reading.refresh(reply, at=now)

    states = dict(reply.corrections.values_list("quote", "state"))
    assert set(states) == {one[1] for one in made}
    for kind, words, field, _value, stored in made:
        if states[words] == CorrectionState.LOST:
            assert words in [row.quote for row in queries.corrected(reply).lost]
            continue
        start, end = place(reply, words).values()
        rows = reply.figures if kind == "figure" else reply.promises.filter(is_lost=False)
        over = [row for row in rows.all() if row.start < end and start < row.end]
        assert stored in [getattr(row, field) for row in over]


def test_corrected_value_stands_when_the_vocabulary_has_grown(now: datetime) -> None:
    """The engine itself with a vocabulary that knows other names: what it reads changes, corrections hold."""
    reply = bring(now)
    correct(reply, now, "596名", kind="figure", field="indicator", value="科创专员")
    plain = engine.parse(FIRST, vocabulary=vocabulary.shipped_reply_vocabulary()).to_dict()
    found = merging.merge(plain, text=FIRST, fixes=reply.corrections.all())
    assert [one["indicator"] for one in found.figures if one["raw"] == "596名"] == ["科创专员"]


def test_worker_reads_again_what_another_edition_has_read(now: datetime) -> None:
    reply, other = bring(now), bring(now, SECOND)
    correct(reply, now, "596名", kind="figure", field="value", value="612")
    keys = set(reply.promises.values_list("key", flat=True))
    assert actions.read_again_due(by=product(), at=now) == 0
    Reply.objects.filter(pk=reply.pk).update(parser="before")

    assert [actions.read_again_due(by=product(), at=now) for _ in range(2)] == [1, 0]

    assert reply.figures.get(raw="596名").value == Decimal(612)
    assert set(reply.promises.values_list("key", flat=True)) == keys
    assert other.figures.count() == 3
