"""Reading the rule book from its files."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from keqiao.catalogue.files import Settings, read_settings
from keqiao.catalogue.proposals._model import (
    BODIES,
    ROLLS,
    UNITS,
    NoRuleError,
    ProposalClass,
    ResultClass,
    Rule,
    WithheldReason,
)

FOLDER = Path(__file__).parent
NAMES = (
    "answer", "answer_broad", "redo", "co_opinion", "return", "publish", "look_back_first", "look_back_second",
    "remind_answer", "remind_promise",
)  # fmt: skip
LISTS = ("rule", "proposal_class", "result_class", "withheld_reason")
Made = TypeVar("Made")


def rules(region: str) -> tuple[Rule, ...]:
    """Return the rules of a region, its own before the country's.

    >>> [rule.value for rule in rules("229999") if rule.name == "redo"]
    [2, 3]
    """
    return tuple(rule for path in _files(region) for rule in _read_rules(path))


def find(name: str, *, body: str, region: str, on: date) -> Rule | None:
    """Return the rule that holds for a body in a region on a day, the region's own first, or None.

    >>> find("answer", body="npc", region="22", on=date(1999, 1, 1)) is None
    True
    """
    for path in _files(region):
        held = [rule for rule in _read_rules(path) if rule.name == name and rule.holds(body=body, on=on)]
        if held:
            return max(held, key=lambda rule: (rule.body != "", rule.valid_from))
    return None


def rule(name: str, *, body: str, region: str, on: date) -> Rule:
    """Return the rule that holds for a body in a region on a day; raises :class:`NoRuleError` where none does.

    >>> rule("answer", body="npc", region="22", on=date(2026, 2, 5)).value
    3
    """
    found = find(name, body=body, region=region, on=on)
    if found is None:
        raise NoRuleError(
            f"no rule {name} holds for {body} in {region} on {on}: add one to catalogue/proposals/r{region}.toml"
        )
    return found


def proposal_classes(region: str) -> Mapping[str, ProposalClass]:
    """Return the classes of proposals of a region by code.

    >>> proposal_classes("22")["party"].letters
    ('D',)
    """
    return _list(region, "proposal_class")


def result_classes(region: str) -> Mapping[str, ResultClass]:
    """Return the classes of results of a region by code, in its own wording.

    >>> [code for code, row in result_classes("22").items() if row.look_back]
    ['B']
    """
    return _list(region, "result_class")


def withheld_reasons(region: str) -> Mapping[str, WithheldReason]:
    """Return the lawful grounds for not publishing, by code.

    >>> withheld_reasons("22")["privacy"].label("en")
    'Personal privacy'
    """
    return _list(region, "withheld_reason")


def _files(region: str) -> list[Path]:
    own = FOLDER / f"r{region}.toml"
    return [*([own] if own.exists() else ()), FOLDER / "national.toml"]


@cache
def _read_rules(path: Path) -> tuple[Rule, ...]:
    return tuple(_read(path, "rule", lambda table: _rule(table, origin=path.stem)))


@cache
def _list(region: str, name: str) -> Mapping[str, Any]:
    """A region's list where it has one, else the country's."""
    makers: dict[str, Callable[[Settings], Any]] = {
        "proposal_class": _proposal_class, "result_class": _result_class, "withheld_reason": _withheld_reason,
    }  # fmt: skip
    for path in _files(region):
        if found := {row.code: row for row in _read(path, name, makers[name])}:
            return found
    return {}


def _read(path: Path, name: str, make: Callable[[Settings], Made]) -> Iterator[Made]:
    outer = Settings(read_settings(path), path=path)
    for one in LISTS:
        for number, values in enumerate(outer.take(one, types=(list,), default=[]), start=1):
            if one == name:
                table = Settings(values, path=path, where=f"{name} {number}")
                yield make(table)
                table.finish()
    outer.finish()


def _one_of(table: Settings, key: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
    value = table.text(key, default=default)
    if value not in allowed and value != default:
        raise table.error(what=f"{key!r} is {value!r}", remedy=f"use one of {', '.join(allowed)}")
    return value


def _rule(table: Settings, *, origin: str) -> Rule:
    value = int(table.take("value", types=(int,)))
    if value < 1:
        raise table.error(what=f"'value' is {value}", remedy="write a whole number above 0")
    last = table.take("valid_to", types=(date, str), default="")
    return Rule(
        name=_one_of(table, "name", NAMES), body=_one_of(table, "body", BODIES, default=""), value=value,
        unit=_one_of(table, "unit", UNITS), roll=_one_of(table, "roll", ROLLS),
        valid_from=table.take("valid_from", types=(date,)), valid_to=last or None,
        needs_confirmation=table.take("needs_confirmation", types=(bool,), default=False),
        source=table.text("source"), note=table.text("note"), note_en=table.text("note_en"),
        origin=origin,
    )  # fmt: skip


def _proposal_class(table: Settings) -> ProposalClass:
    return ProposalClass(
        code=table.text("code"), body=_one_of(table, "body", BODIES), name=table.text("name"),
        name_en=table.text("name_en"), letters=table.texts("letters", default=()), words=table.texts("words"),
    )  # fmt: skip


def _result_class(table: Settings) -> ResultClass:
    return ResultClass(
        code=table.text("code"), name=table.text("name"), name_en=table.text("name_en"),
        look_back=table.take("look_back", types=(bool,), default=False),
    )  # fmt: skip


def _withheld_reason(table: Settings) -> WithheldReason:
    return WithheldReason(
        code=table.text("code"), name=table.text("name"), name_en=table.text("name_en"), source=table.text("source")
    )
