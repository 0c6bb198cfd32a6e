"""What is told about technology contracts, their prices on notice and their registration. Never an amount."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import permissions
from keqiao.apps.market.models import Agreement, PricingNotice, Registration, RegistrationState
from keqiao.apps.market.permissions import registrations as registering
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.post.models import Mode
from keqiao.apps.post.notices import Notice, Text, Topic, link_to

from .words import once, title_of, writers_of

TOPICS = (
    Topic(
        "agreement.moved",
        gettext_lazy("合同的进展"),
        gettext_lazy("起草、签订、付款、试用、履行、终止。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "agreement.notice",
        gettext_lazy("定价公示和异议"),
        gettext_lazy("公示、异议及其处理、结果。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "registration.decided",
        gettext_lazy("技术合同登记的办理结果"),
        gettext_lazy("受理、补正、登记、变更、注销。"),
        email=Mode.INSTANT,
    ),
    Topic(
        "registration.waiting",
        gettext_lazy("待办的技术合同登记"),
        gettext_lazy("发给登记机构的登记员。"),
        email=Mode.DAILY,
        roles=(Role.REGISTRAR,),
    ),
)
JOINED = ("seller", "buyer", "broker", "station__parent")
WAITING = (
    RegistrationState.SUBMITTED,
    RegistrationState.ACCEPTED,
    RegistrationState.UNDER_REVIEW,
    RegistrationState.EXPERT_REVIEW,
)


def _key(entry: Entry) -> str:
    return entry.subject.partition(":")[2]


def agreement_of(entry: Entry) -> Agreement:
    return Agreement.objects.select_related(*JOINED).get(key=_key(entry))


def notice_of(entry: Entry) -> PricingNotice:
    joined = [f"agreement__{name}" for name in JOINED]
    return PricingNotice.objects.select_related(*joined).get(key=_key(entry))


def registration_of(entry: Entry) -> Registration:
    joined = [f"agreement__{name}" for name in JOINED]
    return Registration.objects.select_related("office__organization", *joined).get(key=_key(entry))


def _parties(agreement: Agreement, entry: Entry) -> list[User]:
    people = writers_of(agreement.seller, agreement.buyer, on=localdate(entry.at))
    return once([*people, agreement.broker] if agreement.broker else people)


def sides(entry: Entry) -> list[User]:
    return _parties(agreement_of(entry), entry)


def notice_sides(entry: Entry) -> list[User]:
    return _parties(notice_of(entry).agreement, entry)


def sellers(entry: Entry) -> list[User]:
    return writers_of(notice_of(entry).agreement.seller, on=localdate(entry.at))


def objectors(entry: Entry) -> list[User]:
    """Whose objection was handled at that moment."""
    rows = notice_of(entry).objections.filter(handled_at=entry.at).select_related("author")
    return [row.author for row in rows if row.author is not None]


def filers(entry: Entry) -> list[User]:
    agreement = registration_of(entry).agreement
    return writers_of(agreement.seller, agreement.buyer, on=localdate(entry.at))


def registrars(entry: Entry) -> list[User]:
    office = registration_of(entry).office
    return list(parties.people_with(Role.REGISTRAR, on=localdate(entry.at), organization=office.organization_id))


def may_see(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_agreement(actor, agreement_of(entry)).allowed


def may_see_notice(actor: Actor, entry: Entry) -> bool:
    return permissions.can_see_agreement(actor, notice_of(entry).agreement).allowed


def may_price(actor: Actor, entry: Entry) -> bool:
    return permissions.can_price(actor, notice_of(entry).agreement).allowed


def has_objected(actor: Actor, entry: Entry) -> bool:
    return any(actor.key == f"user:{user.key}" for user in objectors(entry))


def may_see_registration(actor: Actor, entry: Entry) -> bool:
    return registering.can_see_registration(actor, registration_of(entry)).allowed


def may_decide(actor: Actor, entry: Entry) -> bool:
    """Only as long as it waits for the office."""
    row = registration_of(entry)
    return row.state in WAITING and registering.can_register(actor, row).allowed


def _on_agreement(title: Promise) -> Callable[[Entry, Actor], Text]:
    def text(entry: Entry, actor: Actor) -> Text:
        row = agreement_of(entry)
        return Text(str(title) % {"title": row.title}, link=link_to("desk:agreement", row.key))

    return text


def _on_notice(title: Promise) -> Callable[[Entry, Actor], Text]:
    """What is on notice is public: its own title, never the contract's."""

    def text(entry: Entry, actor: Actor) -> Text:
        row = notice_of(entry)
        return Text(str(title) % {"title": title_of(row)}, link=link_to("public:notice", row.key))

    return text


def _on_registration(title: Promise) -> Callable[[Entry, Actor], Text]:
    def text(entry: Entry, actor: Actor) -> Text:
        row = registration_of(entry)
        return Text(str(title) % {"title": row.title}, link=link_to("desk:registration", row.key))

    return text


def to_register(entry: Entry, actor: Actor) -> Text:
    row = registration_of(entry)
    return Text(_("待办的合同登记：%(title)s") % {"title": row.title}, link=link_to("office:registration", row.key))


AGREEMENT = {
    "agreement.create": gettext_lazy("起草了合同：%(title)s"),
    "agreement.sign": gettext_lazy("合同已签订：%(title)s"),
    "agreement.record_payment": gettext_lazy("登记了一笔付款：%(title)s"),
    "agreement.report_trial": gettext_lazy("报告了试用情况：%(title)s"),
    "agreement.perform": gettext_lazy("合同已履行：%(title)s"),
    "agreement.terminate": gettext_lazy("合同已终止：%(title)s"),
    "agreement.remind_payment": gettext_lazy("合同款项即将到期：%(title)s"),
    "agreement.remind_report": gettext_lazy("请按时报告试用情况：%(title)s"),
}
PRICE = {
    "notice.publish": gettext_lazy("定价开始公示：%(title)s"),
    "notice.close": gettext_lazy("定价公示结束：%(title)s"),
    "notice.withdraw": gettext_lazy("定价公示已撤回：%(title)s"),
}
REGISTRATION = {
    "registration.accept": gettext_lazy("合同登记已受理：%(title)s"),
    "registration.ask_supplement": gettext_lazy("合同登记需要补正：%(title)s"),
    "registration.remind_supplement": gettext_lazy("补正期限快到了：%(title)s"),
    "registration.register": gettext_lazy("合同已登记：%(title)s"),
    "registration.reject": gettext_lazy("合同不予登记：%(title)s"),
    "registration.change": gettext_lazy("合同已变更登记：%(title)s"),
    "registration.deregister": gettext_lazy("合同登记已注销：%(title)s"),
}
NEEDS_ANSWER = ("registration.ask_supplement", "registration.remind_supplement")

NOTICES = (
    *(
        Notice("agreement.moved", (kind,), recipients=sides, text=_on_agreement(title), may=may_see)
        for kind, title in AGREEMENT.items()
    ),
    *(
        Notice("agreement.notice", (kind,), recipients=notice_sides, text=_on_notice(title), may=may_see_notice)
        for kind, title in PRICE.items()
    ),
    Notice(
        "agreement.notice",
        ("notice.object",),
        recipients=sellers,
        text=_on_notice(gettext_lazy("公示收到异议，请处理：%(title)s")),
        may=may_price,
        is_urgent=True,
    ),
    Notice(
        "agreement.notice",
        ("notice.handle_objection",),
        recipients=objectors,
        text=_on_notice(gettext_lazy("您的异议已有处理结果：%(title)s")),
        may=has_objected,
    ),
    *(
        Notice(
            "registration.decided",
            (kind,),
            recipients=filers,
            text=_on_registration(title),
            may=may_see_registration,
            is_urgent=kind in NEEDS_ANSWER,
        )
        for kind, title in REGISTRATION.items()
    ),
    Notice("registration.waiting", ("registration.submit",), recipients=registrars, text=to_register, may=may_decide),
)
