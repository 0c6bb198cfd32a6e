"""Proposals in the office: who sees what, and each step on its page."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.utils.timezone import localdate

from keqiao.apps.ledger.models import Entry
from keqiao.apps.proposals.models import Proposal
from keqiao.web.templatetags.proposals import HAPPENED
from tests.web.conftest import SignIn
from tests.web.html import content
from tests.web.pages import proposals as mapped
from tests.web.pages.proposals import lines
from tests.web.test_queries import BELL, MOST, active, counted, growing
from tests.web.world import World
from tests.web.worlds.proposals import DEPUTY, HAND_OVER, LEAD, OTHER

__all__ = ["growing"]
ACTIONS = Path(__file__).resolve().parents[2] / "keqiao" / "apps" / "proposals" / "actions"
MORE = 4  # the page of a proposal reads its units, suggestions, replies with their answers, and its followers
PEOPLE = ("", DEPUTY, "officer", HAND_OVER, LEAD, OTHER)


def page(world: World, name: str) -> str:
    return f"/office/proposals/{world.things[f'proposal-{name}'].key}/"


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_of_proposals_open_for_those_they_are_meant_for(name: str, world: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    pages = mapped.pages(world)
    assert {place.path: client.get(place.path).status_code for place in pages} == {
        place.path: place.status_for(name) for place in pages
    }


@pytest.mark.parametrize("name", PEOPLE)
def test_acts_on_proposals_are_for_their_doers(name: str, world: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    before = Entry.objects.filter(outcome="done").count()
    for act in mapped.acts(world):
        if name not in act.doers:
            assert client.post(act.path, act.data).status_code in (302, 403, 404, 422), act.path

    assert Entry.objects.filter(outcome="done").count() == before


def test_list_shows_a_unit_its_own_and_public_ones(world: World, sign_in: SignIn) -> None:
    own = content(sign_in(OTHER).get("/office/proposals/"))
    every = content(sign_in(HAND_OVER).get("/office/proposals/"))

    assert "W165号" in own
    assert "W167号" in own
    assert "W163号" not in own
    assert all(f"W{number}号" in every for number in range(163, 168))


def test_list_is_narrowed_by_what_is_due(world: World, sign_in: SignIn) -> None:
    client = sign_in(HAND_OVER)

    late, open_ones = (content(client.get(f"/office/proposals/?due={due}")) for due in ("overdue", "open"))

    numbers = [f"W{number}号" for number in range(163, 168)]
    assert [number for number in numbers if number in late] == ["W164号"]
    assert [number for number in numbers if number not in open_ones] == ["W166号"]


def test_table_says_who_is_late_by_how_many_days(world: World, sign_in: SignIn) -> None:
    answer = sign_in(HAND_OVER).get("/office/proposals/overdue/?export=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assignment = world.things["proposal-late"].assignments.get()
    assert [(row["编号"], row["逾期天数"]) for row in rows] == [
        ("W164号", str((localdate() - assignment.due_date).days))
    ]


def test_returned_proposal_says_why_and_waits_for_another_unit(world: World, sign_in: SignIn) -> None:
    row = world.things["proposal-open"]
    lead = row.assignments.get(role="lead")
    data = {"do": "return", "assignment": lead.pk, "reason": "not_our_duty", "note": "For the school authority"}

    answer = sign_in(LEAD).post(page(world, "open"), data, follow=True)

    row.refresh_from_db()
    assert answer.status_code == 404  # it is with this unit no more
    assert row.state == "received"
    assert "For the school authority" in content(sign_in(HAND_OVER).get(page(world, "open")))


def test_return_without_reason_stays_open_with_the_problem(world: World, sign_in: SignIn) -> None:
    lead = world.things["proposal-open"].assignments.get(role="lead")

    answer = sign_in(LEAD).post(
        page(world, "open"), {"do": "return", "assignment": lead.pk, "reason": "not_our_duty", "note": ""}
    )

    assert answer.status_code == 422
    assert '<details class="no" open' in content(answer)


def test_unit_of_another_proposal_is_not_taken(world: World, sign_in: SignIn) -> None:
    other = world.things["proposal-other"].assignments.get()

    answer = sign_in(LEAD).post(page(world, "open"), {"do": "take_up", "assignment": other.pk})

    assert answer.status_code == 404


def test_hand_over_with_lead_and_separate_units_is_refused(world: World, sign_in: SignIn) -> None:
    rows = {"units-0-unit": "industry", "units-0-role": "lead", "units-1-unit": "science", "units-1-role": "separate"}
    counts = {"units-TOTAL_FORMS": 2, "units-INITIAL_FORMS": 0}
    data = {"do": "hand_over", "assigned_date": localdate().isoformat()} | counts | rows

    answer = sign_in(HAND_OVER).post(page(world, "new"), data)

    assert answer.status_code == 422
    assert "主办和分办不能并用" in content(answer)


def test_new_proposal_with_a_used_number_names_the_other(world: World, sign_in: SignIn) -> None:
    data = next(act.data for act in mapped.acts(world) if act.path.endswith("/new/")) | {"number": "第163号委员提案"}

    answer = sign_in(HAND_OVER).post("/office/proposals/new/", data)

    assert answer.status_code == 422
    assert "W163号 已经登记" in content(answer)


def test_new_proposal_keeps_signers_suggestions_and_units(world: World, sign_in: SignIn) -> None:
    data = next(act.data for act in mapped.acts(world) if act.path.endswith("/new/"))

    sign_in(HAND_OVER).post("/office/proposals/new/", data)

    row = Proposal.objects.get(printed="W200号")
    assert [one.name for one in row.signers.all()] == ["Wang Wu"]
    assert [one.title for one in row.suggestions.all()] == ["Do it"]
    assert [(one.unit, one.role) for one in row.assignments.all()] == [("industry", "lead")]


def signer_data(**line: str) -> dict[str, object]:
    given = lines("signers", **({"name": "Wang Wu", "role": "proposer"} | line))
    return {"do": "signers"} | given | {"signers-INITIAL_FORMS": 1}


def test_account_of_a_signer_stays_until_it_is_unlinked(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(HAND_OVER), world.things["proposal-open"]
    path = f"{page(world, 'open')}edit/"

    client.post(path, signer_data())
    assert row.signers.get().user == world.users[DEPUTY]
    client.post(path, signer_data(unlink="on"))
    assert row.signers.get().user is None
    client.post(path, signer_data(account=f"{DEPUTY}@example.invalid"))
    assert row.signers.get().user == world.users[DEPUTY]


def test_address_of_a_signer_is_not_shown(world: World, sign_in: SignIn) -> None:
    assert f"{DEPUTY}@" not in content(sign_in(HAND_OVER).get(f"{page(world, 'open')}edit/"))


def test_unknown_account_of_a_signer_is_named_as_such(world: World, sign_in: SignIn) -> None:
    answer = sign_in(HAND_OVER).post(f"{page(world, 'open')}edit/", signer_data(account="nobody@example.invalid"))

    assert answer.status_code == 422
    assert "没有使用这个邮箱的账号" in content(answer)


def test_closed_proposal_is_not_edited(world: World, sign_in: SignIn) -> None:
    Proposal.objects.filter(pk=world.things["proposal-open"].pk).update(state="closed")

    assert sign_in(HAND_OVER).get(f"{page(world, 'open')}edit/").status_code == 403


@pytest.mark.parametrize("name", [HAND_OVER, LEAD])
def test_query_counts_of_proposals_do_not_grow_with_rows(name: str, growing: World, sign_in: SignIn) -> None:
    client = active(sign_in(name), growing)
    paths = [place.path for place in mapped.pages(growing) if name in place.readers]
    before = {path: counted(client, path) for path in paths}

    mapped.grow(growing)

    assert {path: count for path in paths if (count := counted(client, path)) > before[path]} == {}
    assert {path: count for path, count in before.items() if count > MOST + MORE + BELL} == {}


def test_every_entry_about_a_proposal_or_reply_has_words_for_its_history() -> None:
    source = "".join(path.read_text("utf-8") for path in ACTIONS.glob("*.py"))
    kinds = set(re.findall(r'action\(\s*"((?:proposal|assignment|reply|look_back)\.\w+)"', source))

    assert len(kinds) > 20  # the pattern still finds them
    assert kinds - HAPPENED.keys() == set()
