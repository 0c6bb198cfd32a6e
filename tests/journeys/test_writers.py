"""Fifty people write at once, through the web, on either database: nothing is lost, nothing stands twice."""

import threading
from collections import Counter

import pytest

from tests.journeys.site import Site
from tests.journeys.test_kill import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]

WRITERS, EACH = 50, 3


def test_fifty_writers_lose_and_double_nothing(pair: tuple[Site, Site, dict[str, str]]) -> None:
    site, _, users = pair
    before = site.ask("state")
    site.serve(workers=2)
    people = [signed_in(site, users[("editor", "manager")[number % 2]]) for number in range(WRITERS)]
    barrier, confirmed, failures = threading.Barrier(WRITERS), [], []

    def write(number: int) -> None:
        barrier.wait()
        for turn in range(EACH):
            try:
                confirmed.append(people[number].write_need(f"同时写入 {number}-{turn}"))
            except Exception as error:  # the thread hands its failure to the test
                failures.append(repr(error))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    site.ask("publish", "10")  # and another process writes meanwhile
    for thread in threads:
        thread.join()

    after = site.ask("state")
    assert failures == []
    assert [key for key, times in Counter(confirmed).items() if times > 1] == []
    assert sorted([*before["needs"], *confirmed]) == after["needs"]
    assert after["published"] == before["published"] + 10
    assert after["problems"] == []
