"""Bringing rows of registers as tables, one kind a register."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, ImportKind, Item
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import places
from keqiao.apps.parties.imports import bodies
from keqiao.apps.parties.permissions import refused
from keqiao.catalogue.registers import Register, registers
from keqiao.engines.tables import as_choice, as_text

from . import actions, permissions
from .actions.entries import check
from .models import Entry
from .words import words

COMPARED = ("title", "title_en", "level", "organization_name", "area", "field", "start_date", "end_date", "amount_fen",
            "quantity", "document_no", "source", "source_link", "note")  # fmt: skip
ATTRIBUTES = {"document_no": "number"}


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


class RegisterImport(ImportKind):
    """Rows of one register. The sender's own number, else title and first day, tell that a row is known."""

    number = "number"

    def __init__(self, register: Register) -> None:
        self.register = register
        self.code = f"register-{register.code}"
        self.label = words(register)
        self.hint = words(register.hint)
        self.fields = tuple(_fields(register))

    def may(self, actor: Any, sender: str) -> ledger.Verdict:
        if sender != f"area:{places.region().root.code}" and not actor.is_product:
            return refused("not_sender")
        return permissions.can_keep_register(actor, self.register.code)

    def senders(self, actor: Any) -> list[str]:
        root = places.region().root.code
        may = root in actor.areas() and permissions.can_keep_register(actor, self.register.code).allowed
        return [f"area:{root}"] if may else []

    def judge(self, items: Sequence[Item], context: Context) -> None:
        pairs = [(bodies.clean_code(item), item.values.get("organization", "")) for item in items]
        known = bodies.Register(pairs)
        rows = Entry.objects.filter(register=self.register.code, struck_at=None)
        subjects = [subject.partition(":")[2] for subject in context.numbers.values()]
        by_key = {row.key: row for row in rows.filter(key__in=subjects)}
        titles = {item.values["title"] for item in items}
        by_title = {(row.title, row.start_date): row for row in rows.filter(title__in=titles)}
        for item, (code, name) in zip(items, pairs, strict=True):
            if item.problems:
                continue
            self._find_body(item, code, name, known)
            numbered = context.numbers.get(item.values.get("number", ""), "").partition(":")[2]
            row = by_key.get(numbered) or by_title.get((item.values["title"], item.values["start_date"]))
            self._one(item, row, context)

    def _find_body(self, item: Item, code: str, name: str, known: bodies.Register) -> None:
        """A body that is not known here stays a name: registers speak of others as well."""
        named = known.named(name) if name else []
        item.found["body"] = known.by_code.get(code) or (named[0] if len(named) == 1 else None)

    def _one(self, item: Item, row: Entry | None, context: Context) -> None:
        values = item.values
        item.match = f"entry:{self.register.code}:{values.get('number') or values['title']}:{values['start_date']}"[
            :200
        ]
        if row is not None:
            item.found["row"], item.subject = row, row.subject
            self.compare(item, {name: getattr(row, ATTRIBUTES.get(name, name)) for name in _kept(self)})
            if "organization" in values and values["organization"] != row.organization_name:
                item.changes["organization"] = [row.organization_name, values["organization"]]
        probe = Entry(key="x", register=self.register.code, created_at=context.at, updated_at=context.at)
        for name, value in _given(item).items():
            setattr(probe, name, value)
        try:
            check(probe, self.register, at=context.at)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                for text in texts:
                    item.wrong(text, field="document_no" if name == "number" else name)

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        row = item.found.get("row")
        if row is None:
            return actions.add_entry(self.register.code, **_given(item), **who).subject
        actions.edit_entry(row, **_given(item), **who)
        return row.subject


def _kept(kind: ImportKind) -> list[str]:
    return [name for name in COMPARED if kind.field(name)]


def _given(item: Item) -> dict[str, Any]:
    values = {ATTRIBUTES.get(name, name): item.values[name] for name in COMPARED if name in item.values}
    if name := item.values.get("organization"):
        values["organization_name"] = name
    if item.found.get("body"):
        values["organization"] = item.found["body"]
        values.setdefault("organization_name", item.found["body"].name)
    return values


def _level(register: Register) -> Callable[[Cell], str]:
    names = {word: level.code for level in register.levels for word in (level.code, level.name, level.name_en)}
    return lambda cell: as_choice(cell.value, names)


def _show_level(register: Register) -> Callable[[Any], str]:
    def show(value: Any) -> str:
        level = register.level(value)
        return level.label(get_language() or "zh-hans") if level else as_text(value)

    return show


def _fields(register: Register) -> list[Field]:
    more = register.aliases
    found = [
        bodies.number_field("序号"),
        Field("title", _("名称"), cells.line, required=True, width=32, example="示范项目甲",
              aliases=("项目", *more["title"])),
        Field("title_en", _("英文名称"), cells.line, width=32),
        bodies.name_field("承担单位", "获奖单位", "建设单位", "举办单位", "运营单位"),
        bodies.code_field(),
        bodies.area_field(),
        bodies.field_field(),
        Field("start_date", words(register.start), cells.first_day, required=True, example="2025-03-01",
              aliases=("日期", "时间", *more["start_date"]), show=_day),
    ]  # fmt: skip
    if register.levels:
        found.insert(3, Field("level", _("级别"), _level(register), example=register.levels[0].name,
                              aliases=("等级", "类别", "类型"), show=_show_level(register),
                              choices=lambda: [level.name for level in register.levels]))  # fmt: skip
    if register.end.name:
        found.append(Field("end_date", words(register.end), cells.last_day, show=_day))
    if register.amount.name:
        found.append(Field("amount_fen", words(register.amount), cells.money, example="200",
                           hint=_("不写单位的按万元。"), aliases=more["amount_fen"], show=cells.wan))  # fmt: skip
    if register.quantity.name:
        found.append(Field("quantity", words(register.quantity), cells.number, example="30",
                           aliases=("数量", *more["quantity"])))  # fmt: skip
    return [
        *found,
        Field("document_no", _("文号"), cells.line, width=24, aliases=("批准文号", "文件号", "证书号")),
        Field("source", _("来源"), cells.line, required=True, width=32, example="关于公布2025年认定名单的通知",
              aliases=("数据来源", "依据", "来源文件", "文件名")),
        Field("source_link", _("来源网址"), cells.line, width=32, aliases=("网址", "链接")),
        Field("note", _("说明"), cells.line, width=24, aliases=("备注",)),
    ]  # fmt: skip


KINDS = tuple(RegisterImport(register) for register in registers().values())
