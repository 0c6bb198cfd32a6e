"""Replies come in as they were signed: numbered once, in versions, tied to their proposal, never edited."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from keqiao.apps.files import queries as files
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.proposals import actions, parsing, permissions, queries
from keqiao.apps.proposals.actions import Document
from keqiao.apps.proposals.actions.replies import find_proposal
from keqiao.apps.proposals.models import Reply
from tests.apps.acting import last_entry, person
from tests.factories.parties import UserFactory
from tests.factories.proposals import ProposalFactory, SignerFactory

from .answering import FIRST, LOADER, SCIENCE, SECOND, asked, bring, place, publish, published
from .people import hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_imported_reply_is_read_and_tied_to_its_proposal(now: datetime) -> None:
    proposal = asked()
    reply = bring(now)

    reply.refresh_from_db()
    assert (reply.doc_number, reply.issuer, reply.signed_date) == ("演科议案〔2025〕12号", "science", date(2025, 6, 10))
    assert (reply.proposal, reply.text, reply.parser) == (proposal, FIRST, parsing.stamp())
    assert reply.sha256 == sha256(FIRST.encode()).hexdigest()
    assert list(reply.figures.values_list("raw", "value", "unit_code", "suggestion")) == [
        ("3个", 3, "science", 1), ("280万元", 2800000, "science", 1), ("596名", 596, "science", 1),
        ("5个", 5, "science", 1),
    ]  # fmt: skip
    assert list(reply.promises.values_list("text", "unit", "due_date", "due_basis", "specificity")) == [
        ("扩大科创专员选派规模", "science", date(2026, 12, 31), "assumed", "concrete"),
        ("建立科创专员申报系统", "science", date(2026, 12, 31), "assumed", "concrete"),
        ("到2025年底前建成公共服务平台5个", "science", date(2025, 12, 31), "stated", "concrete"),
        ("持续优化资金使用方式", "finance", date(2026, 12, 31), "assumed", "soft"),
    ]
    assert {row.unit for row in reply.units.all()} == {"science", "finance"}
    assert last_entry()[0] == "reply.import"


def test_every_span_shows_its_words(now: datetime) -> None:
    reply = bring(now)
    assert all(reply.text[row.start : row.end] == row.raw for row in reply.figures.all())
    for row in reply.promises.all():
        assert reply.text[row.start : row.end] == row.text
        assert row.text in row.sentence == reply.text[row.sentence_start : row.sentence_end]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("今天天气很好。", "no_reply"),
        (FIRST.replace("演科议案〔2025〕12号", ""), "no_number"),
    ],
)
def test_text_that_is_no_reply_is_refused_with_a_sentence(text: str, code: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        bring(now, text)
    assert codes_of(caught.value) == {code}
    assert not Reply.objects.exists()


def codes_of(error: ValidationError) -> set[str | None]:
    if not hasattr(error, "error_dict"):
        return {error.code}
    return {one.code for errors in error.error_dict.values() for one in errors}


def test_number_given_by_hand_stands_in_for_a_missing_one(now: datetime) -> None:
    reply = bring(now, FIRST.replace("演科议案〔2025〕12号", ""), doc_number="演科议案[2025]12号")
    assert reply.doc_number == "演科议案〔2025〕12号"


def test_same_text_is_taken_once(now: datetime) -> None:
    bring(now)
    with pytest.raises(ValidationError, match="演科议案〔2025〕12号") as caught:
        bring(now, is_new_version=True)
    assert caught.value.code == "same_text"


def test_second_text_under_a_number_has_to_be_a_new_version(now: datetime) -> None:
    first, changed = bring(now), FIRST.replace("280万元", "290万元")
    with pytest.raises(ValidationError, match="作为新版本导入") as caught:
        bring(now, changed)
    assert caught.value.code == "number_used"

    second = bring(now, changed, is_new_version=True)

    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.version, second.supersedes) == (False, True, 2, first)
    assert list(queries.versions(second)) == [second, first]
    assert first.text == FIRST
    with pytest.raises(Refused, match="reply_not_current"):
        actions.check_reply(first, by=SCIENCE, at=now)


def test_number_belongs_to_its_issuer(now: datetime) -> None:
    bring(now)
    other = FIRST.replace("演示省科学技术厅", "演示省教育厅")
    assert bring(now, other, by=officer_of("education")).version == 1


def test_database_keeps_one_current_version(now: datetime) -> None:
    first, second = bring(now), bring(now, SECOND)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=second.pk).update(doc_number=first.doc_number, version=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=first.pk).update(state="published")


def test_only_the_issuer_and_the_office_bring_a_reply(now: datetime) -> None:
    for actor, reason in ((officer_of("industry"), "not_issuer"), (VISITOR, "sign_in_first")):
        with pytest.raises(Refused, match=reason):
            bring(now, by=actor)
    assert not Reply.objects.exists()
    assert bring(now, by=hand_over_office()).imported_by == hand_over_office().key


def test_file_lies_with_the_reply(now: datetime) -> None:
    document = Document(FIRST, "答复.txt", FIRST.encode(), ("tracked_changes",))
    reply = actions.import_reply(document=document, by=SCIENCE, at=now)
    (kept,) = files.attachments_of(f"reply:{reply.key}")
    assert (reply.attachment, reply.file_name, kept.name) == (kept.key, "答复.txt", "答复.txt")
    assert reply.notes == ["tracked_changes"]


def test_day_it_was_given_answers_the_assignment(now: datetime) -> None:
    proposal = asked()
    reply = bring(now)
    with pytest.raises(ValidationError):
        actions.edit_reply(reply, answered_date=date(2025, 6, 9), by=SCIENCE, at=now)
    with pytest.raises(ValidationError):
        actions.edit_reply(reply, result_class="Z", by=SCIENCE, at=now)
    actions.edit_reply(reply, answered_date=date(2025, 6, 12), result_class="B", by=SCIENCE, at=now)

    proposal.refresh_from_db()
    assert proposal.assignments.get().answered_date == date(2025, 6, 12)
    assert (proposal.state, Reply.objects.get().result_class) == ("answered", "B")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, "W163号"),
        ({"proposal_kind": "党派团体提案", "proposal_id": "163"}, None),
        ({"proposal_id": "163", "proposal_kind": None}, None),  # two have this number
        ({"proposal_id": "999", "proposal_kind": None}, "999号"),
        ({"session": None}, None),
        ({"session": {"term": 13, "session": 4}}, None),
        ({"proposal_id": None}, None),
        ({"body": "npc"}, "第163号"),
    ],
)
def test_heading_ties_to_the_one_proposal_it_names(changed: dict[str, Any], found: str | None) -> None:
    asked()
    asked(kind="joint")
    asked(kind="joint", number="999", printed="999号")
    asked(kind="deputy", body="npc", printed="第163号")
    meta = {"proposal_id": "W163", "session": {"term": 13, "session": 3}, "body": "cppcc", "proposal_kind": None}
    if changed.get("body") == "npc":
        changed = changed | {"proposal_id": "163", "proposal_kind": "代表建议"}
    row = find_proposal({"meta": meta | changed})
    assert (row.printed if row else None) == found


def test_reply_is_tied_by_hand_until_it_is_published(now: datetime) -> None:
    reply, other = bring(now, SECOND), ProposalFactory()
    actions.link_proposal(reply, other, by=SCIENCE, at=now)
    assert Reply.objects.get().proposal == other


def test_two_people_publish_and_one_decides_how(now: datetime) -> None:
    reply = bring(now)
    second = officer_of("science", UserFactory())
    with pytest.raises(Refused, match="reply_is_imported"):
        actions.publish_reply(reply, by=second, at=now)
    actions.check_reply(reply, by=SCIENCE, at=now)
    with pytest.raises(Refused, match="own_check"):
        actions.publish_reply(reply, by=SCIENCE, at=now)
    with pytest.raises(Refused, match="no_publication_decision"):
        actions.publish_reply(reply, by=second, at=now)
    with pytest.raises(ValidationError):
        actions.decide_reply_publication(reply, publication="abstract", by=SCIENCE, at=now)
    actions.decide_reply_publication(reply, publication="full", by=SCIENCE, at=now)
    for day in (date(2025, 6, 1), date(2027, 1, 1)):
        with pytest.raises(ValidationError):
            actions.publish_reply(reply, published_date=day, by=second, at=now)
    actions.publish_reply(reply, published_date=date(2025, 7, 1), by=second, at=now)

    assert (reply.state, reply.published_date, reply.is_public) == ("published", date(2025, 7, 1), True)
    with pytest.raises(Refused, match="reply_is_published"):
        actions.edit_reply(reply, result_class="A", by=SCIENCE, at=now)


def test_checked_reply_goes_back_with_a_reason(now: datetime) -> None:
    reply = bring(now)
    actions.check_reply(reply, by=SCIENCE, at=now)
    with pytest.raises(ValidationError):
        actions.return_reply(reply, reason=" ", by=SCIENCE, at=now)
    actions.return_reply(reply, reason="数字有误", by=SCIENCE, at=now)
    assert (reply.state, reply.checked_by) == ("imported", "")


def test_withdrawn_reply_is_public_no_more(now: datetime) -> None:
    reply = published(now)
    assert list(queries.public_replies()) == [reply]
    with pytest.raises(ValidationError):
        actions.withdraw_reply(reply, reason="", by=SCIENCE, at=now)
    actions.withdraw_reply(reply, reason="涉密", by=SCIENCE, at=now)
    assert list(queries.public_replies()) == []
    assert not permissions.can_see_reply(VISITOR, reply).allowed


def test_new_version_shows_when_it_is_published_and_takes_over_the_promises(now: datetime) -> None:
    first = published(now)
    keys = {row.text: row.key for row in first.promises.all()}
    changed = FIRST.replace("280万元", "290万元").replace("建立科创专员申报系统，", "")
    second = bring(now, changed, by=LOADER, is_new_version=True)
    assert list(queries.public_replies()) == [first]

    publish(second, now)

    assert list(queries.public_replies()) == [second]
    assert {row.text: row.key for row in second.promises.all()} == {
        text: key for text, key in keys.items() if text != "建立科创专员申报系统"
    }
    assert [row.text for row in first.promises.all()] == ["建立科创专员申报系统"]
    assert all(changed[row.start : row.end] == row.text for row in second.promises.all())


def test_feedback_is_kept_and_the_unsatisfied_are_answered_again(now: datetime) -> None:
    user = UserFactory()
    proposal = asked()
    SignerFactory(proposal=proposal, user=user)
    reply, signer = bring(now), person(user)
    with pytest.raises(ValidationError):
        actions.record_feedback(reply, process="satisfied", result="mostly", date=now.date(), by=signer, at=now)
    actions.edit_reply(reply, answered_date=date(2025, 6, 12), by=SCIENCE, at=now)
    wrong: list[dict[str, Any]] = [
        {"process": "?"}, {"result": ""}, {"date": date(2025, 6, 1)}, {"contact_form": "pigeon"},
    ]  # fmt: skip
    good = {"process": "satisfied", "result": "dissatisfied", "date": date(2026, 6, 20), "contact_form": "face"}
    for values in wrong:
        with pytest.raises(ValidationError):
            actions.record_feedback(reply, **(good | values), by=signer, at=now)
    with pytest.raises(Refused, match="not_issuer"):
        actions.record_feedback(reply, **good, by=person(UserFactory()), at=now)

    actions.record_feedback(reply, **good, by=signer, at=now)

    proposal.refresh_from_db()
    assert (reply.feedback_result, reply.contact_form, proposal.state) == ("dissatisfied", "face", "redo")
    assert proposal.assignments.filter(round=2).get().due_date == date(2026, 8, 20)


def test_reply_being_solved_is_looked_at_again_after_one_and_two_years(now: datetime) -> None:
    reply = bring(now, by=LOADER, answered_date=date(2025, 6, 12), result_class="B")
    publish(reply, now)
    assert list(reply.look_backs.values_list("months", "due_date")) == [
        (12, date(2026, 6, 12)), (24, date(2027, 6, 14)),
    ]  # fmt: skip
    (due,) = queries.look_backs(SCIENCE, on=now.date())
    assert [queries.look_backs(actor, on=now.date()).count() for actor in (officer_of("health"), VISITOR)] == [0, 0]

    for values in ({"note": "", "result_class": "A"}, {"note": "已建成", "result_class": ""}):
        with pytest.raises(ValidationError):
            actions.record_look_back(due, **values, by=SCIENCE, at=now)
    actions.record_look_back(due, note="平台已建成 5 个。", result_class="A", by=SCIENCE, at=now)
    assert list(queries.look_backs(SCIENCE, on=now.date())) == []
    with pytest.raises(Refused, match="look_back_done"):
        actions.record_look_back(due, note="再", result_class="A", by=SCIENCE, at=now)


def test_solved_reply_is_not_looked_at_again(now: datetime) -> None:
    reply = bring(now, by=LOADER, result_class="A")
    assert not publish(reply, now).look_backs.exists()


def test_correction_of_the_number_moves_the_row(now: datetime) -> None:
    reply = bring(now)
    actions.correct(
        reply, kind="meta", field="doc_number", value="演科议案[2025]13号", reason="印错", by=SCIENCE, at=now
    )
    assert Reply.objects.get().doc_number == "演科议案〔2025〕13号"
    assert place(reply, "280万元")["start"] > 0
