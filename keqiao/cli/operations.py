"""Commands that set up and run an installation."""

from typing import Annotated

import typer

from . import _django

Port = Annotated[int, typer.Option(help="Port to listen on.", envvar="KEQIAO_PORT")]
Host = Annotated[str, typer.Option(help="Address to listen on.", envvar="KEQIAO_HOST")]


def init(region: Annotated[str, typer.Argument(help="Region code of a pack in the catalogue, such as 22.")]) -> None:
    """Prepare an empty region: database, tables, static files. Nothing is filled in."""
    _django.start()
    from django.conf import settings

    from keqiao.apps.parties import places

    from . import _server

    if region != settings.REGION:
        _django.fail(f"the settings say region {settings.REGION}; set KEQIAO_REGION={region} and run again.")
    _server.prepare()
    typer.echo(f"{places.region().name} is ready and empty. Next: keqiao setup")


def setup(
    email: Annotated[str, typer.Option(prompt="E-mail of the first administrator")],
    security_email: Annotated[str, typer.Option(prompt="E-mail of the first security administrator")],
    name: Annotated[str, typer.Option(prompt="Name of the administrator")] = "",
    security_name: Annotated[str, typer.Option(prompt="Name of the security administrator")] = "",
) -> None:
    """Check the installation and create the first administrator, who opens accounts, and the first security
    administrator, who gives roles: two people. The passwords come from the terminal."""
    _django.start()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.management import call_command
    from django.utils import timezone

    from keqiao.apps.ledger import actions as ledger
    from keqiao.apps.parties import actions, queries
    from keqiao.apps.parties.actors import system
    from keqiao.apps.parties.models import Role

    call_command("check", deploy=False)
    if queries.users().filter(memberships__role=Role.ADMINISTRATOR).exists():
        _django.fail("there is an administrator already; use the users page of the office.")
    if email.strip().lower() == security_email.strip().lower():
        _django.fail("the administrator and the security administrator must be two people with two addresses.")
    people = ((Role.ADMINISTRATOR, email, name), (Role.SECURITY, security_email, security_name))
    passwords = [
        typer.prompt(f"Password of {address}", hide_input=True, confirmation_prompt=True) for _, address, _ in people
    ]
    by, at = system("setup"), timezone.now()
    try:
        for password in passwords:
            validate_password(password)
        with ledger.action("site.set_up", by=by, at=at):
            for (role, address, called), password in zip(people, passwords, strict=True):
                user = actions.add_user(email=address, name=called, password=password, by=by, at=at)
                actions.grant(user, role=role, by=by, at=at)
    except ValidationError as error:
        _django.fail(" ".join(error.messages))
    typer.echo("Done. Start with: keqiao serve")


def demo(
    *,
    serve: Annotated[bool, typer.Option("--serve", help="Serve it afterwards.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the demo's database away first.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Build the demo region in the home folder: database, log-ins, needs, offers, index. Only in demo mode."""
    _django.start()
    from django.conf import settings

    from . import _server

    if not settings.DEMO:
        _django.fail("the demo loads only with KEQIAO_MODE=demo; here stands real data.")
    _server.load_demo(fresh=fresh)
    if serve:
        with _server.standing():
            _server.serve(host=host, port=port, workers=1)


def serve(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Web processes.", envvar="KEQIAO_WORKERS")] = 1,
) -> None:
    """Serve the site and run one worker beside it. Production does not start with weak settings."""
    _django.start()
    from . import _check, _server

    with _server.standing():
        _server.prepare()
        _check.refuse_weak(workers=workers)
        _server.serve(host=host, port=port, workers=workers)


def worker() -> None:
    """Keep the indexes in step with the ledger and expire what is due, until stopped."""
    _django.start()
    from . import _worker

    _worker.work()


def check() -> None:
    """Look for weak settings and anything else that real use forbids; exit code 1 if there is an error."""
    _django.start()
    from . import _check

    if _check.report(workers=_check.configured_workers()):
        raise typer.Exit(1)
    typer.echo("Nothing forbids real use.")
