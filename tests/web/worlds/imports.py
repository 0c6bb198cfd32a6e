"""Imports of an editor, an officer and a broker, each at another step."""

from django.utils import translation

from keqiao.apps.files import actions, queries
from keqiao.apps.files.kinds import kinds
from keqiao.apps.files.models import ImportRun
from keqiao.apps.parties.actors import actor_of
from tests.apps.files.tables import text_table
from tests.web.world import World, localdate

HEADINGS = ("number", "title", "text", "organization")


def extend(world: World) -> None:
    firm = world.organizations["firm"]
    world.things["import-mapping"] = bring(world, "editor", f"organization:{firm.key}", name="match.csv")
    world.things["import-checked"] = check(world, "editor", f"organization:{firm.key}", name="check.csv")
    world.things["import-broker"] = check(world, "broker", "station:station", name="broker.csv", firm="Nobody Ltd")
    running = bring(world, "editor", f"organization:{firm.key}", name="run.csv")
    who = {"by": actor_of(world.users["editor"], on=localdate(world.at)), "at": world.at}
    actions.choose_columns(running, mapping=running.mapping, **who)
    world.things["import-checking"] = running
    paused = bring(world, "editor", f"organization:{firm.key}", name="pause.csv")
    actions.choose_columns(paused, mapping=paused.mapping, **who)
    actions.pause_import(paused, **who)
    world.things["import-paused"] = paused


def bring(world: World, user: str, sender: str, *, name: str, firm: str = "Songjiang") -> ImportRun:
    rows = [
        HEADINGS,
        ("A1", "Lens gets dirty", "Oil on the lens after two hours.", firm),
        ("A2", "", "HIDDENROW without a title, ask 13900000003", firm),
    ]
    with translation.override("en"):  # what is said of rows is said in the language of the person who brought them
        return actions.upload_import(
        kind=kinds()["needs"], sender=sender, name=name, content=text_table(rows),
        by=actor_of(world.users[user], on=localdate(world.at)), at=world.at,
    )  # fmt: skip


def check(world: World, user: str, sender: str, *, name: str, firm: str = "Songjiang") -> ImportRun:
    run = bring(world, user, sender, name=name, firm=firm)
    who = {"by": actor_of(world.users[user], on=localdate(world.at)), "at": world.at}
    actions.choose_columns(run, mapping=run.mapping, **who)
    while queries.import_run(run.key).state == "checking":
        actions.advance_import(run, **who)
    return run
