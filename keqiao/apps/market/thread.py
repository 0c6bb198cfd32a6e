"""The market's links of a matter's thread: the need, events, introductions, the agreements, their registration.

A matter begins with a need; an agreement that nobody asked for in a need begins a matter of its own. Every app above
offers `links(root, actor=, on=)` in a module of this name, or `further_links(known, actor=)` for what grows from links
that are known by then, figures included; the page shows them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from keqiao.apps.ledger.figures import queries as figures
from keqiao.apps.parties.actors import Actor

from . import permissions, queries
from .models import Agreement, Event, Introduction, Meeting, Need, Registration
from .names import subject_of

Root = Need | Agreement


@dataclass(frozen=True)
class Link:
    """One thing on the thread, as one actor may see it.

    `kind` and `key` say what it is and where it is found; `states` names the table of labels that `state` is in; `at`
    is when it came to be. `parent` is the subject of the link it grew from.
    """

    kind: str
    key: str
    title: str
    title_en: str
    state: str
    states: str
    at: datetime
    parent: str = ""
    note: str = ""

    @property
    def subject(self) -> str:
        return f"{self.kind}:{self.key}"


def root_of(kind: str, key: str) -> Root:
    """Where the thread of a thing begins; DoesNotExist of the thing's model if there is none with this key.

    Whether the actor may know of the root is asked where it is shown, as for every other link.
    """
    if kind == "need":
        return Need.objects.select_related("organization", "author").get(key=key)
    if kind == "introduction":
        return Introduction.objects.select_related("need__organization", "need__author").get(key=key).need
    if kind == "registration":
        return _root_of(Registration.objects.select_related(*_joined("agreement__")).get(key=key).agreement)
    if kind != "agreement":
        raise Need.DoesNotExist(f"nothing of the kind {kind} lies on a thread")
    return _root_of(Agreement.objects.select_related(*_joined("")).get(key=key))


def _joined(before: str) -> tuple[str, ...]:
    return tuple(
        f"{before}{name}" for name in ("need__organization", "need__author", "seller", "buyer", "broker", "station")
    )


def _root_of(agreement: Agreement) -> Root:
    return agreement.need or agreement


def subject_of_root(root: Root) -> str:
    return subject_of(root) if isinstance(root, Need) else f"agreement:{root.key}"


def links(root: Root, *, actor: Actor, on: date) -> Iterator[Link]:
    """Each thing of the matter that the actor may know of; what they may not is not there, not even its number."""
    if isinstance(root, Need):
        if permissions.can_see(actor, root, on=on).allowed:
            yield _need_link(root)
        yield from _event_links(root, actor)
        yield from _introduction_links(root, actor)
    yield from _agreement_links(root, actor)


def figure_links(known: Sequence[Link]) -> Iterator[Link]:
    """The published figures that count something of what the actor sees on the thread; each once."""
    counting = figures.figures_counting([link.subject for link in known])
    seen: set[str] = set()
    for link in known:
        for row in counting.get(link.subject, ()):
            if row.key not in seen:
                seen.add(row.key)
                yield Link(
                    "figure", row.key, f"{row.name_zh}（{row.year}）", f"{row.name_en} ({row.year})", row.grade,
                    "figure_grade", row.published_at or row.prepared_at, link.subject,
                )  # fmt: skip


def _need_link(need: Need) -> Link:
    moment = need.published_at or need.created_at
    return Link("need", need.key, need.title, need.title_en, need.state, "state", moment)


def _event_links(need: Need, actor: Actor) -> Iterator[Link]:
    """Events that had the need on show: everybody sees them there."""
    for row in Event.objects.select_related("station__parent", "owner").filter(items__need=need).order_by("starts_at"):
        if permissions.can_see_event(actor, row).allowed:
            yield Link(
                "event", row.key, row.title, row.title_en, row.state, "event_state", row.starts_at, subject_of(need)
            )


def _introduction_links(need: Need, actor: Actor) -> Iterator[Link]:
    met = dict(Meeting.objects.filter(introduction__need=need).values_list("introduction", "event__key"))
    for row in queries.introductions_for(actor).filter(need=need).order_by("created_at"):
        yield Link(
            "introduction", row.key, row.offer.title, row.offer.title_en, row.state, "introduction_state",
            row.created_at, f"event:{met[row.pk]}" if row.pk in met else subject_of(need),
        )  # fmt: skip


def _agreement_links(root: Root, actor: Actor) -> Iterator[Link]:
    rows = Agreement.objects.select_related(
        "introduction", "seller", "buyer", "broker", "station__parent", "registration__office__organization"
    )
    rows = rows.filter(need=root) if isinstance(root, Need) else rows.filter(pk=root.pk)
    for row in rows.order_by("created_at"):
        if permissions.can_see_agreement(actor, row).allowed:
            parent = f"introduction:{row.introduction.key}" if row.introduction else ""
            yield Link("agreement", row.key, row.title, "", row.state, "agreement_state", row.created_at, parent)
        filed = getattr(row, "registration", None)
        if filed is not None and permissions.can_see_registration(actor, filed).allowed:
            yield Link(
                "registration", filed.key, filed.title, "", filed.state, "registration_state", filed.created_at,
                f"agreement:{row.key}", filed.number or "",
            )  # fmt: skip
