"""Reading the groups of benefits that do not simply add up, from TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules._facts import Vocabulary
from keqiao.engines.rules._policy import Stage
from keqiao.engines.rules._stacking import RULES, Group
from keqiao.engines.rules._table import Lines, Table, loaded, named


@dataclass(frozen=True, kw_only=True)
class Stacking:
    """A group as its file says it: the rule in both languages with its document, and the cap by date."""

    id: str
    rule: str
    label: str
    label_en: str
    document: str
    source: str
    note: str
    note_en: str
    is_demo: bool
    caps: tuple[Stage, ...]
    amounts: Mapping[str, int]

    def on(self, day: date) -> Group:
        """Return the group with the cap of a day, None where nobody knows it.

        >>> text = '[groups.g]\\nrule = "cap"\\nlabel = "合计"\\nlabel_en = "sum"\\ndocument = "d"\\nsource = "s"\\n'
        >>> text += 'cap = [{ value = "1 元", source = "s" }, { from = 2026-01-01, value = "2 元", source = "s" }]'
        >>> groups = read_stacking(text, vocabulary=Vocabulary(attributes={}, lists={}, units={"元": ("分", 100)}))
        >>> groups["g"].on(date(2025, 12, 31)).cap, groups["g"].on(date(2026, 1, 1)).cap
        (100, 200)
        """
        held = [stage for stage in self.caps if stage.start is None or stage.start <= day]
        return Group(id=self.id, rule=self.rule, cap=self.amounts.get(held[-1].text) if held else None)


def read_stacking(text: str, *, vocabulary: Vocabulary) -> dict[str, Stacking]:
    """Return the groups that a TOML text declares; raise :class:`RuleError` with line and mend for what is wrong."""
    values, lines = loaded(text), Lines(text)
    return {name: _group(name, table, vocabulary) for name, table in named(values, "groups", lines)}


def _group(name: str, table: Table, vocabulary: Vocabulary) -> Stacking:
    rule = table.text("rule")
    if rule not in RULES:
        raise table.error(f"the rule is {rule!r}", f"use one of {', '.join(RULES)}")
    stages, amounts = [], {}
    for row in table.take("cap", list, default=[]):
        one = Table(row, where=table.where, line=table.line)
        text = one.text("value", default="")
        start = one.take("from", date, default=None)
        stages.append(Stage(start=start, value=None, text=text, source=one.text("source")))
        one.finish()
        if text:
            amounts[text] = _amount(one, text, vocabulary)
    if (rule == "cap") != bool(stages):
        raise table.error("the rule and the cap do not fit", "give a cap exactly where the rule is cap")
    found = Stacking(
        id=name,
        rule=rule,
        label=table.text("label"),
        label_en=table.text("label_en"),
        document=table.text("document"),
        source=table.text("source"),
        note=table.text("note", default=""),
        note_en=table.text("note_en", default=""),
        is_demo=table.take("demo", bool, default=False),
        caps=tuple(sorted(stages, key=lambda one: one.start or date.min)),
        amounts=amounts,
    )
    table.finish()
    return found


def _amount(table: Table, text: str, vocabulary: Vocabulary) -> int:
    found = Table({"cap": text}, where=table.where, line=table.line).expression("cap")
    if isinstance(found, s.Number) and found.unit in vocabulary.units:
        value = found.value * vocabulary.units[found.unit][1]
        if value.denominator == 1:
            return int(value)
    raise table.error(f"the cap is {text!r}", "write an amount with its unit, as 100 万元")
