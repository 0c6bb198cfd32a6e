"""Attached files as answers."""

from urllib.parse import quote

from django.http import Http404, HttpResponse

from keqiao.apps.files import store
from keqiao.apps.files.models import Attachment


def file_answer(attachment: Attachment) -> HttpResponse:
    """The file as a download, never shown inside the site; whether one may have it is asked before."""
    try:
        content = store.read(attachment.sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=attachment.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
