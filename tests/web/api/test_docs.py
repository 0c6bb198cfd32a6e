"""The examples of docs/api.md, typed into a shell as they stand there."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.conftest import ROOT, missing
from tests.web.api.conftest import Call
from tests.web.world import World

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}(curl .*)$", PAGE.replace("\\\n", " "), re.MULTILINE)


@pytest.mark.slow
def test_examples_are_answered(live_server: Any, key_of: Callable[..., str], world: World) -> None:
    if shutil.which("curl") is None:
        missing("curl", "apt-get install curl")
    surroundings = os.environ | {"KEQIAO": live_server.url, "KEY": key_of("editor"), "NO_PROXY": "*"}
    told = []
    for command in COMMANDS:
        line = command.replace("curl", "curl -s -o /dev/null -w '%{http_code}'", 1)
        line = line.replace('"organization": "…"', f'"organization": "{world.organizations["firm"].key}"')
        told.append(subprocess.run(["sh", "-c", line], env=surroundings, capture_output=True, text=True).stdout)

    assert told == ["200"] * 6 + ["201"]


def test_page_lists_every_operation(call: Call) -> None:
    page = Client().get("/api/").content.decode()
    paths = call("", "get", "/openapi.json").json()["paths"]

    assert [path for path in paths if f"<code>{path}</code>" not in page] == []
