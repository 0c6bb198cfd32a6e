from datetime import timedelta

import factory

from keqiao.apps.market.models import (
    Agreement,
    Disclosure,
    Introduction,
    Need,
    NeedIndicator,
    Offer,
    OfferIndicator,
    Registration,
    RegistrationOffice,
    State,
)

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


class AgreementFactory(Factory):
    """A draft between a firm and an institute that lacks nothing but the signature."""

    class Meta:
        model = Agreement

    key = factory.Sequence(lambda n: f"A{n:09d}")
    seller = factory.SubFactory(OrganizationFactory)
    buyer = factory.SubFactory(OrganizationFactory)
    title = "丝束粘连工艺开发"
    contract_type = "development"
    subtype = "commissioned"
    field = "new_materials"
    contract_amount_fen = 80_000_000
    technology_amount_fen = 60_000_000
    payment_mode = "lump_sum"
    from_date = MOMENT.date() - timedelta(days=30)
    to_date = MOMENT.date() + timedelta(days=335)
    created_at = updated_at = MOMENT

    class Params:
        signed = factory.Trait(state="signed", pricing_mode="agreement", signed_date=MOMENT.date() - timedelta(days=20))


class OfficeFactory(Factory):
    class Meta:
        model = RegistrationOffice

    organization = factory.SubFactory(OrganizationFactory)
    areas = ["229999"]
    created_at = MOMENT


class RegistrationFactory(Factory):
    """A form that was handed in and waits for the office."""

    class Meta:
        model = Registration

    key = factory.Sequence(lambda n: f"R{n:09d}")
    agreement = factory.SubFactory(AgreementFactory, signed=True)
    office = factory.SubFactory(OfficeFactory)
    state = "submitted"
    title = "丝束粘连工艺开发"
    signed_date = MOMENT.date() - timedelta(days=20)
    seller_name = factory.LazyAttribute(lambda row: row.agreement.seller_party.name)
    seller_area = "229901"
    seller_nature = "university"
    buyer_name = factory.LazyAttribute(lambda row: row.agreement.buyer_party.name)
    buyer_area = "229902"
    buyer_nature = "limited"
    contract_type = "development"
    subtype = "commissioned"
    field = "new_materials"
    ip_type = "know_how"
    plan_source = "none"
    objective = "industry"
    contract_amount_fen = 80_000_000
    technology_amount_fen = 60_000_000
    payment_mode = "lump_sum"
    handler = "Lin"
    flow = "local"
    filed_date = clock_date = MOMENT.date()
    created_at = updated_at = MOMENT

    class Params:
        registered = factory.Trait(
            state="registered", number=factory.Sequence(lambda n: f"{2026229900000000 + n}"),
            registered_date=MOMENT.date(),
        )  # fmt: skip
