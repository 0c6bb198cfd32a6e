"""Words of contracts: rates, growth, what an entry of the ledger says, what the office tabs show."""

from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market import permissions
from keqiao.apps.market.models import Registration
from keqiao.apps.parties.actors import Actor
from keqiao.web.templatetags.keqiao import name_of

register = template.Library()

HAPPENED: dict[str, Promise] = {
    "agreement.create": _("起草"),
    "agreement.edit": _("修改"),
    "agreement.set_payments": _("填写付款计划"),
    "agreement.sign": _("签订"),
    "agreement.perform": _("履行完毕"),
    "agreement.terminate": _("终止"),
    "agreement.record_payment": _("登记付款"),
    "agreement.set_trial": _("约定先用后转"),
    "agreement.report_trial": _("报告使用情况"),
    "agreement.convert_trial": _("转为付费"),
    "agreement.return_trial": _("退回"),
    "agreement.dispute_trial": _("有争议"),
    "file.attach": _("上传附件"),
    "file.remove": _("移除附件"),
    "registration.create": _("开始填写"),
    "registration.edit": _("修改登记表"),
    "registration.submit": _("提交"),
    "registration.accept": _("受理"),
    "registration.ask_supplement": _("要求补正"),
    "registration.check": _("填写审查意见"),
    "registration.call_experts": _("组织专家评审"),
    "registration.register": _("登记"),
    "registration.reject": _("不予登记"),
    "registration.refile": _("重新填写"),
    "registration.change": _("变更登记"),
    "registration.deregister": _("注销"),
    "registration.perform": _("履行完毕"),
}


@register.filter
def happened(kind: str) -> str:
    """What an entry of the ledger says, in words."""
    return str(HAPPENED.get(kind, kind))


@register.filter
def seller_name(row: Registration) -> str:
    """The seller as the form names it, in the reader's language while the body still goes by that name."""
    party = row.agreement.seller_party
    return name_of(party) if party.name == row.seller_name else row.seller_name


@register.filter
def buyer_name(row: Registration) -> str:
    party = row.agreement.buyer_party
    return name_of(party) if party.name == row.buyer_name else row.buyer_name


@register.filter
def rate(hundredths: int | None) -> str:
    """250 as 2.5%."""
    return "" if hundredths is None else f"{hundredths / 100:g}%"


@register.filter
def growth(share: float | None) -> str:
    """0.125 as +12.5%, nothing as a dash."""
    if share is None:
        return "—"
    return f"{share * 100:+.1f}%".replace("-", "−")


@register.filter
def days_until(day: date | None, today: date) -> int | None:
    """How many days are left; negative once it is late."""
    return None if day is None else (day - today).days


@register.filter
def absolute(number: int) -> int:
    return abs(number)


@register.filter
def sees_statistics(actor: Actor) -> bool:
    return permissions.can_see_statistics(actor).allowed
