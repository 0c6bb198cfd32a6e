"""Words of proposals, replies and promises on pages."""

from datetime import date

from django import template
from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties import places
from keqiao.apps.proposals.models import Assignment, PromiseState, Proposal
from keqiao.catalogue import proposals as rulebook
from keqiao.web.parts import proposals as parts

register = template.Library()

register.filter("unit", parts.unit_name)
register.filter("proposal_class", parts.class_name)
register.filter("result_class", parts.result_name)
register.filter("withheld_reason", parts.withheld_name)
register.filter("proposers", parts.names)
register.filter("open_assignments", parts.open_assignments)

# What an entry of the ledger about one of them says.
HAPPENED: dict[str, Words] = {
    "proposal.register": _("登记"),
    "proposal.edit": _("修改"),
    "proposal.hand_over": _("交办"),
    "proposal.agree_broad": _("同意延期至六个月"),
    "proposal.publication": _("确定公开方式"),
    "proposal.redo": _("重新办理"),
    "proposal.close": _("办结"),
    "assignment.take_up": _("开始办理"),
    "assignment.return": _("退回"),
    "assignment.answer": _("答复"),
    "assignment.remind": _("提醒"),
    "assignment.overdue": _("逾期通知"),
    "reply.import": _("导入"),
    "reply.edit": _("修改登记信息"),
    "reply.parse": _("重新解析"),
    "reply.correct": _("更正"),
    "reply.uncorrect": _("撤销更正"),
    "reply.check": _("核对完成"),
    "reply.return": _("退回核对"),
    "reply.publish": _("发布"),
    "reply.withdraw": _("撤下"),
    "reply.feedback": _("记录反馈"),
    "reply.link": _("关联"),
    "promise.edit": _("修改"),
    "promise.evidence": _("补充依据"),
    "promise.reject_evidence": _("不采用依据"),
    "promise.speak": _("发表看法"),
    "promise.move": _("核对结果变化"),
    "promise.remind": _("提醒"),
    "look_back.record": _("回头看"),
    "look_back.remind": _("提醒回头看"),
}
STATE_TAGS = {
    PromiseState.KEPT: "pass", PromiseState.PARTLY: "unknown", PromiseState.NO_MENTION: "",
    PromiseState.NOT_DUE: "", PromiseState.TOO_SOFT: "",
}  # fmt: skip
STANCE_TAGS = {"kept": "pass", "partly": "unknown", "under_way": "", "not_kept": "fail", "cannot_tell": ""}


@register.filter
def proposal_happened(kind: str) -> str:
    return str(HAPPENED.get(kind, kind))


@register.filter
def due(row: Proposal) -> date | None:
    return parts.due_date(row)


@register.filter
def late(row: Proposal, on: date) -> int:
    return parts.days_late(row, on)


@register.filter
def days_left(row: Assignment, on: date) -> int | None:
    return row.days_left(on)


@register.filter
def state_tag(state: str) -> str:
    """The colour of a promise's computed state; that nothing was found is neither good nor bad."""
    return STATE_TAGS.get(PromiseState(state), "") if state in PromiseState.values else ""


@register.filter
def stance_tag(stance: str) -> str:
    return STANCE_TAGS.get(stance, "")


@register.filter
def abs_days(days: int) -> int:
    return abs(days)


@register.filter
def rule_words(version: str) -> str:
    """The rule a day was reckoned by, as its note says it; its version where it stands in no rule book any more."""
    return next((rule.note for rule in rulebook.rules(places.region().code) if rule.version == version), version)


@register.filter
def rule_source(version: str) -> str:
    return next((rule.source for rule in rulebook.rules(places.region().code) if rule.version == version), "")
