"""Drop a reply: what lights up in the text, what comes as a file, and that nothing of it is kept."""

import json
import logging
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from pypdf import PdfWriter
from python_calamine import CalamineWorkbook

from keqiao.apps.ledger.models import Entry
from keqiao.catalogue.replies.sample import sample_reply
from keqiao.web.public import reply_read
from tests.web.conftest import english
from tests.web.html import HAN, text, texts, texts_of

PATH = "/replies/read/"
PHONE, NAME = "13912345678", "周明远"
TEXT = sample_reply().replace("13900000000", PHONE)


def posted(client: Client, given: str = TEXT, **more: object) -> str:
    answer = client.post(PATH, {"text": given, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def downloaded(client: Client, do: str, given: str = TEXT) -> bytes:
    answer = client.post(PATH, {"text": given, "do": do})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    return answer.content


def typeset(page: str) -> str:
    """The letters of the text as they stand on the page, without flags."""
    article = page.split("<article", 1)[1].split(">", 1)[1].split("</article>")[0]
    article = re.sub(r'<a class="flag.*?</a>', "", article)
    return texts_of(article.replace("</p>", "\n</p>"))


def test_sample_is_read_with_one_press(visitor: Client) -> None:
    page = text(visitor.get(f"{PATH}?sample=1"))

    assert "这份答复是编写的" in page
    assert "演科提〔2025〕41号" in page


def test_text_stands_as_typeset_but_for_the_contacts(visitor: Client) -> None:
    shown = typeset(posted(visitor))

    expected = TEXT.replace(PHONE, "139****5678").replace("0999-88886666", "099*-****6666").replace(NAME, "周**")
    assert [line.strip("　 ") for line in shown.splitlines() if line.strip("　 ")] == [
        line.strip("　 ") for line in expected.splitlines() if line.strip("　 ")
    ]


def test_figure_leads_to_its_card_and_its_row(visitor: Client) -> None:
    page = posted(visitor)

    mark = re.search(r'<a class="m figure done" href="#(f\d+)" data-card="card-\1"[^>]*>3600万元</a>', page)
    assert mark is not None
    card = texts_of(page.split(f'id="card-{mark[1]}"')[1].split("</div>")[0])
    for said in ("3,600 万元", "金额", "已完成", "2024 · 原句写明", "省科技厅"):
        assert said in card
    assert f'<tr id="{mark[1]}"' in page


def test_refusal_deferral_and_silence_are_told_apart(visitor: Client) -> None:
    page = posted(visitor)

    rows = ["".join(texts_of(row).split()) for row in re.findall(r'<tr id="a\d-1">(.*?)</tr>', page)]
    told = ["省科技厅已答复", "省财政厅不予采纳", "省工信厅暂缓", "未见具体回应"]
    assert [said for said, row in zip(told, rows, strict=True) if said not in row] == []


def test_promise_has_its_flag_and_its_horizon(visitor: Client) -> None:
    page = posted(visitor)

    assert 'aria-label="承诺 1"' in page
    row = texts_of(page.split('<tr id="c001"')[1].split("</tr>")[0])
    assert "2025-12" in row
    assert "具体" in row


def test_line_ends_of_browsers_change_nothing(visitor: Client) -> None:
    assert typeset(posted(visitor, TEXT.replace("\n", "\r\n"))) == typeset(posted(visitor))


# Files


def test_workbook_holds_every_part(visitor: Client) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(downloaded(visitor, "xlsx")))

    assert book.sheet_names == ["数字指标", "承诺事项", "建议与答复", "核对提醒", "公文信息"]
    figures = book.get_sheet_by_name("数字指标").to_python()
    row = dict(zip(figures[0], next(row for row in figures if row[1] == "3600万元"), strict=True))
    assert row["数值"] == 36_000_000
    assert TEXT[int(row["起"]) : int(row["止"])] == "3600万元"
    assert ["文号", "演科提〔2025〕41号"] in book.get_sheet_by_name("公文信息").to_python()


def test_files_say_the_same_as_the_page(visitor: Client) -> None:
    page = posted(visitor)
    kept = re.search(r'name="text" value="([^"]*)"', page)
    assert kept is not None
    again = texts_of(kept[1])

    record = json.loads(downloaded(visitor, "json", again))
    assert record["schema"] == "keqiao.reply.gold/1"
    assert len(record["figures"]) == page.count('<tr id="f')
    assert len(record["commitments"]) == page.count('<tr id="c')
    assert downloaded(visitor, "csv", again).decode("utf-8-sig").count("\n") >= len(record["figures"])
    assert "2025-12" in downloaded(visitor, "promises", again).decode("utf-8-sig")


@pytest.mark.parametrize("do", ["", "csv", "promises", "json", "xlsx"])
def test_contacts_are_masked_everywhere(visitor: Client, do: str) -> None:
    answer = visitor.post(PATH, {"text": TEXT, "do": do})

    content = answer.content
    if do == "xlsx":
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        content = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names]).encode()
    for kept in (PHONE, "88886666", NAME):
        assert kept not in content.decode()


# What is given


def a_docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def a_pdf(*, password: str = "") -> bytes:
    """One page without text, as a scanner makes it; with a password if one is given."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("reply.txt", TEXT.encode()), ("reply.docx", a_docx(*TEXT.split("\n"))),
     ("reply.html", f"<html><body>{''.join(f'<p>{line}</p>' for line in TEXT.splitlines())}</body></html>".encode())],
)  # fmt: skip
def test_file_is_read_as_its_text_is(visitor: Client, name: str, content: bytes) -> None:
    page = posted(visitor, "", file=SimpleUploadedFile(name, content))

    assert page.count('<tr id="f') == posted(visitor).count('<tr id="f')


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "是空的，没有可读的文字"),
        ("blank.txt", " \n　\n".encode(), "是空的，没有可读的文字"),
        ("reply.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "是旧版 Word（.doc）或加了密码"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "是旧版 Word（.doc）或加了密码"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\xff", "认不出编码"),
        ("scan.pdf", a_pdf(), "是扫描件，只有图片，没有文字"),
        ("locked.pdf", a_pdf(password="x"), "加了密码，打不开"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "不是 .txt、.docx、.pdf 或 .html"),
        ("broken.docx", b"PK\x03\x04 broken", "已损坏"),
        ("broken.pdf", b"%PDF-1.4 broken", "已损坏"),
    ],
)
def test_bad_file_is_told_what_to_do(visitor: Client, name: str, content: bytes, said: str) -> None:
    answer = visitor.post(PATH, {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert said in text(answer)
    assert name in text(answer)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "请先粘贴答复全文，或者选一个文件。"),
        (" \n　", "请先粘贴答复全文，或者选一个文件。"),
        ("一" * 100_001, "文字有 100001 字，一次最多读 100000 字"),
    ],
)
def test_bad_text_is_told_what_to_do(visitor: Client, given: str, said: str) -> None:
    answer = visitor.post(PATH, {"text": given})

    assert answer.status_code == 422
    assert said in text(answer)


def test_text_that_is_no_reply_is_shown_and_said_so(visitor: Client) -> None:
    page = posted(visitor, "今天天气很好，我们去公园散步。")

    assert "这看起来不像一份答复。" in page
    assert typeset(page).strip() == "今天天气很好，我们去公园散步。"


def test_text_is_never_markup(visitor: Client) -> None:
    page = posted(visitor, "一、关于“<script>alert(1)</script>”的建议\n2024年，支持3家企业。")

    assert "<script>alert" not in page


def test_file_that_is_too_large_is_told_so(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_read, "MOST_BYTES", 10)

    answer = visitor.post(PATH, {"file": SimpleUploadedFile("reply.txt", TEXT.encode())})

    assert answer.status_code == 422
    assert "文件“reply.txt”太大" in text(answer)


def test_tracked_changes_are_read_as_accepted_and_said(visitor: Client) -> None:
    document = Document(BytesIO(a_docx(*TEXT.split("\n"))))
    run = document.paragraphs[8].runs[0]._r
    mark = run.makeelement(f"{{{run.nsmap['w']}}}ins", {})
    run.addprevious(mark)
    mark.append(run)
    stream = BytesIO()
    document.save(stream)

    page = posted(visitor, "", file=SimpleUploadedFile("reply.docx", stream.getvalue()))

    assert "这里按接受全部修订后的文字来读" in page


def test_sum_that_does_not_agree_is_marked_with_its_reason(visitor: Client) -> None:
    page = posted(visitor)

    assert "原文写增长 25%，按前后两个数算是 20%，超出四舍五入的范围。" in page
    assert 'class="flag finding' in page
    assert 'class="flag finding' not in posted(visitor, TEXT.replace("增长25%", "增长20%"))


def test_too_many_requests_are_asked_to_wait(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_read, "PER_MINUTE", 1)
    posted(visitor)

    answer = visitor.post(PATH, {"text": TEXT})

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60


# Nothing is kept


def test_reply_is_not_kept_anywhere(
    visitor: Client, caplog: pytest.LogCaptureFixture, home: Path, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    before, entries = files_below(home, Path(settings.FILES_ROOT)), Entry.objects.count()

    with CaptureQueriesContext(connection) as queries:
        for do in ("", "xlsx", "csv", "json"):
            visitor.post(PATH, {"text": TEXT, "do": do})
        visitor.post(PATH, {"file": SimpleUploadedFile("reply.txt", TEXT.encode())})

    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert Entry.objects.count() == entries
    assert files_below(home, Path(settings.FILES_ROOT)) == before
    assert "中试" not in caplog.text
    assert dict(visitor.session) == {}
    assert "no-store" in visitor.post(PATH, {"text": TEXT})["Cache-Control"]


def files_below(*folders: Path) -> set[Path]:
    return {path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()}


def test_english_page_marks_what_stays_chinese(visitor: Client) -> None:
    page = english(visitor).post(PATH, {"text": TEXT})

    assert [one for one in texts(page) if HAN.search(one)] == []
