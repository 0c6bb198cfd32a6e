from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Invitation, User
from keqiao.web.parts import invitations


class AccountAdapter(DefaultAccountAdapter):
    """Allauth with our user, and an entry in the ledger for every account that is opened."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names: the e-mail address is the name one signs in with."""

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever signs up on the way back to an invitation has read the letter to that address: no second one."""
        return super().is_email_verified(request, email) or email.lower() == _invited(request)

    def set_password(self, user: User, password: str) -> None:
        """A password that somebody changes, sets for the first time, or sets anew by the reset letter."""
        request = self.request
        reason = "" if request is not None and request.user.is_authenticated else "reset_letter"
        actor = Actor(key=f"user:{user.key}")
        parties.set_password(user, password, by=actor, at=timezone.now(), reason=reason)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        at = timezone.now()
        user.date_joined = user.password_set_at = at
        user.name = form.cleaned_data.get("name", "")
        with ledger.action(
            "user.sign_up", by=Actor(key=f"user:{user.key}"), at=at, subject=f"user:{user.key}"
        ) as entry:
            super().save_user(request, user, form, commit=commit)
            entry.change(email=user.email, name=user.name)
        return user


def _invited(request: HttpRequest) -> str:
    """The address of the open invitation that the sign-up form leads back to."""
    try:
        found = resolve(request.POST.get("next", ""))
        row = invitations.by_token(found.kwargs["token"]) if found.view_name == "public:invitation" else None
    except (Resolver404, Invitation.DoesNotExist):
        return ""
    return row.email if row is not None and not invitations.closed(row, at=timezone.now()) else ""
