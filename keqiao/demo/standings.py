"""The demo's standings: reckoned some weeks ago and again on the load day, so that there are changes to read."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from keqiao.apps.parties.actors import system
from keqiao.apps.programmes.actions import reckon_due

if TYPE_CHECKING:
    from .loader import Load, Source

BY = system("loader")
DAYS_AGO = 20


def plan(run: "Load", source: "Source") -> None:
    for moment in (run.at - timedelta(days=DAYS_AGO), run.at):
        run.plan(moment, partial(_reckon, run), source=source, row={"key": "standings"})


def _reckon(run: "Load", at: datetime) -> None:
    while reckon_due(by=BY, at=at):
        pass
