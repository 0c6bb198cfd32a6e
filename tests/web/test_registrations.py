"""认定登记 on screen: filing, supplements, the registrar's queue and decision, the certificate, the file."""

from datetime import timedelta

from django.utils.timezone import localdate

from keqiao.apps.market.models import Registration
from tests.web.conftest import SignIn
from tests.web.pages.agreements import _form
from tests.web.world import World


def test_signed_contract_is_filed_step_by_step(world: World, sign_in: SignIn) -> None:
    client = sign_in("editor")
    assert "registry公司" in client.get("/desk/agreements/A-signed/register/").content.decode()
    begun = client.post("/desk/agreements/A-signed/register/", {"office": world.things["office"].pk})
    row = Registration.objects.get(agreement__key="A-signed")
    assert begun["Location"] == f"/desk/registrations/{row.key}/"
    again = client.get("/desk/agreements/A-signed/register/")
    assert again["Location"] == begun["Location"]

    short = client.post(begun["Location"], _form() | {"do": "submit", "handler": "", "seller_area": ""})
    assert short.status_code == 422
    assert "这个字段是必填项" in short.content.decode()
    assert client.post(begun["Location"], _form() | {"do": "submit"}).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.filed_date) == ("submitted", localdate())
    assert "登记机构应在" in client.get(begun["Location"]).content.decode()


def test_saving_does_not_hand_in(sign_in: SignIn) -> None:
    sign_in("editor").post("/desk/registrations/R-filled/", _form() | {"do": "save", "handler": "Wu"})
    row = Registration.objects.get(key="R-filled")
    assert (row.state, row.handler) == ("draft", "Wu")


def test_supplement_is_asked_for_and_supplied(sign_in: SignIn) -> None:
    client = sign_in("editor")
    page = client.get("/desk/registrations/R-asked/").content.decode()
    assert "The patent is missing" in page
    silent = client.post("/desk/registrations/R-asked/", _form() | {"do": "submit"})
    assert silent.status_code == 422
    assert "请说明补正了什么" in silent.content.decode()

    client.post("/desk/registrations/R-asked/", _form() | {"do": "submit", "answer": "Attached"})

    assert Registration.objects.get(key="R-asked").state == "submitted"
    assert "Attached" in sign_in("registrar").get("/office/registrations/R-asked/").content.decode()


def test_queue_shows_what_is_late(sign_in: SignIn) -> None:
    Registration.objects.filter(key="R-filed").update(due_date=localdate() - timedelta(days=2))
    page = sign_in("registrar").get("/office/registrations/").content.decode()
    assert "逾期 2 天" in page
    assert "待办 2 件，其中逾期 1 件" in page


def test_registrar_goes_from_acceptance_to_the_register(sign_in: SignIn) -> None:
    client, address = sign_in("registrar"), "/office/registrations/R-filed/"
    client.post(address, {"do": "accept"})
    early = client.post(address, {"do": "register", "number": "1" * 16, "technology_amount_fen": "50"})
    assert early.status_code == 422
    assert "逐项给出意见" in early.content.decode()
    for kind in ("form", "type", "amount"):
        opinion = {"do": "check", "kind": kind, "passed": "yes", "opinion": "Fine"}
        assert client.post(address, opinion).status_code == 302

    done = client.post(address, {"do": "register", "number": "12345", "technology_amount_fen": "50"}, follow=True)

    row = Registration.objects.get(key="R-filed")
    assert (row.state, row.number, row.technology_amount_fen) == ("registered", "12345", 50_000_000)
    assert "登记编号通常是 14 位或 16 位数字" in done.content.decode()
    certificate = sign_in("editor").get("/desk/registrations/R-filed/certificate/").content.decode()
    assert "80 万元" in certificate
    assert "50 万元" in certificate


def test_opinion_is_needed_and_what_was_typed_stays(sign_in: SignIn) -> None:
    answer = sign_in("registrar").post(
        "/office/registrations/R-review/", {"do": "check", "kind": "type", "passed": "no", "opinion": ""}
    )
    assert answer.status_code == 422
    assert 'value="no" selected' in answer.content.decode()


def test_change_keeps_the_version(sign_in: SignIn) -> None:
    client, address = sign_in("registrar"), "/office/registrations/R-registered/"
    client.post(f"{address}change/", _form() | {"note": "A supplement", "technology_amount_fen": "70"})
    page = client.get(address).content.decode()
    assert "A supplement" in page
    assert "第 1 版" in page
    assert "第 2 版" in sign_in("editor").get("/desk/registrations/R-registered/certificate/").content.decode()


def test_striking_off_says_that_the_tax_office_is_told(sign_in: SignIn) -> None:
    data = {"do": "deregister", "reason": "terminated", "note": "Ended", "tax_report_needed": "on"}
    page = sign_in("registrar").post("/office/registrations/R-registered/", data, follow=True).content.decode()
    assert "须报告主管税务机关" in page
    assert sign_in("editor").get("/desk/registrations/R-registered/certificate/").status_code == 404


def test_register_as_a_file_holds_codes_and_words(sign_in: SignIn) -> None:
    answer = sign_in("registrar").get("/office/registrations/?show=register&export=csv")
    text = answer.content.decode("utf-8-sig")
    head, line = text.splitlines()[:2]
    assert {"登记编号", "卖方国别（地区）代码", "合同成交额（元）"} <= set(head.split(","))
    assert "142,中国" in line
    assert "800000" in line


def test_annexes_are_read_by_the_office(world: World, sign_in: SignIn) -> None:
    client = sign_in("registrar")
    other = world.things["annex"].key
    assert client.get(f"/office/registrations/R-filed/files/{other}/").status_code == 404
