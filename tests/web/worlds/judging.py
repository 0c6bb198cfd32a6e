"""Judgements of two people, a measurement, an entry of the office's thesaurus."""

from django.utils.timezone import localdate

from keqiao.apps.market.actions import judgements, thesaurus
from keqiao.apps.market.models import QualityRun
from keqiao.apps.parties.actors import actor_of
from tests.web.world import BY, World


def extend(world: World) -> None:
    for name, grade in (("officer", 3), ("broker", 2)):
        judge(world, name, grade)
    world.things["entry"] = thesaurus.add_entry(
        trade=["judders"], technical=["vibration"], context=["motor"], note="Seen on site", by=BY, at=world.at
    )
    QualityRun.objects.create(
        asked_at=world.at, made_at=world.at, needs=12, pairs=90, entries=1, model="0123abcd", ndcg=0.81234,
        ndcg_low=0.7, ndcg_high=0.9, precision=0.45, judged=0.8, agreement=0.667,
    )  # fmt: skip


def judge(world: World, name: str, grade: int) -> None:
    user = world.users[name]
    judgements.judge(
        world.needs["public"], world.offers["public"], grade=grade, judge=user,
        by=actor_of(user, on=localdate(world.at)), at=world.at,
    )  # fmt: skip


def grow(world: World) -> None:
    for number in (1, 2):
        thesaurus.add_entry(trade=[f"rattles {number}"], technical=["noise"], by=BY, at=world.at)
        QualityRun.objects.create(asked_at=world.at, made_at=world.at, ndcg=0.5, ndcg_low=0.4, ndcg_high=0.6)
