"""What one actor may see of introductions. Templates, exports and the interface get these, never rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from keqiao.apps.market import permissions
from keqiao.apps.market.models import OPEN_STATES, Introduction, Message, Side
from keqiao.apps.market.permissions.introductions import HANDLERS
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Membership

from .faces import Face, faces


@dataclass(frozen=True)
class SideFace:
    """One side as the actor may see it; the body's names are empty while it is not known to them."""

    side: str
    listing: Face
    organization_key: str
    organization_name: str
    organization_name_en: str
    answer: str
    answered_at: datetime | None
    promised_at: datetime | None
    is_mine: bool
    may_answer: bool
    may_promise: bool


@dataclass(frozen=True)
class IntroductionFace:
    """An introduction as one actor sees it.

    The next action, the score and the note of a no are for who is in charge; `is_ownerless` and the late marks hold
    for open ones only.
    """

    key: str
    state: str
    source: str
    seeker: SideFace
    provider: SideFace
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    moments: tuple[tuple[str, datetime | None], ...]
    owner_name: str
    owner_key: str
    station_key: str
    station_name: str
    station_name_en: str
    is_ownerless: bool
    due_date: date | None
    is_answer_late: bool
    is_action_late: bool
    is_escalated: bool
    next_action: str
    next_action_date: date | None
    score: float | None
    rank: int | None
    closed_side: str
    reason: str
    note: str
    is_handler: bool
    is_demo: bool
    asks_for_secrecy: bool

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_late(self) -> bool:
        return self.is_answer_late or self.is_action_late

    @property
    def sides(self) -> tuple[SideFace, SideFace]:
        return self.seeker, self.provider

    @property
    def mine(self) -> tuple[SideFace, ...]:
        """The sides the actor belongs to."""
        return tuple(side for side in self.sides if side.is_mine)


def introduction_faces(rows: Iterable[Introduction], actor: Actor, *, at: datetime) -> list[IntroductionFace]:
    """Faces for a list: one query more, whatever its length. Needs the relations of `introductions_for` joined."""
    given = list(rows)
    needs, offers = faces([row.need for row in given], actor), faces([row.offer for row in given], actor)
    in_force = _owners_in_force(given, on=localdate(at))
    return [
        _face(row, actor, need=need, offer=offer, at=at, in_force=row.owner_id in in_force)
        for row, need, offer in zip(given, needs, offers, strict=True)
    ]


def introduction_face(row: Introduction, actor: Actor, *, at: datetime) -> IntroductionFace:
    return introduction_faces([row], actor, at=at)[0]


def _owners_in_force(rows: Sequence[Introduction], *, on: date) -> set[int]:
    owners = {row.owner_id for row in rows if row.owner_id is not None}
    held = Membership.objects.filter(user__in=owners, role__in=HANDLERS, user__is_active=True, from_date__lte=on)
    return set(held.exclude(to_date__lte=on).values_list("user_id", flat=True))


def _face(
    row: Introduction, actor: Actor, *, need: Face, offer: Face, at: datetime, in_force: bool
) -> IntroductionFace:
    is_handler, is_open = permissions.is_handler(actor, row), row.state in OPEN_STATES
    station, is_owned = row.station, row.owner is not None and (in_force or not is_open)
    day = row.next_action_date
    return IntroductionFace(
        key=row.key,
        state=row.state,
        source=row.source,
        seeker=_side(row, actor, side=Side.SEEKER, listing=need),
        provider=_side(row, actor, side=Side.PROVIDER, listing=offer),
        created_at=row.created_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        moments=_moments(row),
        owner_name=str(row.owner) if row.owner and is_owned else "",
        owner_key=str(row.owner.key) if row.owner and is_owned else "",
        station_key=station.key if station else "",
        station_name=station.name if station else "",
        station_name_en=station.name_en if station else "",
        is_ownerless=is_open and not is_owned,
        # The moment is the first that is too late; the day before it is the last on which the answer comes in time.
        due_date=localdate(row.due_at - timedelta(seconds=1)) if row.due_at and is_open else None,
        is_answer_late=is_open and row.due_at is not None and row.due_at <= at,
        is_action_late=is_handler and is_open and day is not None and day < localdate(at),
        is_escalated=is_open and bool(row.escalated_at or (is_handler and row.action_escalated_at)),
        next_action=row.next_action if is_handler else "",
        next_action_date=day if is_handler else None,
        score=row.score if is_handler else None,
        rank=row.rank if is_handler else None,
        closed_side=row.closed_side,
        reason=row.reason,
        note=row.note if is_handler or row.closed_side in permissions.sides_of(actor, row) else "",
        is_handler=is_handler,
        is_demo=row.is_demo,
        asks_for_secrecy=permissions.asks_for_secrecy(row),
    )


def _moments(row: Introduction) -> tuple[tuple[str, datetime | None], ...]:
    named = (("proposed", row.created_at), ("contacted", row.contacted_at), ("interested", row.interested_at),
             ("talking", row.talking_at), ("agreed", row.agreed_at))  # fmt: skip
    return tuple(named)


def _side(row: Introduction, actor: Actor, *, side: Side, listing: Face) -> SideFace:
    body = row.need.organization if side == Side.SEEKER else row.offer.organization
    known = permissions.knows_counterpart(actor, row, side)
    key, name, name_en = (body.key, body.name, body.name_en) if known else ("", "", "")
    promised = row.seeker_nda_at if side == Side.SEEKER else row.provider_nda_at
    is_mine = side in permissions.sides_of(actor, row)
    may = permissions.can_answer(actor, row, side).allowed
    answer = row.seeker_answer if side == Side.SEEKER else row.provider_answer
    return SideFace(
        side=str(side),
        listing=replace(listing, organization_key=key, organization_name=name, organization_name_en=name_en),
        organization_key=key,
        organization_name=name,
        organization_name_en=name_en,
        answer=answer,
        answered_at=row.seeker_answered_at if side == Side.SEEKER else row.provider_answered_at,
        promised_at=promised,
        is_mine=is_mine,
        may_answer=may and row.state in OPEN_STATES and answer != "yes",
        may_promise=permissions.can_promise_secrecy(actor, row, side).allowed
        and promised is None
        and row.state != "declined",
    )


@dataclass(frozen=True)
class MessageFace:
    """One message: which side wrote it; who, only for that side and for whoever is in charge."""

    side: str
    author_name: str
    text: str
    at: datetime
    is_mine: bool


def message_faces(row: Introduction, actor: Actor) -> list[MessageFace]:
    """The conversation, oldest first; empty for who may not read it."""
    if not permissions.can_read_messages(actor, row).allowed:
        return []
    mine = permissions.sides_of(actor, row)
    is_handler = permissions.is_handler(actor, row)
    rows: Iterable[Message] = row.messages.select_related("author")
    return [
        MessageFace(
            side=message.side,
            author_name=str(message.author or "")
            if is_handler or message.side in mine or message.side == Side.BROKER
            else "",
            text=message.text,
            at=message.at,
            is_mine=message.author is not None and actor.key == f"user:{message.author.key}",
        )
        for message in rows
    ]
