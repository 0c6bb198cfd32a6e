"""The whole secrecy matrix: what each kind of actor sees of a listing, wherever it is shown."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import permissions, queries
from keqiao.apps.market.actions import disclose
from keqiao.apps.market.models import Listing, Need, State
from keqiao.apps.market.names import subject_of
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.parties.models import User
from keqiao.web.parts import lists
from tests.apps.acting import administrator, broker, editor, officer, person, product
from tests.factories.market import (
    DisclosureFactory,
    NeedFactory,
    NeedIndicatorFactory,
    OfferFactory,
    OfferIndicatorFactory,
)
from tests.factories.parties import OrganizationFactory, PersonFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
SECRECY = ("public", "abstract_only", "registered", "introduction")
# Words that stand only in the part that is kept back.
KEPT_BACK = ("机密", "SECRET", "31.7", "77700000", "88800000")
INSIDERS = ("own editor", "officer of the area", "officer of the region", "author broker", "product")
OUTSIDERS = ("administrator", "visitor", "registered", "disclosed", "officer elsewhere", "broker")

FULL = {
    "public": {*INSIDERS, *OUTSIDERS},
    "abstract_only": {*INSIDERS},
    "registered": {*INSIDERS, "disclosed"},
    "introduction": {*INSIDERS},
}
# Who knows whose need it is; an offer always says.
KNOWN = FULL | {"registered": {*INSIDERS, *OUTSIDERS}}
REASON = {
    ("abstract_only", "visitor"): "abstract_only",
    ("introduction", "visitor"): "introduction_needed",
    ("registered", "visitor"): "sign_in_first",
    ("registered", "registered"): "disclose_first",
    ("registered", "officer elsewhere"): "disclose_first",
    ("registered", "broker"): "disclose_first",
    ("registered", "administrator"): "disclose_first",
}


@dataclass
class Scene:
    """A listing and everybody who might look at it."""

    row: Listing
    actors: dict[str, Actor]


def scene(listing: str, secrecy: str) -> Scene:
    author, reader = UserFactory(), UserFactory()
    owner = OrganizationFactory(name="机密单位机械厂", name_en="SECRET-OWNER", area="229901")
    shared: dict[str, Any] = {"organization": owner, "author": author, "secrecy": secrecy, "title": "丝束粘连求解"}
    if listing == "need":
        row = NeedFactory(**shared)
        NeedIndicatorFactory(need=row)
    else:
        expert = PersonFactory(name="机密某", organization=owner)
        row = OfferFactory(person=expert, **shared)
        OfferIndicatorFactory(offer=row)
    DisclosureFactory(listing=subject_of(row), user=reader)
    return Scene(row, actors_around(row, author, reader))


def actors_around(row: Listing, author: User, reader: User) -> dict[str, Actor]:
    return {
        "visitor": VISITOR,
        "registered": person(UserFactory()),
        "disclosed": person(reader),
        "own editor": editor(row.organization, UserFactory()),
        "officer of the area": officer("229901"),
        "officer of the region": officer("229999"),
        "officer elsewhere": officer("229902"),
        "broker": broker(UserFactory()),
        "author broker": broker(author),
        "administrator": administrator(UserFactory()),
        "product": product(),
    }


def kept_back_in(shown: object, *, listing: str, knows_owner: bool) -> list[str]:
    """The words of the kept-back part that a shown thing holds."""
    text = repr(shown)
    if knows_owner or listing == "offer":
        text = text.replace("机密单位机械厂", "").replace("SECRET-OWNER", "")
    return [word for word in KEPT_BACK if word in text]


@pytest.mark.parametrize("secrecy", SECRECY)
@pytest.mark.parametrize("listing", ["need", "offer"])
def test_page_shows_the_full_text_to_exactly_those_who_may_read_it(listing: str, secrecy: str) -> None:
    shown = scene(listing, secrecy)

    for name, actor in shown.actors.items():
        row = queries.see(listing, shown.row.key, actor=actor, on=TODAY)
        face = queries.face(row, actor)
        is_full = name in FULL[secrecy]

        assert (name, face.hidden == "") == (name, is_full)
        assert (name, face.text == row.text, len(face.indicators)) == (name, is_full, int(is_full))
        if not is_full:
            assert face.hidden == REASON.get((secrecy, name), REASON[(secrecy, "visitor")])
            assert (name, kept_back_in(face, listing=listing, knows_owner=name in KNOWN[secrecy])) == (name, [])
            assert (face.terms, face.details, face.person_name) == (None, (), "")


@pytest.mark.parametrize("secrecy", SECRECY)
@pytest.mark.parametrize("listing", ["need", "offer"])
def test_list_and_export_show_no_full_text_to_anybody(listing: str, secrecy: str) -> None:
    shown = scene(listing, secrecy)

    for name, actor in shown.actors.items():
        (face,) = queries.faces(queries.published(listing, on=TODAY), actor)
        cells = [column.value(face) for column in lists.face_columns(listing)]
        knows_owner = listing == "offer" or name in KNOWN[secrecy]

        assert (name, kept_back_in(face, listing=listing, knows_owner=knows_owner)) == (name, [])
        assert (name, kept_back_in(cells, listing=listing, knows_owner=knows_owner)) == (name, [])
        assert (name, face.organization_name) == (name, "机密单位机械厂" if knows_owner else "")
        assert (face.title, face.abstract) == ("丝束粘连求解", "求解决高温下的粘连问题")


@pytest.mark.parametrize("secrecy", SECRECY)
@pytest.mark.parametrize("listing", ["need", "offer"])
def test_document_for_the_index_holds_the_public_part_only(listing: str, secrecy: str) -> None:
    row = scene(listing, secrecy).row

    document = queries.documents_of(listing, [row.key], on=TODAY)[row.key]
    table = list(queries.needs_table(on=TODAY) if listing == "need" else queries.offers_table(on=TODAY))

    assert table == [document]
    assert (document.text, len(document.indicators)) == (
        (f"{row.abstract}\n{row.text}", 1) if secrecy == "public" else (row.abstract, 0)
    )
    if secrecy != "public":
        assert kept_back_in(document, listing=listing, knows_owner=False) == []


@pytest.mark.parametrize("listing", ["need", "offer"])
def test_names_of_rows_in_logs_hold_nothing_kept_back(listing: str) -> None:
    row = scene(listing, "introduction").row

    for thing in (row, *row.indicators.all()):
        assert kept_back_in((str(thing), repr(thing)), listing=listing, knows_owner=False) == []


@pytest.mark.parametrize("secrecy", SECRECY)
def test_whose_need_it_is_stays_off_the_pages_of_the_body(secrecy: str) -> None:
    row = scene("need", secrecy).row

    shown = list(queries.related_of(row.organization, "need", on=TODAY))

    assert shown == ([row] if secrecy in ("public", "registered") else [])


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
@pytest.mark.parametrize("listing", ["need", "offer"])
def test_listing_that_is_not_published_is_there_for_insiders_only(listing: str, state: str) -> None:
    shown = scene(listing, "public")
    type(shown.row).objects.update(state=state)
    row = type(shown.row).objects.get()
    offices = {"officer of the area", "officer of the region"} if state != State.DRAFT else set()

    seen = {name for name, actor in shown.actors.items() if permissions.can_see(actor, row, on=TODAY).allowed}
    read = {
        name for name, actor in shown.actors.items() if permissions.can_read_full(actor, row, disclosed=True).allowed
    }

    assert seen == read == {"own editor", "author broker", "product"} | offices
    assert list(queries.published(listing, on=TODAY)) == []
    assert queries.documents_of(listing, [row.key], on=TODAY) == {row.key: None}
    with pytest.raises(type(row).DoesNotExist):
        queries.see(listing, row.key, actor=VISITOR, on=TODAY)


def test_listing_is_public_until_its_last_day() -> None:
    row = NeedFactory(expires_date=TODAY + timedelta(days=1))

    assert list(queries.published("need", on=TODAY)) == [row]
    assert list(queries.published("need", on=TODAY + timedelta(days=1))) == []
    assert permissions.can_see(VISITOR, row, on=TODAY + timedelta(days=1)).reason == "not_public"


def test_broker_who_lost_the_role_or_editor_who_left_sees_nothing_more() -> None:
    author = UserFactory()
    row = NeedFactory(author=author, secrecy="introduction", state=State.DRAFT)

    assert permissions.can_edit(broker(author), row).allowed is True
    assert permissions.can_edit(person(author), row).reason == "not_editor_of_organization"
    assert permissions.can_see(person(author), row, on=TODAY).reason == "not_public"
    assert list(queries.listings_of("need", actor=broker(author))) == [row]
    assert list(queries.listings_of("need", actor=person(author))) == []


def test_disclosure_opens_the_text_and_leaves_an_entry(now: datetime) -> None:
    row, user = NeedFactory(secrecy="registered"), UserFactory()
    NeedIndicatorFactory(need=row)

    for _ in range(2):
        disclose(row, to=user, by=person(user), at=now)

    assert queries.face(row, person(user)).text == row.text
    assert queries.face(row, person(UserFactory())).text == ""
    assert (
        list(Entry.objects.values_list("kind", "subject", "actor", "outcome"))
        == [("need.disclose", f"need:{row.key}", f"user:{user.key}", "done")] * 2
    )
    assert kept_back_in(list(Entry.objects.values()), listing="need", knows_owner=False) == []


def test_disclosure_is_closed_again_when_the_owner_closes_the_listing() -> None:
    row, user = NeedFactory(secrecy="registered"), UserFactory()
    DisclosureFactory(listing=subject_of(row), user=user)

    Need.objects.update(secrecy="abstract_only")

    assert queries.face(Need.objects.get(), person(user)).hidden == "abstract_only"


@pytest.mark.parametrize(
    ("secrecy", "state", "reason"),
    [
        ("abstract_only", "published", "abstract_only"),
        ("introduction", "published", "introduction_needed"),
        ("registered", "submitted", "not_public"),
    ],
)
def test_disclosure_of_what_stays_closed_is_refused(secrecy: str, state: str, reason: str, now: datetime) -> None:
    row, user = NeedFactory(secrecy=secrecy, state=state), UserFactory()

    with pytest.raises(Exception, match=reason):
        disclose(row, to=user, by=person(user), at=now)

    assert list(Entry.objects.values_list("outcome", "reason")) == [("refused", reason)]


def test_disclosure_for_somebody_else_is_refused(now: datetime) -> None:
    row = NeedFactory(secrecy="registered")

    with pytest.raises(Exception, match="only_yourself"):
        disclose(row, to=UserFactory(), by=person(UserFactory()), at=now)
