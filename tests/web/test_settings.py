"""The three ways to run: what each insists on, and what the deployment check says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

GOOD = {
    "KEQIAO_MODE": "production",
    "KEQIAO_SECRET": "n4#Kd82mQzp!vT7wXb5LrY0sHc3Je6Ua9Fg1Oi-2Bq8Rt5Wy7Zx",
    "KEQIAO_HOSTS": "keqiao.example.cn",
    "KEQIAO_DATABASE_URL": "postgresql://keqiao:p@127.0.0.1:1/keqiao",
}


def run(home: Path, arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KEQIAO_", "DJANGO_"))}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "keqiao.site.settings", "KEQIAO_HOME": str(home)} | variables
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("variable", ["KEQIAO_SECRET", "KEQIAO_HOSTS", "KEQIAO_DATABASE_URL"])
def test_production_refuses_to_start_and_names_what_is_missing(variable: str, tmp_path: Path) -> None:
    done = run(tmp_path, ["keqiao.cli", "init", "22"], **{k: v for k, v in GOOD.items() if k != variable})

    assert done.returncode == 2
    assert f"{variable} is not set." in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"KEQIAO_MODE": "nonsense"}, "KEQIAO_MODE='nonsense' is none of demo, office, production."),
        ({"KEQIAO_DATABASE_URL": "mysql://x"}, "KEQIAO_DATABASE_URL must look like postgresql://"),
        ({"KEQIAO_IDLE_MINUTES": "soon"}, "KEQIAO_IDLE_MINUTES='soon' is not a whole number."),
        ({"KEQIAO_MAIL_TLS": "yes"}, "KEQIAO_MAIL_TLS='yes' is none of 0, 1."),
    ],
)
def test_unreadable_setting_is_named(variables: dict[str, str], words: str, tmp_path: Path) -> None:
    done = run(tmp_path, ["keqiao.cli", "init", "22"], **(GOOD | variables))

    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.slow
def test_deployment_check_of_production_has_only_known_warnings(tmp_path: Path) -> None:
    done = run(tmp_path, ["django", "check", "--deploy"], **GOOD)

    # Subdomains and preloading are for the owner of the domain to decide.
    assert done.returncode == 0
    assert set(re.findall(r"\((\w+\.[WE]\d+)\)", done.stderr)) <= {"security.W005", "security.W021"}


@pytest.mark.slow
def test_demo_keeps_its_secret_to_itself(tmp_path: Path) -> None:
    done = run(tmp_path, ["django", "check"])

    assert done.returncode == 0
    assert (tmp_path / "demo-secret").stat().st_mode & 0o777 == 0o600
    assert len((tmp_path / "demo-secret").read_text()) >= 50
