"""The pages of the office in groups: what somebody may open, and where they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market import permissions as market
from keqiao.apps.parties import permissions as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role
from keqiao.apps.proposals import permissions as proposals


def _has(*roles: str) -> Callable[[Actor], bool]:
    return lambda actor: actor.has(*roles)


@dataclass(frozen=True)
class MenuPage:
    """A page by the `tab` that its view names, and who is offered it."""

    tab: str
    view: str
    label: str | Promise
    may: Callable[[Actor], bool]
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return reverse(f"office:{self.view}", kwargs=dict(self.arguments))


@dataclass(frozen=True)
class MenuGroup:
    """Pages that belong together; the group leads to the first that somebody may open."""

    label: str | Promise
    pages: tuple[MenuPage, ...]


@dataclass(frozen=True)
class Menu:
    """The groups somebody may open, which of them is open, and its pages where there are several."""

    groups: tuple[MenuGroup, ...]
    open: MenuGroup | None
    tab: str

    @property
    def pages(self) -> tuple[MenuPage, ...]:
        return self.open.pages if self.open and len(self.open.pages) > 1 else ()


def _handles_proposals(actor: Actor) -> bool:
    return proposals.can_list_proposals(actor).allowed


def _keeps_figures(actor: Actor) -> bool:
    return parties.can_keep_figures(actor, "").allowed


OFFICER = _has(Role.OFFICER)
GROUPS = (
    MenuGroup(
        _("审核"),
        (
            MenuPage("queue-need", "queue", _("需求审核"), OFFICER, {"listing": "need"}),
            MenuPage("queue-offer", "queue", _("供给审核"), OFFICER, {"listing": "offer"}),
            MenuPage("claims", "claims", _("单位认领"), _has(Role.OFFICER, Role.SECURITY)),
        ),
    ),
    MenuGroup(
        _("企业与专家"),
        (
            MenuPage("facts", "facts", _("企业数据"), OFFICER),
            MenuPage("duplicates", "duplicates", _("疑似重复"), OFFICER),
            MenuPage("merges", "merges", _("合并记录"), OFFICER),
        ),
    ),
    MenuGroup(_("政策"), (MenuPage("policies", "policies", _("政策模拟"), OFFICER),)),
    MenuGroup(
        _("市场"),
        (
            MenuPage("events", "events", _("活动"), lambda actor: market.can_create_event(actor).allowed),
            MenuPage(
                "stations", "stations", _("分市场与工作站"), lambda actor: parties.can_manage_stations(actor).allowed
            ),
            MenuPage("judging", "judging", _("匹配质量"), lambda actor: market.can_judge(actor).allowed),
            MenuPage("thesaurus", "thesaurus", _("行话词典"), OFFICER),
        ),
    ),
    MenuGroup(
        _("技术合同"),
        (
            MenuPage("registrations", "registrations", _("合同登记"), _has(Role.REGISTRAR)),
            MenuPage("offices", "offices", _("登记机构"), lambda actor: market.can_manage_offices(actor).allowed),
            MenuPage("contracts", "contracts", _("合同统计"), lambda actor: market.can_see_statistics(actor).allowed),
        ),
    ),
    MenuGroup(
        _("公开数字"),
        (
            MenuPage("figures", "figures", _("数字发布"), _keeps_figures),
            MenuPage("registers", "registers", _("登记册"), _keeps_figures),
        ),
    ),
    MenuGroup(
        _("建议提案"),
        (
            MenuPage("proposals", "proposals", _("建议提案"), _handles_proposals),
            MenuPage("replies", "replies", _("答复"), _handles_proposals),
            MenuPage("promises", "promises", _("承诺"), _handles_proposals),
            MenuPage("overdue", "proposals-overdue", _("期限与逾期"), _handles_proposals),
            MenuPage("look-backs", "look-backs", _("回头看"), _handles_proposals),
        ),
    ),
    MenuGroup(
        _("账号"),
        (
            MenuPage("users", "users", _("用户"), _has(Role.ADMINISTRATOR, Role.SECURITY)),
            MenuPage("invitations", "invitations", _("邀请"), _has(Role.SECURITY)),
        ),
    ),
    MenuGroup(
        _("运行"),
        (
            MenuPage("deliveries", "deliveries", _("投递"), _has(Role.ADMINISTRATOR)),
            MenuPage("ledger", "ledger", _("台账"), _has(Role.AUDITOR)),
            MenuPage("system", "system", _("系统"), _has(Role.ADMINISTRATOR)),
        ),
    ),
)


def menu(actor: Actor, tab: str) -> Menu:
    """The menu as somebody sees it on the page of a tab."""
    offered = (MenuGroup(group.label, tuple(page for page in group.pages if page.may(actor))) for group in GROUPS)
    found = tuple(group for group in offered if group.pages)
    current = next((group for group in found if any(page.tab == tab for page in group.pages)), None)
    return Menu(found, current, tab)
