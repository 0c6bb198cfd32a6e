"""Reason codes as sentences: what stands in the way, and what would help."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "sign_in_first": _("请先登录。"),
    "not_editor_of_organization": _("您不是该单位的编辑或管理员。请联系单位管理员授权。"),
    "not_manager_of_organization": _("只有单位管理员可以管理成员。"),
    "administrators_only": _("只有系统管理员可以这样做。"),
    "not_officer_for_region": _("只有负责全区域的主管部门人员可以设立或变更分市场和工作站。"),
    "auditors_only": _("只有审计员和系统管理员可以查看台账。"),
    "organization_exists": _("该单位已经登记，请向它的管理员申请加入。"),
    "code_needed": _("请填写统一社会信用代码；没有代码的内设机构，请由所属单位的编辑登记。"),
    "not_yourself": _("不能停用自己的账号。"),
    "only_yourself": _("只有本人可以这样做。"),
    "account_erased": _("该账号已注销。"),
    "last_administrator": _("至少要有一位系统管理员，请先授权另一位。"),
    "own_listing": _("不能审核自己提交的条目，请由同事审核。"),
    "not_a_draft": _("只有草稿可以修改。如需修改，请先撤回并重新编辑。"),
    "not_officer_for_area": _("该条目不在您负责的地区。"),
    "own_organization": _("不能审核本单位的条目，请由同事审核。"),
    "not_public": _("该条目尚未公开。"),
    "disclose_first": _("该条目登录后可查看全文，查看会留下记录。"),
    "abstract_only": _("发布单位仅公开摘要。"),
    "introduction_needed": _("发布单位选择引荐后公开全文，请联系所在地技术经纪人。"),
    "not_from_draft": _("该条目现在是草稿，不能这样操作。页面可能已经过时，请刷新。"),
    "not_from_submitted": _("该条目正在待审核，不能这样操作。页面可能已经过时，请刷新。"),
    "not_from_screened": _("该条目已审核，不能这样操作。页面可能已经过时，请刷新。"),
    "not_from_published": _("该条目已发布，不能这样操作。页面可能已经过时，请刷新。"),
    "not_from_expired": _("该条目已到期，不能这样操作。页面可能已经过时，请刷新。"),
    "not_from_withdrawn": _("该条目已撤回，不能这样操作。页面可能已经过时，请刷新。"),
    "wrong_credentials": _("邮箱或密码不对。"),
}


def sentence(code: str) -> str:
    return str(REASONS.get(code, _("现在不能这样操作。")))
