from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The language of messages; a test of a page before may have left another one switched on."""
    with translation.override("zh-hans"):
        yield
