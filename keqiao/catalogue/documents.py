"""Documents as text: .txt, .docx, .pdf and .html read for engines that work on texts. No database, no settings."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PAGES = 2_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REASONS = {
    "empty": "the file holds no text; check that it is the right one",
    "too_large": "the file is larger than can be read; split it",
    "password": "the file asks for a password; save a copy without one",
    "no_text": "its pages are pictures (a scan); run text recognition and take its result",
    "damaged": "the file is damaged or no {kind}; open it and save it again as .{kind}",
    "old_word": "the file is an old Word file (.doc) or one with a password; save it as .docx without one",
    "encoding": "the text is neither UTF-8, UTF-16 nor GB 18030; save it as UTF-8",
    "unknown_kind": "the ending tells no kind that can be read; give .txt, .docx, .pdf or .html",
}
_BLOCKS = frozenset(
    ("p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "table", "section", "article", "ul", "ol", "dl",
     "dt", "dd", "header", "footer", "title")
)  # fmt: skip
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "nav", "select", "button"))
_CONTENT = re.compile(r"content|article|zoom|editor|detail|main|正文", re.IGNORECASE)


class DocumentError(ValueError):
    """A file that cannot be read as text; `code` tells why, the text also what to do.

    >>> str(DocumentError("empty", name="a.txt"))
    'a.txt: the file holds no text; check that it is the right one'
    """

    def __init__(self, code: str, *, name: str) -> None:
        kind = name.rpartition(".")[2].lower()
        super().__init__(f"{name}: {_REASONS[code].format(kind=kind)}")
        self.code = code
        self.name = name


@dataclass(frozen=True)
class ReadDocument:
    """The text of a file and notes on what reading it changed (codes: tracked_changes, numbering, gb18030, utf16)."""

    text: str
    notes: tuple[str, ...] = ()


def read_document(content: bytes, *, name: str) -> ReadDocument:
    """Return the text of a file by the ending of its name.

    .txt is decoded and nothing else, so that positions in the text are positions in the file; of a .docx the text with
    its tracked changes accepted; of a .pdf the text page by page; of a page of the web the text of its article, cells
    of tables parted by tabs. Raises DocumentError.

    >>> read_document("答复如下：".encode(), name="reply.txt").text
    '答复如下：'
    """
    if not content.strip():
        raise DocumentError("empty", name=name)
    if len(content) > MOST_BYTES:
        raise DocumentError("too_large", name=name)
    reader = _READERS.get(name.rpartition(".")[2].lower())
    if reader is None:
        raise DocumentError("unknown_kind", name=name)
    found = reader(content, name)
    if not found.text.strip("\ufeff \t\r\n\u3000"):
        raise DocumentError("empty", name=name)
    return found


def _plain(content: bytes, name: str) -> ReadDocument:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ReadDocument(_decoded(content, "utf-16", name), ("utf16",))
    try:
        text = content.decode("utf-8")
        if "\0" in text:  # decodes, and is no text all the same
            raise DocumentError("encoding", name=name)
        return ReadDocument(text)
    except UnicodeDecodeError:
        return ReadDocument(_decoded(content, "gb18030", name), ("gb18030",))


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError("encoding", name=name) from error
    if "\0" in text:
        raise DocumentError("encoding", name=name)
    return text


def _docx(content: bytes, name: str) -> ReadDocument:
    from docx import Document  # noqa: PLC0415 - 80 ms: only for Word files
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415 - as above

    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError("old_word", name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
                raise DocumentError("too_large", name=name)
        body = Document(io.BytesIO(content)).element.body
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, SyntaxError) as error:
        raise DocumentError("damaged", name=name) from error
    except ValueError as error:
        raise error if isinstance(error, DocumentError) else DocumentError("damaged", name=name) from error
    tags = {element.tag for element in body.iter()}
    notes = []
    if tags & {_WORD + "ins", _WORD + "del", _WORD + "moveFrom"}:
        notes.append("tracked_changes")
    if _WORD + "numPr" in tags:
        notes.append("numbering")
    return ReadDocument("".join(_blocks(body)), tuple(notes))


def _blocks(body: Any) -> Iterator[str]:
    """The paragraphs of a document, rows of tables as lines of cells."""
    for element in body:
        if element.tag == _WORD + "p":
            yield _paragraph(element) + "\n"
        elif element.tag == _WORD + "tbl":
            for row in element.iter(_WORD + "tr"):
                cells = [cell for cell in row if cell.tag == _WORD + "tc"]
                yield "\t".join(" ".join(map(_paragraph, cell.iter(_WORD + "p"))).strip() for cell in cells) + "\n"
        elif element.tag in (_WORD + "sdt", _WORD + "sdtContent", _WORD + "ins", _WORD + "customXml"):
            yield from _blocks(element)


def _paragraph(element: Any) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag == _WORD + "t":
            parts.append(child.text or "")
        elif child.tag == _WORD + "tab":
            parts.append("\t")
        elif child.tag in (_WORD + "br", _WORD + "cr"):
            parts.append("\n")
        elif child.tag not in (_WORD + "del", _WORD + "moveFrom", _WORD + "pPr", _WORD + "rPr", _WORD + "instrText"):
            parts.append(_paragraph(child))
    return "".join(parts)


def _pdf(content: bytes, name: str) -> ReadDocument:
    from pypdf import PdfReader  # noqa: PLC0415 - 120 ms: only for PDF files
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it grumbles about is said by our own errors
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("password", name=name)
        if len(reader.pages) > MOST_PAGES:
            raise DocumentError("too_large", name=name)
        pages = [page.extract_text() or "" for page in reader.pages]
        pictured = any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages)
    except DocumentError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        NotImplementedError,  # the library's word for encryption and filters it does not know
    ) as error:
        raise DocumentError("damaged", name=name) from error
    text = "\n".join(pages)
    if len(text.split()) == 0 or (pictured and len("".join(text.split())) < 10 * len(pages)):
        raise DocumentError("no_text", name=name)
    return ReadDocument(text)


def _html(content: bytes, name: str) -> ReadDocument:
    from lxml import etree, html  # noqa: PLC0415 - only for pages of the web

    try:
        text, notes = _html_text(content, name)
        root = html.fromstring(text)
    except (etree.ParserError, ValueError) as error:
        raise error if isinstance(error, DocumentError) else DocumentError("damaged", name=name) from error
    parts: list[str] = []
    _walk(_article(root), parts, depth=0)
    lines = (re.sub(r"[ \xa0]{2,}", " ", line).strip(" ").rstrip("\t") for line in "".join(parts).split("\n"))
    return ReadDocument(re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip("\n") + "\n", notes)


def _html_text(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The page decoded as it says itself, else as text; an XML declaration would be refused behind decoding."""
    declared = re.search(rb"charset=[\"']?([A-Za-z0-9_-]{3,20})", content[:2048])
    encoding = declared[1].decode("ascii").lower() if declared else ""
    if encoding in ("gb2312", "gbk", "gb18030"):
        read = ReadDocument(_decoded(content, "gb18030", name), ("gb18030",))
    else:
        read = _plain(content, name)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", read.text.lstrip("\ufeff")), read.notes


def _article(root: Any) -> Any:
    """The innermost element by the usual names of an article that holds most of the page's text; else all of it."""
    whole = len("".join(root.text_content().split()))
    best = root
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body"):
            continue
        marks = f"{element.get('id') or ''} {element.get('class') or ''}"
        if (element.tag == "article" or _CONTENT.search(marks)) and len(
            "".join(element.text_content().split())
        ) * 5 >= whole * 3:
            best = element
    return best


def _walk(element: Any, parts: list[str], *, depth: int) -> None:
    tag = element.tag if isinstance(element.tag, str) else "script"
    if tag in _SILENT or depth > 400:
        return
    if element.text:
        parts.append(re.sub(r"\s*\n\s*", "", element.text))
    for child in element:
        kind = child.tag if isinstance(child.tag, str) else ""
        if kind in _BLOCKS and parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        _walk(child, parts, depth=depth + 1)
        if kind in ("td", "th"):
            parts.append("\t")
        elif kind in _BLOCKS and parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        if child.tail:
            parts.append(re.sub(r"\s*\n\s*", "", child.tail))


_READERS: dict[str, Callable[[bytes, str], ReadDocument]] = {
    "txt": _plain, "docx": _docx, "doc": _docx, "pdf": _pdf, "html": _html, "htm": _html,
}  # fmt: skip
