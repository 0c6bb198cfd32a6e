"""Words of proposals, replies and promises on pages."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise as Words
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties import places
from keqiao.apps.proposals import actions, masking
from keqiao.apps.proposals.models import Assignment, Promise, PromiseState, Proposal, ReplyFigure
from keqiao.apps.proposals.queries import Answered
from keqiao.catalogue import proposals as rulebook
from keqiao.web.parts import opened_proposals, promises, reply_desk, reply_words
from keqiao.web.parts import proposals as parts
from keqiao.web.templatetags.keqiao import is_english

register = template.Library()

register.filter("unit", parts.unit_name)
register.filter("proposal_class", parts.class_name)
register.filter("result_class", parts.result_name)
register.filter("withheld_reason", parts.withheld_name)
register.filter("proposers", parts.names)
register.filter("open_assignments", parts.open_assignments)
register.filter("signer_name", opened_proposals.signer_name)
register.filter("shown_proposers", opened_proposals.proposers)
register.filter("evidence_note", promises.evidence_note)
register.filter("limit", opened_proposals.limit_of)
register.filter("limit_of_proposal", opened_proposals.limit_of_proposal)
register.filter("leading_units", opened_proposals.leading)
register.filter("helping_units", opened_proposals.helping)

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
    "file.attach": _("上传附件"),
    "file.remove": _("移除附件"),
    "reply.import": _("导入"),
    "reply.edit": _("修改登记信息"),
    "reply.parse": _("重新解析"),
    "reply.correct": _("更正"),
    "reply.uncorrect": _("撤销更正"),
    "reply.check": _("核对完成"),
    "reply.return": _("退回核对"),
    "reply.state_figures": _("数字随答复公开"),
    "reply.publish": _("发布"),
    "reply.publication": _("确定公开方式"),
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


register.filter("masked", masking.masked)


@register.filter
def answering_unit(answer: Answered) -> str:
    return parts.unit_name(answer.unit) or answer.department or answer.reply.issuer_name


@register.filter
def answer_place(answer: Answered) -> str:
    """Where in the reply an answer stands."""
    return promises.place(answer.reply.key, answer.start, answer.end)


@register.filter
def figure_place(row: ReplyFigure) -> str:
    return promises.place(row.reply.key, row.start, row.end)


@register.filter
def session_name(row: Proposal) -> str:
    return opened_proposals.session_name(row.term, row.session)


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
    rule = _rule(version)
    if rule is None:
        return version
    return rule.note_en if is_english() else rule.note


@register.filter
def rule_source(version: str) -> str:
    rule = _rule(version)
    return rule.source if rule else ""


def _rule(version: str) -> rulebook.Rule | None:
    return next((rule for rule in rulebook.rules(places.region().code) if rule.version == version), None)


CORRECTED: dict[str, Words] = {
    "value": _("数值"), "value_max": _("到（区间）"), "unit": _("单位"), "quantity_kind": _("性质"),
    "modality": _("语气"),
    "year_or_period": _("时间"), "indicator": _("指标"), "programme": _("计划或项目"), "department": _("单位名称"),
    "approx": _("约数用语"), "suggestion": _("第几条建议"), "subset": _("“其中”项"), "tier": _("接受"),
    "horizon": _("期限"), "specificity": _("表述"), "anchor": _("核对用词"), "action": _("动作"), "title": _("标题"),
    "doc_number": _("文号"), "date": _("成文日期"), "signed_by": _("署名单位"), "lead_department": _("主办单位"),
    "category": _("办复类别"), "disposition": _("答复情况"), "quoted_title": _("建议"), "heading_kind": _("标题的性质"),
    "proposal_id": _("编号"), "proposal_title": _("标题"), "published": _("发布日期"),
}  # fmt: skip


@register.filter
def reply_note(code: str) -> str:
    """What reading a file remarked; a remark without words of its own stands as it came."""
    return str(actions.NOTES.get(code, code))


@register.filter
def correction_field(name: str) -> str:
    return str(CORRECTED.get(name, name))


@register.filter
def correction_value(value: Any) -> str:
    """What a correction puts in place, in words: codes by their names, several fields one after another."""
    if isinstance(value, dict):
        told = (f"{correction_field(name)} {correction_value(one)}" for name, one in value.items())
        return " · ".join(one for one in told if one.strip())
    if isinstance(value, list):
        return " / ".join(correction_value(one) for one in value)
    if value is None or value == "core":
        return ""
    words = reply_words.MODALITIES | reply_words.KINDS | reply_words.DISPOSITIONS
    return str(words.get(str(value), value))


@register.filter
def doubt(code: str) -> str:
    return str(reply_desk.DOUBTS.get(code, code))


@register.filter
def modality(code: str) -> str:
    return str(reply_words.MODALITIES.get(code, code or "—"))


@register.filter
def disposition(code: str | None) -> str:
    return str(reply_words.DISPOSITIONS.get(code or "", _("已答复")))


register.filter("figure_value", reply_words.value)


@register.filter
def disposition_tag(code: str | None) -> str:
    return {"declined": "fail", "deferred": "unknown", "not_addressed": "unknown"}.get(code or "", "pass")


WHY: dict[str, Words] = {
    "evidence": _("有下面列出的依据。"),
    "soft_words": _("表述笼统，又没有指标，没有什么可以用来核对。"),
    "day_to_come": _("到期日还没有到。"),
    "looked_through": _("到期后，在该单位后来的答复里没有找到后续提及；这不等于没有做。"),
    "no_later_reply": _("到期后，该单位还没有后来的答复可查。"),
}


@register.filter
def state_why(code: str) -> str:
    """Why the computed state is what it is."""
    return str(WHY.get(code, _("答复发布后开始核对。")))


@register.filter
def supports_tag(code: str) -> str:
    return {"kept": "pass", "partly": "unknown"}.get(code, "")


@register.filter
def plain_number(number: Decimal) -> str:
    return reply_words.plain(number)


@register.filter
def promise_sentence(sentence: str, row: Promise) -> SafeString:
    """The sentence with the promise in it marked."""
    start, end = row.start - row.sentence_start, row.end - row.sentence_start
    if not 0 <= start < end <= len(sentence):
        return conditional_escape(sentence)
    return format_html("{}<mark>{}</mark>{}", sentence[:start], sentence[start:end], sentence[end:])


@register.filter
def indicator_name(code: str, names: dict[str, str] | str) -> str:
    """What a figure is called; a code that is not published any more stands as it is."""
    return names.get(code, code) if isinstance(names, dict) else code
