"""Every page and every act for every kind of person: who gets in, who is refused; a refusal changes nothing."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from keqiao.apps.ledger.models import Entry
from tests.web.conftest import SignIn
from tests.web.pages import EVERYBODY, PRIVATE, all_acts, all_pages
from tests.web.world import World

OWN = ("public", "desk", "office")
# Addresses of the sign-in library and switches that hold nothing are tested by themselves.
UNMAPPED = frozenset({"public:demo-sign-in"})


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_pages_open_for_those_they_are_meant_for(name: str, world: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    pages = [page for page in all_pages(world) if not (page.path.startswith("/account/") and name)]

    assert {page.path: client.get(page.path).status_code for page in pages} == {
        page.path: page.status_for(name) for page in pages
    }


def done_entries() -> int:
    return Entry.objects.filter(outcome="done").exclude(kind__startswith="session.").count()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_acts_of_others_are_refused_and_change_nothing(name: str, world: World, sign_in: SignIn) -> None:
    client, before = sign_in(name), done_entries()
    wrong = {}
    for act in all_acts(world):
        if name in act.doers:
            continue
        answer = client.post(act.path, act.data)
        written = done_entries() - before
        before += written
        led_to_sign_in = answer.status_code == 302 and "/account/login/" in answer["Location"]
        let_in = name == "" and act.path.startswith(PRIVATE) and not led_to_sign_in
        # A form may come back with a sentence that says why (422), or lead back to its page; nothing may be written.
        if written or let_in or answer.status_code >= 500:
            wrong[act.path] = (answer.status_code, written)

    assert wrong == {}


@pytest.mark.slow
def test_acts_are_done_by_those_who_may(world: World, sign_in: SignIn) -> None:
    """Each act by the first of its doers writes; otherwise the refusals above would prove nothing."""
    from django.db import transaction  # noqa: PLC0415 - one test rolls back by hand

    idle = {}
    for act in all_acts(world):
        for name in sorted(act.doers)[:2]:
            client, before = sign_in(name), done_entries()
            with transaction.atomic():
                answer = client.post(act.path, act.data)
                written = done_entries() - before
                transaction.set_rollback(True)
            if answer.status_code >= 400 or (act.leaves_entry and not written):
                idle[act.path, name] = (answer.status_code, written)

    assert idle == {}


def names(resolver: URLResolver, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or namespace
            found |= names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and namespace in OWN:
            found.add(f"{namespace}:{pattern.name}")
    return found


def test_every_address_of_ours_is_mapped(world: World) -> None:
    """A page or act that no module of tests/web/pages maps would be tried as nobody."""
    mapped = {resolve(place.path.partition("?")[0]).view_name for place in (*all_pages(world), *all_acts(world))}

    assert names(get_resolver()) - mapped - UNMAPPED == set()
