"""Names, certificates and experts of one's own organisation; why a draft came back; who stands behind an offer."""

import pytest
from django.test import Client

from keqiao.apps.parties.models import Certificate, OrganizationName, Person
from tests.factories.parties import MembershipFactory, OrganizationFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return OrganizationFactory()


@pytest.fixture
def editor(client: Client, firm) -> Client:
    user = UserFactory()
    MembershipFactory(user=user, role="editor", organization=firm)
    client.force_login(user)
    return client


def test_editor_adds_a_name(editor: Client, firm) -> None:
    form = {"do": "name", "name-name": "松岭", "name-kind": "short"}

    response = editor.post(f"/desk/organizations/{firm.key}/records/", form)

    assert response.status_code == 302
    assert list(OrganizationName.objects.filter(organization=firm).values_list("name", "kind")) == [("松岭", "short")]


def test_certificate_that_ends_before_it_starts_is_refused(editor: Client, firm) -> None:
    form = {
        "do": "certificate", "certificate-kind": "hte", "certificate-issued_date": "2026-05-01",
        "certificate-expires_date": "2025-05-01",
    }  # fmt: skip

    response = editor.post(f"/desk/organizations/{firm.key}/records/", form)

    assert response.status_code == 422
    assert Certificate.objects.filter(organization=firm).count() == 0


def test_expert_needs_to_have_agreed(editor: Client, firm) -> None:
    form = {"do": "person", "person-name": "闫溯溪", "person-title_band": "senior"}

    refused = editor.post(f"/desk/organizations/{firm.key}/records/", form)
    added = editor.post(f"/desk/organizations/{firm.key}/records/", form | {"person-agreed": "on"})

    assert (refused.status_code, added.status_code) == (422, 302)
    assert list(Person.objects.filter(organization=firm).values_list("name", flat=True)) == ["闫溯溪"]


def test_others_find_no_such_page(client: Client, firm) -> None:
    client.force_login(UserFactory())

    assert client.get(f"/desk/organizations/{firm.key}/records/").status_code == 404


def test_offer_form_names_the_experts_of_the_body(editor: Client, firm) -> None:
    PersonFactory(organization=firm, name="黎望舒")
    PersonFactory(name="别家人")

    page = editor.get("/desk/offers/new/achievement/").content.decode()

    assert "黎望舒" in page
    assert "别家人" not in page
