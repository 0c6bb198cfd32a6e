"""What is kept about me: to see, to take along, to have erased."""

import json

import pytest

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.models import User
from tests.factories.parties import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client) -> User:
    user = UserFactory(email="lin@example.test", name="林某")
    client.force_login(user)
    return user


def test_account_page_shows_who_i_am(client, user: User) -> None:
    page = client.get("/desk/account/").content.decode()

    assert "lin@example.test" in page
    assert "林某" in page


def test_export_holds_my_account_and_is_recorded(client, user: User) -> None:
    response = client.post("/desk/account/export/")

    assert response["Content-Disposition"] == 'attachment; filename="keqiao-account.json"'
    assert json.loads(response.content)["account"]["email"] == "lin@example.test"
    assert Entry.objects.filter(kind="user.export", actor=f"user:{user.key}").count() == 1


def test_export_by_get_is_refused(client, user: User) -> None:
    assert client.get("/desk/account/export/").status_code == 405


def test_erasing_with_another_address_changes_nothing(client, user: User) -> None:
    client.post("/desk/account/erase/", {"email": "other@example.test"})

    assert User.objects.get(pk=user.pk).email == "lin@example.test"


def test_erasing_takes_the_person_out_and_signs_out(client, user: User) -> None:
    client.post("/desk/account/erase/", {"email": "lin@example.test"})

    gone = User.objects.get(pk=user.pk)
    assert (gone.name, gone.is_active, "lin" in gone.email) == ("", False, False)
    assert client.get("/desk/account/").status_code == 302
