"""Promises and the desk of whoever signed: what each may read and say, and what that changes."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate, now

from keqiao.apps.ledger.models import Entry
from keqiao.apps.proposals.models import LookBack, Promise, Proposal, Reply
from tests.web.conftest import SignIn
from tests.web.html import content
from tests.web.pages import promises as mapped
from tests.web.test_queries import BELL, MOST, active, counted, growing
from tests.web.world import World
from tests.web.worlds import replies_office as worlds
from tests.web.worlds.proposals import DEPUTY, HAND_OVER, LEAD, OTHER

__all__ = ["growing"]
PEOPLE = ("", DEPUTY, "outsider", "expert", "auditor", HAND_OVER, LEAD, OTHER)
MORE = 6  # a promise's page reads its reply, evidence, voices, moves, and asks who may speak in three roles


@pytest.fixture
def promise(world: World) -> Promise:
    return Promise.objects.select_related("reply").get(pk=world.things["promise"].pk)


def path(row: Promise) -> str:
    return f"/desk/promises/{row.key}/"


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_of_promises_open_for_those_they_are_meant_for(name: str, world: World, sign_in: SignIn) -> None:
    client, pages = sign_in(name), mapped.pages(world)

    assert {place.path: client.get(place.path).status_code for place in pages} == {
        place.path: place.status_for(name) for place in pages
    }


@pytest.mark.parametrize("name", PEOPLE)
def test_acts_on_promises_are_for_their_doers(name: str, world: World, sign_in: SignIn) -> None:
    client, before = sign_in(name), Entry.objects.filter(outcome="done").count()

    for act in mapped.acts(world):
        if name not in act.doers:
            assert client.post(act.path, act.data).status_code in (302, 403, 404, 422), act.path

    assert Entry.objects.filter(outcome="done").count() == before


@pytest.mark.parametrize("name", [HAND_OVER, LEAD, DEPUTY])
def test_query_counts_of_promises_do_not_grow_with_rows(name: str, growing: World, sign_in: SignIn) -> None:
    client = active(sign_in(name), growing)
    paths = [place.path for place in mapped.pages(growing) if name in place.readers and "/files/" not in place.path]
    before = {one: counted(client, one) for one in paths}

    worlds.grow(growing)

    assert {one: count for one in paths if (count := counted(client, one)) > before[one]} == {}
    assert {one: count for one, count in before.items() if count > MOST + MORE + BELL} == {}


def test_views_stand_apart_by_role_and_change_no_state(promise: Promise, sign_in: SignIn) -> None:
    state = promise.state
    for name, role, stance in ((DEPUTY, "proposer", "not_kept"), ("expert", "third", "cannot_tell")):
        sign_in(name).post(path(promise), {"do": "speak", "role": role, "stance": stance, "text": f"Said by {name}"})

    found = {role: voice for role, _label, voice in sign_in("outsider").get(path(promise)).context["voices"]}

    promise.refresh_from_db()
    assert {role: voice.stance for role, voice in found.items()} == {
        "department": "partly", "proposer": "not_kept", "third": "cannot_tell",
    }  # fmt: skip
    assert promise.state == state


def test_third_reader_may_not_have_spoken_before(promise: Promise, world: World, sign_in: SignIn) -> None:
    world.things["proposal-public"].signers.filter(name="Zhao Liu").update(user=world.users["expert"])

    answer = sign_in("expert").get(path(promise))

    assert answer.context["roles"] == ["proposer"]  # who signed reads not as a third


def test_view_without_words_comes_back(promise: Promise, sign_in: SignIn) -> None:
    answer = sign_in(DEPUTY).post(path(promise), {"do": "speak", "role": "proposer", "stance": "kept", "text": " "})

    assert answer.status_code == 422
    assert answer.context["speak_form"].errors["text"]


def test_promise_waits_for_a_third_reading_until_somebody_reads_it(promise: Promise, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    waiting = client.get("/desk/proposals/").context["to_read"]

    client.post(path(promise), {"do": "speak", "role": "third", "stance": "partly", "text": "Two of five"})

    assert waiting == [promise]
    assert client.get("/desk/proposals/").context["to_read"] == []


def test_later_sentence_is_cited_by_its_words(promise: Promise, world: World, sign_in: SignIn) -> None:
    later = worlds.reply(world, "later", proposal=163, number=60, text=worlds.text_of(proposal=163, number=60).replace(
        "2026年6月10日", "2026年9月10日"))  # fmt: skip
    worlds.publish(world, later)
    words = "2025年，我省建成中试基地60个"
    data = {"do": "sentence", "later": later.key, "quote": words, "occurrence": "1", "supports": "kept"}
    client = sign_in(LEAD)

    wrong = client.post(path(promise), data | {"quote": "no such words"})
    client.post(path(promise), data)

    assert wrong.status_code == 422
    assert [(one.later, one.quote) for one in promise.evidence.filter(kind="reply")] == [(later, words)]


def test_rejected_evidence_stays_with_its_reason(promise: Promise, sign_in: SignIn) -> None:
    row = promise.evidence.get(kind="file")

    sign_in(LEAD).post(path(promise), {"do": "reject", "evidence": row.pk, "reason": "Of another year"})

    assert "Of another year" in content(sign_in("outsider").get(path(promise)))


def test_file_of_another_promise_does_not_open(promise: Promise, world: World, sign_in: SignIn) -> None:
    other = promise.reply.promises.exclude(pk=promise.pk).filter(is_lost=False).first()
    assert other is not None

    answer = sign_in(LEAD).get(f"/desk/promises/{other.key}/files/{world.things['promise-file'].key}/")

    assert answer.status_code == 404


def test_file_that_is_no_file_of_ours_comes_back(promise: Promise, sign_in: SignIn) -> None:
    data = {"do": "file", "file": SimpleUploadedFile("a.exe", b"MZ\0\0"), "supports": "partly"}

    answer = sign_in(LEAD).post(path(promise), data)

    assert answer.status_code == 422
    assert promise.evidence.filter(kind="file").count() == 1


def test_day_set_by_hand_is_said_to_be(promise: Promise, sign_in: SignIn) -> None:
    data = {"do": "edit", "due_date": "2027-03-31", "unit": "industry", "direction": "up", "target_value": "20",
            "target_unit": "个"}  # fmt: skip

    sign_in(LEAD).post(path(promise), data)

    promise.refresh_from_db()
    assert (str(promise.due_date), promise.due_basis, promise.target_value) == ("2027-03-31", "set", 20)


def test_proposed_indicator_is_taken_and_named(promise: Promise, sign_in: SignIn) -> None:
    Promise.objects.filter(pk=promise.pk).update(proposed_indicator="needs_published", proposed_because="需求")
    client = sign_in(LEAD)

    client.post(path(promise), {"do": "accept"})

    promise.refresh_from_db()
    page = client.get(path(promise))
    assert promise.indicator == "needs_published"
    assert page.context["indicators"]["needs_published"] in content(page)
    assert "figure_form" in page.context


def test_indicator_that_is_not_published_comes_back(promise: Promise, sign_in: SignIn) -> None:
    data = {"do": "edit", "indicator": "nothing", "due_date": "2027-03-31", "unit": "industry", "direction": "up"}

    answer = sign_in(LEAD).post(path(promise), data)

    assert answer.status_code == 422
    assert answer.context["edit_form"].errors["indicator"]


def test_own_promises_come_first_for_a_unit(world: World, sign_in: SignIn) -> None:
    answer = sign_in(OTHER).get("/office/promises/")
    rows = list(csv.DictReader(io.StringIO(
        sign_in(OTHER).get("/office/promises/?export=csv").content.decode("utf-8-sig"))))  # fmt: skip

    assert answer.context["shown"] == "mine"
    assert {row["答复文号"] for row in rows} == {world.things["reply-other"].doc_number}


# The desk of whoever signed


def test_signer_sees_their_proposals_and_the_answer_given(world: World, sign_in: SignIn) -> None:
    client = sign_in(DEPUTY)
    mine = content(client.get("/desk/proposals/"))
    page = content(client.get(f"/desk/proposals/{world.things['proposal-public'].key}/"))

    assert all(f"W{number}号" in mine for number in range(163, 168))
    assert world.things["reply-published"].doc_number in page
    assert world.things["promise"].text in page


def test_reply_that_was_not_given_yet_is_kept_from_the_signer(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(DEPUTY), world.things["reply-open"]

    page = content(client.get(f"/desk/proposals/{world.things['proposal-open'].key}/"))

    assert row.doc_number not in page
    assert client.get(f"/desk/replies/{row.key}/").status_code == 404


def test_dissatisfied_proposer_has_it_handled_again(world: World, sign_in: SignIn) -> None:
    proposal, reply = world.things["proposal-public"], world.things["reply-published"]
    data = {"do": "feedback", "reply": reply.key, "process": "mostly", "result": "dissatisfied",
            "date": localdate().isoformat()}  # fmt: skip
    Proposal.objects.filter(pk=proposal.pk).update(state="answered")

    sign_in(DEPUTY).post(f"/desk/proposals/{proposal.key}/", data)

    proposal.refresh_from_db()
    assert proposal.state == "redo"


def test_feedback_before_the_answer_comes_back(world: World, sign_in: SignIn) -> None:
    proposal, reply = world.things["proposal-public"], world.things["reply-published"]
    data = {"do": "feedback", "reply": reply.key, "process": "mostly", "result": "mostly", "date": "2026-06-01"}

    answer = sign_in(DEPUTY).post(f"/desk/proposals/{proposal.key}/", data)

    assert answer.status_code == 422
    assert Reply.objects.get(pk=reply.pk).feedback_result == ""


def test_signer_who_does_not_want_to_be_told_is_not_following(promise: Promise, sign_in: SignIn) -> None:
    client: Client = sign_in(DEPUTY)
    before = client.get(path(promise)).context["is_following"]

    client.post(path(promise), {"do": "unfollow"})

    assert before
    assert not client.get(path(promise)).context["is_following"]


def test_reply_covers_the_contact_on_the_desk(world: World, sign_in: SignIn) -> None:
    page = content(sign_in(DEPUTY).get(f"/desk/replies/{world.things['reply-published'].key}/"))

    assert "13800138000" not in page
    assert "138****8000" in page


# Look-backs


def test_look_back_is_recorded_once_its_day_has_come(world: World, sign_in: SignIn) -> None:
    rows = LookBack.objects.filter(reply=world.things["reply-published"])
    assert rows.count() == 2
    LookBack.objects.filter(pk=rows[0].pk).update(due_date=localdate(now() - timedelta(days=1)))
    client, row = sign_in(LEAD), rows[0]

    empty = client.post("/office/look-backs/", {"look_back": row.pk, "result_class": "A", "note": ""})
    client.post("/office/look-backs/", {"look_back": row.pk, "result_class": "A", "note": "All built"})

    row.refresh_from_db()
    assert empty.status_code == 422
    assert (row.result_class, row.note) == ("A", "All built")
    assert "All built" in content(client.get("/office/look-backs/?show=done"))


def test_look_back_of_another_unit_is_not_found(world: World, sign_in: SignIn) -> None:
    row = LookBack.objects.filter(reply=world.things["reply-published"]).first()
    assert row is not None

    assert sign_in(OTHER).post("/office/look-backs/", {"look_back": row.pk, "note": "x"}).status_code == 404
