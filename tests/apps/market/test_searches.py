"""Searches that people keep: what they find among what is published later, when, and who is told."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions, indexing
from keqiao.apps.market.actions import searches
from keqiao.apps.market.models import Need, SavedSearch, SearchHit
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions as post
from keqiao.apps.post.models import Notification
from tests.apps.acting import officer, person
from tests.factories.market import NeedFactory
from tests.factories.parties import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Any) -> None:
    settings.INDEX_ROOT = tmp_path / "index"


@pytest.fixture
def user() -> User:
    return UserFactory()


def save(user: User, at: datetime, **values: Any) -> SavedSearch:
    given = {"listing": "need", "name": "激光", "values": {"field": "optics_photonics"}, "alert": "instant"} | values
    return searches.save_search(user, by=person(user), at=at, **given)


def publish(at: datetime, **values: Any) -> Need:
    """A need that the office publishes now, and that the index holds."""
    need = NeedFactory(state="screened", **{"field": "optics_photonics", "title_en": "Laser"} | values)
    actions.publish(need, by=officer("229901"), at=at)
    indexing.catch_up_all(at=at)
    return need


def found(search: SavedSearch) -> list[str]:
    return list(search.hits.order_by("pk").values_list("listing_key", flat=True))


def test_look_finds_what_is_published_later(user: User, now: datetime) -> None:
    publish(now)
    search = save(user, now)
    new, _other = publish(now), publish(now, field="new_materials")

    assert [searches.look(by=BY, at=now) for _ in range(2)] == [1, 0]
    assert found(search) == [new.key]
    assert list(ledger.verify()) == []


def test_look_searches_words_in_the_index(user: User, now: datetime) -> None:
    search = save(user, now, values={"q": "光纤激光器"})
    hit = publish(now, title="光纤激光器功率下降", keywords=["光纤激光器"])
    publish(now, title="玉米秸秆制板", abstract="压制板材", keywords=["秸秆"], text="")

    searches.look(by=BY, at=now)

    assert found(search) == [hit.key]


def test_look_waits_until_the_index_holds_what_is_new(user: User, now: datetime) -> None:
    search = save(user, now)
    need = NeedFactory(state="screened", field="optics_photonics")
    indexing.catch_up_all(at=now)
    actions.publish(need, by=officer("229901"), at=now)
    assert (searches.look(by=BY, at=now), found(search)) == (0, [])

    indexing.catch_up_all(at=now)

    assert (searches.look(by=BY, at=now), found(search)) == (1, [need.key])


def test_look_passes_over_what_was_withdrawn_again(user: User, now: datetime) -> None:
    search = save(user, now)
    need = publish(now)
    actions.withdraw(need, reason="by_office", by=officer("229901"), at=now)
    indexing.catch_up_all(at=now)
    searches.look(by=BY, at=now)

    assert found(search) == []


def test_look_counts_a_need_that_is_published_again_once(user: User, now: datetime) -> None:
    search = save(user, now)
    need = publish(now)
    searches.look(by=BY, at=now)
    Need.objects.update(state="screened")
    need.refresh_from_db()
    actions.publish(need, by=officer("229901"), at=now)
    indexing.catch_up_all(at=now)
    searches.look(by=BY, at=now)

    assert found(search) == [need.key]
    assert Entry.objects.filter(kind="search.find").count() == 1


def test_look_is_daily_at_the_hour_of_digests_or_never(user: User, now: datetime) -> None:
    daily, off = save(user, now, alert="daily"), save(user, now, alert="off", name="b")
    need = publish(now)
    assert searches.look(by=BY, at=now) == 0

    # 10:00 there when it was saved; the next digest is at eight in the morning.
    assert [searches.look(by=BY, at=now + timedelta(hours=hours)) for hours in (21, 22)] == [0, 1]

    daily.refresh_from_db()
    assert (found(daily), found(off)) == ([need.key], [])
    assert daily.next_at == now + timedelta(hours=46)


def test_look_is_for_the_product_alone(user: User, now: datetime) -> None:
    save(user, now)
    publish(now)
    with pytest.raises(Refused) as refusal:
        searches.look(by=person(), at=now)

    assert (refusal.value.reason, SearchHit.objects.count()) == ("product_only", 0)


def test_owner_alone_is_told_what_was_found(user: User, now: datetime) -> None:
    save(user, now, name="激光 $1")
    publish(now, title="题目甲", title_en="")
    publish(now, title="题目乙", title_en="Second", secrecy="abstract_only")
    searches.look(by=BY, at=now)
    post.take_up(by=BY, at=now)

    told = Notification.objects.get(topic="search.found")
    assert (told.user, told.title, told.title_en) == (user, "“激光 $1”有 2 条新结果", "2 new results for “激光 $1”")
    assert sorted(told.text.splitlines()) == ["题目乙", "题目甲"]
    assert "正文机密" not in told.text + told.text_en


def test_search_that_was_deleted_tells_nothing(user: User, now: datetime) -> None:
    search = save(user, now)
    publish(now)
    searches.look(by=BY, at=now)
    searches.delete_search(search, by=person(user), at=now)
    post.take_up(by=BY, at=now)

    assert not Notification.objects.filter(topic="search.found").exists()


@pytest.mark.parametrize("act", ["save", "edit", "delete", "see"])
def test_searches_of_others_are_out_of_reach(act: str, user: User, now: datetime) -> None:
    search, stranger = save(user, now), person(UserFactory())
    deeds = {
        "save": lambda: searches.save_search(
            user, listing="need", name="x", values={"q": "x"}, alert="off", by=stranger, at=now
        ),
        "edit": lambda: searches.edit_search(search, name="x", alert="off", by=stranger, at=now),
        "delete": lambda: searches.delete_search(search, by=stranger, at=now),
        "see": lambda: searches.mark_seen(search, by=stranger, at=now),
    }
    with pytest.raises(Refused) as refusal:
        deeds[act]()

    assert refusal.value.reason == "only_yourself"
    assert SavedSearch.objects.get().name == "激光"


def test_search_needs_words_or_filters_and_a_name_of_its_own(user: User, now: datetime) -> None:
    save(user, now)
    for values in (
        {"values": {}},
        {"values": {"q": " ", "unknown": "x"}},
        {"name": "激光"},
        {"name": " "},
        {"alert": "x"},
    ):
        with pytest.raises(ValidationError):
            save(user, now, **{"name": "other"} | values)

    assert SavedSearch.objects.count() == 1


def test_searches_are_limited(user: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_SEARCHES", 1)
    save(user, now)
    with pytest.raises(Refused) as refusal:
        save(user, now, name="b")

    assert refusal.value.reason == "too_many_searches"


def test_edit_plans_the_next_look_anew(user: User, now: datetime) -> None:
    search = save(user, now)
    searches.edit_search(search, name="b", alert="weekly", by=person(user), at=now)

    search.refresh_from_db()
    # Saturday; the next Monday at eight in the morning there.
    assert (search.name, search.next_at) == ("b", now + timedelta(hours=46))


def test_account_takes_its_searches_along_and_to_the_grave(user: User, now: datetime) -> None:
    save(user, now)
    copy = parties.export_mine(user, by=person(user), at=now)
    assert [row["name"] for row in copy["market"]["searches"]] == ["激光"]

    parties.erase_user(user, by=person(user), at=now, reason="own_request")

    assert not SavedSearch.objects.exists()
