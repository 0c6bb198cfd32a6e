"""What a request may carry: JSON of a size that one process can hold. Asked after the key, before anything is read."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from ninja.errors import HttpError

HAS_BODY = ("POST", "PATCH", "PUT")
JSON = ("application/json", "application/merge-patch+json")


class TooLarge(Exception):
    """The body has more bytes than `API_LARGEST_BODY`."""


class NotJson(Exception):
    """The body is of another kind than JSON."""


def require_readable(request: HttpRequest) -> None:
    """Raises TooLarge or NotJson; HttpError 400 if the body ends before it should."""
    if request.method not in HAS_BODY:
        return
    most = settings.API_LARGEST_BODY
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most or len(request.body) > most:
            raise TooLarge
    except RequestDataTooBig as error:
        raise TooLarge from error
    except (UnreadablePostError, ValueError) as error:
        raise HttpError(400, "unreadable") from error
    if request.body and request.content_type not in JSON:
        raise NotJson
