"""Second factors: who must have one, who has one."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User

# Whoever sees other people's matters or can change what others may do.
WHO_NEED_ONE = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR, Role.OFFICER)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def must_have_one(actor: Actor) -> bool:
    return settings.REQUIRE_MFA and actor.has(*WHO_NEED_ONE)


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
