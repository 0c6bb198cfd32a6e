"""The signed way out at the foot of each letter: it opens one page, for one person, without signing in."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist

from keqiao.apps.parties.models import User

SALT = "keqiao.post.unsubscribe"
HOLDS_FOR = timedelta(days=400)


class TokenUnreadable(ValueError):
    """The token was changed, is too old, or its account is gone."""


@dataclass(frozen=True)
class Way:
    """Whose way out it is, and what the letter was about."""

    user: User
    topics: tuple[str, ...]


def token(user: User, topics: tuple[str, ...]) -> str:
    return signing.dumps([user.key.hex, *topics], salt=SALT)


def read(text: str) -> Way:
    """Whose letter it was; TokenUnreadable if the token does not hold."""
    try:
        key, *topics = signing.loads(text, salt=SALT, max_age=HOLDS_FOR)
        user = User.objects.get(key=key, is_active=True)
    except (signing.BadSignature, ObjectDoesNotExist, ValueError, TypeError) as error:
        raise TokenUnreadable(text) from error
    return Way(user, tuple(topics))
