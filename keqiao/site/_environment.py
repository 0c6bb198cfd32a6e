"""Reads settings from environment variables and says plainly what is missing."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class SettingsError(ImproperlyConfigured):
    """A setting is missing or cannot be read; the text names the variable and what to put there."""


# Trap: Django's default DEFERRED mode fails under concurrent writers with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536"
    ),
}


@dataclass(frozen=True)
class Environment:
    """The variables of one process."""

    variables: Mapping[str, str]

    @classmethod
    def from_process(cls) -> "Environment":
        return cls(dict(os.environ))

    def text(self, name: str, *, default: str | None = None) -> str:
        value = self.variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise SettingsError(f"{name} is not set. Set it in the environment; see docs/settings.md.")
        return default

    def choice(self, name: str, options: tuple[str, ...], *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in options:
            raise SettingsError(f"{name}={value!r} is none of {', '.join(options)}.")
        return value

    def words(self, name: str, *, default: list[str] | None) -> list[str]:
        if default is None:
            return [word.strip() for word in self.text(name).split(",") if word.strip()]
        value = self.variables.get(name, "").strip()
        return [word.strip() for word in value.split(",") if word.strip()] if value else default

    def number(self, name: str, *, default: int) -> int:
        value = self.text(name, default=str(default))
        if not value.isdecimal():
            raise SettingsError(f"{name}={value!r} is not a whole number.")
        return int(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.choice(name, ("0", "1"), default="1" if default else "0") == "1"

    def demo_secret(self, home: Path, *, demo: bool) -> str:
        """A random secret kept in the demo's folder; outside the demo a secret has no default."""
        if not demo:
            raise SettingsError("KEQIAO_SECRET is not set. Put 50 or more random characters there.")
        path = home / "demo-secret"
        if not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:  # another process of the same start was first
                return path.read_text(encoding="ascii")
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(50))
        return path.read_text(encoding="ascii")

    def database(self, home: Path, *, required: bool) -> dict[str, Any]:
        """The database of KEQIAO_DATABASE_URL (postgresql://user:password@host:port/name), else SQLite in the home."""
        url = self.variables.get("KEQIAO_DATABASE_URL", "").strip()
        if not url and required:
            raise SettingsError(
                "KEQIAO_DATABASE_URL is not set. Production needs postgresql://user:password@host/name."
            )
        if not url:
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(home / "keqiao.sqlite3"),
                "OPTIONS": dict(SQLITE_OPTIONS),
            }
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
            raise SettingsError("KEQIAO_DATABASE_URL must look like postgresql://user:password@host:port/name.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # A socket's folder stands in ?host=/path, as libpq has it: host names fold case, paths do not.
            "HOST": parse_qs(parts.query).get("host", [unquote(parts.hostname or "")])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }

    @staticmethod
    def origin(url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    def openid_connect(self, url: str, *, must_be_secure: bool) -> dict[str, Any]:
        """The provider of KEQIAO_OIDC_URL with KEQIAO_OIDC_ID and KEQIAO_OIDC_SECRET; without a URL there is none."""
        if not url:
            return {}
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise SettingsError(f"KEQIAO_OIDC_URL={url!r} is no address. It looks like https://login.example.cn/realm.")
        if must_be_secure and parts.scheme != "https":
            raise SettingsError("KEQIAO_OIDC_URL must begin with https:// in production.")
        app = {
            "provider_id": "oidc",
            "name": self.text("KEQIAO_OIDC_NAME", default="OpenID"),
            "client_id": self.text("KEQIAO_OIDC_ID"),
            "secret": self.text("KEQIAO_OIDC_SECRET"),
            "settings": {"server_url": url},
        }
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
