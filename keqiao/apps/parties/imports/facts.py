"""Facts of firms from tables: one fact a row (long), or one firm a row with a column for each fact (wide).

A wide column is headed by the name policies use (`revenue_fen_t1`, in 分) or by the label with a year and, for
amounts, a unit: `2025年营业收入（万元）`. What an office brings is a register's; what a firm brings is its own.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, Item
from keqiao.apps.parties import actions, fact_words
from keqiao.apps.parties.actions import Statement
from keqiao.apps.parties.models import DECLARED, PLATFORM, Fact
from keqiao.catalogue import facts
from keqiao.catalogue.facts import FactError
from keqiao.engines.tables import as_text

from . import bodies

_COLUMN = re.compile(r"(?P<name>[a-z0-9_]+?)_t(?P<back>[1-9])")
_LABELLED = re.compile(r"(?:(?P<before>\d{4})年度?)?(?P<label>.+?)(?:(?P<after>\d{4})年度?)?")
_UNIT = re.compile(r"[(（\[【]\s*([^)）\]】]+?)\s*[)）\]】]\s*$")


def raw(cell: Cell) -> Any:
    """A cell as it stands; the fact it belongs to says how to read it."""
    return cell.value if not isinstance(cell.value, str) else cell.value.strip()


def heading_of(heading: str) -> str:
    """The code of the wide column that a heading names; empty for none.

    `staff.t1` is the last year, `staff.2025` that year, `staff.row` the year the row names, `founded.` belongs to none.
    """
    text = "".join(unicodedata.normalize("NFKC", heading).split()).casefold()
    if (found := _COLUMN.fullmatch(text)) and (about := facts.facts().get(found["name"])):
        return f"{about.name}.t{found['back']}" if int(found["back"]) in about.periods else ""
    if text in facts.facts():
        return f"{text}.row" if facts.facts()[text].has_year else f"{text}."
    bare = _UNIT.sub("", text)
    labelled = _LABELLED.fullmatch(bare)
    try:
        about = facts.find_fact(labelled["label"] if labelled else bare)
    except FactError:
        return ""
    year = (labelled["before"] or labelled["after"]) if labelled else None
    if not about.has_year:
        return "" if year else f"{about.name}."
    return f"{about.name}.{year or 'row'}"


def split_code(code: str) -> tuple[facts.Fact, str] | None:
    """The fact and the period of a wide column's code, None for any other code."""
    name, dot, period = code.partition(".")
    about = facts.facts().get(name)
    return (about, period) if dot and about else None


def wide_field(code: str) -> Field | None:
    found = split_code(code)
    if found is None:
        return None
    about, period = found
    label = about.label(get_language() or "zh-hans")
    return Field(code, f"{label} {period}".strip(), lambda cell: (raw(cell), cell.heading), show=_shown)


def _registers() -> list[str]:
    return [word for word in facts.registers() if word != PLATFORM]


def _shown(value: Any) -> str:
    return as_text(value[0]) if isinstance(value, tuple) else as_text(value)


class FactImport(bodies.RegisterKind):
    code = "facts"
    label = _("企业数据")
    hint = _(
        "一行一个数据（名称、年度、值、计量单位），或一行一家企业、每列一个数据，"
        "列名写“2025年营业收入（万元）”或 revenue_fen_t1。"
    )
    fields = (
        bodies.name_field(),
        bodies.code_field(),
        Field("fact", _("数据名称"), cells.line, width=24, example="营业收入",
              aliases=("指标", "指标名称", "数据项", "attribute"),
              choices=lambda: [about.label("zh-hans") for about in facts.facts().values()]),
        Field("year", _("年度"), cells.number, example="2025", aliases=("年份", "所属年度")),
        Field("value", _("值"), raw, example="1200.5", aliases=("数值", "数据值"),
              hint=_("是否类写“是”或“否”；清单写 JSON。")),
        Field("unit", _("计量单位"), cells.line, example="万元", hint=_("金额必填：元、万元、亿元。")),
        Field("register", _("数据来源"), cells.line, width=20, example="税务",
              aliases=("来源", "来源部门", "source"), choices=_registers,
              hint=_("空着时按该数据的主管登记。")),
        Field("observed_on", _("数据日期"), cells.last_day, example="2026-05-31",
              aliases=("取得日期", "截至日期", "date"), hint=_("空着时按今天。")),
    )  # fmt: skip

    def field(self, code: str) -> Field | None:
        return super().field(code) or wide_field(code)

    def knows(self, heading: str) -> bool:
        return super().knows(heading) or bool(heading_of(heading))

    def code_of(self, names: Iterable[str]) -> str:
        wanted = list(names)
        found = super().code_of(wanted)
        return found or next((code for code in map(heading_of, wanted) if code), "")

    def judge(self, items: Sequence[Item], context: Context) -> None:
        bodies.find(items, context)
        self._refuse_twins(items, context)
        good = [item for item in items if not item.problems]
        standing: dict[int, list[Fact]] = defaultdict(list)
        for row in Fact.objects.filter(organization__in={item.found["body"].pk for item in good}, ended_at=None):
            standing[row.organization_id].append(row)
        for item in good:
            self._one(item, standing[item.found["body"].pk], context)

    def _refuse_twins(self, items: Sequence[Item], context: Context) -> None:
        """Of a firm that has two rows in a wide table neither is better; the second and all after it are wrong."""
        seen: dict[str, int] = context.kept.setdefault("rows", {})
        for item in items:
            body = item.found.get("body")
            if body is None or not any(split_code(code) for code in item.values):
                continue
            item.match = f"facts:{body.key}"
            if seen.setdefault(body.key, item.line) != item.line:
                what = gettext("第 %(line)d 行已有这家企业，一家企业只能有一行。")
                item.wrong(what % {"line": seen[body.key]}, field="uscc")

    def _one(self, item: Item, standing: list[Fact], context: Context) -> None:
        body = item.found["body"]
        stated = self._statements(item, context)
        if not item.problems and not stated:
            item.wrong(_("这一行没有任何数据：请填写数据名称和值，或在每列写一个数据。"), field="value")
        told = {problem.field for problem in item.problems}
        rows = [
            (code, row) for code, one in stated if code not in told and (row := self._read(item, code, one, context))
        ]
        if item.problems:
            return
        first = rows[0][1]
        item.match = item.match or f"fact:{body.key}:{first.name}:{first.year}:{first.register}"
        item.found["stated"] = [one for _code, one in stated]
        fresh = [code for code, row in rows if self._compare(item, code, row, standing)]
        if len(fresh) < len(rows) or item.changes:
            item.subject = f"organization:{body.key}"
            words = get_language() or "zh-hans"
            for code, row in rows:
                if code in fresh:
                    item.changes.setdefault(code, ["", _with_day(row, words)])

    def _statements(self, item: Item, context: Context) -> list[tuple[str, Statement]]:
        """What a row states, by its column: one fact by name, or one for each filled wide column."""
        values = item.values
        found = [
            (code, self._wide(item, code, wide, context)) for code in values if (wide := split_code(code)) is not None
        ]
        if "fact" not in values:
            return found
        try:
            about = facts.find_fact(values["fact"])
        except FactError as error:
            item.wrong(fact_words.sentence(error), field="fact")
            return found
        if "value" not in values:
            item.wrong(_("是空的，请填写。"), field="value")
            return found
        unit = values.get("unit", "")
        if not unit and values["fact"] != about.name and not _need_unit(about, item, "unit", values["value"]):
            return found
        found.append(("value", self._stated(about, values.get("year"), values["value"], unit, item, context)))
        return found

    def _wide(self, item: Item, code: str, wide: tuple[facts.Fact, str], context: Context) -> Statement:
        about, period = wide
        value, heading = item.values[code]
        year = item.values.get("year") if period == "row" else int(period) if period.isdecimal() else None
        if period.startswith("t"):
            year = context.on.year - int(period[1:])
        named = _UNIT.search(unicodedata.normalize("NFKC", heading))
        unit = named[1] if named and named[1] in facts.units_of(about) else ""
        if named and not unit and facts.units_of(about):
            item.wrong(fact_words.sentence(FactError("unit_unknown", named[1], fact=about)), field=code)
        elif not unit and not heading.strip().casefold().startswith(about.name):
            _need_unit(about, item, code, value)
        return self._stated(about, year, value, unit, item, context)

    def _stated(
        self, about: facts.Fact, year: int | None, value: Any, unit: str, item: Item, context: Context
    ) -> Statement:
        return Statement(
            name=about.name, year=year, value=value, unit=unit, register=self._register(about, item, context),
            observed_on=item.values.get("observed_on") or context.on,
        )  # fmt: skip

    def _register(self, about: facts.Fact, item: Item, context: Context) -> str:
        """The register a value comes from: the firm itself, the one that is named, or the one in charge."""
        if context.sender.startswith("organization:"):
            return DECLARED
        given = item.values.get("register", "") or about.source
        named = next((word for word, names in facts.registers().items() if given in names), given)
        return "" if named == DECLARED else named

    def _read(self, item: Item, code: str, one: Statement, context: Context) -> Fact | None:
        """The row a statement would become; what is wrong with it is said of its cell."""
        try:
            if not one.register:
                raise ValidationError({"register": gettext("这一项没有主管登记，请写明数据来源。")})
            return actions.read_statement(item.found["body"], one, at=context.at)
        except ValidationError as error:
            for part, texts in error.message_dict.items():
                field = code if split_code(code) else {"name": "fact"}.get(part, part)
                for text in texts:
                    item.wrong(text, field=field)
        return None

    def _compare(self, item: Item, code: str, row: Fact, standing: list[Fact]) -> bool:
        """Whether the value is new; a changed one, and one that contradicts another source, is noted."""
        words = get_language() or "zh-hans"
        label = code
        others = [one for one in standing if (one.name, one.year) == (row.name, row.year)]
        before = next((one for one in others if one.register == row.register), None)
        if before is not None and before.observed_on > row.observed_on:
            what = gettext("已有 %(day)s 的数据，比这一条新，没有改动。")
            item.wrong(what % {"day": before.observed_on}, field=label)
        elif before is not None and not actions.says_same(before, row):
            item.changes[label] = [_with_day(before, words), _with_day(row, words)]
        rivals = [one for one in others if one.register != row.register and not one.is_statistical]
        differs = next((one for one in rivals if one.value != row.value), None)
        if differs is not None and (before is None or before.value != row.value):
            name = facts.registers()[differs.register][words == "en"]
            what = gettext("%(value)s（%(register)s，与本行冲突，两个都保留）")
            item.changes[label] = [
                what % {"value": facts.said(row.about, differs.value, words), "register": name}, _with_day(row, words),
            ]  # fmt: skip
        return before is None

    def write(self, item: Item, context: Context) -> str:
        body, who = item.found["body"], {"by": context.actor, "at": context.at}
        state: Any = actions.declare_facts if context.sender.startswith("organization:") else actions.bring_facts
        state(body, item.found["stated"], **who)
        return f"organization:{body.key}"


def _need_unit(about: facts.Fact, item: Item, code: str, value: Any) -> bool:
    """No unit is guessed: where several are usual and none is given, the row is wrong."""
    has_own = isinstance(value, str) and re.search(r"\d\s*[^\d\s.,]+$", value) is not None
    if len(facts.units_of(about)) > 1 and not has_own:
        item.wrong(fact_words.sentence(FactError("unit_needed", "", fact=about)), field=code)
        return False
    return True


def _with_day(row: Fact, words: str) -> str:
    return f"{facts.said(row.about, row.value, words)} ({row.observed_on})"
