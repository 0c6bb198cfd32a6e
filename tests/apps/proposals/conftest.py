from datetime import datetime

import pytest

from keqiao.apps.parties.models import User
from keqiao.apps.proposals.models import Promise
from tests.factories.parties import UserFactory
from tests.factories.proposals import SignerFactory

from .answering import asked, of, published


@pytest.fixture
def signed(now: datetime) -> tuple[Promise, User]:
    """A promise of a published reply to a proposal that somebody with an account signed."""
    user = UserFactory()
    SignerFactory(proposal=asked(), user=user)
    return of(published(now), "扩大"), user
