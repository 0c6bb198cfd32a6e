"""What is wrong with a stated fact, as a sentence that says what to write instead."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.catalogue import facts
from keqiao.catalogue.facts import FactError

SENTENCES: dict[str, Promise] = {
    "unknown_fact": gettext_lazy("没有“%(given)s”这项企业数据：请用模板里的名称。"),
    "number": gettext_lazy("“%(given)s”不是数字，请只写数字，例如 1234.56。"),
    "unit_unknown": gettext_lazy("“%(given)s”不是%(fact)s的单位，请用：%(units)s。"),
    "unit_needed": gettext_lazy("没有写单位，请写明：%(units)s。"),
    "two_units": gettext_lazy("写了两个不同的单位（%(given)s），请只留一个。"),
    "fraction": gettext_lazy("“%(given)s”换算后不是整数%(base)s，请核对数值和单位。"),
    "not_whole": gettext_lazy("“%(given)s”不是整数，%(fact)s只能填整数。"),
    "negative": gettext_lazy("“%(given)s”是负数，%(fact)s不能小于 0。"),
    "too_large": gettext_lazy("“%(given)s”大得不合理，请核对单位。"),
    "flag": gettext_lazy("“%(given)s”看不出是或否，请写“是”或“否”。"),
    "date": gettext_lazy("“%(given)s”不是完整的日期，请写成 2026-06-30。"),
    "date_future": gettext_lazy("%(given)s 还没有到，请核对日期。"),
    "days_order": gettext_lazy("止日早于起日（%(given)s），请核对。"),
    "code_text": gettext_lazy("“%(given)s”不能作为代码：请填写，且不超过 60 字。"),
    "code_choice": gettext_lazy("“%(given)s”不在可选的内容里，请用：%(codes)s。"),
    "list": gettext_lazy("“%(given)s”不是清单：请逐项填写；确认没有的，写 []。"),
    "list_long": gettext_lazy("清单有 %(given)s 项，最多 500 项。"),
    "item": gettext_lazy("“%(given)s”不是一项：请写出各个字段。"),
    "item_field": gettext_lazy("清单里没有“%(given)s”这个字段，请用：%(fields)s。"),
    "item_twice": gettext_lazy("编号“%(given)s”出现了两次，请只留一项。"),
    "year_needed": gettext_lazy("%(fact)s分年度填报，请写明年度。"),
    "year_none": gettext_lazy("%(fact)s不分年度，请不要写年度。"),
    "year_bad": gettext_lazy("“%(given)s”不是年度，请写四位年份，例如 2025。"),
    "year_future": gettext_lazy("%(given)s 年度还没有结束，只能填报已经结束的年度。"),
}


def sentence(error: FactError, *, language: str = "") -> str:
    """The sentence for an error, with the units, codes or fields one may use."""
    language = language or get_language() or "zh-hans"
    fact = error.fact
    field = fact.fields.get(error.field) if fact and error.field else None
    about = field or fact
    words = {
        "given": error.given[:40],
        "fact": about.label(language) if about else "",
        "base": about.unit if about and about.unit != "1" else "",
        "units": "、".join(facts.units_of(about)) or _("无") if about else "",
        "codes": "、".join(names[language == "en"] for names in about.codes.values()) if about else "",
        "fields": "、".join(fact.fields) if fact else "",
    }
    text = str(SENTENCES[error.code]) % words
    if not error.item:
        return text
    return _("第 %(item)d 项：%(text)s") % {"item": error.item, "text": text}


def part_of(error: FactError) -> str:
    """Which input of a form or table the error is about."""
    if error.code == "unknown_fact":
        return "name"
    if error.code.startswith("year"):
        return "year"
    return "unit" if error.code in ("unit_unknown", "unit_needed", "two_units") else "value"


@contextmanager
def as_validation_error() -> Iterator[None]:
    """Whatever cannot be taken inside is said as forms and imports say it."""
    try:
        yield
    except FactError as error:
        raise ValidationError({part_of(error): ValidationError(sentence(error), code=error.code)}) from error
