"""The life of a listing: every step from every state, by everybody, and what it leaves in the ledger."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions
from keqiao.apps.market.models import Listing, Need, Offer, State
from keqiao.apps.market.states import STEPS
from keqiao.apps.parties.actors import VISITOR, Actor, system
from tests.apps.acting import broker, editor, last_entry, officer, person, product
from tests.factories.market import NeedFactory, NeedIndicatorFactory, OfferFactory
from tests.factories.parties import OrganizationFactory, OrganizationNameFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
Take = Callable[[Listing, Actor, datetime], Any]
TAKE: dict[str, Take] = {
    "submit": lambda row, by, at: actions.submit(row, by=by, at=at),
    "screen": lambda row, by, at: actions.screen(row, by=by, at=at),
    "return": lambda row, by, at: actions.return_to_author(row, reason="unclear", by=by, at=at),
    "publish": lambda row, by, at: actions.publish(row, by=by, at=at),
    "withdraw": lambda row, by, at: actions.withdraw(row, reason="solved", by=by, at=at),
    "reopen": lambda row, by, at: actions.reopen(row, by=by, at=at),
}
REASONS = {"return": "unclear", "withdraw": "solved"}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", sorted(TAKE))
def test_step_starts_from_its_states_only(step: str, state: State, now: datetime) -> None:
    row = OfferFactory(state=state)

    if state in STEPS[step].sources:
        TAKE[step](row, product(), now)
        assert (Offer.objects.get().state, row.state) == (STEPS[step].target, STEPS[step].target)
        assert last_entry()[0::3] == (f"offer.{step}", "done")
        assert last_entry()[4] == REASONS.get(step, "")
    else:
        with pytest.raises(Refused, match=f"not_from_{state.value}"):
            TAKE[step](row, product(), now)
        assert Offer.objects.get().state == state
        assert last_entry()[0::3] == (f"offer.{step}", "refused")
        assert last_entry()[4] == f"not_from_{state.value}"


WRITERS = {"submit": {"draft"}, "withdraw": {"draft", "published"}, "reopen": {"expired"}}
OFFICE = {"screen": "submitted", "return": "submitted", "publish": "screened"}


@pytest.mark.parametrize("step", sorted(WRITERS))
def test_writers_steps_are_for_those_who_write(step: str, now: datetime) -> None:
    for state in sorted(WRITERS[step]):
        author = UserFactory()
        row = NeedFactory(state=state, author=author)
        for by in (VISITOR, person(), editor(OrganizationFactory()), broker(UserFactory()), officer("229902")):
            with pytest.raises(Refused):
                TAKE[step](row, by, now)
        assert Need.objects.get(pk=row.pk).state == state

        TAKE[step](row, broker(author), now)

        assert Need.objects.get(pk=row.pk).state == STEPS[step].target


@pytest.mark.parametrize("step", sorted(OFFICE))
def test_office_steps_are_for_officers_of_the_place_who_have_no_part_in_it(step: str, now: datetime) -> None:
    author = UserFactory()
    row = NeedFactory(state=OFFICE[step], author=author, area="YS-GXQ")
    own = Actor("user:own", officer("229901").grants | editor(row.organization).grants, is_registered=True)
    wrote = Actor(f"user:{author.key}", officer("229901").grants | broker().grants, is_registered=True)
    refused = {
        "not_officer_for_area": (VISITOR, person(), editor(row.organization), broker(author), officer("229902")),
        "own_organization": (own,),
        "own_listing": (wrote,),
    }

    for reason, actors in refused.items():
        for by in actors:
            with pytest.raises(Refused, match=reason):
                TAKE[step](row, by, now)
    TAKE[step](row, officer("229901"), now)

    assert Need.objects.get().state == STEPS[step].target
    assert list(ledger.verify()) == []


@pytest.mark.parametrize(("state", "allowed"), [("draft", False), ("submitted", True), ("published", True)])
def test_office_takes_down_what_was_handed_in(state: str, allowed: bool, now: datetime) -> None:
    row = NeedFactory(state=state)

    if allowed:
        actions.withdraw(row, reason="by_office", by=officer("229901"), at=now)
    else:
        with pytest.raises(Refused, match="not_editor_of_organization"):
            actions.withdraw(row, reason="by_office", by=officer("229901"), at=now)

    assert Need.objects.get().state == ("withdrawn" if allowed else state)


def test_office_does_not_reopen_what_a_firm_withdrew(now: datetime) -> None:
    with pytest.raises(Refused, match="not_editor_of_organization"):
        actions.reopen(NeedFactory(state="withdrawn"), by=officer("229901"), at=now)


@pytest.mark.parametrize("reason", ["", "solved", "because"])
def test_return_needs_one_of_its_reasons(reason: str, now: datetime) -> None:
    row = NeedFactory(state="submitted")

    with pytest.raises(ValidationError) as caught:
        actions.return_to_author(row, reason=reason, by=product(), at=now)

    assert (caught.value.code, caught.value.messages) == ("reason", ["请选择原因。"])
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, date(2027, 11, 21)), (date(2026, 11, 21), date(2027, 11, 21)), (date(2026, 11, 22), date(2026, 11, 22))],
)
def test_published_listing_has_a_last_day_to_come(given: date | None, expected: date, now: datetime) -> None:
    row = OfferFactory(state="screened", published_at=None, expires_date=given)

    actions.publish(row, by=product(), at=now)

    stored = Offer.objects.get()
    assert (stored.published_at, stored.expires_date) == (now, expected)


def test_last_day_counts_from_the_local_day(now: datetime) -> None:
    row = OfferFactory(state="screened", published_at=None, expires_date=None)

    actions.publish(row, by=product(), at=now.replace(hour=17))

    assert Offer.objects.get().expires_date == date(2027, 11, 22)


def test_refused_publication_leaves_the_row_in_hand_as_it_is(now: datetime) -> None:
    row = OfferFactory(state="submitted", published_at=None, expires_date=None)

    with pytest.raises(Refused, match="not_from_submitted"):
        actions.publish(row, by=product(), at=now)

    assert (row.state, row.published_at, row.expires_date) == ("submitted", None, None)


def test_page_that_is_out_of_date_is_refused_and_learns_the_state(now: datetime) -> None:
    row = NeedFactory(state="submitted")
    shown = Need.objects.get()
    actions.screen(row, by=product(), at=now)

    with pytest.raises(Refused, match="not_from_screened"):
        actions.screen(shown, by=product(), at=now)

    assert shown.state == "screened"


def test_due_listings_expire_and_others_stay(now: datetime) -> None:
    due = [NeedFactory(expires_date=TODAY), OfferFactory(expires_date=TODAY - timedelta(days=3))]
    NeedFactory(expires_date=TODAY + timedelta(days=1))
    NeedFactory(expires_date=TODAY, state="withdrawn")

    assert actions.expire_due(by=system("worker"), at=now) == 2
    assert actions.expire_due(by=system("worker"), at=now) == 0

    assert [type(row).objects.get(pk=row.pk).state for row in due] == ["expired", "expired"]
    assert list(Entry.objects.values_list("kind", "actor")) == [
        ("need.expire", "system:worker"),
        ("offer.expire", "system:worker"),
    ]


def test_expiry_takes_the_oldest_first_and_so_many_at_a_time(now: datetime) -> None:
    rows = [NeedFactory(expires_date=TODAY - timedelta(days=days)) for days in (1, 3, 2)]

    assert actions.expire_due(by=system("worker"), at=now, limit=2) == 2

    assert [Need.objects.get(pk=row.pk).state for row in rows] == ["published", "expired", "expired"]


def test_expiry_is_the_products_own_business(now: datetime) -> None:
    NeedFactory(expires_date=TODAY)

    assert actions.expire_due(by=officer("229901"), at=now) == 0
    assert last_entry()[3:] == ("refused", "product_only")


@pytest.mark.parametrize("secrecy", ["abstract_only", "registered", "introduction"])
def test_kept_back_listing_needs_an_abstract(secrecy: str, now: datetime) -> None:
    row = NeedFactory(state="draft", secrecy=secrecy, abstract=" ")

    with pytest.raises(ValidationError) as caught:
        actions.submit(row, by=editor(row.organization), at=now)

    assert caught.value.message_dict == {"abstract": ["该条目不公开全文，请填写可公开的摘要。"]}
    assert (Need.objects.get().state, Entry.objects.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("field", "value", "leak"),
    [
        ("title", "白山湖碳丝股份有限公司求助", "白山湖碳丝股份有限公司、白山湖碳丝"),
        ("abstract", "白山湖碳丝的热炉粘丝", "白山湖碳丝"),
        ("abstract", "白丝厂的热炉粘丝", "白丝厂"),
        ("abstract_en", "The oven of BAISHAN TOW sticks", "baishan tow"),
        ("abstract", "强度要到 ３１．７ 以上", "31.7"),
        ("abstract", "寿命要到4500次", "4500"),
        ("title", "间隙不超过 5μm", "5"),
        ("keywords", ["粘丝", "白丝厂"], "白丝厂"),
    ],
)
@pytest.mark.parametrize("secrecy", ["abstract_only", "introduction"])
def test_public_part_must_not_give_away_what_is_kept_back(
    secrecy: str, field: str, value: object, leak: str, now: datetime
) -> None:
    owner = OrganizationFactory(name="白山湖碳丝股份有限公司", name_en="Baishan Tow Co., Ltd.")
    OrganizationNameFactory(organization=owner, name="白丝厂")
    row = NeedFactory(organization=owner, state="draft", secrecy=secrecy, **{field: value})
    NeedIndicatorFactory(need=row)
    NeedIndicatorFactory(need=row, position=1, low=4500.0, unit="次")
    NeedIndicatorFactory(need=row, position=2, op="range", low=1.0, high=5.0, unit="μm")

    with pytest.raises(ValidationError) as caught:
        actions.submit(row, by=editor(owner), at=now)

    assert caught.value.message_dict == {field: [f"公开部分出现了需保密的内容：{leak}。"]}


@pytest.mark.parametrize("abstract", ["试了 5 家、3 年", "第 1 段热炉，两班倒，2026 年起", "白山湖边的丝束厂"])
def test_harmless_abstract_passes(abstract: str, now: datetime) -> None:
    owner = OrganizationFactory(name="白山湖碳丝股份有限公司")
    row = NeedFactory(organization=owner, state="draft", secrecy="introduction", abstract=abstract)
    NeedIndicatorFactory(need=row, op="range", low=1.0, high=5.0, unit="μm")

    actions.submit(row, by=editor(owner), at=now)

    assert Need.objects.get().state == "submitted"


def test_offer_may_name_its_maker_and_its_figures(now: datetime) -> None:
    row = OfferFactory(state="draft", secrecy="introduction")
    Offer.objects.update(abstract=f"{row.organization.name}的油剂，31.7 MPa")

    actions.submit(row, by=editor(row.organization), at=now)

    assert Offer.objects.get().state == "submitted"
