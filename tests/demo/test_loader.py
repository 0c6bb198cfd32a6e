"""The demo region loads whole, in the order things happened, and says where its data are wrong."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import kinds, queries
from keqiao.apps.market.models import Need, NeedIndicator, Offer
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.parties.models import Organization, Person, Role, User
from keqiao.catalogue import codes
from keqiao.demo import loader
from keqiao.engines.identifiers import check_uscc
from tests.factories.base import MOMENT

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.slow]

LEAST_ORGANIZATIONS, LEAST_NEEDS, LEAST_OFFERS = 60, 80, 200


@pytest.fixture(scope="module", autouse=True)
def demo(request: pytest.FixtureRequest) -> Iterator[None]:
    """The whole demo, loaded once for this module and rolled back afterwards."""
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        loader.load(at=MOMENT)
        yield
        transaction.set_rollback(True)


def test_there_is_as_much_as_a_region_needs() -> None:
    assert Organization.objects.count() >= LEAST_ORGANIZATIONS
    assert Need.objects.count() >= LEAST_NEEDS
    assert Offer.objects.count() >= LEAST_OFFERS
    assert set(Offer.objects.values_list("kind", flat=True)) == set(kinds.offer_kinds())


def test_every_row_of_the_files_is_there() -> None:
    for name, model in (("organizations", Organization), ("people", Person), ("needs", Need), ("offers", Offer)):
        wanted = {row["key"] for _, row in loader.rows(name)}
        assert (name, wanted) == (name, set(model._default_manager.values_list("key", flat=True)))


def test_every_row_is_marked_as_demo() -> None:
    for model in (Organization, Person, Need, Offer, User):
        assert (model.__name__, model._default_manager.filter(is_demo=False).count()) == (model.__name__, 0)


def test_codes_are_valid_and_of_an_area_that_no_registrar_has() -> None:
    codes_given = list(Organization.objects.exclude(uscc=None).values_list("uscc", flat=True))

    assert [check_uscc(code)[2:8] for code in codes_given] == ["229999"] * len(codes_given)
    assert Organization.objects.filter(uscc=None, parent=None).count() == 0


def test_ledger_is_sound_and_in_the_order_of_time() -> None:
    moments = list(Entry.objects.order_by("seq").values_list("at", flat=True))

    assert list(ledger.verify()) == []
    assert moments == sorted(moments)
    assert moments[-1] == MOMENT
    assert Entry.objects.exclude(outcome="done").count() == 0


def test_every_listing_has_the_entries_of_its_state() -> None:
    done = Counter(Entry.objects.filter(outcome="done").values_list("kind", "subject"))
    rows = [("need", row) for row in Need.objects.all()] + [("offer", row) for row in Offer.objects.all()]

    for kind, row in rows:
        steps = [name for (name, subject), _ in done.items() if subject == f"{kind}:{row.key}"]
        assert steps == [f"{kind}.{step}" for step in ("create", *loader.PATHS[row.state])]


def test_published_listings_are_in_force_and_in_every_state_there_is_one() -> None:
    on = localdate(MOMENT)
    published = Need.objects.filter(state="published").count() + Offer.objects.filter(state="published").count()

    live = [*queries.published("need", on=on), *queries.published("offer", on=on)]

    assert len(live) == published
    assert set(Need.objects.values_list("state", flat=True)) == set(loader.PATHS)
    assert len(queries.faces(live, VISITOR)) == published


def test_fields_and_areas_are_those_of_the_catalogue() -> None:
    fields = {code.code for code in codes.codes("fields").children()}

    for model in (Need, Offer):
        assert set(model._default_manager.values_list("field", flat=True)) <= fields


def test_needs_have_lines_and_quality() -> None:
    assert NeedIndicator.objects.values("need").distinct().count() > LEAST_NEEDS / 2
    assert min(Need.objects.values_list("quality", flat=True)) > 0


def test_there_is_a_log_in_for_every_role() -> None:
    users = User.objects.prefetch_related("memberships")

    assert {membership.role for user in users for membership in user.memberships.all()} == set(Role)
    assert [user.has_usable_password() for user in users] == [False] * len(users)
