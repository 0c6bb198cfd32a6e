"""What holds for every page: policy headers, request forgery, methods, languages, idle sessions, error pages."""

import re
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from django.views.defaults import server_error

from keqiao.web.middleware import LAST_SEEN
from tests.web.conftest import SignIn, english
from tests.web.html import text
from tests.web.pages import all_pages
from tests.web.world import World

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(header: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


def readers(world: World) -> list[tuple[str, str]]:
    """Each page with somebody who may read it."""
    return [(min(page.readers, default=""), page.path) for page in all_pages(world)]


@pytest.mark.slow
def test_every_page_has_the_strict_policy(world: World, sign_in: SignIn) -> None:
    for name, path in [*readers(world), ("", "/nothing/")]:
        response = sign_in(name).get(path)
        assert policy(response["Content-Security-Policy"]) == POLICY, path
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.slow
def test_no_page_has_inline_script_or_style(world: World, sign_in: SignIn) -> None:
    answers = {path: sign_in(name).get(path) for name, path in readers(world)}
    pages = {path: page.content.decode() for path, page in answers.items() if "html" in page["Content-Type"]}

    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|//(?:cdn|unpkg|fonts)\.")
    assert {path: inline.findall(content) for path, content in pages.items() if inline.search(content)} == {}


@pytest.mark.parametrize(
    "path",
    ["/ask/", "/demo/sign-in/", "/language/", "/needs/N-registered/full-text/", "/desk/needs/new/",
     "/desk/needs/N-draft/submit/", "/office/users/new/", "/office/queue/needs/N-submitted/", "/account/login/",
     "/account/signup/", "/account/logout/"],
)  # fmt: skip
def test_posts_without_a_token_are_refused(path: str, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["administrator"])

    assert client.post(path, {"problem": "激光器功率下降"}).status_code == 403


def test_post_with_the_token_of_the_page_is_taken(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/").content.decode()
    token = re.search(r"X-CSRFToken&quot;: &quot;(\w+)|\"X-CSRFToken\": \"(\w+)\"", page)
    assert token is not None
    headers = {"X-CSRFToken": token[1] or token[2], "HX-Request": "true"}

    assert client.post("/ask/", {"problem": "激光器功率下降"}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/ask/"),
        ("get", "/demo/sign-in/"),
        ("get", "/desk/needs/N-draft/submit/"),
        ("get", "/needs/N-registered/full-text/"),
        ("post", "/"),
        ("post", "/needs/"),
        ("post", "/needs/N-public/"),
        ("post", "/organizations/"),
        ("post", "/office/ledger/"),
        ("post", "/office/queue/needs/"),
        ("delete", "/desk/"),
        ("put", "/office/users/"),
    ],
)
def test_wrong_methods_are_refused(method: str, path: str, sign_in: SignIn) -> None:
    assert getattr(sign_in("administrator"), method)(path).status_code == 405


def test_language_switch_returns_to_the_page_in_the_other_language(visitor: Client) -> None:
    assert 'lang="zh-Hans"' in visitor.get("/needs/").content.decode()

    response = visitor.post("/language/", {"language": "en", "next": "/needs/?urgency=high"})

    assert (response.status_code, response["Location"]) == (302, "/needs/?urgency=high")
    page = visitor.get("/needs/").content.decode()
    assert '<html lang="en"' in page
    assert "Needs of firms" in page


def test_language_switch_leads_to_no_other_site(visitor: Client) -> None:
    response = visitor.post("/language/", {"language": "en", "next": "https://evil.invalid/"})

    assert response["Location"] == "/"


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_idle_session_is_signed_out(minutes: int, status: int, sign_in: SignIn) -> None:
    client = sign_in("editor")
    client.get("/desk/")
    session = client.session
    session[LAST_SEEN] = int(timezone.now().timestamp()) - minutes * 60
    session.save()

    assert client.get("/desk/").status_code == status


def test_use_keeps_a_session_alive(sign_in: SignIn) -> None:
    client = sign_in("editor")
    client.get("/desk/")
    session = client.session
    session[LAST_SEEN] = before = int(timezone.now().timestamp()) - 29 * 60
    session.save()

    client.get("/desk/")

    assert client.session[LAST_SEEN] > before


def test_missing_page_says_what_may_be_wrong(visitor: Client) -> None:
    response = visitor.get("/nothing/here/")

    assert response.status_code == 404
    assert "没有这个页面 地址可能写错了，或者内容已撤回、已到期，或者您没有查看的权限。" in text(response)
    assert "Page not found" in text(english(visitor).get("/nothing/here/"))


def test_forbidden_page_says_whom_to_ask(sign_in: SignIn) -> None:
    response = sign_in("editor").get("/office/ledger/")

    assert response.status_code == 403
    assert "没有权限 您的角色不能打开这个页面。如需开通，请联系系统管理员。" in text(response)


def test_broken_server_says_so_in_both_languages_and_tells_nothing(visitor: Client, tmp_path: Path) -> None:
    visitor.raise_request_exception = False
    (tmp_path / "offer.json").write_text("not json", encoding="utf-8")

    with override_settings(INDEX_ROOT=tmp_path):
        response = visitor.post("/ask/", {"problem": "SECRETPROBLEM 激光器功率下降"})

    assert response.status_code == 500
    assert "出错了 Something went wrong" in text(response)
    assert "SECRETPROBLEM" not in response.content.decode()
    assert response.content == server_error(response.wsgi_request).content
