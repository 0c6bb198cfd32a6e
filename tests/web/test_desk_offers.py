"""Writing an offer: its kind decides what the form asks."""

import re
from typing import Any

import pytest

from keqiao.apps.market import kinds
from keqiao.apps.market.models import Offer
from tests.web.conftest import SignIn, english
from tests.web.html import notices, text
from tests.web.world import World


def typed(**values: Any) -> dict[str, Any]:
    return {
        "title": "高稳定光纤激光器", "abstract": "稳定的光源。", "text": "功率波动不超过 1%。",
        "secrecy": "public", "trl": "7",
        "details-form": "equipment", "details-stage": "pilot",
        "indicators-TOTAL_FORMS": "0", "indicators-INITIAL_FORMS": "0",
    } | values  # fmt: skip


def test_all_kinds_can_be_chosen(sign_in: SignIn) -> None:
    page = sign_in("scholar").get("/desk/offers/new/").content.decode()

    assert re.findall(r'href="/desk/offers/new/([\w-]+)/"', page) == list(kinds.offer_kinds())


@pytest.mark.parametrize("kind", sorted(kinds.offer_kinds()))
def test_form_of_each_kind_asks_for_its_details(kind: str, sign_in: SignIn) -> None:
    page = text(english(sign_in("scholar")).get(f"/desk/offers/new/{kind}/"))

    assert [field.name_en for field in kinds.offer_kinds()[kind].fields if field.name_en not in page] == []


def test_saving_writes_a_draft_with_its_details(sign_in: SignIn, world: World) -> None:
    response = sign_in("scholar").post("/desk/offers/new/achievement/", typed())

    offer = Offer.objects.get(title="高稳定光纤激光器")
    assert response["Location"] == f"/desk/offers/{offer.key}/edit/"
    assert (offer.state, offer.kind, offer.trl, offer.organization) == (
        "draft",
        "achievement",
        7,
        world.organizations["school"],
    )
    assert {name: offer.details[name] for name in ("form", "stage")} == {"form": "equipment", "stage": "pilot"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"details-form": "nonsense"}, "nonsense"),
        ({"trl": "12"}, "确保该值小于或等于9。"),
        ({"trl": "x"}, "输入整数。"),
        ({"title": ""}, "这个字段是必填项。"),
    ],
)
def test_offer_with_errors_is_not_saved_and_says_why(values: dict[str, Any], sentence: str, sign_in: SignIn) -> None:
    response = sign_in("scholar").post("/desk/offers/new/achievement/", typed(**values))

    assert response.status_code == 422
    assert sentence in " ".join(notices(response)[1:])
    assert Offer.objects.filter(text="功率波动不超过 1%。", state="draft").exclude(key="F-draft").count() == 0


def test_editing_keeps_the_kind(sign_in: SignIn) -> None:
    client = sign_in("scholar")
    assert "编辑供给 · 科技成果" in text(client.get("/desk/offers/F-draft/edit/"))

    client.post("/desk/offers/F-draft/edit/", typed(title="换过的标题"))

    offer = Offer.objects.get(key="F-draft")
    assert (offer.title, offer.kind) == ("换过的标题", "achievement")


def test_unknown_kind_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("scholar").get("/desk/offers/new/nonsense/").status_code == 404


def test_submitting_an_offer(sign_in: SignIn) -> None:
    response = sign_in("scholar").post("/desk/offers/F-draft/submit/", follow=True)

    assert notices(response)[0] == "已提交，等待审核。"
    assert Offer.objects.get(key="F-draft").state == "submitted"
