"""Two people press at once: one wins, the other is told why not."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions
from keqiao.apps.market.actions import judgements, registering
from keqiao.apps.market.models import Judgement, Need, Registration, RegistrationCheck
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.models import Organization
from tests.apps.acting import broker, editor, person, product, registrar
from tests.factories.market import NeedFactory, OfferFactory, OfficeFactory, RegistrationFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases, pytest.mark.slow]

RUNNERS, FIFTY = 4, 50


def race(do: Callable[[int], object], *, runners: int = RUNNERS) -> list[str]:
    """What each of several threads got: "done" or the reason of the refusal. They read nothing outside the action."""
    barrier, results = threading.Barrier(runners), []

    def run(number: int) -> None:
        try:
            barrier.wait()
            do(number)
            results.append("done")
        except Refused as refusal:
            results.append(refusal.reason)
        except Exception as error:  # the thread hands its failure to the test
            results.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.parametrize(
    ("step", "state", "reached"), [("submit", "draft", "submitted"), ("publish", "screened", "published")]
)
def test_one_of_several_takes_the_step(step: str, state: str, reached: str, now: datetime) -> None:
    need = NeedFactory(state=state)
    shown = [Need.objects.get() for _ in range(RUNNERS)]

    results = race(lambda number: getattr(actions, step)(shown[number], by=product(), at=now))

    assert results == ["done", *[f"not_from_{reached}"] * (RUNNERS - 1)]
    assert Need.objects.get().state == reached
    assert sorted(Entry.objects.values_list("kind", "subject", "outcome", "reason")) == [
        (f"need.{step}", f"need:{need.key}", "done", ""),
        *[(f"need.{step}", f"need:{need.key}", "refused", f"not_from_{reached}")] * (RUNNERS - 1),
    ]
    assert list(ledger.verify()) == []


def test_one_of_several_registers_the_body(now: datetime) -> None:
    code = OrganizationFactory.build().uscc

    results = race(
        lambda number: parties.register_organization(uscc=code, name="演示厂", kind="enterprise", by=person(), at=now)
    )

    assert results == ["done", *["organization_exists"] * (RUNNERS - 1)]
    assert Organization.objects.count() == 1
    assert list(ledger.verify()) == []


def test_several_drafts_of_one_firm_are_written_side_by_side(now: datetime) -> None:
    firm = OrganizationFactory()

    results = race(lambda number: actions.create_need(organization=firm, title="粘丝", by=editor(firm), at=now))

    assert results == ["done"] * RUNNERS
    assert (Need.objects.count(), Entry.objects.count()) == (RUNNERS, RUNNERS)
    assert list(ledger.verify()) == []


def test_one_of_fifty_registrations_gets_a_number_that_all_were_given(now: datetime) -> None:
    office = OfficeFactory()
    rows = [RegistrationFactory(office=office, state="under_review") for _ in range(FIFTY)]
    for row in rows:
        for kind in ("form", "type", "amount"):
            RegistrationCheck.objects.create(registration=row, kind=kind, passed=True, opinion="x", at=now)
    users = [UserFactory() for _ in range(FIFTY)]

    results = race(
        lambda number: registering.register(
            rows[number], number="2026220100000001", by=registrar(office.organization, users[number]), at=now
        ),
        runners=FIFTY,
    )

    taken = repr(ValidationError({"number": ["本机构已用过这个登记编号，请核对。"]}))
    assert Counter(results) == {"done": 1, taken: FIFTY - 1}
    assert Registration.objects.filter(state="registered").count() == 1
    assert list(ledger.verify()) == []


def test_fifty_grades_of_one_judge_make_one_row(now: datetime) -> None:
    need, offer, judge = NeedFactory(), OfferFactory(), UserFactory()

    results = race(
        lambda number: judgements.judge(need, offer, grade=number % 4, judge=judge, by=broker(judge), at=now),
        runners=FIFTY,
    )

    assert results == ["done"] * FIFTY
    assert (Judgement.objects.count(), Entry.objects.filter(kind="judgement.record").count()) == (1, FIFTY)
    assert list(ledger.verify()) == []


def test_two_registrars_decide_at_once_and_one_is_first(now: datetime) -> None:
    office = OfficeFactory()
    row = RegistrationFactory(office=office, state="under_review")
    for kind in ("form", "type", "amount"):
        RegistrationCheck.objects.create(registration=row, kind=kind, passed=True, opinion="x", at=now)
    shown = [Registration.objects.get() for _ in range(RUNNERS)]
    users = [UserFactory() for _ in range(RUNNERS)]

    results = race(
        lambda number: registering.register(
            shown[number], number=f"{number}" * 14, by=registrar(office.organization, users[number]), at=now
        )
    )

    assert results == ["done", *["registration_is_registered"] * (RUNNERS - 1)]
    assert Entry.objects.filter(kind="registration.register", outcome="done").count() == 1
    assert list(ledger.verify()) == []
