"""The files of deploy/: what can be proved without a container engine, a proxy or an init system of one's own."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from keqiao.site import settings
from tests.conftest import ROOT, missing

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", (DEPLOY / "Containerfile").read_text("utf-8")))
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in text.splitlines() if line.strip()]


def values(name: str) -> list[str]:
    return [value for instruction, value in instructions() if instruction == name]


def test_image_has_two_stages_and_ends_as_a_user_without_rights() -> None:
    assert len(values("FROM")) == 2
    assert values("USER") == ["10001"]
    order = [name for name, _ in instructions()]
    assert order.index("USER") > max(number for number, name in enumerate(order) if name == "RUN")


def test_image_installs_from_the_hashed_lock_and_names_no_machine() -> None:
    whole = (DEPLOY / "Containerfile").read_text("utf-8")
    without_comments = re.sub(r"(?m)^#.*\n", "", whole)
    assert "--require-hashes -r requirements.lock" in values("RUN")[0]
    assert re.findall(r"amd64|x86|aarch64|arm64|--platform|:latest", without_comments) == []


def test_image_copies_only_what_the_build_context_lets_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    copied = [value.split()[0] for value in values("COPY") if "--from" not in value]
    assert copied == ["requirements.lock", "keqiao"]
    assert ignored[ignored.index("*") + 1 :][:2] == ["!requirements.lock", "!keqiao"]
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.slow
def test_image_has_all_that_the_program_needs(tmp_path: Path) -> None:
    """The commands of the build's last step, on a copy of what the image copies."""
    shutil.copytree(ROOT / "keqiao", tmp_path / "keqiao", ignore=shutil.ignore_patterns("__pycache__"))
    steps = values("RUN")[1]
    assert "compileall -q keqiao" in steps
    for arguments in (["-m", "compileall", "-q", "keqiao"], ["-m", "keqiao.cli", "--help"]):
        done = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import sys; sys.path.insert(0, '.'); import keqiao; print(keqiao.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.strip().endswith("keqiao/__init__.py")


def test_health_check_of_the_image_is_a_program_that_runs() -> None:
    command = values("HEALTHCHECK")[0].partition("CMD ")[2]
    arguments = tomllib.loads(f"command = {command}")["command"]
    assert arguments[:2] == ["python", "-c"]
    compile(arguments[2], "healthcheck", "exec")
    assert "/health/" in arguments[2]


def test_image_starts_a_command_that_exists() -> None:
    from typer.main import get_command  # noqa: PLC0415 - the command line is needed here alone

    from keqiao.cli import app  # noqa: PLC0415

    (command,) = (tomllib.loads(f"c = {value}")["c"] for value in values("CMD"))
    assert command[0] in get_command(app).list_commands(None)  # type: ignore[attr-defined]


def test_compose_keeps_the_root_read_only_and_takes_every_right() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    for line in ("read_only: true", "cap_drop: [ALL]", '"no-new-privileges:true"', "stop_grace_period: 30s"):
        assert line in text
    assert re.findall(r"PASSWORD: \S+", text) == []


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


@pytest.mark.parametrize("path", [one for one in UNITS if one.suffix == ".service"], ids=lambda path: path.name)
def test_service_has_few_rights_and_a_time_to_stop(path: Path) -> None:
    service = unit(path)["Service"]
    wanted = {"NoNewPrivileges": "true", "ProtectSystem": "strict", "User": "keqiao", "CapabilityBoundingSet": "",
              "UMask": "0077", "StateDirectoryMode": "0700"}  # fmt: skip
    assert {name: service.get(name) for name in wanted} == wanted
    if service.get("Type") != "oneshot":
        assert (service["KillMode"], service["TimeoutStopSec"], service["Restart"]) == ("mixed", "20", "always")


@pytest.mark.parametrize("path", [one for one in UNITS if one.suffix == ".service"], ids=lambda path: path.name)
def test_service_runs_a_command_with_options_that_exist(path: Path) -> None:
    from typer.main import get_command  # noqa: PLC0415

    from keqiao.cli import app  # noqa: PLC0415
    from tests.test_docs import is_known  # noqa: PLC0415

    program, *words = shlex.split(unit(path)["Service"]["ExecStart"])
    assert program == "/opt/keqiao/.venv/bin/keqiao"
    assert is_known(get_command(app), words)


@pytest.mark.slow
def test_units_are_accepted_by_systemd(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd", "apt-get install systemd")
    for path in UNITS:
        text = path.read_text("utf-8").replace("/opt/keqiao/.venv/bin/keqiao", "/bin/true")
        text = re.sub(r"(?m)^(User|Group)=.*$", r"\1=root", text)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line] == []
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxy_passes_files_and_logs_no_query(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    sizes = re.findall(r"(?:client_max_body_size|max_size) (\d+)", text)
    assert [int(size) * 1024 * 1024 > settings.DATA_UPLOAD_MAX_MEMORY_SIZE for size in sizes] == [True]
    assert re.findall(r"\$request\b(?!_)|\$request_uri.*log|\$args|\$http_referer", text) == []
    assert text.count("{") == text.count("}")
