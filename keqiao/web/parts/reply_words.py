"""The words of replies on pages: what a figure is, how its period is known, what became of a suggestion."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties import places
from keqiao.apps.proposals import units
from keqiao.apps.proposals.models import Reply
from keqiao.catalogue import proposals as rulebook
from keqiao.web.templatetags.keqiao import is_english, money

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
BASES = {
    "annual": _("按年"), "cumulative": _("累计"), "stock": _("存量"), "plan": _("计划"), "unstated": _("口径不明"),
}  # fmt: skip
GRADES = {"rows": _("可打开到明细"), "register": _("来自登记册"), "sentence": _("仅有原句")}
FIELDS = {
    "value": _("数值"), "value_max": _("数值上限"), "unit": _("单位代码"), "unit_raw": _("单位"),
    "quantity_kind": _("类型"), "modality": _("性质"), "year_or_period": _("时期"), "indicator": _("指标名称"),
    "department": _("部门"), "programme": _("项目或计划"), "horizon": _("时限"), "specificity": _("具体程度"),
    "anchor": _("对象"), "text": _("文字"), "heading": _("标题"), "disposition": _("答复情况"),
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


def result_class_codes() -> dict[str, Any]:
    """The classes of results by code, in the wording of the region."""
    return dict(rulebook.result_classes(places.region().code))


def result_name(code: str) -> str:
    """A class with its wording: A 已解决或基本解决."""
    found = result_class_codes().get(code)
    return f"{code} {found.label(_language())}" if found else code


def unit_name(code: str) -> str:
    return units.label(code, _language())


def issuer_name(reply: Reply) -> str:
    """Who replies: the unit, else the name as it is printed."""
    return unit_name(reply.issuer) if reply.issuer else reply.issuer_name


def _language() -> str:
    return "en" if is_english() else "zh-hans"


def corrected_to(value: Any) -> str:
    """What a correction puts in place, in one line; an object by its values, parts by their words."""
    if isinstance(value, dict):
        return " · ".join(f"{word(FIELDS, name)} {corrected_to(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "；".join(corrected_to(one) for one in value)
    return "—" if value is None else str(value)


def growth(low: Decimal, high: Decimal) -> str:
    """Growth in per cent: one number where both ends round to it, else a range.

    >>> growth(Decimal("25.9"), Decimal("27.2")), growth(Decimal("20"), Decimal("20"))
    ('+25.9% – +27.2%', '+20.0%')
    """
    first, last = (f"{value:+.1f}%".replace("-", "−") for value in (low, high))
    return first if first == last else f"{first} – {last}"
