"""The technology field of a proposal is set by the office, out of the shipped table."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.proposals import actions

from .answering import LOADER, asked

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_field_of_the_table_is_kept(now: datetime) -> None:
    row = actions.edit_proposal(asked(), field="agriculture", by=LOADER, at=now)

    row.refresh_from_db()
    assert row.field == "agriculture"


def test_field_that_no_table_has_is_refused(now: datetime) -> None:
    with pytest.raises(ValidationError) as error:
        actions.edit_proposal(asked(), field="luck", by=LOADER, at=now)

    assert set(error.value.message_dict) == {"field"}
