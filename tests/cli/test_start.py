"""Starting is cheap: nothing heavy is loaded before somebody needs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from keqiao.cli import app

HEAVY = {"docx", "duckdb", "numpy", "openpyxl", "polars", "pypdf", "rjieba", "sklearn", "weasyprint", "xlsxwriter"}


def loaded(code: str, home: Path) -> set[str]:
    own = {"DJANGO_SETTINGS_MODULE": "keqiao.site.settings", "KEQIAO_HOME": str(home)}
    command = [sys.executable, "-c", f"{code}; import sys; print(*{{name.partition('.')[0] for name in sys.modules}})"]
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.slow
def test_site_starts_without_heavy_libraries(tmp_path: Path) -> None:
    assert loaded("import django; django.setup()", tmp_path) & HEAVY == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["backup", "ledger", "reply", "serve"])
def test_command_loads_nothing_heavy_to_be_explained(name: str, tmp_path: Path) -> None:
    code = (
        f"from typer.main import get_command; from keqiao.cli import app; get_command(app).get_command(None, {name!r})"
    )
    assert loaded(code, tmp_path) & HEAVY == set()


def test_every_command_of_the_list_is_there_and_says_what_it_does() -> None:
    root = get_command(app)
    names = root.list_commands(None)  # type: ignore[attr-defined, arg-type]
    assert [name for name in names if not root.get_command(None, name).get_short_help_str()] == []  # type: ignore[attr-defined, arg-type]


def test_unknown_command_is_named_beside_the_nearest() -> None:
    done = CliRunner().invoke(app, ["servee"])
    assert done.exit_code == 2
    assert "'servee'" in done.output
    assert "'serve'" in done.output
