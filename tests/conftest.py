"""Fixtures for all tests: the databases, the clock, the reference folder, and what this machine must have."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.management import get_commands

from tests import postgres
from tests.flush import FlushLedgerToo

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = set(filter(None, os.environ.get("KEQIAO_REQUIRE", "").split(",")))


def pytest_configure(config: pytest.Config) -> None:
    # People's runs search on; CI judges a commit by the same cases each time.
    # How fast inputs come depends on the machine and on what else it does; it says nothing of the code.
    untimed: dict[str, Any] = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
    hypothesis.settings.register_profile("people", **untimed)
    hypothesis.settings.register_profile("ci", derandomize=True, **untimed)
    hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "people")
    get_commands()["flush"] = FlushLedgerToo()


def missing(what: str, how: str) -> None:
    """Skip a test whose part this machine lacks; where the part is required, fail and say how to get it."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here but missing: {how}")
    pytest.skip(f"{what} is missing: {how}")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: None) -> Path:
    """A folder of its own for everything a test run writes."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session", autouse=True)
def plain_settings(home: Path) -> Iterator[None]:
    """Fast password hashing, plain static files, an index folder of this run."""
    from django.test.utils import override_settings  # noqa: PLC0415 - settings are not loaded before

    (home / "static").mkdir()
    with override_settings(
        STATIC_ROOT=home / "static",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        INDEX_ROOT=home / "index",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        yield


@pytest.fixture
def now() -> datetime:
    """The moment the tests take place."""
    return datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder with benches; KEQIAO_SHARED names another place."""
    folder = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared"))
    if not (folder / "bench").is_dir():
        missing("shared", "set KEQIAO_SHARED to the folder that holds bench/")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    found = next((path for path in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(path).exists()), None)
    if found is None:
        missing("browser", "apt-get install chromium")
    return str(found)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of this test run alone."""
    if not postgres.available():
        missing("postgres", postgres.HOW)
    with postgres.cluster() as url:
        yield url


def _migrated(home: Path, address: str = "") -> dict[str, str]:
    """The variables of a process on an empty database of its own, made up to date."""
    own = {"KEQIAO_MODE": "demo", "KEQIAO_HOME": str(home), "KEQIAO_DATABASE_URL": address,
           "DJANGO_SETTINGS_MODULE": "keqiao.site.settings"}  # fmt: skip
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], cwd=ROOT, env=os.environ | own, check=True)
    return os.environ | own


@pytest.fixture(scope="session")
def empty_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _migrated(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def empty_on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> dict[str, str]:
    return _migrated(tmp_path_factory.mktemp("empty"), postgres.fresh_database(postgres_url))


@pytest.fixture(params=["sqlite", "postgres"])
def own_process(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The variables of processes that share an empty database of this test alone, on either system."""
    empty: dict[str, str] = request.getfixturevalue(f"empty_on_{request.param}")
    shutil.copytree(empty["KEQIAO_HOME"], tmp_path, dirs_exist_ok=True)
    address = empty["KEQIAO_DATABASE_URL"]
    if address:
        address = postgres.fresh_database(address, like=address.partition("?")[0].rpartition("/")[2])
    return empty | {"KEQIAO_HOME": str(tmp_path), "KEQIAO_DATABASE_URL": address}
