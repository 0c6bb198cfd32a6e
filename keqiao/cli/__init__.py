"""`keqiao`: the engines on files without a server, and the server's own operations."""

import typer

from . import api, backup, figure, ledger, match, operations, policy, quality, reply, specs

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command("match")(match.match)
app.add_typer(specs.app, name="specs", help="Read quantities from texts and check needs against offers.")
app.add_typer(reply.app, name="reply", help="Read public replies into rows, link and check them.")
app.add_typer(api.app, name="api", help="Describe the HTTP interface.")
app.add_typer(policy.app, name="policy", help="Check firms against policies and explain the verdicts.")
app.add_typer(quality.app, name="quality", help="Measure the ranking against judgements and export them for training.")
app.add_typer(figure.app, name="figure", help="Look at published figures and prove them.")
app.add_typer(ledger.app, name="ledger", help="Prove the ledger.")
for command in (
    operations.init, operations.setup, operations.demo, operations.serve, operations.worker, operations.check,
    backup.backup, backup.restore,
):  # fmt: skip
    app.command(command.__name__)(command)
