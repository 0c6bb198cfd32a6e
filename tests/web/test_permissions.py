"""Every page for every kind of person: who gets in, who is sent to sign in, for whom it does not exist."""

import pytest

from tests.web.conftest import SignIn
from tests.web.pages import EVERYBODY, all_pages
from tests.web.world import World


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_pages_open_for_those_they_are_meant_for(name: str, world: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    pages = [page for page in all_pages(world) if not (page.path.startswith("/account/") and name)]

    assert {page.path: client.get(page.path).status_code for page in pages} == {
        page.path: page.status_for(name) for page in pages
    }


# What a person without the role for it may not do: address, form, expected answer.
FORBIDDEN = [
    ("/desk/needs/N-draft/submit/", {}, 404),
    ("/desk/offers/F-draft/submit/", {}, 404),
    ("/office/queue/needs/N-submitted/", {"step": "screen"}, 404),
    ("/office/users/new/", {"email": "x@example.invalid", "name": "x"}, 403),
    ("/needs/N-draft/full-text/", {}, 404),
]


@pytest.mark.parametrize(("path", "data", "status"), FORBIDDEN)
@pytest.mark.parametrize("name", ["outsider", "expert", "stranger", "auditor"])
def test_writes_of_others_are_refused(name: str, path: str, data: dict[str, str], status: int, sign_in: SignIn) -> None:
    assert sign_in(name).post(path, data).status_code in (status, 403, 404)


@pytest.mark.parametrize("path", [row[0] for row in FORBIDDEN])
def test_visitors_sign_in_before_they_write(path: str, sign_in: SignIn) -> None:
    response = sign_in("").post(path)

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={path}")
