"""Contracts on screen: drafting, what is missing said beside the field, payments, notices, trials, files."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from keqiao.apps.market.models import Agreement, Introduction, PricingNotice
from tests.web.conftest import SignIn
from tests.web.pages.agreements import _lines, _new, _terms
from tests.web.world import World

DRAFT = "/desk/agreements/A-draft/"


def test_draft_from_an_introduction_is_filled_in(sign_in: SignIn) -> None:
    client = sign_in("editor")
    page = client.get("/desk/agreements/new/?introduction=D-talking").content.decode()
    assert "起草合同" in page

    answer = client.post("/desk/agreements/new/?introduction=D-talking")

    row = Agreement.objects.get(introduction__key="D-talking")
    matter = Introduction.objects.get(key="D-talking")
    assert answer["Location"] == f"/desk/agreements/{row.key}/edit/"
    assert (row.buyer, row.seller, row.broker) == (matter.need.organization, matter.offer.organization, matter.owner)
    again = client.get("/desk/agreements/new/?introduction=D-talking").content.decode()
    assert "这次对接已有一份合同" in again


def test_new_contract_with_a_body_abroad(world: World, sign_in: SignIn) -> None:
    client = sign_in("editor")
    answer = client.post("/desk/agreements/new/", _new(world) | {"side": "buyer"})
    row = Agreement.objects.get(title="A new contract")
    assert answer["Location"] == f"/desk/agreements/{row.key}/"
    assert (row.seller_party.name, row.buyer, row.contract_amount_fen) == (
        "Meier GmbH", world.organizations["firm"], 80_000_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"other_code": "123"}, "没有登记过这个代码的单位"),
        ({"other_name": ""}, "请填写名称"),
        ({"other_country": "142", "other_area": "1"}, "GB/T 2260"),
        ({"technology_amount_fen": "90"}, "技术交易额不能大于合同成交额"),
        ({"subtype": "patent_right"}, "合同子类不属于所选的合同类型"),
    ],
)
def test_faults_of_a_new_contract_stand_beside_their_fields(
    change: dict[str, str], said: str, world: World, sign_in: SignIn
) -> None:
    answer = sign_in("editor").post("/desk/agreements/new/", _new(world) | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Agreement.objects.filter(title="A new contract").exists()


def test_edit_keeps_untouched_indicators(sign_in: SignIn) -> None:
    client = sign_in("editor")
    line = {"name": "Output power", "op": "ge", "low": "3", "unit": "kW", "sense": "ge", "test_method": "Meter"}
    data = _terms() | _lines("promises", **line) | {"promises-INITIAL_FORMS": 1}
    assert client.post(f"{DRAFT}edit/", data).status_code == 302
    assert [row.name for row in Agreement.objects.get(key="A-draft").indicators.all()] == ["Output power"]


def test_payment_plan_says_when_it_does_not_add_up(sign_in: SignIn) -> None:
    answer = sign_in("editor").post(f"{DRAFT}payments/", _lines("plan", condition="All", amount_fen="79"))
    assert answer.status_code == 422
    assert "790,000.00" in answer.content.decode()


def test_signing_says_what_is_missing_and_then_signs(world: World, sign_in: SignIn) -> None:
    client = sign_in("editor")
    late = (localdate() + timedelta(days=3)).isoformat()
    answer = client.post(DRAFT, {"do": "sign", "signed_date": late})
    assert answer.status_code == 422
    assert "签订日期不能晚于今天" in answer.content.decode()

    client.post(DRAFT, {"do": "sign", "signed_date": localdate(world.at).isoformat()})

    assert Agreement.objects.get(key="A-draft").state == "signed"
    assert "申报认定登记" in client.get(DRAFT).content.decode()


def test_university_cannot_sign_before_its_notice_has_run(world: World, sign_in: SignIn) -> None:
    client = sign_in("scholar")
    answer = client.post("/desk/agreements/A-priced/", {"do": "sign", "signed_date": localdate(world.at).isoformat()})
    assert answer.status_code == 422
    assert "公示还没有期满" in answer.content.decode()


def test_notice_is_published_from_the_contract(world: World, sign_in: SignIn) -> None:
    client = sign_in("scholar")
    client.post("/desk/agreements/A-priced/", {"do": "withdraw", "result": "New price"})
    data = {"do": "notice", "mode": "agreement", "title": "Laser", "price_fen": "80", "place": "Board",
            "start_date": localdate().isoformat(), "days": "3"}  # fmt: skip
    short = client.post("/desk/agreements/A-priced/", data)
    assert short.status_code == 422
    assert "公示不少于 15 日" in short.content.decode()

    client.post("/desk/agreements/A-priced/", data | {"days": "20"})

    assert PricingNotice.objects.filter(agreement__key="A-priced", state="running").get().days == 20


def test_file_is_attached_and_handed_out_to_the_sides_only(sign_in: SignIn) -> None:
    client = sign_in("editor")
    upload = SimpleUploadedFile("terms.txt", b"terms")
    assert client.post(DRAFT, {"do": "file", "file": upload}).status_code == 302
    page = client.get(DRAFT).content.decode()
    assert "terms.txt" in page
    address = page.split("terms.txt")[0].rsplit('href="', 1)[1].split('"')[0]
    assert client.get(address).content == b"terms"
    assert sign_in("owner").get(address).status_code == 404


def test_contracts_as_a_file_hold_what_the_list_shows(sign_in: SignIn) -> None:
    text = sign_in("editor").get("/desk/agreements/?export=csv").content.decode("utf-8-sig")
    assert "Laser service draft" in text
    assert "800000" in text
    assert "Laser service" not in sign_in("outsider").get("/desk/agreements/?export=csv").content.decode()


def test_a_step_that_is_none_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("editor").post(DRAFT, {"do": "explode"}).status_code == 404


@pytest.mark.parametrize("number", ["", "0", "-1", "²", "٣", "9" * 5000])
def test_payment_that_is_not_there_is_not_found(number: str, sign_in: SignIn) -> None:
    data = {"do": "paid", "row": number, "paid_fen": "40", "paid_date": "2026-01-05"}
    assert sign_in("editor").post("/desk/agreements/A-signed/", data).status_code == 404
