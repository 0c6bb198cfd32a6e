"""My policies and the office's simulation, as firms and officers use them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from keqiao.apps.parties.models import Fact, FactConsent
from keqiao.apps.programmes import actions
from keqiao.apps.programmes.reckoning import editions_on
from keqiao.catalogue import policies
from keqiao.cli.policy import app
from tests.apps.acting import product
from tests.web import html
from tests.web.conftest import SignIn, english
from tests.web.world import World
from tests.web.worlds.standings import know_firm


@pytest.fixture
def editor(sign_in: SignIn) -> Client:
    return english(sign_in("editor"))


def path(world: World, slug: str = "") -> str:
    return f"/desk/organizations/{world.organizations['firm'].key}/policies/{slug}"


def test_firm_sees_each_policy_under_its_verdict(editor: Client, world: World) -> None:
    know_firm(world)
    page = editor.get("/desk/policies/")

    shown = html.text(page)
    assert [one.title_en for one in editions_on(timezone.localdate()).values() if one.title_en not in shown] == []
    content = page.content.decode()
    eligible = content.partition('id="eligible"')[2].partition("</section>")[0]
    assert f"{path(world)}tech-sme-2017/" in eligible
    assert "100" in eligible


def test_benefits_that_do_not_add_up_count_once_and_say_so(editor: Client, world: World) -> None:
    days = {"from": "2020-01-01", "to": "2099-01-01"}
    titles = [{"type": "tech_sme", **days}, {"type": "srdi", **days}]
    know_firm(world, certificates=titles, province_code="99", a107012_filed_t1=True)

    page = html.text(editor.get("/desk/policies/"))
    one = html.text(editor.get(path(world, "demo-title-award/")))

    assert "Does not add up with “Award for specialised and refined firms (demo)”" in page
    assert "Paid in parts:" in page
    assert "What you get" in one
    assert "after the title has been found valid again" in one


def test_alternatives_stand_together_and_one_that_is_met_is_no_failure(editor: Client, world: World) -> None:
    """A technology-based SME by its points: none of the direct ways is met, and nothing has failed."""
    know_firm(world)
    page = editor.get(path(world, "tech-sme-2017/")).content.decode()
    failed = page.partition('id="state-fail"')[2].partition("</section>")[0]
    met = page.partition('id="state-pass"')[2].partition("</section>")[0]

    assert failed == ""
    assert "Any one of these is enough" in met
    assert "All of these together" in met
    assert met.count("Not met") >= 2  # the direct ways, said without alarm
    assert 'class="tag fail"' not in met


def test_list_counts_alternatives_as_one_condition(editor: Client, world: World) -> None:
    know_firm(world, tech_staff_t1=0, rd_fen_t1=0, certificates=[], awards=[], rd_bodies=[], standards=[])
    page = editor.get("/desk/policies/").content.decode()
    line = page.partition(f'href="{path(world)}tech-sme-2017/"')[2].partition("</li>")[0]

    assert "1 condition not met." in line


def test_policy_says_why_not_and_the_nearest_way(editor: Client, world: World) -> None:
    know_firm(world, staff_t1=400, tech_staff_t1=20, rd_fen_t1=160_000_000)
    page = html.text(editor.get(path(world, "tech-sme-2017/")))

    assert "Not eligible" in page
    assert "Nearest ways to qualify" in page
    assert "Papers needed" in page
    assert "Cheapest" in page
    assert "国科发政〔2017〕115号 第六条" in editor.get(path(world, "tech-sme-2017/")).content.decode()


def test_policy_without_a_way_says_what_stands_in_it(editor: Client, world: World) -> None:
    know_firm(world, resident=False)
    page = html.text(editor.get(path(world, "tech-sme-2017/")))

    assert "resident enterprise registered in mainland China not a matter of effort" in page


def test_locked_lever_and_own_costs_change_the_way(editor: Client, world: World) -> None:
    know_firm(world, staff_t1=400, tech_staff_t1=20, rd_fen_t1=160_000_000)
    address = path(world, "tech-sme-2017/")
    levers = [lever.id for lever in policies.edition("tech-sme-2017", on=timezone.localdate()).levers]

    locked = html.text(editor.get(address, {f"lock-{lever}": "1" for lever in levers}))
    wrong = html.text(editor.get(address, {"cost-hire": "-1"}))

    assert "not enough to qualify" in locked
    assert "Enter a number between 0 and 1 billion yuan" in wrong
    assert "Cheapest" in wrong


def test_download_and_command_give_the_same_verdict(editor: Client, world: World, tmp_path: Path) -> None:
    know_firm(world)
    answer = editor.get(path(world, "facts.jsonl"))
    file = tmp_path / "facts.jsonl"
    file.write_bytes(answer.content)
    page = html.text(editor.get(path(world, "tech-sme-2017/")))
    command = page.partition("keqiao policy ")[2].partition(" The rule in full")[0].split()

    run = CliRunner().invoke(app, [str(file) if word == "facts.jsonl" else word for word in command])

    assert run.exit_code == 0
    title = policies.edition("tech-sme-2017", on=timezone.localdate()).title_en
    assert run.stdout.startswith(f"{world.organizations['firm'].key}  {title}")
    assert run.stdout.partition("\n")[0].endswith(": eligible")
    assert json.loads(answer.content)["staff_t1"] == 200


def test_firm_without_facts_is_told_what_to_add_first(editor: Client, world: World) -> None:
    know_firm(world)
    world.organizations["firm"].facts.all().delete()
    world.organizations["firm"].certificates.all().delete()
    page = html.text(editor.get(path(world)))

    assert "Nothing is known about your firm yet" in page
    assert "Most useful data to add first" in page


def test_other_policy_or_firm_is_not_there(editor: Client, world: World) -> None:
    other = world.organizations["hidden"].key
    assert editor.get(path(world, "nothing/")).status_code == 404
    assert editor.get(f"/desk/organizations/{other}/policies/").status_code == 404


def test_thread_and_own_page_show_the_support_a_firm_qualifies_for(sign_in: SignIn, world: World) -> None:
    know_firm(world)
    actions.reckon_due(by=product(), at=timezone.now() + timedelta(minutes=1))
    address = path(world, "tech-sme-2017/")

    for start in ("/thread/need/N-public/", f"/organizations/{world.organizations['firm'].key}/"):
        assert address in html.links(sign_in("member").get(start))
        for name in ("scholar", "officer", "broker", "auditor"):
            assert address not in html.links(sign_in(name).get(start))
        assert address not in html.links(Client().get(start))


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return english(sign_in("officer"))


SIMULATION = "/office/policies/tech-sme-2017/"


def test_lowered_bound_moves_the_firm_and_says_by_which_clause(officer: Client, world: World) -> None:
    know_firm(world)
    answer = officer.get(SIMULATION, {"staff_most": "150", "by": "area"})
    page = html.text(answer)

    assert world.organizations["firm"].name_en in page
    assert "Met → Not met" in page
    assert "--set &quot;staff_most=150 人&quot;" in answer.content.decode()


def test_firm_without_consent_is_not_simulated_with_its_own_data(officer: Client, world: World) -> None:
    know_firm(world)
    Fact.objects.filter(organization=world.organizations["firm"]).update(register="企业自报", status="self_declared")
    assert "Met → Not met" in html.text(officer.get(SIMULATION, {"staff_most": "150"}))
    FactConsent.objects.filter(organization=world.organizations["firm"]).delete()
    page = html.text(officer.get(SIMULATION, {"staff_most": "150"}))

    assert "Met → Not met" not in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"staff_most": "-1"}, "Enter a number between 0 and"),
        ({"staff_most": "many"}, "Enter a number between 0 and"),
        ({"staff_most": "NaN"}, "Enter a number between 0 and"),
        ({"budget": "lots"}, "Enter a budget between 0 and"),
    ],
)
def test_wrong_value_says_so(given: dict[str, Any], said: str, officer: Client) -> None:
    answer = officer.get(SIMULATION, given)
    assert answer.status_code == 422
    assert said in html.text(answer)


@pytest.mark.parametrize("day", ["2026-02-30", "1066-01-01", "soon"])
def test_wrong_day_says_so(day: str, officer: Client) -> None:
    answer = officer.get(f"{SIMULATION}difference/", {"from": day})
    assert answer.status_code == 422
    assert "Enter a date between 2000 and 2100" in html.text(answer)


def test_two_days_on_both_sides_of_a_new_standard(officer: Client, world: World) -> None:
    know_firm(world)
    days = {"from": "2026-03-31", "to": "2026-04-01"}

    page = html.text(officer.get("/office/policies/little-giant-2026/difference/", days))

    before, after = page.index("2022-63-annex3"), page.index("2026-2-annex2")
    assert "→" in page[before:after]


def test_two_days_are_compared(officer: Client, world: World) -> None:
    know_firm(world)
    page = html.text(officer.get("/office/policies/rd-super-deduction/difference/", {"from": "2017-06-01"}))
    assert "No verdict and no amount changes." in page or "Firms that change" in page
