"""Signing in with an account from outside (OpenID Connect): whose account it is here, and its entry in the ledger."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils import timezone

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User


class OutsideAdapter(DefaultSocialAccountAdapter):
    """Allauth with our user. Accounts are joined only by an address that both sides have confirmed."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user = sociallogin.user
        user.email = (data.get("email") or "").strip().lower()
        user.name = (data.get("name") or data.get("username") or "")[:60]
        user.date_joined = timezone.now()
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """An account here whose own address was never confirmed may belong to somebody else: it is not opened."""
        found = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, email = found
        confirmed = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
        return (user, email) if confirmed and user.is_active else None

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user = sociallogin.user
        at = user.date_joined = timezone.now()
        subject = f"user:{user.key}"
        with ledger.action("user.sign_up", by=Actor(key=subject), at=at, subject=subject) as entry:
            super().save_user(request, sociallogin, form)
            entry.reason = "openid_connect"
            entry.change(email=user.email, name=user.name)
        return user
