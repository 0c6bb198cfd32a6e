"""The examples of docs/api.md, sent as they stand there."""

import json
import re
import shlex

from django.test import Client

from tests.conftest import ROOT
from tests.web.api.conftest import Call
from tests.web.world import World

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    text = PAGE.replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(r"^ {4}(curl .*)$", text, re.MULTILINE)]


def test_examples_are_answered(key_of: object, world: World) -> None:
    key = key_of("editor")  # type: ignore[operator]
    statuses = []
    for words in commands():
        headers = dict(word.split(": ", 1) for word in words if ": " in word and not word.startswith("{"))
        headers = {name: value.replace("$KEY", key) for name, value in headers.items()}
        path = words[-1].removeprefix("$KEQIAO")
        body = next((word for word in words if word.startswith("{")), None)
        if body is None:
            statuses.append(Client().get(path, headers=headers).status_code)
            continue
        sent = json.loads(body)
        if "organization" in sent:
            sent["organization"] = world.organizations["firm"].key
        statuses.append(Client().post(path, sent, content_type="application/json", headers=headers).status_code)

    assert statuses == [200, 200, 200, 201]


def test_page_lists_every_operation(call: Call) -> None:
    page = Client().get("/api/").content.decode()
    paths = call("", "get", "/openapi.json").json()["paths"]

    assert [path for path in paths if f"<code>{path}</code>" not in page] == []
