"""Reason codes of figures and registers as sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "not_officer_for_figures": _("数字和登记册由负责全区域的主管部门人员办理。"),
    "figure_of_another_department": _("这个数字由另一个部门负责，请由该部门办理。"),
    "figure_draft_exists": _("这个数字的同一期间已有一份待复核的稿子，请先发布或作废。"),
    "figure_unchanged": _("与已发布的版本完全相同，不需要再发布。"),
    "figure_too_small": _("合计不足 3 个单位，公布会泄露单个单位的情况，不能发布。"),
    "figure_dominated": _("一个单位占合计的 85% 以上，公布会泄露它的数额，不能发布。"),
    "figure_difference_small": _("与已发布的另一个数字相减只剩不足 3 个单位，两者不能都公布。"),
    "correction_reveals": _(
        "更正只涉及不足 3 条明细，新旧两数之差会泄露单条金额。请等更正满 3 条，或先撤回原来的数字。"
    ),
    "figure_unsound": _("这份稿子冻结后被改动过，不能发布。请作废后重新冻结，并告知审计员。"),
    "figure_definition_changed": _("口径在冻结之后改过，请作废后按新口径重新冻结。"),
    "figure_overtaken": _("要更正的版本已经被撤回或更正，请作废后重新冻结。"),
    "own_figure": _("自己冻结的数字须由另一位同事复核发布。"),
    "figure_is_draft": _("这个数字还没有发布。"),
    "figure_is_published": _("这个数字已经发布。页面可能已经过时，请刷新。"),
    "figure_is_corrected": _("这一版已被更正，不能再改。"),
    "figure_is_withdrawn": _("这个数字已经撤回。"),
    "figure_is_dropped": _("这份稿子已经作废。"),
    "entry_struck": _("这条记录已经剔除。"),
}
