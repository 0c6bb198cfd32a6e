"""Bringing a need and an offer together, and each step of it. Every change of state goes through `_moved`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.introduction_states import MOMENTS, STEPS
from keqiao.apps.market.models import (
    OPEN_STATES,
    Answer,
    DeclineReason,
    Introduction,
    IntroductionState,
    Listing,
    Need,
    Offer,
    Side,
    State,
)
from keqiao.apps.market.names import new_key
from keqiao.apps.market.permissions.introductions import HANDLERS
from keqiao.apps.parties import permissions as parties_permissions
from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, Station, User
from keqiao.apps.parties.permissions import Decision
from keqiao.catalogue import calendar

LIVE_STATES = (*OPEN_STATES, IntroductionState.AGREED)


def subject_of(introduction: Introduction) -> str:
    return f"introduction:{introduction.key}"


def service_due(at: datetime) -> datetime:
    """The moment before which a person answers: the end of the working day that the region promises."""
    day = calendar.working_days_after(localdate(at), places.region().defaults.answer_working_days)
    return make_aware(datetime.combine(day + timedelta(days=1), time.min))


def lock(introduction: Introduction) -> None:
    """Hold the row and read it again: somebody may have changed it since it was shown."""
    introduction.refresh_from_db(from_queryset=Introduction.objects.select_for_update())


def introduce(
    *,
    need: Need,
    offer: Offer,
    source: str,
    by: Actor,
    at: datetime,
    score: float | None = None,
    rank: int | None = None,
    owner: User | None = None,
    station: Station | None = None,
    key: str = "",
    is_demo: bool = False,
) -> Introduction:
    """Bring a need and an offer together; `score` and `rank` are what the matching said.

    A broker, coordinator or officer who introduces is in charge; what an editor asks for waits in the queue of the
    station that serves the need's place. Refused with `already_introduced` while the pair stands.
    """
    row = Introduction(
        key=key or new_key("D"), need=need, offer=offer, source=source, score=score, rank=rank, due_at=service_due(at),
        created_at=at, updated_at=at, is_demo=is_demo,
    )  # fmt: skip
    with ledger.action("introduction.create", by=by, at=at, subject=subject_of(row)) as entry:
        entry.require(permissions.can_introduce(by, need, offer))
        if owner is not None and not by.is_product:
            entry.require(parties_permissions.can_act_for(by, owner))
        _require_free(need, offer, by=by, on=localdate(at))
        row.owner = owner or _person_in_charge(by)
        row.station = station or _station_of(by, need)
        row.full_clean(exclude=["need", "offer", "station", "owner"])
        row.save(force_insert=True)
        entry.change(
            need=need.key, offer=offer.key, source=row.source, score=score, rank=rank,
            owner=str(row.owner.key) if row.owner else "", station=row.station.key if row.station else "",
        )  # fmt: skip
    return row


def _require_free(need: Need, offer: Offer, *, by: Actor, on: date) -> None:
    """The need's row is held, so that of two people who press at once the second sees what the first wrote."""
    Need.objects.select_for_update().get(pk=need.pk)
    for listing in (need, offer):
        _require_live(listing, on=on)
    states = set(Introduction.objects.filter(need=need, offer=offer).values_list("state", flat=True))
    if states & set(LIVE_STATES):
        raise ledger.Refused("already_introduced")
    # Who is in charge of such things may try again; a side is pointed to the one that came to nothing.
    if states and not (by.is_product or by.has(*HANDLERS)):
        raise ledger.Refused("introduced_before")


def _require_live(listing: Listing, *, on: date) -> None:
    listing.refresh_from_db(fields=["state", "expires_date"])
    if listing.state != State.PUBLISHED or (listing.expires_date is not None and listing.expires_date <= on):
        raise ledger.Refused("not_public")


def _person_in_charge(by: Actor) -> User | None:
    if by.has(*HANDLERS) and by.key.startswith("user:"):
        return parties.user(by.key.removeprefix("user:"))
    return None


def _station_of(by: Actor, need: Need) -> Station | None:
    """Where the broker who introduces works; else the station that serves the need's place."""
    own = by.stations(Role.BROKER) or by.stations(Role.COORDINATOR)
    return parties.stations().get(key=min(own)) if own else parties.station_for(need.area)


def answer(
    introduction: Introduction, *, side: str, answer: str, by: Actor, at: datetime, reason: str = "", note: str = ""
) -> None:
    """A side says yes or no, or whoever is in charge notes what it said. A no ends the introduction with a reason."""
    if answer not in Answer.values or side not in (Side.SEEKER, Side.PROVIDER):
        raise ValidationError(_("请选择“愿意”或“不愿意”。"), code="answer")
    if answer == Answer.NO:
        decline(introduction, side=side, reason=reason, note=note, by=by, at=at)
        return
    with ledger.action("introduction.answer", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_answer(by, introduction, side))
        _require_open(introduction)
        if getattr(introduction, f"{side}_answer") == Answer.YES:
            raise ledger.Refused("already_answered")
        setattr(introduction, f"{side}_answer", Answer.YES)
        setattr(introduction, f"{side}_answered_at", at)
        _after_yes(introduction, at=at)
        # Who answered by themselves waits for a person now; who was telephoned has just spoken with one.
        noted = not permissions.sides_of(by, introduction, writing=True)
        set_due(introduction, at=None if noted else at)
        _save(introduction, at=at)
        entry.change(side=str(side), answer=str(answer), noted=noted, state=str(introduction.state))


def _after_yes(introduction: Introduction, *, at: datetime) -> None:
    both = introduction.seeker_answer == introduction.provider_answer == Answer.YES
    if both and introduction.state in STEPS["interest"].sources:
        _enter(introduction, STEPS["interest"].target, at=at)
    elif introduction.state in STEPS["contact"].sources:
        _enter(introduction, STEPS["contact"].target, at=at)


def _require_open(introduction: Introduction) -> None:
    if introduction.state not in OPEN_STATES:
        raise ledger.Refused(f"introduction_is_{introduction.state}")


def _enter(introduction: Introduction, state: str, *, at: datetime) -> None:
    """Take a state and keep its first moment; whoever is further on has been in contact, too."""
    introduction.state = state
    for passed in {IntroductionState.CONTACTED, IntroductionState(state)} & set(MOMENTS):
        if getattr(introduction, MOMENTS[passed]) is None:
            setattr(introduction, MOMENTS[passed], at)


def set_due(introduction: Introduction, *, at: datetime | None) -> None:
    """Somebody waits since `at` for a person to answer; None: a person has answered."""
    if at is None:
        introduction.due_at = introduction.escalated_at = None
    elif introduction.due_at is None:
        introduction.due_at = service_due(at)


def touch_by_handler(introduction: Introduction, *, at: datetime) -> None:
    """A person of the market has been in touch: nothing is due, and a proposed introduction is in contact."""
    set_due(introduction, at=None)
    if introduction.state in STEPS["contact"].sources:
        _enter(introduction, STEPS["contact"].target, at=at)


def _save(introduction: Introduction, *, at: datetime) -> None:
    introduction.updated_at = at
    introduction.save()


def promise_secrecy(introduction: Introduction, *, side: str, by: Actor, at: datetime) -> None:
    """A side promises to keep secret what it will read; the moment is kept."""
    with ledger.action("introduction.promise_secrecy", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permissions.can_promise_secrecy(by, introduction, side))
        if introduction.state not in LIVE_STATES:
            raise ledger.Refused(f"introduction_is_{introduction.state}")
        if getattr(introduction, f"{side}_nda_at") is not None:
            raise ledger.Refused("already_promised")
        setattr(introduction, f"{side}_nda_at", at)
        _save(introduction, at=at)
        entry.change(side=str(side))


def talk(introduction: Introduction, *, by: Actor, at: datetime) -> None:
    with _moved(introduction, "talk", by=by, at=at, permit=permissions.can_move_on):
        pass


def agree(introduction: Introduction, *, by: Actor, at: datetime) -> None:
    with _moved(introduction, "agree", by=by, at=at, permit=permissions.can_move_on):
        introduction.closed_at = at
        introduction.next_action, introduction.next_action_date = "", None
        set_due(introduction, at=None)


def resume(introduction: Introduction, *, by: Actor, at: datetime) -> None:
    """An agreement fell through: the sides talk again."""
    with _moved(introduction, "resume", by=by, at=at, permit=permissions.can_handle):
        introduction.closed_at = None


def decline(introduction: Introduction, *, side: str, reason: str, by: Actor, at: datetime, note: str = "") -> None:
    """It comes to nothing: on which side, why. The reason is classified, so that matching can learn from it."""
    if side not in Side.values:
        raise ValidationError(_("请选择是哪一方不继续。"), code="side")
    if reason not in DeclineReason.values:
        raise ValidationError(_("请选择原因。"), code="reason")
    if reason == DeclineReason.OTHER and not note.strip():
        raise ValidationError(_("选择“其他”时，请用一句话说明原因。"), code="note")
    permit = _for_side(permissions.can_end, side)
    with _moved(introduction, "decline", by=by, at=at, permit=permit, reason=reason) as entry:
        if side != Side.BROKER:
            setattr(introduction, f"{side}_answer", Answer.NO)
            setattr(introduction, f"{side}_answered_at", at)
        introduction.closed_side, introduction.reason, introduction.note = side, reason, note.strip()[:300]
        introduction.closed_at = at
        introduction.next_action, introduction.next_action_date = "", None
        set_due(introduction, at=None)
        entry.change(side=str(side))


def reopen(introduction: Introduction, *, by: Actor, at: datetime) -> None:
    """Try again: the side that had said no is asked anew."""
    with _moved(introduction, "reopen", by=by, at=at, permit=permissions.can_reopen_introduction):
        Need.objects.select_for_update().get(pk=introduction.need_id)
        same = Introduction.objects.filter(need=introduction.need_id, offer=introduction.offer_id)
        if same.filter(state__in=LIVE_STATES).exists():
            raise ledger.Refused("already_introduced")
        side = introduction.closed_side
        if side != Side.BROKER:
            setattr(introduction, f"{side}_answer", "")
            setattr(introduction, f"{side}_answered_at", None)
        introduction.closed_side = introduction.reason = introduction.note = ""
        introduction.closed_at = introduction.escalated_at = introduction.action_escalated_at = None
        introduction.due_at = service_due(at)


def _for_side(
    permit: Callable[[Actor, Introduction, str], Decision], side: str
) -> Callable[[Actor, Introduction], Decision]:
    return lambda actor, introduction: permit(actor, introduction, side)


@contextmanager
def _moved(
    introduction: Introduction,
    name: str,
    *,
    by: Actor,
    at: datetime,
    permit: Callable[[Actor, Introduction], Decision],
    reason: str = "",
) -> Iterator[ledger.Draft]:
    """Take one step; what else it sets is done inside, under the lock and before the row is written."""
    step = STEPS[name]
    with ledger.action(f"introduction.{name}", by=by, at=at, subject=subject_of(introduction)) as entry:
        lock(introduction)
        entry.require(permit(by, introduction))
        if introduction.state not in step.sources:
            raise ledger.Refused(f"introduction_is_{introduction.state}")
        yield entry
        target = step.target
        if name == "reopen" and introduction.seeker_answer == introduction.provider_answer == Answer.YES:
            target = STEPS["interest"].target
        _enter(introduction, target, at=at)
        _save(introduction, at=at)
        entry.reason = reason
        entry.change(state=str(introduction.state))
