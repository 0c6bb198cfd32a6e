from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Allauth with our user, and an entry in the ledger for every account that is opened."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names: the e-mail address is the name one signs in with."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        at = timezone.now()
        user.date_joined, user.name = at, form.cleaned_data.get("name", "")
        with ledger.action(
            "user.sign_up", by=Actor(key=f"user:{user.key}"), at=at, subject=f"user:{user.key}"
        ) as entry:
            super().save_user(request, user, form, commit=commit)
            entry.change(email=user.email, name=user.name)
        return user
