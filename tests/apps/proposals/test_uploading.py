"""Replies from files as offices send them: scans, passwords, tracked changes, wrong files; each says what to do."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from docx import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pypdf import PdfWriter

from keqiao.apps.files import queries as files
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.actions import NOTES, PROBLEMS, Imported
from keqiao.apps.proposals.models import Reply
from keqiao.catalogue import documents

from .answering import FIRST, SCIENCE, SECOND
from .people import officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def word(text: str, *, deleted: str = "") -> bytes:
    """A Word file; `deleted` is a change that is tracked: words somebody wants to take out."""
    document = WordDocument()
    for line in text.splitlines():
        paragraph = document.add_paragraph(line)
        if deleted and line.startswith("一、"):
            change = OxmlElement("w:del")
            run = OxmlElement("w:r")
            gone = OxmlElement("w:delText")
            gone.text = deleted
            run.append(gone)
            change.append(run)
            change.set(qn("w:author"), "x")
            paragraph._p.append(change)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def scan() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page(text: str) -> bytes:
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return f"<html><head><meta charset='utf-8'></head><body>{lines}</body></html>".encode()


def bring(now: datetime, *given: tuple[str, bytes], new: bool = False) -> list[Imported]:
    return actions.import_replies(files=list(given), by=SCIENCE, at=now, is_new_version=new)


@pytest.mark.parametrize(
    ("name", "content", "notes"),
    [
        ("答复.txt", FIRST.encode(), ()),
        ("答复.txt", FIRST.encode("gb18030"), ("gb18030",)),
        ("答复.docx", word(FIRST), ()),
        ("答复.docx", word(FIRST, deleted="删去的话"), ("tracked_changes",)),
        ("答复.html", page(FIRST), ()),
    ],
)
def test_file_is_read_kept_and_remarked_upon(name: str, content: bytes, notes: tuple[str, ...], now: datetime) -> None:
    (found,) = bring(now, (name, content))

    assert (found.code, found.notes) == ("", notes)
    assert found.reply is not None
    assert (found.reply.doc_number, found.reply.promises.count()) == ("演科议案〔2025〕12号", 4)
    assert "删去的话" not in found.reply.text
    assert files.attachment(found.reply.attachment).name == (f"{name}.txt" if name.endswith(".html") else name)


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("空.txt", lambda: b"", "empty"),
        ("空白.txt", lambda: b" \n ", "empty"),
        ("扫描.pdf", scan, "no_text"),
        ("加密.pdf", locked, "password"),
        ("坏.pdf", lambda: b"%PDF-1.7 broken", "damaged"),
        ("坏.docx", lambda: b"PK\x03\x04 broken", "damaged"),
        ("旧.doc", lambda: b"\xd0\xcf\x11\xe0 old", "old_word"),
        ("表.xlsx", lambda: b"PK\x03\x04", "unknown_kind"),
        ("乱码.txt", lambda: bytes(range(128, 256)), "encoding"),
        ("别的.txt", lambda: "今天天气很好。".encode(), "no_reply"),
        ("无号.txt", lambda: FIRST.replace("演科议案〔2025〕12号", "").encode(), "no_number"),
    ],
)
def test_file_that_cannot_be_taken_says_why_and_the_others_load(
    name: str, make: Callable[[], bytes], code: str, now: datetime
) -> None:
    bad, good = bring(now, (name, make()), ("好.txt", SECOND.encode()))

    assert (bad.name, bad.code, bad.reply) == (name, code, None)
    assert len(bad.problem) > 8
    assert good.reply is not None
    assert Reply.objects.get() == good.reply


def test_two_files_with_one_number_are_told_apart(now: datetime) -> None:
    first, same, other = bring(
        now, ("甲.txt", FIRST.encode()), ("乙.txt", FIRST.encode()), ("丙.txt", FIRST.replace("3个", "4个").encode())
    )
    assert (first.code, same.code, other.code) == ("", "same_text", "number_used")
    assert "作为新版本导入" in other.problem
    (again,) = bring(now, ("丙.txt", FIRST.replace("3个", "4个").encode()), new=True)
    assert again.reply is not None
    assert again.reply.version == 2


def test_reply_of_another_unit_is_named_and_left_out(now: datetime) -> None:
    other = FIRST.replace("演示省科学技术厅", "演示省教育厅")
    bad, good = bring(now, ("教育.txt", other.encode()), ("科技.txt", SECOND.encode()))
    assert (bad.code, good.code) == ("not_issuer", "")
    with pytest.raises(Refused, match="sign_in_first"):
        actions.import_replies(files=[("a.txt", FIRST.encode())], by=VISITOR, at=now)
    (none,) = actions.import_replies(files=[("a.txt", FIRST.encode())], by=officer_of("health"), at=now)
    assert none.code == "not_issuer"


def test_path_of_the_sender_is_not_kept(now: datetime) -> None:
    (found,) = bring(now, ("C:\\我的\\答复.txt", FIRST.encode()))
    assert found.reply is not None
    assert found.reply.file_name == found.name == "答复.txt"


def test_every_code_of_reading_has_its_sentence() -> None:
    assert set(documents._REASONS) == set(PROBLEMS)
    assert set(NOTES) == {"tracked_changes", "numbering", "gb18030", "utf16"}
