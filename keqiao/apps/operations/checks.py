"""What must be right before real people use an installation.

Each finding says what is wrong, why it matters and what to do. Errors keep a production from starting. Warnings do
not: they may be meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger import triggers
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.models import User
from keqiao.catalogue import matcher
from keqiao.catalogue.files import CatalogueError

from . import databases, queries, readiness

SHORTEST_SECRET, FEWEST_SIGNS = 50, 12
SKEW = timedelta(minutes=2)
BACKUP_AGE = timedelta(days=2)
LAST_ENTRIES = 1000
OLDEST_POSTGRES = 15
_KNOWN_SECRETS = ("insecure", "change", "secret", "example", "keqiao", "password", "…")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    code: str
    what: str
    why: str
    do: str
    is_error: bool = True


def findings(*, at: datetime, workers: int = 1) -> list[Finding]:
    """All findings about settings, home folder, database and ledger, errors first."""
    found = [*settings_findings(workers=workers), *home_findings(), *_tables()]
    if "ledger_chain" in connection.introspection.table_names():
        found += [*_people(), *_ledger(), *_clock(at), *_backup(at, queries.last_backup())]
    return _errors_first(found)


def findings_of_running_site(*, at: datetime, backup: queries.LastBackup | None) -> list[Finding]:
    """The findings that a page can afford; the tables are up to date, or it would not be there."""
    return _errors_first([*settings_findings(), *home_findings(), *_people(), *_ledger(), *_backup(at, backup)])


def _errors_first(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: not finding.is_error)


# Settings


def settings_findings(*, workers: int = 1) -> Iterator[Finding]:
    for look in (_secret, _debug, _hosts, _origins, _cookies, _transport, _mail, _factors, _passwords, _model):
        yield from look()
    if connection.vendor == "sqlite" and workers > 1:
        yield Finding(
            "sqlite_workers", f"KEQIAO_WORKERS is {workers} on SQLite",
            "SQLite lets one process write at a time; more of them wait for each other instead of helping",
            "set KEQIAO_WORKERS=1, or use PostgreSQL (KEQIAO_DATABASE_URL)",
        )  # fmt: skip
    if connection.vendor == "sqlite" and settings.MODE == "production":
        yield Finding(
            "sqlite_production", "production runs on SQLite", "a province needs backups and failover of a server",
            "set KEQIAO_DATABASE_URL, or run KEQIAO_MODE=office",
        )  # fmt: skip


def _secret() -> Iterator[Finding]:
    secret = settings.SECRET_KEY
    known = next((word for word in _KNOWN_SECRETS if word in secret.lower()), "")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_SIGNS or known:
        what = f"KEQIAO_SECRET holds the word “{known}”" if known else "KEQIAO_SECRET is short or repeats itself"
        yield Finding(
            "weak_secret", what, "whoever guesses it can sign in as anybody",
            "make a new one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
        )  # fmt: skip


def _debug() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding("debug", "DEBUG is on", "error pages show settings and data", "take DEBUG out of the settings")


def _hosts() -> Iterator[Finding]:
    open_hosts = [host for host in settings.ALLOWED_HOSTS if host.startswith((".", "*"))]
    if open_hosts:
        yield Finding(
            "open_hosts", f"KEQIAO_HOSTS holds {', '.join(open_hosts)}",
            "reset letters could lead to somebody else's site", "name each host in full",
        )  # fmt: skip


def _origins() -> Iterator[Finding]:
    plain = [origin for origin in settings.CSRF_TRUSTED_ORIGINS if not origin.startswith("https://")]
    if plain:
        yield Finding(
            "plain_origins", f"KEQIAO_ORIGINS holds {', '.join(plain)}",
            "whoever sits between may send forms in somebody's name", "use https:// origins only",
        )  # fmt: skip


def _cookies() -> Iterator[Finding]:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Finding(
            "open_cookies", "cookies of sign-in also travel over plain HTTP",
            "whoever listens to the network takes over sessions", "run KEQIAO_MODE=production behind HTTPS",
            is_error=settings.MODE == "production",
        )  # fmt: skip


def _transport() -> Iterator[Finding]:
    if settings.MODE != "production":
        return
    if not settings.SECURE_SSL_REDIRECT:
        yield Finding(
            "no_redirect", "KEQIAO_SSL_REDIRECT is 0", "people who type the address without https stay unprotected",
            "leave it at 1 unless the proxy redirects", is_error=False,
        )  # fmt: skip
    if settings.SECURE_HSTS_SECONDS < 3600:
        yield Finding(
            "no_hsts", "KEQIAO_HSTS_SECONDS is below an hour", "browsers may be talked into plain HTTP",
            "set it to 31536000 once HTTPS works", is_error=False,
        )  # fmt: skip


def _model() -> Iterator[Finding]:
    if not settings.MATCHING_MODEL:
        return
    try:
        matcher.read_model(Path(settings.MATCHING_MODEL))
    except CatalogueError as error:
        yield Finding(
            "matching_model", f"KEQIAO_MATCHING_MODEL: {error}", "no need finds an answer without a ranking",
            "correct the path or train the model anew, or empty the setting to use the shipped one",
        )  # fmt: skip


def _mail() -> Iterator[Finding]:
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Finding(
            "default_sender", f"letters come from {settings.DEFAULT_FROM_EMAIL}",
            "mail servers throw them away, and nobody can confirm an address or reset a password",
            "set KEQIAO_MAIL_FROM to an address of your own domain", is_error=settings.MODE == "production",
        )  # fmt: skip


def _factors() -> Iterator[Finding]:
    """A warning: an identity provider may ask for the second factor instead."""
    if settings.MODE == "production" and not settings.REQUIRE_MFA:
        yield Finding(
            "no_second_factor", "KEQIAO_REQUIRE_MFA is 0",
            "one stolen password of an administrator or officer opens everything that they may do",
            "leave it at 1, unless everybody signs in through a provider that asks for a second factor",
            is_error=False,
        )  # fmt: skip


def _passwords() -> Iterator[Finding]:
    if settings.MODE == "production" and not settings.PASSWORD_DAYS:
        yield Finding(
            "old_passwords", "KEQIAO_PASSWORD_DAYS is 0",
            "graded protection asks that those who administer change their passwords",
            "set it to 90, unless everybody signs in through a provider that sees to it", is_error=False,
        )  # fmt: skip


# Home folder


def home_findings() -> Iterator[Finding]:
    home = Path(settings.HOME)
    if not home.is_dir():
        return
    if home.stat().st_mode & 0o007:
        yield Finding(
            "open_home", f"{home} is open to every user of the machine",
            "database, attached files and the demo's secret lie there", f"run: chmod o-rwx {home}",
            is_error=settings.MODE == "production",
        )  # fmt: skip
    disk = readiness.disk()
    if not disk.is_ready:
        yield Finding(
            "disk", f"the disk of {home} is nearly full or cannot be read",
            "the next write may fail", "make room, or move KEQIAO_HOME",
        )  # fmt: skip


# Database


def _tables() -> Iterator[Finding]:
    waiting = readiness.unapplied()
    if waiting:
        yield Finding(
            "unapplied", f"{len(waiting)} change(s) of the tables are missing: {', '.join(waiting[:3])}",
            "pages would fail", f"run: keqiao init {settings.REGION}",
        )  # fmt: skip
    if connection.vendor == "postgresql":
        yield from _postgres()


def _postgres() -> Iterator[Finding]:
    version = databases.server_version()
    if version < OLDEST_POSTGRES:
        yield Finding(
            "old_postgres", f"PostgreSQL is version {version}", f"{OLDEST_POSTGRES} is the oldest that is tested",
            "upgrade the server",
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if encoding != "UTF8":
        yield Finding(
            "encoding", f"the database's encoding is {encoding}", "Chinese texts cannot be kept in it",
            "make a database with ENCODING 'UTF8'",
        )  # fmt: skip
    for tool in ("pg_dump", "pg_restore", "psql"):
        try:
            databases.postgres_tool(tool)
        except databases.ToolError as error:
            yield Finding("tools", str(error), "`keqiao backup` cannot work", "install it", is_error=False)
            return


def _people() -> Iterator[Finding]:
    if not settings.DEMO and (found := User.objects.filter(is_demo=True, is_active=True).count()):
        yield Finding(
            "demo_users", f"{found} demo log-in(s) stand in the database",
            "they have no password and belong to nobody", "start with an empty database, or lock them (users page)",
        )  # fmt: skip


def _ledger() -> Iterator[Finding]:
    absent = triggers.wanted(connection) - triggers.installed(connection)
    if absent:
        yield Finding(
            "no_triggers", f"the ledger's guards are missing: {', '.join(sorted(absent))}",
            "entries could be changed without a trace", "restore a backup, and find out who dropped them",
        )  # fmt: skip
    problem = next(ledger.verify_end(LAST_ENTRIES), None)
    if problem is not None:
        yield Finding(
            "ledger", f"the end of the ledger is not sound: {problem.message}",
            "somebody has changed what was recorded",
            "run keqiao ledger verify, keep a copy of the database, and restore a backup that is sound",
        )  # fmt: skip


def _clock(at: datetime) -> Iterator[Finding]:
    last = Entry.objects.order_by("-seq").first()
    if last is not None and last.at - at > SKEW:
        yield Finding(
            "clock_behind", f"the clock is {last.at - at} behind the ledger's last entry",
            "deadlines and proofs would be wrong", "set the machine's clock (timedatectl set-ntp true)",
        )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
        if abs(there - at) > SKEW:
            yield Finding(
                "clock_skew", f"this machine's clock and the database's differ by {abs(there - at)}",
                "deadlines and proofs would be wrong", "set both clocks from the same time server",
            )  # fmt: skip


def _backup(at: datetime, last: queries.LastBackup | None) -> Iterator[Finding]:
    if last is None or at - last.at > BACKUP_AGE:
        yield Finding(
            "no_backup", "there is no backup of the last two days" if last else "no backup was ever taken",
            "a lost disk would lose everything since", "run keqiao backup every night (deploy/keqiao-backup.timer)",
            is_error=False,
        )  # fmt: skip
