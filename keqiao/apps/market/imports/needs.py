"""Needs from collected tables and from Word forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Context, Field, Item
from keqiao.apps.market import actions
from keqiao.apps.market.models import CoopMode, IpPolicy, Listing, Need, NeedKind, Secrecy, Urgency
from keqiao.apps.market.names import subject_of
from keqiao.apps.parties.imports import bodies

from . import listings

COOP_WORDS = {
    "委托研发": "commissioned", "委托": "commissioned", "联合开发": "cooperative", "联合研发": "cooperative",
    "合作研发": "cooperative", "产学研合作": "cooperative", "合作": "cooperative", "转让": "transfer",
    "许可": "license",
    "入股": "equity", "技术入股": "equity", "咨询": "consulting", "服务": "service", "共建": "platform",
    "共建研发平台": "platform", "引进人才": "talent",
}  # fmt: skip
IP_WORDS = {
    "归需求方": "firm", "企业所有": "firm", "归甲方": "firm", "甲方所有": "firm", "企业": "firm", "归乙方": "provider",
    "共有": "joint", "双方共享": "joint", "共同所有": "joint", "协商": "agreement", "约定": "agreement",
    "面议": "agreement",
}  # fmt: skip
KIND_WORDS = {"产品": "product", "工艺": "process", "材料": "material", "设备": "equipment", "检测": "test"}


class NeedImport(listings.ListingKind):
    code = "needs"
    label = _("技术需求")
    hint = _("凭您自己的编号认同一条；没有编号的，凭单位和标题。也可以上传 Word 需求表，一张表一条。")
    listing = "need"
    collects = True
    reads_documents = True
    facts = (
        "title", "text", "abstract", "keywords", "field", "area", "secrecy", "expires_date", "need_kind", "background",
        "benchmark", "is_chokepoint", "coop_modes", "ip_policy", "ip_note", "deadline_date", "urgency",
    )  # fmt: skip
    fields = (
        bodies.number_field("需求编号"),
        bodies.name_field("需求方", "填报单位", "单位名称（盖章）"),
        bodies.code_field(),
        Field("title", _("标题"), cells.line, required=True, width=36, example="光纤激光切割机功率稳定性提升",
              aliases=("需求名称", "技术需求名称", "需求标题", "难题名称", "名称", "项目名称", "技术难题名称",
                       "需求题目")),
        Field("text", _("遇到的问题"), cells.text, width=60, hint=listings.TEXT_HINT,
              example="连续切割两小时后功率从 2 kW 掉到 1.5 kW，换过电源和水冷机都没有改善。",
              aliases=("问题描述", "需求描述", "需求内容", "技术难点", "技术需求内容", "技术需求描述", "难题描述",
                       "内容", "正文", "技术瓶颈", "需求简述", "拟解决的技术问题", "主要内容", "需求详情", "技术需求")),
        Field("indicators", _("核心指标"), cells.text, width=40, show=listings.counted,
              example="输出功率 ≥ 2 kW；功率波动 ≤ 1%", hint=_("每项写名称、比较、数值和单位，用分号隔开。"),
              aliases=("指标", "考核指标", "技术指标", "主要技术指标", "主要指标", "性能指标", "技术参数", "预期指标")),
        Field("background", _("背景与现有基础"), cells.text, width=40,
              aliases=("现有基础", "背景", "企业现有基础", "前期基础", "工作基础", "企业基础")),
        Field("benchmark", _("国内外对标"), cells.text, aliases=("国内外现状", "对标产品", "对标", "国内外水平")),
        Field("abstract", _("摘要"), cells.text, width=40, aliases=("公开摘要", "需求摘要", "简介", "概述"),
              hint=_("不公开全文时必填。")),
        Field("keywords", _("关键词"), cells.words, aliases=("关键字", "技术关键词"), show=cells.listed,
              example="光纤激光器、功率稳定"),
        bodies.field_field(),
        Field("need_kind", _("需求类型"), cells.choice(NeedKind, KIND_WORDS), aliases=("类型", "需求类别"),
              choices=cells.labels_of(NeedKind), show=cells.label_of(NeedKind), example="装备"),
        bodies.area_field(),
        Field("budget", _("拟投入资金（万元）"), cells.money_range, show=cells.wan, example="100-300",
              hint=_("数字或范围，默认以万元计；没有定就写“面议”。"),
              aliases=("拟投入资金", "投入资金", "资金投入", "预算", "预算金额", "资金预算", "意向投入", "投资额",
                       "计划投入", "拟投入经费", "研发投入", "资金", "意向价格")),
        Field("deadline_date", _("完成时限"), cells.deadline, example="2027-06-30", hint=_("日期，或“18个月”。"),
              aliases=("时限", "研发时限", "需求时限", "期限", "完成时间", "解决时限", "研发周期", "时间要求")),
        Field("coop_modes", _("合作方式"), cells.several(CoopMode, COOP_WORDS), show=cells.label_of(CoopMode),
              choices=cells.labels_of(CoopMode), example="委托开发", aliases=("合作形式", "合作模式", "拟合作方式")),
        Field("ip_policy", _("产权归属"), cells.choice(IpPolicy, IP_WORDS), show=cells.label_of(IpPolicy),
              choices=cells.labels_of(IpPolicy), aliases=("知识产权归属", "知识产权", "成果归属")),
        Field("ip_note", _("产权说明"), cells.line),
        Field("is_chokepoint", _("依赖进口"), cells.flag, aliases=("卡脖子", "是否依赖进口", "是否卡脖子"),
                      example="否"),
        Field("secrecy", _("保密要求"), cells.choice(Secrecy), show=cells.label_of(Secrecy),
              choices=cells.labels_of(Secrecy), aliases=("公开方式", "是否公开", "保密级别"), example="全文公开"),
        Field("urgency", _("紧急程度"), cells.choice(Urgency), show=cells.label_of(Urgency),
              choices=cells.labels_of(Urgency), aliases=("紧迫程度",)),
        Field("expires_date", _("有效期至"), cells.last_day, aliases=("有效期",)),
    )  # fmt: skip

    def current(self, row: Need) -> dict[str, Any]:
        budget = None if row.budget_max_fen is None else (row.budget_min_fen or 0, row.budget_max_fen)
        return super().current(row) | {"budget": budget}

    def given(self, item: Item) -> dict[str, Any]:
        values = super().given(item)
        if budget := item.values.get("budget"):
            values["budget_min_fen"], values["budget_max_fen"] = budget
        return values

    def draft(self, item: Item) -> Listing:
        return Need(**self.given(item))

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        values, lines = self.given(item), self.indicators(item)
        if "row" in item.found:
            row = actions.edit_need(item.found["row"], indicators=lines or None, **values, **who)
        else:
            row = actions.create_need(
                organization=self.body_of(item, context), author=listings.author_of(context), indicators=lines,
                **values, **who,
            )  # fmt: skip
        self.hand_in(row, context)
        return subject_of(row)
