"""How often somebody may ask: counted by address and minute, in this process."""

import pytest
from django.test import RequestFactory, override_settings

from keqiao.web.parts import rates


def test_request_beyond_the_limit_is_told_how_long_to_wait() -> None:
    for _time in range(3):
        rates.admit("reply:1", most=3)

    with pytest.raises(rates.TooOften) as refused:
        rates.admit("reply:1", most=3)

    assert 1 <= refused.value.seconds <= 60


def test_others_are_counted_apart() -> None:
    rates.admit("reply:1", most=1)
    rates.admit("reply:2", most=1)


def test_address_comes_from_the_nearest_trusted_proxy() -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})

    assert rates.address(request) == "127.0.0.1"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert rates.address(request) == "198.51.100.7"
