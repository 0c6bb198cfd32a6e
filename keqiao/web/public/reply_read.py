"""Drop a reply: anybody, without an account, sees at once what a reply says. Nothing of it is stored or logged."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from keqiao.apps.parties import places
from keqiao.catalogue.replies import parse_reply
from keqiao.catalogue.replies.sample import sample_reply
from keqiao.web.parts import rates, reply_files, reply_findings, reply_masks
from keqiao.web.parts.reply_sheet import Sheet, masked_spans
from keqiao.web.parts.request import Request

MOST_CHARACTERS = 100_000
PER_MINUTE = 30


class ReplyForm(forms.Form):
    """Pasted text. It is not kept."""

    text = forms.CharField(
        label=_("粘贴答复全文"), strip=False, error_messages={"required": _("请先粘贴答复全文。")},
        widget=forms.Textarea({"rows": 9, "placeholder": _("把答复粘贴到这里，连标题、文号和落款一起更好。")}),
    )  # fmt: skip

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(_("请先粘贴答复全文。"), code="empty")
        if len(text) > MOST_CHARACTERS:
            what = _("文字有 %(count)d 字，一次最多读 %(most)d 字。请一次只放一份答复。")
            raise ValidationError(what, code="too_long", params={"count": len(text), "most": MOST_CHARACTERS})
        return text


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: Request) -> HttpResponse:
    """POST only carries the text: no address ever holds it, nothing is written and nothing is logged."""
    if request.method != "POST":
        given = sample_reply() if request.GET.get("sample") else ""
        return _page(request, ReplyForm(), given)
    try:
        rates.admit(f"reply:{rates.address(request)}", most=PER_MINUTE)
    except rates.TooOften as error:
        form = ReplyForm()
        answer = _page(request, form, "", busy=error.seconds, status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, "", status=422)
    if request.POST.get("do") in reply_files.KINDS:
        sheet = sheet_of(form.cleaned_data["text"])
        return reply_files.answer(sheet, kind=request.POST["do"], name=gettext("答复解析"))
    return _page(request, ReplyForm(), form.cleaned_data["text"])


def _page(request: Request, form: ReplyForm, given: str, *, busy: int = 0, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "reply",
        "form": form,
        "busy": busy,
        "sample": bool(request.GET.get("sample")),
    }
    if given:
        sheet = sheet_of(given)
        context |= {"sheet": sheet, "meta": sheet.reply.meta}
    return render(request, "public/reply_read.html", context, status=status)


def sheet_of(text: str) -> Sheet:
    """What a text says. The sheet's text may travel in a form: no telephone and no given name is left in it.

    Browsers send line ends as \\r\\n; they are made \\n first, so that a text means the same each time it comes.
    """
    text = reply_masks.opened(text.replace("\r\n", "\n").replace("\r", "\n"))
    region = places.region().code
    reply = parse_reply(text, region=region)
    names, numbers = masked_spans(reply, text)
    concealed = reply_masks.conceal(text, names=names, numbers=numbers)
    if concealed != text:
        reply = parse_reply(concealed, region=region)
        names, numbers = masked_spans(reply, concealed)
    shown = reply_masks.mask(concealed, names=names, numbers=numbers)
    return Sheet(reply, text=shown, findings=reply_findings.findings(reply), masked=[*names, *numbers])
