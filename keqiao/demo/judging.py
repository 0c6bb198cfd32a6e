"""The demo's judgements: the list its ranking was trained with, what two people graded, and words of the office."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from keqiao.apps.market.actions import judgements, thesaurus
from keqiao.apps.parties.actors import system

if TYPE_CHECKING:
    from .loader import Load, Row, Source

BY = system("loader")
NEEDS_GRADED_TWICE, EVERY_OTHER_VIEW = 4, 6
# Trade words, technical terms, context.
WORDS = (
    (("拉丝面发花", "拉丝不匀"), ("表面粗糙度", "拉丝均匀性", "砂带磨削"), ()),
    (("老掉链子", "链子总跳"), ("链条磨损", "链传动张紧", "链轮啮合"), ("输送", "传动", "链轮")),
)


def plan(run: "Load", judged: "list[tuple[Source, Row]]") -> None:
    """All of it on the load day, when every listing is there."""
    if judged:
        source, row = judged[0]
        run.plan(run.at - timedelta(hours=3), partial(_judge, run, judged), source=source, row=row)


def _judge(run: "Load", judged: "list[tuple[Source, Row]]", at: datetime) -> None:
    known = [
        (run.listings[row["need"]], run.listings[row["offer"]], row["grade"])
        for _, row in judged
        if row["need"] in run.published and row["offer"] in run.published
    ]
    judgements.record_list(known, by=BY, at=at)
    needs = list(dict.fromkeys(need.key for need, _, _ in known))[:NEEDS_GRADED_TWICE]
    twice = [(need, offer, grade) for need, offer, grade in known if need.key in needs]
    for number, (need, offer, grade) in enumerate(twice):
        other = abs(grade - 1) if number % EVERY_OTHER_VIEW == 0 else grade
        for handle, given in (("officer-a", grade), ("broker-b", other)):
            judgements.judge(need, offer, grade=given, judge=run.users[handle], by=BY, at=at)
    for trade, technical, context in WORDS:
        thesaurus.add_entry(trade=trade, technical=technical, context=context, by=BY, at=at)
    judgements.ask_for_measurement(by=BY, at=at)
