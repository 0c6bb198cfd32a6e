"""Who signed or follows is told once for each move; units are told what is theirs to do, and when it is late."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions as post
from keqiao.apps.post.models import Notification
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.actions import reminding
from keqiao.apps.proposals.actions.reminding import publish_by, quarter_start
from keqiao.apps.proposals.models import Assignment, Promise, Proposal
from tests.apps.acting import person
from tests.factories.parties import OfficerFactory, UserFactory
from tests.factories.proposals import AssignmentFactory, ProposalFactory, SignerFactory

from .answering import LOADER, SCIENCE, SECOND, asked, bring, place, publish, published
from .people import ROOT, expert, hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")


def account(department: str) -> User:
    found: User = OfficerFactory(department=department, area=ROOT).user
    return found


def told(now: datetime) -> Counter[tuple[str, str]]:
    """Topic and title of what was told since the last time, with how many were told it."""
    Notification.objects.all().delete()
    post.take_up(by=BY, at=now + timedelta(minutes=1))
    return Counter(Notification.objects.values_list("topic", "title"))


def test_followers_are_told_once_when_a_promise_moves(now: datetime) -> None:
    signer, co_signer, deaf, stranger = (UserFactory() for _ in range(4))
    proposal = asked()
    for user in (signer, co_signer, deaf):
        SignerFactory(proposal=proposal, user=user)
    SignerFactory(proposal=proposal)
    reply = published(now)
    row = reply.promises.get(text__contains="2025年底")
    actions.unfollow(proposal, by=person(deaf), at=now)
    actions.follow(row, by=person(stranger), at=now)
    actions.follow_due(by=BY, at=now)
    told(now)
    later = published(now, SECOND)
    actions.add_evidence(
        row, kind="reply", supports="kept", later=later, by=SCIENCE, at=now,
        **place(later, "全省建成公共服务平台5个"),
    )  # fmt: skip
    told(now)

    for days in (1, 2):
        actions.follow_due(by=BY, at=now + timedelta(days=days))

    assert told(now) == {("promise.moved", "承诺有变化：未见后续提及 → 已兑现（有依据）"): 3}
    users = set(Notification.objects.values_list("user", flat=True))
    assert users == {signer.pk, co_signer.pk, stranger.pk}
    assert "公共服务平台5个" in Notification.objects.all()[0].text


def test_voice_is_told_to_followers_in_their_language(now: datetime) -> None:
    user = UserFactory()
    SignerFactory(proposal=asked(), user=user)
    row = published(now).promises.get(text__contains="扩大")
    told(now)
    actions.speak(row, role="third", stance="cannot_tell", text="资料不足", by=expert(UserFactory()), at=now)
    with translation.override("zh-hans"):
        assert told(now) == {("promise.moved", "第三方对承诺发表了看法：无法判断"): 1}


def test_signers_and_units_are_told_of_a_handing_over(now: datetime) -> None:
    signer, lead, office = UserFactory(), account("industry"), account("general_office")
    account("health")
    proposal = ProposalFactory(state="received", assigned_date=None, printed="W9号", title="题")
    SignerFactory(proposal=proposal, user=signer)
    (row,) = actions.hand_over(
        proposal, units=[("industry", "lead")], assigned_date=now.date(), by=hand_over_office(UserFactory()), at=now
    )
    assert told(now) == {("proposal.moved", "W9号 已交办：题"): 1, ("proposal.work", "新交办 W9号：题"): 1}
    assert set(Notification.objects.values_list("user", flat=True)) == {signer.pk, lead.pk}

    actions.return_assignment(row, reason="not_our_duty", note="属商务", by=officer_of("industry", lead), at=now)
    assert told(now) == {("proposal.work", "演示省工业和信息化厅退回 W9号，请另行交办"): 1}
    assert Notification.objects.get().user == office


def test_published_reply_is_told_to_signers_once(now: datetime) -> None:
    SignerFactory(proposal=asked(), user=UserFactory())
    reply = bring(now, by=LOADER)
    told(now)
    publish(reply, now)
    assert told(now) == {("proposal.moved", "答复已发布：关于对省政协十三届三次会议W163号委员提案的答复"): 1}


def test_reply_without_a_proposal_is_told_to_nobody(now: datetime) -> None:
    published(now)
    assert told(now) == {}


def reminded(at: datetime) -> Counter[str]:
    actions.remind_due(by=BY, at=at)
    kinds = [one.kind for one in reminding.REMINDERS]
    return Counter(Entry.objects.filter(at=at, kind__in=kinds).values_list("kind", flat=True))


def test_units_are_reminded_before_the_day_and_told_after_it(now: datetime) -> None:
    account("industry")
    row = AssignmentFactory()  # until 7 December
    AssignmentFactory(role="reference", due_date=None)
    AssignmentFactory(answered_date=date(2026, 11, 1))
    AssignmentFactory(returned_date=date(2026, 9, 9), return_reason="other")

    assert reminded(now) == {}
    assert reminded(now + timedelta(days=1)) == {"assignment.remind": 1}
    assert told(now) == {("proposal.work", f"{row.proposal.printed} 将于 2026-12-07 到期：{row.proposal.title}"): 1}
    assert reminded(now + timedelta(days=2)) == {}
    assert reminded(now + timedelta(days=16)) == {}
    assert reminded(now + timedelta(days=17)) == {"assignment.overdue": 1}
    assert told(now) == {("proposal.work", f"{row.proposal.printed} 已过期限（2026-12-07）：{row.proposal.title}"): 1}
    assert reminded(now + timedelta(days=18)) == {}
    assert reminded(now + timedelta(days=48)) == {"assignment.overdue": 1}
    Assignment.objects.filter(pk=row.pk).update(answered_date=date(2026, 12, 30))
    assert told(now) == {}  # done meanwhile: nothing to tell


def test_promise_is_looked_at_and_reminded_before_its_day(now: datetime) -> None:
    account("science")
    reply = published(now)
    actions.follow_due(by=BY, at=now)
    told(now)
    Promise.objects.exclude(text__contains="扩大").delete()
    row = Promise.objects.get()
    assert (row.due_date, row.next_look_date) == (date(2026, 12, 31), date(2026, 6, 10))

    assert reminded(now) == {"promise.look": 1}
    assert reminded(now + timedelta(days=15)) == {"promise.remind": 1}
    assert told(now) == {
        ("proposal.work", "请查看承诺的进展（2026-12-31 到期）"): 1,
        ("proposal.work", "承诺将于 2026-12-31 到期，请补充依据"): 1,
    }
    assert reminded(now + timedelta(days=16)) == {}
    assert reply.state == "published"


def test_look_back_is_told_to_the_unit_until_it_is_done(now: datetime) -> None:
    account("science")
    reply = bring(now, by=LOADER, answered_date=date(2025, 6, 12), result_class="B")
    publish(reply, now)
    told(now)
    assert reminded(now)["look_back.remind"] == 1
    assert ("proposal.work", f"答复 12 个月后回头看：{reply.title}") in told(now)


def test_reply_that_should_be_public_by_now_is_told(now: datetime) -> None:
    account("science")
    reply = bring(now, answered_date=date(2026, 10, 26))
    assert publish_by(reply, date(2026, 10, 26)) == date(2026, 11, 23)
    told(now)
    assert reminded(now + timedelta(days=2)) == {}
    assert reminded(now + timedelta(days=3)) == {"reply.remind_publish": 1}
    assert [topic for topic, _title in told(now)] == ["proposal.work"]
    actions.decide_reply_publication(reply, publication="withheld", withheld_reason="privacy", by=SCIENCE, at=now)
    assert reminded(now + timedelta(days=60)) == {}


def test_quarter_is_told_once_to_those_who_follow_something(now: datetime) -> None:
    signer = UserFactory()
    SignerFactory(proposal=asked(), user=signer)
    SignerFactory(proposal=ProposalFactory(), user=UserFactory())  # nothing was promised there
    published(now)
    actions.follow_due(by=BY, at=now)
    told(now)
    first = datetime(2027, 1, 3, 2, 0, tzinfo=now.tzinfo)
    assert quarter_start(first.date()) == date(2027, 1, 1)
    days = [now, first, first + timedelta(days=1), first + timedelta(days=20)]
    assert [actions.report_quarter(by=BY, at=at) for at in days] == [0, 1, 0, 0]
    assert told(first) == {("promise.quarter", "您关注的 4 项承诺：季度汇总"): 1}
    assert Notification.objects.get().user == signer
    assert actions.report_quarter(by=BY, at=datetime(2027, 4, 1, 2, 0, tzinfo=now.tzinfo)) == 1


def test_only_the_product_reminds_and_reckons(now: datetime) -> None:
    AssignmentFactory(due_date=date(2026, 11, 1))
    published(now)
    for act in (actions.remind_due, actions.follow_due):
        with pytest.raises(Exception, match="product_only"):
            act(by=hand_over_office(), at=now)
    assert Proposal.objects.count() == 1
