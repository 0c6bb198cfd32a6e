"""kill -9 in the middle of work: what was answered is there, the ledger is sound, the index catches up."""

import http.client
import http.cookiejar
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.journeys.conftest import Built
from tests.journeys.site import Site, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow]


class Client:
    """A browser without a screen: cookies, forms with their token, redirects not followed."""

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object, **kwargs: object) -> None:
            return None

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), self._Stay())

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=10) as response:
            return str(response.read().decode())

    def post(self, path: str, **form: str) -> str:
        """The address that the answer leads to."""
        token = next((cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"), "")
        data = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": token}).encode()
        try:
            self.opener.open(self.address + path, data, timeout=10).close()
        except urllib.error.HTTPError as answer:
            return str(answer.headers.get("Location", ""))
        return ""

    def write_need(self, title: str) -> str:
        """The key of the need, once the site has said that it is saved."""
        led = self.post(
            "/desk/needs/new/", title=title, text="激光器功率下降。", secrecy="public", urgency="normal",
            **{"indicators-TOTAL_FORMS": "0", "indicators-INITIAL_FORMS": "0"},
        )  # fmt: skip
        found = re.fullmatch(r"/desk/needs/([\w-]+)/edit/", led)
        assert found is not None, led
        return found[1]


def signed_in(site: Site, key: str) -> Client:
    client = Client(site.address)
    client.get("/demo/")
    assert client.post("/demo/sign-in/", user=key) == "/desk/"
    client.get("/desk/")
    return client


def test_server_killed_while_writing_loses_nothing_it_confirmed(own_site: Site, built: Built) -> None:
    own_site.serve()
    client = signed_in(own_site, built.users["editor"])
    confirmed: list[str] = []
    broken: list[Exception] = []

    def write() -> None:
        try:
            for number in range(10_000):
                confirmed.append(client.write_need(f"难题 {number}"))  # noqa: PERF401 - one by one is the point
        except (OSError, http.client.HTTPException) as error:  # the server is gone
            broken.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(confirmed) >= 12, "a dozen needs are written")
    own_site.kill()
    writer.join()

    after = own_site.ask("state")
    assert len(broken) == 1
    assert set(confirmed) <= set(after["needs"])
    # One write more may have been finished than confirmed, never a half one.
    assert len(after["needs"]) - 8 - len(confirmed) in (0, 1)
    assert after["problems"] == []
    assert own_site.run("keqiao.cli", "ledger", "verify").returncode == 0

    own_site.serve()
    again = signed_in(own_site, built.users["editor"])
    desk = again.get("/desk/")
    assert [key for key in confirmed if key not in desk] == []
    assert again.write_need("重启之后") in own_site.ask("state")["needs"]


def test_worker_killed_while_indexing_catches_up(own_site: Site) -> None:
    index = own_site.home / "index"
    late = own_site.ask("publish", "60")

    own_site.process = own_site.start("worker")
    # The writer's lock appears when the worker begins to index.
    wait_until(lambda: list(index.glob("offer-*/.tantivy-writer.lock")), "the worker indexes", step=0.005)
    own_site.kill()

    own_site.process = own_site.start("worker")
    wait_until(lambda: json.loads((index / "offer.json").read_text())["seq"] >= late["last"], "the index has caught up")
    after = own_site.ask("state")
    assert after["problems"] == []
    assert (after["published"], after["indexed"]) == (late["published"], late["published"])
