"""Starts Django for the commands that need the database, and says plainly what is wrong with the settings."""

import os
from typing import NoReturn

import typer


def start() -> None:
    os.umask(0o077)  # what lies in the home folder is for the service's user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keqiao.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        fail(str(error))


def start_on_rows() -> None:
    """Start, and end plainly where there is no installation yet whose rows could be read."""
    start()
    from django.conf import settings
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        known = connection.introspection.table_names()
    except OperationalError as error:
        fail(f"the database cannot be reached ({str(error).strip()}): check KEQIAO_DATABASE_URL")
    if "ledger_entry" not in known:
        fail(f"nothing is installed in {settings.HOME}: set KEQIAO_HOME to its home, or run `keqiao init REGION` first")


def fail(message: str) -> NoReturn:
    """End with exit code 2 and one clear sentence on standard error."""
    typer.secho(f"keqiao: {message}", err=True, fg="red")
    raise typer.Exit(2)
