"""Replies from files, several at once: one that cannot be read says why and leaves the others alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals.models import Reply
from keqiao.catalogue.documents import DocumentError, read_document

from .replies import Document, import_reply

# One sentence for each code of reading a file: what is wrong, and what to do.
PROBLEMS: dict[str, Lazy] = {
    "empty": gettext_lazy("文件“%(name)s”是空的，或者没有文字。请核对是不是这个文件。"),
    "too_large": gettext_lazy("文件“%(name)s”太大，请拆分后再传。"),
    "password": gettext_lazy("文件“%(name)s”设了打开密码，请另存一份不带密码的再传。"),
    "no_text": gettext_lazy("文件“%(name)s”是扫描件，里面只有图片没有文字。请先做文字识别，或上传原来的 Word 文件。"),
    "damaged": gettext_lazy("文件“%(name)s”已损坏，或者不是这种文件。请重新打开、另存后再传。"),
    "old_word": gettext_lazy("文件“%(name)s”是旧版 Word（doc）或带密码，请另存为不带密码的 docx 再传。"),
    "encoding": gettext_lazy("文件“%(name)s”的文字编码认不出来，请另存为 UTF-8 再传。"),
    "unknown_kind": gettext_lazy("不接受“%(name)s”这类文件。答复可以是 txt、docx、pdf 或 html。"),
}
# What reading a file remarked, in words for whoever checks the reply.
NOTES: dict[str, Lazy] = {
    "tracked_changes": gettext_lazy("文件带有修订：已按接受全部修订后的文字读取，请核对。"),
    "numbering": gettext_lazy("文件使用了自动编号：编号不在文字里，请核对分条是否正确。"),
    "gb18030": gettext_lazy("文件按 GB 18030 编码读取。"),
    "utf16": gettext_lazy("文件按 UTF-16 编码读取。"),
}


@dataclass(frozen=True)
class Imported:
    """What became of one file: the reply, or the code and the sentence of what is wrong; `notes` in either case."""

    name: str
    reply: Reply | None = None
    code: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()


def import_replies(
    *, files: Sequence[tuple[str, bytes]], by: Actor, at: datetime, is_new_version: bool = False, **values: Any
) -> list[Imported]:
    """Import each file as a reply of its own. A refusal stops everything: it concerns the person, not the file."""
    return [_one(name, content, by=by, at=at, is_new_version=is_new_version, **values) for name, content in files]


def _one(name: str, content: bytes, *, by: Actor, at: datetime, is_new_version: bool, **values: Any) -> Imported:
    plain = name.replace("\\", "/").rpartition("/")[2].strip() or "file"
    notes: tuple[str, ...] = ()
    try:
        read = read_document(content, name=plain)
        notes = read.notes
        document = Document(read.text, plain, content, notes)
        reply = import_reply(document=document, by=by, at=at, is_new_version=is_new_version, **values)
    except DocumentError as error:
        return Imported(plain, code=error.code, problem=str(PROBLEMS[error.code]) % {"name": plain})
    except ValidationError as error:
        return Imported(plain, code=_code(error), problem=" ".join(error.messages), notes=notes)
    except Refused as refusal:
        if refusal.reason != "not_issuer":
            raise
        problem = _("文件“%(name)s”的发文单位不是您所在的单位，没有导入。") % {"name": plain}
        return Imported(plain, code=refusal.reason, problem=problem, notes=notes)
    return Imported(plain, reply, notes=notes)


def _code(error: ValidationError) -> str:
    """The first code that an error carries, in whichever of its forms."""
    if hasattr(error, "error_dict"):
        return next((str(one.code) for errors in error.error_dict.values() for one in errors if one.code), "invalid")
    return str(getattr(error, "code", "") or "invalid")
