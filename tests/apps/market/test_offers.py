"""Writing offers, of shipped kinds and of a kind that exists only here."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions, kinds, queries
from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.models import Offer
from keqiao.apps.parties.actors import VISITOR
from tests.apps.acting import broker, editor, last_entry, person, product
from tests.factories.market import OfferFactory
from tests.factories.parties import OrganizationFactory, PersonFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
LINE = IndicatorInput(name="热失重", op="le", low=6.0, unit="%", sense="le")
VALUES: dict[str, Any] = {"kind": "achievement", "title": "耐热纺丝油剂", "abstract": "少结焦", "text": "粒径 85 nm。"}

SEED_KIND = """
slug = "seed_variety"
position = 90
name = "植物新品种"
name_en = "Plant variety"
plural = "植物新品种"
plural_en = "Plant varieties"
description = "已经审定的作物品种。"
description_en = "Approved crop varieties."
icon = "种"
needs_trl = false

[weights]
trl = 0

[[fields]]
id = "crop"
type = "text"
name = "作物"
name_en = "Crop"
required = true
privacy = "P0"

[[fields]]
id = "parent_lines"
type = "text"
name = "亲本"
name_en = "Parent lines"
privacy = "P2"

[[fields]]
id = "yield_note"
type = "text"
name = "产量说明"
name_en = "Note on yield"
privacy = "P1"
"""


def test_offer_is_written_with_clean_details_and_lines(now: datetime) -> None:
    organization = OrganizationFactory()
    expert = PersonFactory(organization=organization)

    offer = actions.create_offer(
        organization=organization, by=editor(organization), at=now, person=expert, trl=6, indicators=[LINE],
        details={"stage": "pilot", "price_wan": "180.5"}, **VALUES,
    )  # fmt: skip

    stored = Offer.objects.get()
    assert (stored.key, stored.state, stored.details) == (
        offer.key,
        "draft",
        {"stage": "pilot", "price_fen": 180_500_000},
    )
    assert list(stored.indicators.values_list("name", "low")) == [("热失重", 6.0)]
    assert last_entry()[0::3] == ("offer.create", "done")


def test_ledger_keeps_clean_values_and_names_nobody(now: datetime) -> None:
    organization = OrganizationFactory()
    expert = PersonFactory(organization=organization, name="某某机密")

    offer = actions.create_offer(
        organization=organization, by=editor(organization), at=now, person=expert,
        details={"price_wan": Decimal("180.5")}, expires_date=TODAY, **VALUES,
    )  # fmt: skip
    actions.edit_offer(offer, by=editor(organization), at=now, details={"price_wan": "2"}, person=None)

    first, second = (entry.values_row.values for entry in Entry.objects.order_by("seq"))
    assert (first["details"], first["person"], first["expires_date"]) == (
        {"price_fen": 180_500_000},
        expert.key,
        "2026-11-21",
    )
    assert second == {"details": {"price_fen": 2_000_000}, "person": None}
    assert list(ledger.verify()) == []


def test_edit_replaces_lines_and_details(now: datetime) -> None:
    offer = OfferFactory(state="draft")

    actions.edit_offer(
        offer, by=editor(offer.organization), at=now, indicators=[LINE], details={"stage": "mature"}, trl=9
    )

    stored = Offer.objects.get()
    assert (stored.details, stored.trl, stored.indicators.count()) == ({"stage": "mature"}, 9, 1)


def test_broker_writes_no_offers_for_others(now: datetime) -> None:
    user = UserFactory()

    with pytest.raises(Refused, match="not_editor_of_organization"):
        actions.create_offer(organization=OrganizationFactory(), author=user, by=broker(user), at=now, **VALUES)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "miracle"}, "kind"),
        ({"details": {"stage": "moon"}}, "details.stage"),
        ({"details": {"colour": "red"}}, "details.colour"),
        ({"trl": 10}, "__all__"),
        ({"trl": 0}, "__all__"),
        ({"title": ""}, "title"),
    ],
)
def test_wrong_value_is_refused_beside_its_field(values: dict[str, Any], field: str, now: datetime) -> None:
    organization = OrganizationFactory()

    with pytest.raises(ValidationError) as caught:
        actions.create_offer(organization=organization, by=editor(organization), at=now, **VALUES | values)

    assert list(caught.value.message_dict) == [field]
    assert Offer.objects.count() == 0


def test_expert_of_another_body_is_refused(now: datetime) -> None:
    organization = OrganizationFactory()

    with pytest.raises(ValidationError) as caught:
        actions.create_offer(
            organization=organization, by=editor(organization), at=now, person=PersonFactory(), **VALUES
        )

    assert list(caught.value.message_dict) == ["person"]


def test_bad_line_is_named(now: datetime) -> None:
    offer = OfferFactory(state="draft")
    line = IndicatorInput(name="量程", op="range", low=9.0, high=1.0, unit="mm")

    with pytest.raises(ValidationError) as caught:
        actions.edit_offer(offer, by=editor(offer.organization), at=now, indicators=[line])

    assert caught.value.message_dict == {"indicators": ["第 1 行“量程”：下限大于上限，请对调。"]}


@pytest.fixture
def seed_kind(tmp_path: Path, settings) -> None:
    (tmp_path / "seed_variety.toml").write_text(SEED_KIND, encoding="utf-8")
    settings.OFFER_KIND_FOLDERS = [str(tmp_path)]


@pytest.mark.usefixtures("seed_kind")
def test_kind_from_a_folder_can_be_written_published_listed_and_indexed(now: datetime) -> None:
    organization = OrganizationFactory()
    offer = actions.create_offer(
        organization=organization, by=editor(organization), at=now, kind="seed_variety", title="吉丰 19",
        abstract="耐密植", details={"crop": "玉米", "parent_lines": "父本机密", "yield_note": "亩产内部"},
    )  # fmt: skip

    actions.submit(offer, by=editor(organization), at=now)
    actions.screen(offer, by=product(), at=now)
    actions.publish(offer, by=product(), at=now)

    assert kinds.offer_kinds()["seed_variety"].name == "植物新品种"
    assert [face.kind for face in queries.faces(queries.published("offer", on=TODAY), VISITOR)] == ["seed_variety"]
    assert queries.listing_counts(on=TODAY) == {"need": 0, "offer": 1, "seed_variety": 1}
    assert [(document.key, document.kind) for document in queries.offers_table(on=TODAY)] == [
        (offer.key, "seed_variety")
    ]
    face = queries.face(queries.see("offer", offer.key, actor=VISITOR, on=TODAY), VISITOR)
    assert face.details == (("crop", "玉米"),)
    assert queries.face(offer, person()).details == (("crop", "玉米"), ("yield_note", "亩产内部"))
    assert queries.face(offer, editor(organization)).details == (
        ("crop", "玉米"),
        ("parent_lines", "父本机密"),
        ("yield_note", "亩产内部"),
    )


def test_offer_of_a_kind_that_is_gone_still_shows_without_details() -> None:
    offer = OfferFactory(kind="seed_variety", details={"crop": "玉米"})

    assert queries.face(offer, VISITOR).details == ()
