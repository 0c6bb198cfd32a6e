"""Passwords: none of the last five again, a new one in time for those who administer."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import FormerPassword, User
from tests.web.api.conftest import Call, call, fresh_counters, key_of
from tests.web.conftest import SignIn, english
from tests.web.html import notices, text
from tests.web.pages import all_pages
from tests.web.world import PASSWORD, World

__all__ = ["call", "fresh_counters", "key_of"]
CHANGE = "/account/password/change/"
AGEING = ("administrator", "security", "auditor", "officer", "registrar")
DAYS = 90


def sign_in_by_password(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/account/login/", {"login": f"{name}@example.invalid", "password": password})
    return client


def change(name: str, old: str, new: str) -> list[str]:
    """What the form says against a new password; nothing when it was taken."""
    cache.clear()  # five changes a minute are allowed, and history is longer
    form = {"oldpassword": old, "password1": new, "password2": new}
    response = sign_in_by_password(name, old).post(CHANGE, form)
    assert response.status_code in (200, 302)
    return notices(response)[-1:] if response.status_code == 200 else []


def used_for(world: World, name: str, days: int) -> None:
    """Let somebody's password be that many days old."""
    user = world.users[name]
    User.objects.filter(pk=user.pk).update(password_set_at=timezone.now() - timedelta(days=days))
    user.refresh_from_db()


@pytest.fixture
def history(world: World) -> Iterator[list[str]]:
    """The editor's six passwords, the first one first; the last is in force."""
    passwords = [PASSWORD, *(f"New-bridge-{number}7" for number in range(1, 6))]
    for old, new in pairwise(passwords):
        assert change("editor", old, new) == []
    yield passwords
    world.users["editor"].refresh_from_db()


def test_last_five_passwords_are_refused_and_the_one_before_is_not(history: list[str]) -> None:
    now = history[-1]

    for used in history[1:]:
        assert change("editor", now, used) == ["不能使用最近 5 次用过的密码。"]
    assert change("editor", now, history[0]) == []


def test_refusal_is_said_in_english_too(history: list[str]) -> None:
    client = english(sign_in_by_password("editor", history[-1]))
    form = {"oldpassword": history[-1], "password1": history[2], "password2": history[2]}

    assert notices(client.post(CHANGE, form))[-1] == "None of the last 5 passwords can be used again."


def test_reset_letter_leads_to_none_of_the_last_passwords(world: World) -> None:
    assert change("editor", PASSWORD, "New-bridge-77") == []
    Client().post("/account/password/reset/", {"email": "editor@example.invalid"})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    client = Client()
    address = client.get(link[1], follow=True).redirect_chain[-1][0]

    refused = client.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    client.post(address, {"password1": "New-bridge-88", "password2": "New-bridge-88"})

    assert notices(refused) == ["不能使用最近 5 次用过的密码。"]
    entry = Entry.objects.filter(kind="password.set").latest("seq")
    assert (entry.actor, entry.subject, entry.reason) == (*[f"user:{world.users['editor'].key}"] * 2, "reset_letter")


def test_change_is_an_entry_that_says_nothing_of_the_password(history: list[str], world: World) -> None:
    rows = Entry.objects.filter(kind="password.set").values_list("actor", "subject", "outcome", "reason", "facts")
    subject = f"user:{world.users['editor'].key}"

    assert [row[:4] for row in rows] == [(subject, subject, "done", "")] * 5
    assert not any(password in str(list(rows)) for password in history)


def test_only_hashes_of_the_four_before_are_kept(history: list[str], world: World) -> None:
    kept = list(FormerPassword.objects.filter(user=world.users["editor"]).values_list("password", flat=True))

    assert len(kept) == 4
    assert not any(password in "".join(kept) for password in history)


def test_hashes_are_in_no_copy_of_ones_data_and_go_with_the_account(history: list[str], world: World) -> None:
    user = User.objects.get(pk=world.users["editor"].pk)
    hashes = [user.password, *FormerPassword.objects.filter(user=user).values_list("password", flat=True)]
    client = sign_in_by_password("editor", history[-1])

    copied = json.dumps(json.loads(client.post("/desk/account/export/").content))
    client.post("/desk/account/erase/", {"email": user.email})

    assert len(hashes) == 5
    assert not any(known in copied for known in hashes)
    user.refresh_from_db()
    assert (FormerPassword.objects.filter(user=user).count(), user.password_set_at) == (0, None)


@pytest.mark.parametrize("name", AGEING)
def test_password_of_ninety_days_leads_to_the_change_and_no_further(name: str, world: World) -> None:
    used_for(world, name, DAYS)
    client = sign_in_by_password(name)

    first = client.get("/desk/")
    assert (first.status_code, first["Location"]) == (302, CHANGE)
    assert "您的密码已用满 90 天。按等级保护要求，修改后才能继续使用其他页面。" in text(client.get(CHANGE))
    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": "New-bridge-77", "password2": "New-bridge-77"})

    again = sign_in_by_password(name, "New-bridge-77")
    assert again.get("/office/", follow=True).status_code == 200
    assert "您的密码已用满" not in text(again.get(CHANGE))


def test_no_page_and_no_act_opens_with_an_old_password(world: World) -> None:
    used_for(world, "officer", DAYS)
    client = sign_in_by_password("officer")
    open_still = ("/account/password/", "/api/")

    paths = sorted({page.path for page in all_pages(world) if not page.path.startswith(open_still)})
    led = {path: client.get(path).get("Location") for path in [*paths, "/account/2fa/", "/account/outside/"]}

    assert set(led.values()) == {CHANGE}
    assert client.post("/office/queue/needs/N-submitted/", {"step": "screen"})["Location"] == CHANGE
    world.needs["submitted"].refresh_from_db()
    assert world.needs["submitted"].state == "submitted"


def test_old_password_keeps_nobody_from_leaving(world: World) -> None:
    used_for(world, "officer", DAYS)
    client = sign_in_by_password("officer")

    assert client.post("/account/logout/")["Location"] == "/"
    assert client.get("/").status_code == 200


def test_key_of_somebody_whose_password_is_too_old_opens_nothing(call: Call, world: World) -> None:
    assert call("officer", "get", "/needs").status_code == 200

    used_for(world, "officer", DAYS)
    response = call("officer", "get", "/needs")

    assert (response.status_code, response.json()["code"]) == (403, "password_too_old")
    assert response.json()["detail"] == "密码已到更换期限，请先登录网站修改密码。"


@pytest.mark.parametrize("name", ["editor", "manager", "broker", "coordinator", "expert"])
def test_passwords_of_others_do_not_age(name: str, world: World) -> None:
    used_for(world, name, 10 * DAYS)

    assert sign_in_by_password(name).get("/desk/").status_code == 200


@pytest.mark.parametrize(("days", "used", "status"), [(90, 89, 200), (90, 90, 302), (30, 30, 302), (0, 9999, 200)])
def test_age_is_the_settings_and_none_switches_it_off(days: int, used: int, status: int, world: World) -> None:
    used_for(world, "officer", used)

    with override_settings(PASSWORD_DAYS=days):
        assert sign_in_by_password("officer").get("/desk/").status_code == status


def test_account_without_a_password_here_does_not_age(sign_in: SignIn, world: World) -> None:
    User.objects.filter(pk=world.users["officer"].pk).update(password_set_at=None)

    assert sign_in("officer").get("/desk/").status_code == 200


def test_account_page_says_when_the_password_has_to_change(sign_in: SignIn, world: World) -> None:
    used_for(world, "officer", 10)
    today = timezone.localdate()
    first, last = today - timedelta(days=10), today + timedelta(days=80)

    page = text(sign_in("officer").get("/desk/account/"))

    assert f"{first} 设置，须在 {last} 前更换" in page
    assert "前更换" not in text(sign_in("editor").get("/desk/account/"))


def test_nobody_sets_the_password_of_another(world: World) -> None:
    officer, editor = world.users["officer"], world.users["editor"]
    by = actor_of(officer, on=timezone.localdate())

    with pytest.raises(Refused, match="only_yourself"):
        actions.set_password(editor, "New-bridge-77", by=by, at=timezone.now())

    assert User.objects.get(pk=editor.pk).check_password(PASSWORD)
