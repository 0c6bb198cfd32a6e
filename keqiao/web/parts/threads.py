"""The thread of a matter, put together from what each app links to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market import thread as market
from keqiao.apps.market.thread import Link, Root, figure_links
from keqiao.apps.parties.actors import Actor
from keqiao.apps.post.notices import link_to
from keqiao.apps.proposals import names
from keqiao.apps.proposals import thread as proposals
from keqiao.apps.proposals.models import Proposal

# The chain in its order: what a step is called and the address of one thing of it.
STAGES: dict[str, tuple[Promise, str]] = {
    "need": (_("需求"), "public:listing"),
    "event": (_("活动"), "public:event"),
    "introduction": (_("对接"), "desk:introduction"),
    "agreement": (_("合同"), "desk:agreement"),
    "registration": (_("认定登记"), "desk:registration"),
    "support": (_("支持"), "desk:policy"),
    "figure": (_("公开数字"), "public:figure-edition"),
    "proposal": (_("建议提案"), "public:proposal"),
    "reply": (_("答复"), "public:reply"),
    "promise": (_("承诺"), "public:promise"),
}


OPTIONAL = frozenset({"event", "support", "figure", "proposal", "reply", "promise"})
# A proposal begins a thread of its own: what it asks stands first, and no need or contract is waited for.
OF_PROPOSAL = ("proposal", "figure", "reply", "promise")


@dataclass(frozen=True)
class Stage:
    """One step of the chain with what the matter has at it; an empty one stands for what has not come yet."""

    kind: str
    name: str
    links: tuple[tuple[Link, str], ...]


def root_of(kind: str, key: str) -> Root | Proposal:
    """Where the thread of a thing begins; ObjectDoesNotExist if there is none with this key."""
    return proposals.root_of(kind, key) if kind in proposals.KINDS else market.root_of(kind, key)


def subject_of_root(root: Root | Proposal) -> str:
    return names.subject_of(root) if isinstance(root, Proposal) else market.subject_of_root(root)


def stages(root: Root | Proposal, *, actor: Actor, on: date) -> list[Stage]:
    """The steps of the chain, as far as the actor may know; an optional one only where it was taken."""
    if isinstance(root, Proposal):
        return _stages_of_proposal(root)
    found = list(_links(root, actor=actor, on=on))
    found += figure_links(found)
    for module in _modules():
        if hasattr(module, "further_links"):
            found += module.further_links(found, actor=actor)
    placed = [(link, _address(link)) for link in found]
    by_kind = {kind: tuple(pair for pair in placed if pair[0].kind == kind and pair[1]) for kind in STAGES}
    return [
        Stage(kind, str(name), by_kind[kind])
        for kind, (name, _view) in STAGES.items()
        if by_kind[kind] or kind not in OPTIONAL
    ]


def _stages_of_proposal(root: Proposal) -> list[Stage]:
    placed = [(link, _address(link)) for link in proposals.own_links(root)]
    by_kind = {kind: tuple(pair for pair in placed if pair[0].kind == kind and pair[1]) for kind in OF_PROPOSAL}
    return [Stage(kind, str(STAGES[kind][0]), by_kind[kind]) for kind in OF_PROPOSAL]


def _links(root: Root, *, actor: Actor, on: date) -> Iterator[Link]:
    for module in _modules():
        if hasattr(module, "links"):
            yield from module.links(root, actor=actor, on=on)


def _modules() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if config.name.startswith("keqiao.apps.") and module_has_submodule(config.module, "thread"):
            yield import_module(f"{config.name}.thread")


def _address(link: Link) -> str:
    view = STAGES[link.kind][1]
    if link.kind == "need":
        return reverse(view, kwargs={"listing": link.kind, "key": link.key})
    if link.kind == "support":  # a policy of a firm
        key, slug = link.key.split("/", 1)
        return reverse(view, kwargs={"key": key, "slug": slug})
    if link.kind in proposals.KINDS:  # an installation may leave their pages out
        return link_to(view, link.key)
    return reverse(view, kwargs={"key": link.key})
