"""`keqiao`: the engines on files without a server, and the server's own operations."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

# Where each command stands and, for a group, what the list says of it.
_COMMANDS = {
    "match": ("match", "match", ""),
    "init": ("operations", "init", ""),
    "setup": ("operations", "setup", ""),
    "demo": ("operations", "demo", ""),
    "serve": ("operations", "serve", ""),
    "worker": ("operations", "worker", ""),
    "check": ("operations", "check", ""),
    "backup": ("backup", "backup", ""),
    "restore": ("backup", "restore", ""),
    "specs": ("specs", "app", "Read quantities from texts and check needs against offers."),
    "reply": ("reply", "app", "Read public replies into rows, link and check them."),
    "api": ("api", "app", "Describe the HTTP interface."),
    "policy": ("policy", "app", "Check firms against policies and explain the verdicts."),
    "quality": ("quality", "app", "Measure the ranking against judgements and export them for training."),
    "figure": ("figure", "app", "Look at published figures and prove them."),
    "ledger": ("ledger", "app", "Prove the ledger."),
}


class OnDemand(TyperGroup):
    """A group that imports a command when it is asked for: `serve` need not load what reads replies."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the table.

        >>> OnDemand().list_commands(None)[:2]
        ['match', 'init']
        """
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of a name, None if there is none.

        >>> OnDemand().get_command(None, "ledger").short_help
        'Prove the ledger.'
        """
        # Of a name that is none, the nearest of all is suggested.
        for name in (cmd_name,) if cmd_name in _COMMANDS else _COMMANDS:
            if name not in self.commands:
                self.commands[name] = _loaded(name)
        return self.commands.get(cmd_name)


def _loaded(name: str) -> Any:
    module, attribute, said = _COMMANDS[name]
    found = getattr(import_module(f"keqiao.cli.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    command = get_command(found)
    command.name = name
    if said:
        command.short_help = said
    return command


app = typer.Typer(
    cls=OnDemand, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@app.callback()
def _group() -> None:
    """What Typer needs of an application whose commands it does not know."""
