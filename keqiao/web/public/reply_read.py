"""Drop a reply: anybody, without an account, sees at once what a reply says. Nothing of it is stored or logged."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from keqiao.apps.parties import places
from keqiao.apps.proposals import masking
from keqiao.catalogue.documents import DocumentError, read_document
from keqiao.catalogue.replies import parse_reply
from keqiao.catalogue.replies.sample import sample_reply
from keqiao.web.parts import rates, reply_files, reply_findings
from keqiao.web.parts.reply_sheet import Sheet, masked_spans
from keqiao.web.parts.request import Request

MOST_CHARACTERS = 100_000
MOST_BYTES = 10 * 1024 * 1024
ACCEPTED = (".txt", ".docx", ".pdf", ".html", ".htm")
PER_MINUTE = 30


PROBLEMS = {
    "empty": _("文件“%(name)s”是空的，没有可读的文字。"),
    "no_text": _("文件“%(name)s”是扫描件，只有图片，没有文字。请换成能选中文字的 PDF 或 Word 文件，或者粘贴文字。"),
    "password": _("文件“%(name)s”加了密码，打不开。请去掉密码另存一份再试。"),
    "damaged": _("文件“%(name)s”已损坏，或者不是这种文件，打不开。请重新下载或另存一份再试。"),
    "too_large": _("文件“%(name)s”太大。请只保留答复正文，或者把文字粘贴进来。"),
    "old_word": _("文件“%(name)s”是旧版 Word（.doc）或加了密码。请另存为不带密码的 .docx 再试。"),
    "encoding": _("文件“%(name)s”里的文字认不出编码。请另存为 UTF-8 文本，或者把文字粘贴进来。"),
    "unknown_kind": _("文件“%(name)s”不是 .txt、.docx、.pdf 或 .html。图片请先转成文字。"),
}  # fmt: skip
NOTES = {
    "tracked_changes": _("文件里有修订痕迹：这里按接受全部修订后的文字来读。"),
    "numbering": _("文件用了自动编号：编号不在文字里，这里没有显示。"),
    "gb18030": _("文件不是 UTF-8 编码，已按 GB 18030 读取；如有乱码请把文字粘贴进来。"),
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A text as it came in: what its file is called, and what reading it remarked."""

    text: str
    name: str = ""
    notes: tuple[str, ...] = ()


class ReplyForm(forms.Form):
    """Pasted text or a file. Neither is kept."""

    text = forms.CharField(
        label=_("粘贴答复全文"), required=False, strip=False,
        widget=forms.Textarea({"rows": 9, "placeholder": _("把答复粘贴到这里，连标题、文号和落款一起更好。")}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("或者选一个文件"), required=False, allow_empty_file=True, max_length=200,
        help_text=_("Word（.docx）、PDF、文本或网页文件，不超过 10 MB。"),
        widget=forms.FileInput({"accept": ",".join(ACCEPTED)}),
    )  # fmt: skip
    given: Given

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        self.given = _of_file(file) if file else Given(cleaned.get("text") or "")
        field = "file" if file else "text"
        if not self.given.text.strip():
            self.add_error(field, ValidationError(_("请先粘贴答复全文，或者选一个文件。"), code="empty"))
        elif len(self.given.text) > MOST_CHARACTERS:
            what = _("文字有 %(count)d 字，一次最多读 %(most)d 字。请一次只放一份答复。")
            params = {"count": len(self.given.text), "most": MOST_CHARACTERS}
            self.add_error(field, ValidationError(what, code="too_long", params=params))
        return cleaned


def _of_file(file: UploadedFile) -> Given:
    name = file.name or ""
    try:
        if file.size is not None and file.size > MOST_BYTES:
            raise DocumentError("too_large", name=name)
        document = read_document(file.read(), name=name)
    except DocumentError as error:
        what = PROBLEMS.get(error.code, PROBLEMS["damaged"])
        raise ValidationError({"file": ValidationError(what, code=error.code, params={"name": name})}) from error
    return Given(document.text, name, document.notes)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: Request) -> HttpResponse:
    """POST only carries the text: no address ever holds it, nothing is written and nothing is logged."""
    if request.method != "POST":
        given = Given(sample_reply()) if request.GET.get("sample") else None
        return _page(request, ReplyForm(), given)
    try:
        rates.admit(f"reply:{rates.address(request)}", most=PER_MINUTE)
    except rates.TooOften as error:
        form = ReplyForm()
        answer = _page(request, form, None, busy=error.seconds, status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, None, status=422)
    if request.POST.get("do") in reply_files.KINDS:
        sheet = sheet_of(form.given.text)
        return reply_files.answer(sheet, kind=request.POST["do"], name=gettext("答复解析"))
    return _page(request, ReplyForm(), form.given)


def _page(request: Request, form: ReplyForm, given: Given | None, *, busy: int = 0, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "reply",
        "form": form,
        "busy": busy,
        "sample": bool(request.GET.get("sample")),
    }
    if given is not None:
        sheet = sheet_of(given.text)
        context |= {"sheet": sheet, "notes": [NOTES[code] for code in given.notes if code in NOTES]}
    return render(request, "public/reply_read.html", context, status=status)


def sheet_of(text: str) -> Sheet:
    """What a text says. The sheet's text may travel in a form: no telephone and no given name is left in it.

    Browsers send line ends as \\r\\n; they are made \\n first, so that a text means the same each time it comes.
    """
    text = masking.opened(text.replace("\r\n", "\n").replace("\r", "\n"))
    region = places.region().code
    reply = parse_reply(text, region=region)
    names, numbers = masked_spans(reply, text)
    concealed = masking.conceal(text, names=names, numbers=numbers)
    if concealed != text:
        reply = parse_reply(concealed, region=region)
        names, numbers = masked_spans(reply, concealed)
    shown = masking.mask(concealed, names=names, numbers=numbers)
    return Sheet(reply, text=shown, findings=reply_findings.findings(reply), masked=[*names, *numbers])
