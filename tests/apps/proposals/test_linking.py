"""What later replies say becomes evidence of earlier promises; nothing refused is found again; nothing is invented."""

from datetime import datetime, timedelta

import pytest

from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.proposals import actions, queries
from keqiao.apps.proposals.models import Evidence, Promise, Reply
from tests.apps.acting import product

from .answering import FIRST, LOADER, SCIENCE, SECOND, bring, follow_all, of, place, published

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def link_all(now: datetime) -> int:
    done = 0
    while actions.link_due(by=product(), at=now):
        done += 1
    return done


def cited() -> dict[str, set[str]]:
    """The words cited for each promise."""
    found: dict[str, set[str]] = {}
    for row in Evidence.objects.select_related("promise"):
        found.setdefault(row.promise.text, set()).add(row.quote)
    return found


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
def test_later_reply_is_evidence_whichever_came_first(order: tuple[str, str], now: datetime) -> None:
    for text in order:
        published(now, text)
        link_all(now)
    follow_all(now)

    states = dict(Promise.objects.values_list("text", "state"))
    assert states["扩大科创专员选派规模"] in ("kept", "partly")
    assert states["到2025年底前建成公共服务平台5个"] in ("kept", "partly")
    assert states["建立科创专员申报系统"] == "not_due"
    for row in Evidence.objects.select_related("later"):
        assert row.is_automatic
        assert row.later is not None
        assert row.later.text[row.start : row.end] == row.quote
        assert row.later.doc_number == "演科议案〔2026〕8号"
    assert "1012名" in "".join(cited()["扩大科创专员选派规模"])


def test_each_published_reply_is_compared_once(now: datetime) -> None:
    published(now)
    bring(now, SECOND)
    assert [link_all(now), link_all(now)] == [1, 0]
    assert not Evidence.objects.exists()


def test_evidence_that_was_refused_is_not_found_again(now: datetime) -> None:
    first = published(now)
    published(now, SECOND)
    link_all(now)
    row = of(first, "2025年底")
    for evidence in row.evidence.all():
        actions.reject_evidence(evidence, reason="口径不同", by=SCIENCE, at=now)
    count = Evidence.objects.count()
    Reply.objects.update(linked_at=None)

    link_all(now + timedelta(hours=1))
    follow_all(now + timedelta(hours=1))

    row.refresh_from_db()
    assert (Evidence.objects.count(), row.state) == (count, "no_mention")


def test_correction_of_the_later_reply_counts_in_linking(now: datetime) -> None:
    first = published(now)
    later = bring(now, SECOND, by=LOADER)
    for words in ("5个", "1012名", "799家"):
        actions.correct(
            later, kind="figure", op="remove", reason="非本省数据", by=SCIENCE, at=now, **place(later, words)
        )
    actions.decide_reply_publication(later, publication="full", by=LOADER, at=now)
    actions.check_reply(later, by=SCIENCE, at=now)
    actions.publish_reply(later, by=LOADER, at=now)
    link_all(now)
    assert not of(first, "2025年底").evidence.exists()


def test_comparison_is_of_replies_that_the_reader_may_read(now: datetime) -> None:
    first, later = published(now), published(now, SECOND)
    found = queries.compared(later, actor=VISITOR)
    assert set(found.replies) == {first.key, later.key}
    assert any({point.doc for point in series.points} == set(found.replies) for series in found.links.series)
    Reply.objects.filter(pk=first.pk).update(publication="abstract", abstract="摘要")
    assert set(queries.compared(later, actor=VISITOR).replies) == {later.key}


def test_findings_name_what_to_look_at_before_publication(now: datetime) -> None:
    codes = {finding.code for finding in queries.findings(bring(now))}
    assert "declined" in codes


def test_part_of_a_promise_is_cited_with_why_it_is_a_part(now: datetime) -> None:
    first = published(now)
    published(now, SECOND.replace("公共服务平台5个", "公共服务平台4个"))
    link_all(now)
    found = [(row.supports, row.note) for row in of(first, "2025年底").evidence.all()]
    assert found == [("partly", "fewer")]
