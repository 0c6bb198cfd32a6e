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


def fail(message: str) -> NoReturn:
    """End with exit code 2 and one clear sentence on standard error."""
    typer.secho(f"keqiao: {message}", err=True, fg="red")
    raise typer.Exit(2)
