from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from keqiao.apps.parties import places
from keqiao.apps.parties.models import User
from keqiao.apps.post import queries as post


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows of the installation: its region and whether it is the demo."""
    return {
        "region": places.region(),
        "is_demo_site": settings.DEMO,
        "actor": getattr(request, "actor", None),
        "unread": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    """How many notifications wait for the person; asked once, and only by pages that show the bell."""
    user = getattr(request, "user", None)
    return post.unread_count(user) if isinstance(user, User) else 0
