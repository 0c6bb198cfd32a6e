"""The examples of the how-tos run: one test for each page, named after it."""

import ast
import doctest
import json
import re
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory, override_settings

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import queries
from keqiao.apps.market.actions import judgements
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import VISITOR, actor_of, system
from keqiao.catalogue import offers, policies, regions, registers, thesaurus
from keqiao.catalogue.proposals._load import _read_rules as read_proposal_rules
from keqiao.engines.matching import Thesaurus
from keqiao.engines.rules import Checker, compile_policy, read_vocabulary
from tests.factories.base import MOMENT
from tests.factories.market import NeedFactory, OfferFactory
from tests.factories.parties import FactFactory, MembershipFactory, StationFactory
from tests.test_docs import HOW_TO, block, blocks, run, table


def test_howto_for_every_extension_point_has_an_example_that_runs() -> None:
    linked = {row[3].partition("](")[2].rstrip(")") for row in table(HOW_TO / "index.md", first="I want to add…")}
    tested = {f"test_howto_{name.removesuffix('.md').replace('-', '_')}" for name in linked}

    assert linked == {page.name for page in HOW_TO.glob("*.md")} - {"index.md"}
    assert tested - set(globals()) == set()


def test_howto_add_a_policy(tmp_path: Path) -> None:
    page = HOW_TO / "add-a-policy.md"
    (tmp_path / "2026-1.toml").write_text(block(page, "toml"), encoding="utf-8")
    edition = policies.read_edition(tmp_path / "2026-1.toml")
    cases = tomllib.loads(block(page, "toml", number=1))

    checker = Checker(compile_policy(edition, as_of=cases["as_of"]))

    for case in cases["cases"]:
        found = checker.check(checker.read({**cases["firm"], **case.get("set", {})})).as_dict()
        assert found["verdict"] == case["verdict"]
        assert found["amount_fen"] == case.get("amount_fen", 0)
        assert {id: found["clauses"][id] for id in case.get("states", {})} == case.get("states", {})


@pytest.mark.django_db
def test_howto_add_a_fact() -> None:
    page = HOW_TO / "add-a-fact.md"
    words = read_vocabulary('[units]\n"分" = ["分", "1"]\n' + block(page, "toml"))
    firm = FactFactory().organization

    one, two = (run(block(page, "python", number=number), name=f"fact{number}") for number in (0, 1))

    assert list(words.attributes) == ["export_fen_t1", "export_fen_t2"]
    assert (one.revenue, one.refused) == (1_200_500_000, "fraction")
    assert two.known[firm.key]["staff_t1"] == 30


def test_howto_change_the_rules_of_proposals(tmp_path: Path) -> None:
    page = HOW_TO / "change-the-rules-of-proposals.md"
    path = tmp_path / "r99.toml"
    path.write_text(block(page, "toml"), encoding="utf-8")

    (rule,) = read_proposal_rules(path)
    found = run(block(page, "python"), name="rules")

    assert (rule.version, rule.last_day(date(2026, 2, 5))) == ("r99/answer/cppcc/2026-01-01", date(2026, 7, 6))
    assert (found.last, found.number.kind) == (date(2026, 5, 6), "member")
    assert {row[0].strip("`") for row in table(page, first="key")} >= {"roll", "value`, `unit"}


def test_howto_python_examples_parse() -> None:
    for page in HOW_TO.glob("*.md"):
        for info, text in blocks(page):
            if info == "python":
                ast.parse(text, filename=page.name)


def test_howto_add_an_offer_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, folder = HOW_TO / "add-an-offer-kind.md", tmp_path / "my-kinds"
    text = block(page, "toml")
    slug = tomllib.loads(text)["slug"]
    folder.mkdir()
    (folder / f"{slug}.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    example = run(block(page, "python"), name="add_an_offer_kind")

    assert slug in offers.discover(folder)
    assert example.problems == []
    assert example.details == {"area_from": 0.5, "price_fen_per_ha": 12_000}


def test_howto_add_a_region(tmp_path: Path) -> None:
    files = {info.split()[1]: text for info, text in blocks(HOW_TO / "add-a-region.md") if " " in info}
    folder = tmp_path / f"r{tomllib.loads(files['region.toml'])['code']}"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")

    region = regions.discover(tmp_path)["99"]

    assert [area.name for area in region.areas_on(date(2026, 11, 21))] == [region.root.name, "甲市"]
    assert [area.name for area in region.areas_on(date(2025, 2, 28), kind="county")] == ["乙县"]
    assert region.department("science_technology").code == "science"


def test_howto_extend_the_thesaurus(tmp_path: Path) -> None:
    path = tmp_path / "modern_transport-winter.tsv"
    path.write_text(block(HOW_TO / "extend-the-thesaurus.md", "tsv"), encoding="utf-8")
    entries = thesaurus.read_entries(path)
    found = Thesaurus(entries)

    assert len(entries) == 2
    assert [step.technical[0] for step in found.expand("坡上的路一下雪就打滑，桥面结冰")] == [
        "抗滑性能",
        "路面结冰预警",
    ]
    assert found.expand("皮带打滑") == []


@pytest.mark.django_db
def test_howto_train_the_ranking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    from train_sets import own_set  # noqa: PLC0415 - benchmarks are scripts, found by their folder

    need, offer = NeedFactory(), OfferFactory()
    judgements.record_list([(need, offer, 3)], by=system("test"), at=MOMENT)
    path = tmp_path / "own.jsonl"
    path.write_text(
        "".join(f"{json.dumps(row)}\n" for row in queries.training_file(on=MOMENT.date())), encoding="utf-8"
    )

    found = own_set(path)

    assert ([document.key for document in found.documents], found.useful) == ([offer.key], 2)
    assert [(row.key, row.query.title, dict(row.gains)) for row in found.queries] == [
        (need.key, need.title, {offer.key: 3})
    ]
    path.write_text('{"part": "grade"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1: KeyError"):
        own_set(path)


def test_howto_add_an_algorithm() -> None:
    example = run(block(HOW_TO / "add-an-algorithm.md", "python"), name="add_an_algorithm")
    tried = failed = 0
    for found in doctest.DocTestFinder().find(example):
        result = doctest.DocTestRunner(verbose=False).run(found)
        tried, failed = tried + result.attempted, failed + result.failed

    assert (tried, failed) == (1, 0)
    with pytest.raises(ValueError, match="Both sets of words are empty"):
        example.overlap(left=[], right=[])


@pytest.mark.django_db
def test_howto_add_a_screen(tmp_path: Path) -> None:
    page = HOW_TO / "add-a-screen.md"
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "counts.html").write_text(block(page, "html"), encoding="utf-8")
    example = run(block(page, "python"), name="add_a_screen")
    request = RequestFactory().get("/counts/")
    request.user, request.actor = AnonymousUser(), VISITOR  # type: ignore[attr-defined]

    templates = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    with override_settings(TEMPLATES=templates):
        answer = example.counts(request)

    assert answer.status_code == 200
    assert re.findall(r"<dd>(\d+)</dd>", answer.content.decode()) == ["0", "0"]


@pytest.mark.django_db
def test_howto_add_a_ledger_action(now: datetime) -> None:
    example = run(block(HOW_TO / "add-a-ledger-action.md", "python"), name="add_a_ledger_action")
    by = system("test")
    body = parties.register_organization(key="lab-1", name="甲实验室", kind="platform", by=by, at=now)
    certificate = parties.add_certificate(body, kind="hte", issued_date=date(2025, 1, 1), by=by, at=now)
    day = date(2026, 11, 1)

    with pytest.raises(Refused, match="sign_in_first"):
        example.revoke_certificate(certificate, on=day, by=VISITOR, at=now)
    example.revoke_certificate(certificate, on=day, by=by, at=now)
    with pytest.raises(Refused, match="certificate_has_ended"):
        example.revoke_certificate(certificate, on=day, by=by, at=now)

    certificate.refresh_from_db()
    last = ledger.entries()[:3]
    assert certificate.expires_date == day
    assert [(entry.outcome, entry.reason) for entry in reversed(last)] == [
        ("refused", "sign_in_first"),
        ("done", ""),
        ("refused", "certificate_has_ended"),
    ]
    assert list(ledger.verify()) == []


@pytest.mark.django_db
def test_howto_add_a_notice(now: datetime) -> None:
    example = run(block(HOW_TO / "add-a-notice.md", "python"), name="add_a_notice")
    place = MembershipFactory(role="manager")
    by = system("test")
    parties.add_certificate(place.organization, kind="hte", issued_date=date(2026, 1, 1), by=by, at=now)
    (notice,), entry = example.NOTICES, ledger.entries()[0]
    actor = actor_of(place.user, on=now.date())

    assert entry.kind in notice.kinds
    assert notice.topic == example.TOPICS[0].slug
    assert list(notice.recipients(entry)) == [place.user]
    assert (notice.may(actor, entry), notice.may(VISITOR, entry)) == (True, False)
    assert notice.text(entry, actor).link == f"/organizations/{place.organization.key}/"


def test_howto_add_a_channel() -> None:
    channel = run(block(HOW_TO / "add-a-channel.md", "python"), name="add_a_channel").CHANNEL

    assert channel.check({"robot": "x"}).keys() == {"robot"}
    assert channel.check({"robot": "0f0e0d0c-0b0a-4908-8706-050403020100"}) == {}
    assert (channel.is_offered(), channel.repeats_safely) == (True, False)


@pytest.mark.django_db
def test_howto_add_a_figure() -> None:
    page = HOW_TO / "add-a-figure.md"
    StationFactory(kind="branch")
    one, two = (run(block(page, "python", number=number), name=f"figure{number}") for number in (0, 1))

    rows = list(one.figure.rows(one.figure.period(2026, as_of=MOMENT.date())))

    assert [row.cells for row in rows] == [{"area": "229901"}]
    assert (two.stated.key, two.stated.grade) == ("reply_pledges-2024-1", "sentence")


def test_howto_add_a_register(tmp_path: Path) -> None:
    (tmp_path / "bases.toml").write_text(block(HOW_TO / "add-a-register.md", "toml"), encoding="utf-8")
    found = registers.registers(tmp_path)["bases"]
    assert (found.name, found.quantity.name_en, found.levels[0].code) == ("科普基地", "Visitors a year", "national")
