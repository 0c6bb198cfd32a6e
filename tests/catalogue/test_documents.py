"""Files as text: what is read, what is noted, and what is said about a file that cannot be read."""

import io

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pypdf import PdfWriter

from keqiao.catalogue.documents import DocumentError, ReadDocument, read_document


def pdf(text: str) -> bytes:
    """A page with a line of Latin text, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = io.BytesIO(b""), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def word(build: object) -> bytes:
    document = Document()
    build(document)  # type: ignore[operator]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def run_in(paragraph: object, tag: str, text: str) -> None:
    """A run inside w:ins or w:del."""
    change, run = OxmlElement(tag), OxmlElement("w:r")
    words = OxmlElement("w:delText" if tag == "w:del" else "w:t")
    words.text = text
    run.append(words)
    change.set(qn("w:author"), "x")
    change.append(run)
    paragraph._p.append(change)  # type: ignore[attr-defined]


def test_plain_text_is_decoded_and_not_touched() -> None:
    assert read_document("一\r\n二 \u3000".encode(), name="a.txt") == ReadDocument("一\r\n二 \u3000")


def test_plain_text_of_an_old_machine_is_read_with_a_note() -> None:
    assert read_document("答复".encode("gb18030"), name="a.txt") == ReadDocument("答复", ("gb18030",))


def test_word_file_gives_its_text_with_changes_accepted() -> None:
    def build(document: object) -> None:
        paragraph = document.add_paragraph("支持企业")  # type: ignore[attr-defined]
        run_in(paragraph, "w:del", "70户")
        run_in(paragraph, "w:ins", "73户")
        table = document.add_table(rows=1, cols=2)  # type: ignore[attr-defined]
        table.cell(0, 0).text, table.cell(0, 1).text = "2023", "860"

    assert read_document(word(build), name="a.docx") == ReadDocument("支持企业73户\n2023\t860\n", ("tracked_changes",))


def test_pdf_gives_the_text_of_its_pages() -> None:
    assert read_document(pdf("Reply 2024"), name="a.pdf").text.strip() == "Reply 2024"


def test_web_page_gives_the_text_of_its_article() -> None:
    page = """<html><head><title>t</title><script>var a = 1;</script></head><body><nav>首页 导航</nav>
    <div id="zoom"><p>一、关于“人才”的建议</p><p>2024年支持<b>73</b>户企业，投入资金一千八百万元。</p>
    <table><tr><td>2023</td><td>860</td></tr></table></div></body></html>"""
    text = read_document(page.encode(), name="a.html").text
    assert text == "一、关于“人才”的建议\n2024年支持73户企业，投入资金一千八百万元。\n2023\t860\n"


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def blank() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", "\ufeff \n".encode(), "empty"),
        ("a.txt", b"\x81\x00\xff", "encoding"),
        ("a.txt", b"what\0ever", "encoding"),
        ("a.docx", b"no package", "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0rest", "old_word"),
        ("a.pdf", b"%PDF-1.4 broken", "damaged"),
        ("a.pdf", locked(), "password"),
        ("a.pdf", blank(), "no_text"),
        ("a.xyz", b"x", "unknown_kind"),
        ("a.html", b"<html><body></body></html>", "empty"),
    ],
)
def test_file_that_cannot_be_read_says_why(name: str, content: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(content, name=name)
    assert caught.value.code == code
    assert str(caught.value).startswith(f"{name}: ")
