from datetime import timedelta

import factory

from keqiao.apps.market.models import Disclosure, Introduction, Need, NeedIndicator, Offer, OfferIndicator, State

from .base import MOMENT, Factory
from .parties import OrganizationFactory, UserFactory


class ListingFactory(Factory):
    """A published listing; every kept-back field holds a word that occurs nowhere else."""

    class Meta:
        abstract = True

    organization = factory.SubFactory(OrganizationFactory)
    abstract = "求解决高温下的粘连问题"
    text = "正文机密：炉温到二百三十度就起硬壳，停机半天。"
    text_en = "SECRET-TEXT-EN"
    keywords = ["粘连"]
    field = "new_materials"
    area = "229901"
    state = State.PUBLISHED
    created_at = updated_at = MOMENT - timedelta(days=9)
    published_at = MOMENT - timedelta(days=2)
    expires_date = (MOMENT + timedelta(days=300)).date()


class NeedFactory(ListingFactory):
    class Meta:
        model = Need

    key = factory.Sequence(lambda n: f"N{n:09d}")
    title = factory.Sequence(lambda n: f"丝束粘连求解 {n}")
    background = "背景机密：换过两家料。"
    background_en = "SECRET-BACKGROUND-EN"
    benchmark = "对标机密"
    ip_note = "产权机密"
    budget_min_fen = 77_700_000
    budget_max_fen = 88_800_000
    coop_modes = ["commissioned"]


class NeedIndicatorFactory(Factory):
    class Meta:
        model = NeedIndicator

    need = factory.SubFactory(NeedFactory)
    position = 0
    name = "指标机密"
    op = "ge"
    low = 31.7
    unit = "MPa"
    sense = "ge"
    condition = "条件机密"
    current_value = "现值机密"
    test_method = "方法机密"


class OfferFactory(ListingFactory):
    class Meta:
        model = Offer

    key = factory.Sequence(lambda n: f"F{n:09d}")
    title = factory.Sequence(lambda n: f"耐热油剂 {n}")
    kind = "achievement"
    trl = 6
    details = {"stage": "pilot", "registration_no": "细节机密"}


class OfferIndicatorFactory(Factory):
    class Meta:
        model = OfferIndicator

    offer = factory.SubFactory(OfferFactory)
    position = 0
    name = "指标机密"
    op = "ge"
    low = 31.7
    unit = "MPa"
    sense = "ge"
    condition = "条件机密"


class DisclosureFactory(Factory):
    class Meta:
        model = Disclosure

    listing = "need:N000000000"
    user = factory.SubFactory(UserFactory)
    at = MOMENT


class IntroductionFactory(Factory):
    class Meta:
        model = Introduction

    key = factory.Sequence(lambda n: f"D{n:09d}")
    need = factory.SubFactory(NeedFactory)
    offer = factory.SubFactory(OfferFactory)
    source = "broker"
    due_at = MOMENT + timedelta(days=3)
    created_at = updated_at = MOMENT - timedelta(hours=2)

    class Params:
        willing = factory.Trait(
            state="interested",
            seeker_answer="yes",
            provider_answer="yes",
            seeker_answered_at=MOMENT,
            provider_answered_at=MOMENT,
            due_at=None,
        )
        declined = factory.Trait(
            state="declined", closed_side="seeker", reason="timing", closed_at=MOMENT, seeker_answer="no", due_at=None
        )
