"""What a file is, told by its bytes, never by what its sender calls it."""

import io
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file one may attach: the ending of its name and its type for the browser."""

    ending: str
    content_type: str


PDF = Kind("pdf", "application/pdf")
PNG = Kind("png", "image/png")
JPEG = Kind("jpg", "image/jpeg")
DOCX = Kind("docx", f"{_OFFICE}.wordprocessingml.document")
XLSX = Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet")
PPTX = Kind("pptx", f"{_OFFICE}.presentationml.presentation")
PARQUET = Kind("parquet", "application/vnd.apache.parquet")
TEXT = Kind("txt", "text/plain; charset=utf-8")
_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"PAR1", PARQUET))
_FOLDERS = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text
_ENDINGS = {"jpeg": "jpg", "csv": "txt", "md": "txt"}


def kind_of(name: str, content: bytes) -> Kind:
    """The kind of a file by its bytes.

    A ValidationError (codes: empty, too_large, unknown_kind, wrong_ending, macros, damaged) says what is wrong with
    one that cannot be taken.
    """
    if not content:
        raise ValidationError(_("文件“%(name)s”是空的。"), code="empty", params={"name": name})
    if len(content) > MOST_BYTES:
        what = _("文件“%(name)s”超过 %(most)d MB，请压缩或拆分后再传。")
        raise ValidationError(what, code="too_large", params={"name": name, "most": MOST_BYTES // 1024 // 1024})
    kind = _by_bytes(name, content)
    ending = name.rpartition(".")[2].lower()
    if _ENDINGS.get(ending, ending) != kind.ending:
        what = _("文件“%(name)s”的内容是 %(kind)s，与扩展名不符，请改正扩展名后再传。")
        raise ValidationError(what, code="wrong_ending", params={"name": name, "kind": kind.ending.upper()})
    return kind


def _by_bytes(name: str, content: bytes) -> Kind:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(name, content)
    if (content.startswith(_UTF16) or b"\0" not in content) and _is_text(content):
        return TEXT
    raise _unknown(name)


def _unknown(name: str) -> ValidationError:
    what = _("不接受“%(name)s”这类文件。可以上传 PDF、Word（docx）、Excel（xlsx）、PowerPoint（pptx）、图片和文本。")
    return ValidationError(what, code="unknown_kind", params={"name": name})


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-16",) if content.startswith(_UTF16) else ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _office_kind(name: str, content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names, unpacked = package.namelist(), sum(part.file_size for part in package.infolist())
    except zipfile.BadZipFile as error:
        what = _("文件“%(name)s”已损坏，打不开，请重新导出后再传。")
        raise ValidationError(what, code="damaged", params={"name": name}) from error
    found = next((kind for folder, kind in _FOLDERS.items() if any(part.startswith(folder) for part in names)), None)
    if found is None or "[Content_Types].xml" not in names or unpacked > MOST_UNPACKED:
        raise _unknown(name)
    if any(part.endswith("vbaProject.bin") for part in names):
        what = _("文件“%(name)s”含有宏，请另存为不含宏的文件后再传。")
        raise ValidationError(what, code="macros", params={"name": name})
    return found
