"""Replies in the office: files brought, rows corrected by form and by script, the steps until one is public."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from keqiao.apps.ledger.models import Entry
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Correction, CorrectionState, Reply
from tests.web.conftest import SignIn
from tests.web.html import content
from tests.web.pages import replies_office as mapped
from tests.web.test_queries import BELL, MOST, active, counted, growing
from tests.web.world import BY, World
from tests.web.worlds.proposals import DEPUTY, HAND_OVER, LEAD, OTHER
from tests.web.worlds.replies_office import text_of

__all__ = ["growing"]
PEOPLE = ("", DEPUTY, "officer", HAND_OVER, LEAD, OTHER)
MORE = 4  # the desk reads text, corrections, answers, promises and the check besides what every page reads


@pytest.fixture
def open_reply(world: World) -> Reply:
    return Reply.objects.get(pk=world.things["reply-open"].pk)


@pytest.fixture
def client(sign_in: SignIn) -> Client:
    return sign_in(LEAD)


def path(reply: Reply) -> str:
    return f"/office/replies/{reply.key}/"


def row_of(reply: Reply, words: str) -> str:
    figure = reply.figures.get(raw=words)
    return f"figure-{figure.start}-{figure.end}"


def correct(client: Client, reply: Reply, do: str, *, by_script: bool = False, **data: Any) -> HttpResponse:
    headers = {"HX-Request": "true"} if by_script else {}
    answer: HttpResponse = client.post(f"{path(reply)}correct/", {"do": do} | data, headers=headers)
    return answer


def bring(client: Client, *files: tuple[str, bytes], **data: Any) -> HttpResponse:
    given = [SimpleUploadedFile(name, body) for name, body in files]
    answer: HttpResponse = client.post("/office/replies/bring/", {"files": given} | data)
    return answer


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_of_replies_open_for_those_they_are_meant_for(name: str, world: World, sign_in: SignIn) -> None:
    client, pages = sign_in(name), mapped.pages(world)

    assert {place.path: client.get(place.path).status_code for place in pages} == {
        place.path: place.status_for(name) for place in pages
    }


@pytest.mark.parametrize("name", ["", DEPUTY, "officer", OTHER])
def test_acts_on_replies_are_for_their_keepers(name: str, world: World, sign_in: SignIn) -> None:
    client, before = sign_in(name), Entry.objects.filter(outcome="done").count()

    for act in mapped.acts(world):
        assert client.post(act.path, act.data).status_code in (302, 403, 404, 422), act.path

    assert Entry.objects.filter(outcome="done").count() == before


@pytest.mark.parametrize("name", [HAND_OVER, LEAD])
def test_query_counts_of_replies_do_not_grow_with_rows(name: str, growing: World, sign_in: SignIn) -> None:
    client = active(sign_in(name), growing)
    paths = [place.path for place in mapped.pages(growing) if name in place.readers]
    before = {one: counted(client, one) for one in paths}

    mapped.grow(growing)

    assert {one: count for one in paths if (count := counted(client, one)) > before[one]} == {}
    assert {one: count for one, count in before.items() if count > MOST + MORE + BELL} == {}


# Files


def test_several_files_are_brought_each_for_itself(client: Client, world: World) -> None:
    good = text_of(proposal=163, number=31).encode()

    answer = bring(client, ("31.txt", good), ("empty.txt", b""), ("note.txt", "你好".encode()))

    row = Reply.objects.get(doc_number="演工信议案〔2026〕31号")
    assert answer.status_code == 200
    assert (row.proposal, row.state) == (world.things["proposal-open"], "imported")
    assert [(one.name, one.code) for one in answer.context["brought"]] == [
        ("31.txt", ""), ("empty.txt", "empty"), ("note.txt", "no_reply"),
    ]  # fmt: skip


def test_same_number_is_refused_until_it_is_said_to_be_a_new_version(client: Client, open_reply: Reply) -> None:
    text = open_reply.text.replace("596家", "597家").encode()

    refused = bring(client, ("12.txt", text))
    kept = bring(client, ("12.txt", text), version="1")

    assert refused.status_code == 422
    assert 'data-code="number_used"' in content(refused)
    assert kept.status_code == 200
    assert [row.version for row in Reply.objects.filter(doc_number=open_reply.doc_number)] == [2, 1]


def test_script_gets_the_part_for_each_file(client: Client) -> None:
    file = SimpleUploadedFile("32.txt", text_of(proposal=163, number=32).encode())

    answer = client.post("/office/replies/bring/", {"files": file}, headers={"X-Part": "1"})

    assert answer.status_code == 200
    assert content(answer).lstrip().startswith("<li")


def test_no_file_chosen_says_so(client: Client) -> None:
    answer = client.post("/office/replies/bring/", {})

    assert answer.status_code == 422
    assert "没有选择文件" in content(answer)


def test_reply_of_another_unit_is_not_imported(sign_in: SignIn) -> None:
    answer = bring(sign_in(OTHER), ("33.txt", text_of(proposal=163, number=33).encode()))

    assert answer.status_code == 422
    assert [one.code for one in answer.context["brought"]] == ["not_issuer"]
    assert not Reply.objects.filter(doc_number="演工信议案〔2026〕33号").exists()


def test_table_of_replies_counts_figures_and_promises(client: Client, open_reply: Reply) -> None:
    answer = client.get("/office/replies/?export=csv&q=〔2026〕12号")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["文号"], row["数字"], row["承诺"]) for row in rows] == [
        (open_reply.doc_number, str(open_reply.figures.count()), str(open_reply.promises.count()))
    ]


def test_page_of_the_web_is_brought_as_its_text(client: Client) -> None:
    lines = "".join(f"<p>{line}</p>" for line in text_of(proposal=163, number=34).splitlines())

    bring(client, ("34.html", f"<html><body><article>{lines}</article></body></html>".encode()))

    assert Reply.objects.get(doc_number="演工信议案〔2026〕34号").figures.count() == 4


# The desk


def test_desk_covers_the_contact(client: Client, open_reply: Reply) -> None:
    page = content(client.get(path(open_reply)))

    assert "13800138000" not in page
    assert "138****8000" in page


def test_desk_marks_every_row_in_the_text(client: Client, open_reply: Reply) -> None:
    page = content(client.get(path(open_reply)))

    for figure in open_reply.figures.all():
        assert f'id="at-figure-{figure.start}-{figure.end}"' in page
        assert f'id="row-figure-{figure.start}-{figure.end}"' in page


def test_edit_corrects_only_what_was_changed(client: Client, open_reply: Reply) -> None:
    figure = open_reply.figures.get(raw="280万元")
    form = client.get(f"{path(open_reply)}?row={row_of(open_reply, '280万元')}").context["edit_form"]
    given = {name: "" if value in (None, False) else str(value) for name, value in form.initial.items()}

    answer = correct(client, open_reply, "edit", row=row_of(open_reply, "280万元"), **given | {"indicator": "专项资金"})

    figure = open_reply.figures.get(raw="280万元")
    made = Correction.objects.filter(reply=open_reply, by__startswith="user:")
    assert answer.status_code == 302
    assert [(row.field, row.value) for row in made] == [("indicator", "专项资金")]
    assert figure.indicator == "专项资金"


def test_edit_with_a_wrong_value_comes_back_with_the_problem(client: Client, open_reply: Reply) -> None:
    row = row_of(open_reply, "280万元")

    answer = correct(client, open_reply, "edit", row=row, value="many", reason="Read")
    part = correct(client, open_reply, "edit", by_script=True, row=row, value="many", reason="Read")

    assert (answer.status_code, part.status_code) == (422, 200)
    assert answer.context["edit_form"].errors["value"]
    assert part.context["edit_form"].errors["value"]


def test_removed_figure_comes_back_when_it_is_undone(client: Client, open_reply: Reply) -> None:
    correct(client, open_reply, "remove", row=row_of(open_reply, "596家"))
    assert not open_reply.figures.filter(raw="596家").exists()

    made = Correction.objects.get(reply=open_reply, op="remove")
    correct(client, open_reply, "undo", correction=made.pk)

    assert open_reply.figures.filter(raw="596家").exists()


def test_accepted_row_is_doubtful_no_more(client: Client, open_reply: Reply) -> None:
    open_reply.figures.filter(raw="596家").update(tier="optional")
    before = client.get(f"{path(open_reply)}?show=doubtful").context["items"]

    correct(client, open_reply, "accept", row=row_of(open_reply, "596家"))

    after = client.get(f"{path(open_reply)}?show=doubtful").context["items"]
    assert "596家" in [item.words for item in before]
    assert "596家" not in [item.words for item in after]


def test_words_are_marked_by_quoting_them(client: Client, open_reply: Reply) -> None:
    words = "不建议单独设立培训基地"

    answer = correct(
        client, open_reply, "mark", kind="promise", quote=words, occurrence="1",
        **{"p-specificity": "concrete", "p-horizon": "2027", "p-reason": "Said"},
    )  # fmt: skip

    promise = open_reply.promises.get(text=words)
    assert answer.status_code == 302
    assert (promise.origin, promise.horizon, promise.due_date.year) == ("added", "2027", 2027)


@pytest.mark.parametrize(("quote", "occurrence", "said"), [
    ("这里没有的话", "1", "原文中没有这段文字"),
    ("培训基地", "9", "只出现"),
    ("", "1", "请先选取原文"),
])  # fmt: skip
def test_words_that_do_not_stand_in_the_text_are_not_marked(
    quote: str, occurrence: str, said: str, client: Client, open_reply: Reply
) -> None:
    before = open_reply.corrections.count()

    answer = correct(
        client, open_reply, "mark", kind="figure", quote=quote, occurrence=occurrence,
        **{"f-modality": "done", "f-reason": "Said"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert said in content(answer)
    assert open_reply.corrections.count() == before


def test_figure_is_split_by_its_words(client: Client, open_reply: Reply) -> None:
    correct(client, open_reply, "split", row=row_of(open_reply, "280万元"), words="28\n0万元", reason="Two")

    assert {"28", "0万元"} <= set(open_reply.figures.values_list("raw", flat=True))


def test_split_by_other_words_comes_back(client: Client, open_reply: Reply) -> None:
    answer = correct(client, open_reply, "split", row=row_of(open_reply, "280万元"), words="30\n0万元", reason="Two")

    assert answer.status_code == 422
    assert "不在这段原文里" in content(answer)


def test_row_that_somebody_else_took_out_is_named(client: Client, open_reply: Reply) -> None:
    answer = correct(client, open_reply, "accept", row="figure-1-2")

    assert answer.status_code == 422
    assert "这一行已经不在了" in content(answer)


def test_heading_is_corrected(client: Client, open_reply: Reply) -> None:
    correct(client, open_reply, "meta", title="Another title", date="2026-06-11", reason="Read")

    open_reply.refresh_from_db()
    assert open_reply.title == "Another title"
    assert str(open_reply.signed_date) == "2026-06-11"


def test_answer_is_said_to_decline(client: Client, open_reply: Reply) -> None:
    answers = client.get(path(open_reply)).context["answers"]
    _answer, (start, end), _form = answers[0][1][0]

    correct(client, open_reply, "answer", start=start, end=end, disposition="deferred", department="省工信厅")

    found = client.get(path(open_reply)).context["answers"]
    assert found[0][1][0][0]["disposition"] == "deferred"


def test_lost_correction_is_listed_and_moved(client: Client, open_reply: Reply) -> None:
    figure = open_reply.figures.get(raw="280万元")
    made = actions.correct(open_reply, kind="figure", field="indicator", start=figure.start, end=figure.end,
                           value="专项资金", reason="Read", by=BY, at=open_reply.created_at)  # fmt: skip
    Correction.objects.filter(pk=made.pk).update(quote="281万元")
    actions.read_again(open_reply, by=BY, at=open_reply.created_at)
    listed = client.get(path(open_reply)).context["lost"]

    correct(client, open_reply, "move", correction=made.pk, quote="280万元", occurrence="1")

    made.refresh_from_db()
    assert [one.pk for one in listed] == [made.pk]
    assert made.state == CorrectionState.WITHDRAWN
    assert open_reply.figures.get(raw="280万元").indicator == "专项资金"


def test_correction_of_another_reply_is_not_undone(client: Client, world: World, open_reply: Reply) -> None:
    other = world.things["reply-checked"]
    figure = other.figures.first()
    made = actions.correct(other, kind="figure", field="indicator", start=figure.start, end=figure.end, value="X",
                           reason="Read", by=BY, at=other.created_at)  # fmt: skip

    assert correct(client, open_reply, "undo", correction=made.pk).status_code == 404


# Steps


def test_who_checked_does_not_publish(client: Client, world: World, sign_in: SignIn) -> None:
    row = world.things["reply-checked"]
    data = {"do": "publish", "seen": "on"}

    own, other = client.post(path(row), data), sign_in(HAND_OVER).post(path(row), data)

    row.refresh_from_db()
    assert (own.status_code, other.status_code) == (422, 302)
    assert row.state == "published"


def test_publishing_with_remarks_asks_to_have_read_them(world: World, sign_in: SignIn) -> None:
    row = world.things["reply-checked"]
    client = sign_in(HAND_OVER)
    assert client.get(path(row)).context["remarks"]

    answer = client.post(path(row), {"do": "publish"})

    row.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["publish_form"].errors["seen"]
    assert row.state == "checked"


def test_reply_is_linked_by_the_number_of_its_proposal(client: Client, world: World) -> None:
    bring(client, ("40.txt", text_of(proposal=999, number=40).encode()))
    row = Reply.objects.get(doc_number__endswith="40号")
    assert row.proposal is None

    wrong = client.post(path(row), {"do": "link", "proposal": "W998号"})
    client.post(path(row), {"do": "link", "proposal": "W163号"})

    row.refresh_from_db()
    assert wrong.status_code == 422
    assert row.proposal == world.things["proposal-open"]


def test_reply_is_set_beside_the_others_of_its_unit(client: Client, world: World) -> None:
    text = text_of(proposal=163, number=14).replace("2026年6月10日", "2026年9月10日").replace("〕14号", "〕70号")
    bring(client, ("70.txt", text.replace("596家", "600家").encode()))
    row = Reply.objects.get(doc_number__endswith="70号")

    found = client.get(f"{path(row)}compare/").context

    assert found["others"] == [world.things["reply-published"]]
    assert {question.kind for question in found["questions"]} & {"duplicate_text", "disagree"}
    assert any(line.points for line in found["lines"])


def test_growth_and_increments_are_computed_from_both_replies(client: Client, world: World) -> None:
    text = text_of(proposal=163, number=14).replace("2026年6月10日", "2027年6月10日").replace("〕14号", "〕70号")
    text = text.replace("2025年，我省建成中试基地14个，", "2026年，我省建成中试基地20个，比上年增长60%，").replace(
        "累计服务企业596家", "累计服务企业720家"
    )
    bring(client, ("70.txt", text.encode()))
    row = Reply.objects.get(doc_number__endswith="70号")

    found = client.get(f"{path(row)}compare/").context

    said = [question.said for question in found["questions"] if question.kind == "a/b-1"]
    assert said == ["原文写增长 60%，按两份答复里的数算是 42.86%，超出四舍五入的范围。"]
    assert [line.notes for line in found["lines"] if line.notes] == [("其间增加 124家",)]
