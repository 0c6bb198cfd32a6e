"""Views of a promise by role, apart from its computed state; who follows it."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.parties.models import User
from keqiao.apps.proposals import actions, personal, queries
from keqiao.apps.proposals.models import Follow, Promise, Voice
from tests.apps.acting import person
from tests.factories.parties import UserFactory

from .answering import LOADER, SCIENCE, bring, follow_all, of
from .people import expert, hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_each_role_speaks_for_itself_and_none_changes_the_state(signed: tuple[Promise, User], now: datetime) -> None:
    row, user = signed
    follow_all(now)
    department, third = UserFactory(), UserFactory()
    speakers = {
        "department": officer_of("science", department), "proposer": person(user), "third": expert(third),
    }  # fmt: skip
    for role, actor in speakers.items():
        actions.speak(row, role=role, stance="not_kept", text="说明 13800138000", by=actor, at=now)

    row.refresh_from_db()
    said = queries.voices(row)
    assert list(said) == ["department", "proposer", "third"]
    assert {role: (voice.author, voice.text) for role, voice in said.items()} == {
        "department": (department, "说明 138****8000"), "proposer": (user, "说明 138****8000"),
        "third": (third, "说明 138****8000"),
    }  # fmt: skip
    assert (said["department"].unit, row.state) == ("science", "not_due")
    actions.speak(row, role="proposer", stance="kept", text="已落实", by=person(user), at=now + timedelta(days=1))
    assert (queries.voices(row)["proposer"].stance, Voice.objects.count()) == ("kept", 4)


def test_nobody_speaks_in_a_role_of_others(signed: tuple[Promise, User], now: datetime) -> None:
    row, user = signed
    refused = [
        ("department", officer_of("health"), "not_owner_unit"),
        ("proposer", person(UserFactory()), "not_signer"),
        ("third", person(UserFactory()), "not_third_reader"),
        ("third", VISITOR, "sign_in_first"),
        ("third", expert(user), "own_promise"),
        ("third", person(user, *hand_over_office().grants, *SCIENCE.grants), "own_promise"),
        ("third", hand_over_office(User.objects.get(pk=user.pk)), "own_promise"),
    ]
    for role, actor, reason in refused:
        with pytest.raises(Refused, match=reason):
            actions.speak(row, role=role, stance="kept", text="好", by=actor, at=now)
    assert not Voice.objects.exists()
    for values in ({"role": "fan"}, {"stance": "broken"}, {"text": " "}, {"text": "长" * 5001}):
        given = {"role": "proposer", "stance": "kept", "text": "好"} | values
        with pytest.raises(ValidationError):
            actions.speak(row, **given, by=person(user), at=now)


def test_third_reading_is_by_somebody_who_had_no_hand_in_it(now: datetime) -> None:
    checker, speaker = UserFactory(), UserFactory()
    reply = bring(now, by=LOADER)
    actions.decide_reply_publication(reply, publication="full", by=LOADER, at=now)
    actions.check_reply(reply, by=hand_over_office(checker), at=now)
    actions.publish_reply(reply, by=LOADER, at=now)
    row = of(reply, "扩大")
    actions.speak(row, role="department", stance="under_way", text="在办", by=officer_of("science", speaker), at=now)
    for actor, reason in ((hand_over_office(checker), "own_promise"), (expert(speaker), "has_spoken")):
        with pytest.raises(Refused, match=reason):
            actions.speak(row, role="third", stance="kept", text="好", by=actor, at=now)


def test_unpublished_promise_has_no_voices(now: datetime) -> None:
    row = of(bring(now), "扩大")
    with pytest.raises(Refused, match="not_public_reply"):
        actions.speak(row, role="department", stance="kept", text="好", by=SCIENCE, at=now)


def test_signers_follow_until_they_do_not_want_to(signed: tuple[Promise, User], now: datetime) -> None:
    row, user = signed
    proposal, other = row.reply.proposal, UserFactory()
    assert proposal is not None
    assert list(queries.followers(row)) == list(queries.followers(proposal)) == [user]
    actions.unfollow(row, by=person(user), at=now)
    actions.follow(row, by=person(other), at=now)
    assert (list(queries.followers(row)), list(queries.followers(proposal))) == ([other], [user])
    assert row not in queries.followed_promises(str(user.key))
    assert list(queries.followed_promises(str(other.key))) == [row]

    actions.unfollow(proposal, by=person(user), at=now)
    actions.follow(row, by=person(user), at=now)
    assert (queries.followers(proposal).count(), set(queries.followers(row))) == (0, {user, other})
    assert queries.is_following(str(user.key), row)
    with pytest.raises(Refused, match="sign_in_first"):
        actions.follow(row, by=VISITOR, at=now)
    with pytest.raises(Refused, match="not_public_proposal"):
        actions.follow(proposal, by=person(other), at=now)


def test_account_that_is_erased_leaves_views_without_a_name(signed: tuple[Promise, User], now: datetime) -> None:
    row, user = signed
    actions.speak(row, role="proposer", stance="kept", text="好", by=person(user), at=now)
    actions.follow(row, by=person(user), at=now)
    kept = personal.data(user)
    assert [len(kept[name]) for name in ("signed", "follows", "voices")] == [1, 1, 1]

    personal.erase(user)

    voice = Voice.objects.get()
    assert (voice.author, voice.author_name, voice.text, Follow.objects.count()) == (None, "", "好", 0)
    assert row.reply.proposal is not None
    assert row.reply.proposal.signers.get().user is None
