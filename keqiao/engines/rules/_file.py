"""Reading a policy edition and a vocabulary from TOML; every error names line, clause and mend."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._facts import TYPES, Attribute, ItemList, Vocabulary
from keqiao.engines.rules._instalments import Instalment
from keqiao.engines.rules._policy import (
    BENEFITS,
    KINDS,
    ROUNDINGS,
    Article,
    Benefit,
    Clause,
    Definition,
    Lever,
    Parameter,
    Policy,
    Stage,
)
from keqiao.engines.rules._syntax import Expression
from keqiao.engines.rules._table import Lines, Table, loaded, named, numbered


def read_vocabulary(text: str, *, tables: Mapping[str, Mapping[str, tuple[str, str]]] | None = None) -> Vocabulary:
    """Return the facts and lists that a TOML text declares.

    Sections: `[units]` (word = [base, factor, English name]), `[registers]` (their English names), `[facts.<name>]`
    (type, unit, label, periods …) and `[lists.<name>]`. A fact with `codes_of = "t"` takes what its codes are called,
    Chinese and English, from the table `t`.

    >>> text = '[facts.staff]\\ntype = "count"\\nperiods = [1]\\nlabel = "职工"'
    >>> list(read_vocabulary(text).attributes)
    ['staff_t1']
    """
    values, lines = loaded(text), Lines(text)
    given = values.get("units", {})
    units = {word: (str(row[0]), Fraction(str(row[1]))) for word, row in given.items()}
    attributes: dict[str, Attribute] = {}
    for name, table in named(values, "facts", lines):
        for one in _attributes(name, table, tables or {}):
            if one.unit not in {base for base, _ in units.values()} | {"1"}:
                raise table.error(f"the unit {one.unit!r} is no base unit", "declare it under [units]")
            attributes[one.name] = one
        table.finish()
    lists = {name: _list(name, table) for name, table in named(values, "lists", lines)}
    english = {word: str(row[2]) for word, row in given.items() if len(row) > 2}
    return Vocabulary(
        attributes=attributes,
        lists=lists,
        units=units,
        unit_names_en=english,
        registers_en={name: str(one) for name, one in values.get("registers", {}).items()},
    )


def _codes(table: Table) -> dict[str, tuple[str, str]]:
    """What the codes are called, Chinese and English."""
    return {code: (str(names[0]), str(names[1])) for code, names in table.take("codes", dict, default={}).items()}


def _table_codes(table: Table, tables: Mapping[str, Mapping[str, tuple[str, str]]]) -> dict[str, tuple[str, str]]:
    """The codes of a table, and those the file itself adds."""
    wanted = table.text("codes_of", default="")
    if wanted and wanted not in tables:
        raise table.error(f"there is no table {wanted!r} of codes", f"use one of {', '.join(tables) or 'none'}")
    return {**tables.get(wanted, {}), **_codes(table)}


def _attributes(name: str, table: Table, tables: Mapping[str, Mapping[str, tuple[str, str]]]) -> list[Attribute]:
    kind = table.text("type")
    if kind not in TYPES:
        raise table.error(f"the type is {kind!r}", f"use one of {', '.join(TYPES)}")
    shared: dict[str, Any] = {
        "type": kind,
        "unit": table.text("unit", default="1"),
        "label": table.text("label"),
        "label_en": table.text("label_en", default=""),
        "per": table.take("per", int, default=1),
        "is_signed": table.take("signed", bool, default=False),
        "source": table.text("source", default=""),
        "by": table.text("by", default=""),
        "absent_means": table.text("absent_means", default=""),
        "codes": _table_codes(table, tables),
    }
    periods = table.take("periods", list, default=[])
    if not periods:
        return [Attribute(name=name, **shared)]
    return [Attribute(name=f"{name}_t{k}", period=k, **shared) for k in periods]


def _list(name: str, table: Table) -> ItemList:
    fields = {}
    for field, kind in table.take("fields", dict).items():
        words = str(kind).split()
        signed = "signed" in words
        base, *unit = [word for word in words if word != "signed"]
        if base not in TYPES or len(unit) > 1:
            raise table.error(f"the field {field} is {kind!r}", f"write one of {', '.join(TYPES)}, then a unit")
        fields[field] = Attribute(name=field, type=base, unit=unit[0] if unit else "1", is_signed=signed)
    found = ItemList(
        name=name,
        unit=table.text("unit", default="1"),
        label=table.text("label"),
        label_en=table.text("label_en", default=""),
        fields=fields,
        optional=frozenset(table.take("optional", list, default=[])),
        dated_by=table.text("dated_by", default=""),
        complete_from=table.text("complete_from", default=""),
        source=table.text("source", default=""),
        codes=_codes(table),
    )
    table.finish()
    return found


def read_policy(text: str, *, vocabulary: Vocabulary, name: str = "") -> Policy:
    """Return the policy of a TOML text; raise :class:`RuleError` with line, clause and mend for whatever is wrong.

    Names, units and dates are checked when the policy is compiled for a day (:func:`compile_policy`).
    """
    values, lines = loaded(text), Lines(text)
    if not isinstance(values.get("policy"), Mapping):
        raise RuleError("there is no [policy]", remedy="begin the file with [policy] and slug, version, title")
    head = Table(values["policy"], where="policy", line=lines.of("policy"))
    known = {"policy", "parameters", "define", "clauses", "benefit", "articles", "levers"}
    if unknown := sorted(values.keys() - known):
        line = lines.of(unknown[0])
        raise RuleError(f"the section [{unknown[0]}] is not known", remedy=f"use {', '.join(sorted(known))}", line=line)
    clauses = [_clause(table) for table in numbered(values, "clauses", lines)]
    _refuse_twins(clauses)
    eligible_text = head.text("eligible")
    policy = Policy(
        slug=head.text("slug"),
        version=head.text("version"),
        title=head.text("title"),
        title_en=head.text("title_en"),
        document=head.text("document"),
        issuer=head.text("issuer", default=""),
        region=head.text("region", default=""),
        starts=head.take("starts", date, default=None),
        ends=head.take("ends", date, default=None),
        supersedes=head.text("supersedes", default=""),
        follows=head.text("follows", default=""),
        is_demo=head.take("demo", bool, default=False),
        currency=head.text("currency", default="分"),
        transition=head.text("transition", default=""),
        eligible=_again(head, "eligible", eligible_text),
        eligible_text=eligible_text,
        score=head.expression("score", default=""),
        parameters={name: _parameter(name, table) for name, table in named(values, "parameters", lines)},
        definitions={name: _definition(name, table) for name, table in named(values, "define", lines)},
        clauses=tuple(clauses),
        benefit=_benefit(values["benefit"], lines) if "benefit" in values else None,
        articles=tuple(_article(table) for table in numbered(values, "articles", lines)),
        passages=tuple(map(str, head.take("passages", list, default=[]))),
        levers=tuple(_lever(table) for table in numbered(values, "levers", lines)),
        vocabulary=vocabulary,
        name=name,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        lines={"policy": lines.of("policy") or 1},
    )
    _refuse_lost_passages(policy, head)
    head.finish()
    return policy


def _refuse_lost_passages(policy: Policy, head: Table) -> None:
    """Each passage of the text stands in an article, and each article speaks of passages of the text."""
    covered = {passage for article in policy.articles for passage in article.passages}
    if lost := [one for one in policy.passages if one not in covered]:
        raise head.error(f"the passage {lost[0]!r} is in no article", "name its clauses in one, or say why it has none")
    if policy.passages and (strange := sorted(covered - set(policy.passages))):
        raise head.error(f"an article covers {strange[0]!r}, which is no passage", "add it to passages or rename it")


def _again(head: Table, key: str, text: str) -> Expression:
    return Table({key: text}, where=head.where, line=head.line).needed(key)


def _refuse_twins(clauses: list[Clause]) -> None:
    seen: set[str] = set()
    for clause in clauses:
        if clause.id in seen:
            raise RuleError(
                "two clauses have this id", remedy="rename one", where=f"clause {clause.id}", line=clause.line
            )
        seen.add(clause.id)
    if not clauses:
        raise RuleError("there is no clause", remedy="add [[clauses]] with id, kind, label, source and test")


def _clause(table: Table) -> Clause:
    kind = table.text("kind")
    if kind not in KINDS:
        raise table.error(f"the kind is {kind!r}", f"use one of {', '.join(KINDS)}")
    text = table.text("test")
    clause = Clause(
        id=table.text("id"),
        kind=kind,
        label=table.text("label"),
        label_en=table.text("label_en"),
        source=table.text("source"),
        document=table.text("document", default=""),
        test=_again(table, "test", text),
        text=text,
        applies=table.expression("applies", default=""),
        exempted_by=table.expression("exempted_by", default=""),
        note=table.text("note", default=""),
        note_en=table.text("note_en", default=""),
        line=table.line,
    )
    table.finish()
    return clause


def _parameter(name: str, table: Table) -> Parameter:
    stages = []
    for row in table.take("values", list):
        one = Table(row, where=table.where, line=table.line)
        text = one.text("value", default="")
        value = _again(one, "value", text) if text else None
        stages.append(
            Stage(start=one.take("from", date, default=None), value=value, text=text, source=one.text("source"))
        )
        one.finish()
    if not stages:
        raise table.error(
            "has no value", 'write values = [{ value = "…", source = "…" }]; value = "" where data are needed'
        )
    found = Parameter(
        name=name,
        label=table.text("label"),
        label_en=table.text("label_en"),
        unit=table.text("unit", default=""),
        stages=tuple(sorted(stages, key=lambda one: one.start or date.min)),
        line=table.line,
    )
    table.finish()
    return found


def _definition(name: str, table: Table) -> Definition:
    text = table.text("value")
    found = Definition(
        name=name,
        value=_again(table, "value", text),
        text=text,
        label=table.text("label", default=""),
        label_en=table.text("label_en", default=""),
        line=table.line,
    )
    table.finish()
    return found


def _benefit(values: Mapping[str, Any], lines: Lines) -> Benefit:
    table = Table(values, where="benefit", line=lines.of("benefit"))
    rounding, text = table.text("round", default="exact"), table.text("amount", default="")
    if rounding not in ROUNDINGS:
        raise table.error(f"round is {rounding!r}", f"use one of {', '.join(ROUNDINGS)}")
    kind = table.text("kind", default="grant")
    if kind not in BENEFITS:
        raise table.error(f"kind is {kind!r}", f"use one of {', '.join(BENEFITS)}")
    instalments = tuple(_instalment(table, one) for one in table.take("instalments", list, default=[]))
    if instalments and sum(one.percent for one in instalments) != 100:
        raise table.error("the instalments do not add up to 100 %", "correct the shares")
    found = Benefit(
        amount=_again(table, "amount", text) if text else None,
        text=text,
        rounding=rounding,
        to=table.text("to", default=""),
        label=table.text("label"),
        label_en=table.text("label_en"),
        source=table.text("source"),
        kind=kind,
        stacking=tuple(map(str, table.take("stacking", list, default=[]))),
        fund=table.text("fund", default=""),
        instalments=instalments,
        line=table.line,
    )
    table.finish()
    return found


def _instalment(benefit: Table, values: Mapping[str, Any]) -> Instalment:
    table = Table(values, where=f"{benefit.where}, instalments", line=benefit.line)
    found = Instalment(
        percent=table.take("percent", int),
        year=table.take("year", int),
        when=table.text("when", default=""),
        when_en=table.text("when_en", default=""),
    )
    table.finish()
    return found


def _lever(table: Table) -> Lever:
    found = Lever(
        id=table.text("id"),
        label=table.text("label"),
        label_en=table.text("label_en"),
        unit=table.text("unit"),
        cost=table.take("cost", int),
        most=table.take("most", int),
        adds=table.take("adds", dict, default={}),
        items=table.text("list", default=""),
        item=table.take("item", dict, default={}),
        sets=table.take("sets", dict, default={}),
        line=table.line,
    )
    if not (found.adds or found.items or found.sets):
        raise table.error("moves nothing", "say adds = { fact = 1 }, sets = { flag = true }, or list and item")
    if any(isinstance(step, bool) for step in found.adds.values()) or not all(
        isinstance(to, bool) for to in found.sets.values()
    ):
        raise table.error("adds or sets what it cannot", "add whole numbers to numbers, set flags to true or false")
    table.finish()
    return found


def _article(table: Table) -> Article:
    name = table.text("name")
    found = Article(
        name=name,
        clauses=tuple(table.take("clauses", list, default=[])),
        manual=table.text("manual", default=""),
        passages=tuple(map(str, table.take("passages", list, default=[name]))),
        is_amount=table.take("amount", bool, default=False),
    )
    if not (found.clauses or found.manual or found.is_amount):
        raise table.error("is neither code nor manual", "name its clauses, or say in manual why there is none")
    table.finish()
    return found
