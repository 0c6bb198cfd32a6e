"""Second factors as allauth keeps them: their secrets, their names, and which of them stay."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.parties import places
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import User
from keqiao.web.parts.factors import FACTORS, must_have_one


class MfaAdapter(DefaultMFAAdapter):
    """Allauth with secrets that are not readable in a copy of the database, and a last factor that stays."""

    def get_totp_issuer(self) -> str:
        return f"{_('科桥')} {places.region().name}"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of somebody who must have one goes only with the security administrator's help."""
        user = authenticator.user
        if not must_have_one(actor_of(user, on=localdate())):
            return True
        others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("通行密钥 %(number)d") % {"number": number}


def _cipher() -> Fernet:
    """A key of its own from the installation's secret: whoever has only the database cannot make codes."""
    digest = hashlib.sha256(b"keqiao.factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
