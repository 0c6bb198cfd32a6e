"""The request as our middleware completes it; views are annotated with it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User


class Request(HttpRequest):
    """A request with its actor and what htmx says of it."""

    user: User | AnonymousUser
    actor: Actor
    htmx: HtmxDetails


def person(request: Request) -> User:
    """Who is signed in, behind `login_required`."""
    if not isinstance(request.user, User):
        raise TypeError("this view needs somebody who is signed in: put login_required before it")
    return request.user
