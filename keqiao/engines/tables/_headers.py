"""Column names: what people write at the top of a table, and the name the program uses for it."""

from __future__ import annotations

import unicodedata

_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "key", "编号", "序号", "需求编号", "成果编号", "供给编号", "项目编号", "编码", "代码"),
    "title": (
        "title",
        "name",
        "名称",
        "标题",
        "题名",
        "题目",
        "需求名称",
        "成果名称",
        "项目名称",
        "技术名称",
        "需求标题",
        "成果标题",
        "技术需求名称",
        "科技成果名称",
        "供给名称",
        "专利名称",
        "仪器名称",
        "成果",
    ),
    "text": (
        "text",
        "body",
        "description",
        "content",
        "正文",
        "内容",
        "描述",
        "说明",
        "全文",
        "文本",
        "详情",
        "需求描述",
        "需求内容",
        "技术需求描述",
        "技术需求内容",
        "成果描述",
        "成果内容",
        "成果介绍",
        "技术描述",
        "技术内容",
        "问题描述",
        "详细描述",
        "problem",
        "需求",
    ),
    "abstract": ("abstract", "摘要", "简介", "成果简介", "需求摘要", "概述"),
    "keywords": ("keywords", "keyword", "kws", "关键词", "关键字", "技术关键词"),
    "field": ("field", "领域", "技术领域", "所属领域", "行业领域", "学科", "所属行业"),
    "kind": ("kind", "type", "类型", "类别", "成果类型", "供给类型", "需求类型"),
    "indicators": ("indicators", "指标", "技术指标", "核心指标", "主要技术指标", "性能指标", "技术参数"),
    "region": ("region", "area", "地区", "区域", "所在地", "所在地区", "地域"),
    "trl": ("trl", "成熟度", "技术成熟度", "技术就绪度", "就绪度"),
    "trl_min": ("trl_min", "最低成熟度", "成熟度要求"),
    "budget": ("budget", "预算", "预算金额", "资金预算", "拟投入资金", "投入资金", "价格", "报价"),
    "deadline": ("deadline", "时限", "截止", "截止日期", "截止时间", "需求时限", "完成时限"),
    "valid_until": ("valid_until", "有效期", "有效期至", "有效日期"),
    "need": ("need", "need_id"),
    "offer": ("offer", "offer_id"),
}
CANONICAL: dict[str, str] = {alias: name for name, aliases in _NAMES.items() for alias in aliases}


def canonical(header: object) -> str:
    """The program's name of a column heading; an unknown heading is kept as it was written."""
    raw = unicodedata.normalize("NFKC", "" if header is None else str(header)).strip().lstrip("*").strip()
    bare = "".join(raw.split()).casefold()
    cut = bare.split("(", 1)[0]  # 预算(万元) → 预算
    return CANONICAL.get(bare) or CANONICAL.get(cut) or raw


def aliases(name: str) -> str:
    """The headings accepted for a column, for messages."""
    return "/".join(_NAMES.get(name, (name,))[:4])
