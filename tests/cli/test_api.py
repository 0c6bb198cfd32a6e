"""The description of the interface as a file, from the command line."""

import json
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner

from keqiao.cli import app


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_schema_in_the_file_is_the_one_that_the_site_serves(language: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["api", "schema", "--language", language, "--out", str(tmp_path / "api.json")])

    served = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language}).json()
    assert (done.exit_code, json.loads((tmp_path / "api.json").read_text(encoding="utf-8"))) == (0, served)


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["api", "schema", "--out", str(tmp_path / "none" / "api.json")])

    assert done.exit_code == 2
    assert str(tmp_path / "none" / "api.json") in done.output
