"""Prints what `keqiao.apps.operations.checks` finds, and keeps a weak production from starting."""

import os

import typer
from django.conf import settings
from django.utils import timezone

from keqiao.apps.operations import checks

from . import _django


def configured_workers() -> int:
    given = os.environ.get("KEQIAO_WORKERS", "1")
    return int(given) if given.isdecimal() else 1


def report(*, workers: int) -> int:
    """Print every finding; the number of errors."""
    found = checks.findings(at=timezone.now(), workers=workers)
    for finding in found:
        head = "error" if finding.is_error else "warning"
        colour = "red" if finding.is_error else "yellow"
        typer.secho(f"{head} {finding.code}: {finding.what}", err=True, fg=colour)
        typer.echo(f"  why: {finding.why}\n  do:  {finding.do}", err=True)
    return sum(finding.is_error for finding in found)


def refuse_weak(*, workers: int) -> None:
    """Say what is weak; in production an error ends the start."""
    if settings.DEMO:
        return
    errors = report(workers=workers)
    if errors and settings.MODE == "production":
        _django.fail(f"production does not start with {errors} error(s); see above.")
