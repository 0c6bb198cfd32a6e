"""The words of replies on pages: what a figure is, how its period is known, what became of a suggestion."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from keqiao.web.templatetags.keqiao import money

KINDS = {
    "amount": _("金额"), "count": _("数量"), "percent": _("占比"), "growth": _("增长"), "delta": _("增减"),
    "duration": _("时长"), "rate": _("倍数或单价"), "area": _("面积"), "volume": _("体积或重量"), "rank": _("名次"),
    "other": pgettext_lazy("figure", "其他"),
}  # fmt: skip
MODALITIES = {
    "done": _("已完成"), "planned": _("计划"), "previous": _("对比基数"), "rule": _("规定标准"),
    "requested": _("提案所提"), "context": _("背景数据"),
}  # fmt: skip
PERIOD_SOURCES = {"stated": _("原句写明"), "inherited": _("由上文推断"), "none": _("没有写明")}
SPECIFICITIES = {"concrete": _("具体"), "soft": _("原则性")}
DISPOSITIONS = {"declined": _("不予采纳"), "deferred": _("暂缓"), "not_addressed": _("未见具体回应")}
# How an answer stands to its suggestion, the reader's first question.
ANSWERED = {"answered": _("已答复"), **DISPOSITIONS, "unanswered": _("未见具体回应"), "part": _("部分不予采纳")}
ANSWER_TAGS = {
    "answered": "pass", "declined": "fail", "deferred": "unknown", "not_addressed": "unknown", "unanswered": "unknown",
    "part": "fail",
}  # fmt: skip
BODIES = {"npc": _("人大代表建议"), "cppcc": _("政协提案")}
DOCUMENT_KINDS = {
    "policy": _("政策文件"), "law": _("法律法规"), "standard": _("标准"), "catalogue": _("目录"), "list": _("名单"),
    "chart": _("图谱"), "study": _("研究报告"), "plan": _("规划"),
}  # fmt: skip
TRAPS = {
    "date": _("日期"), "doc_number": _("文号"), "slogan": _("口号"), "ordinal": _("序号"), "list_item": _("列项序号"),
    "proposal_id": _("提案号"), "name_digits": _("名称中的数字"), "programme_name": _("计划名称中的数字"),
    "project_name": _("项目名称中的数字"), "list_name": _("榜单名称中的数字"), "phone": _("电话"),
    "standard_number": _("标准号"), "page_number": _("页码"),
}  # fmt: skip
UNITS = {
    "percent": "%", "permille": "‰", "percentage_point": _("个百分点"), "basis_point": _("个基点"),
    "times": _("倍"), "year": _("年"), "month": _("个月"), "week": _("周"), "working_day": _("个工作日"),
    "day": _("天"),
}  # fmt: skip
YUAN = {"CNY"}


def value(figure: Any) -> str:
    """A figure's value with its unit, as pages and cards show it; 12.5–13 for a range."""
    if figure.value is None:
        return str(figure.raw)
    low, high = Decimal(figure.value), figure.value_max
    if figure.unit in YUAN:
        said = money_of(low)
        return f"{said} – {money_of(Decimal(high))}" if high is not None else said
    text = plain(low) if high is None else f"{plain(low)}–{plain(Decimal(high))}"
    unit = unit_of(figure)
    return f"{text}{unit}" if unit in ("%", "‰") else f"{text} {unit}".strip()


def money_of(yuan: Decimal) -> str:
    """Yuan as people say them; a fraction of a fen does not occur, and would be shown as it is."""
    fen = yuan * 100
    return money(int(fen)) if fen == fen.to_integral_value() else f"{plain(yuan)} {gettext('元')}"


def unit_of(figure: Any) -> str:
    """The unit in the reader's language where it is a measure, else the printed counter (家, 项)."""
    if figure.unit in UNITS:
        return str(UNITS[figure.unit])
    return str(figure.unit_raw or "")


def plain(number: Decimal) -> str:
    """12345.50 as 12,345.5, whatever its exponent."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def word(table: dict[str, Any], code: str | None) -> str:
    """The word of a code; a code that is new shows itself rather than nothing."""
    return str(table.get(code or "", code or ""))


def horizon(code: str | None) -> str:
    """2025-12, 2026 or every year; empty where none is stated."""
    return gettext("每年") if code == "every_year" else code or ""
