"""What all factories share."""

from datetime import UTC, datetime
from typing import Any

import factory

MOMENT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class Factory(factory.django.DjangoModelFactory[Any]):
    """Rows that stand already; writing them through the actions is what the actions' own tests do."""

    class Meta:
        abstract = True
