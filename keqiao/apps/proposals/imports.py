"""Proposals from the tables that offices send round: numbers, titles, who signed, who handles."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, ImportKind, Item
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions as parties
from keqiao.apps.parties import places
from keqiao.apps.parties.imports import bodies
from keqiao.catalogue import proposals as rulebook
from keqiao.engines.tables import CellError, as_choice, as_text

from . import actions, permissions, units
from .actions import SignerInput
from .models import Body, Proposal, SignerRole, UnitRole, session_text

BODY_WORDS = {"政协提案": "cppcc", "提案": "cppcc", "省政协": "cppcc", "人大建议": "npc", "代表建议": "npc",
              "建议": "npc", "省人大": "npc"}  # fmt: skip
FACTS = ("title", "text", "abstract", "field", "received_date", "is_key", "supervisor")
ROLES = {"lead": UnitRole.LEAD, "separate": UnitRole.SEPARATE, "co": UnitRole.CO, "reference": UnitRole.REFERENCE}
PREFIX = "unit:"


def session(cell: Cell) -> tuple[int, int]:
    found = rulebook.read_session(as_text(cell.value))
    if found is None:
        raise CellError("choice", as_text(cell.value))
    return found


def kind(cell: Cell) -> str:
    classes = rulebook.proposal_classes(places.region().code)
    names = {word: code for code, row in classes.items() for word in (row.name, row.name_en, code, *row.words)}
    return as_choice(cell.value, names)


def unit_list(cell: Cell) -> list[str]:
    """Codes of the units named; one that is none is an error of the cell."""
    found = []
    for name in cells.words(cell):
        code = units.resolve(name)
        if not code:
            raise CellError("choice", name)
        found.append(code)
    return found


def _class_names() -> list[str]:
    return [row.name for row in rulebook.proposal_classes(places.region().code).values()]


def _show_class(code: Any) -> str:
    found = rulebook.proposal_classes(places.region().code).get(str(code))
    return found.label(get_language() or "") if found else str(code)


def _show_units(codes: Any) -> str:
    return "、".join(units.label(code, get_language() or "") for code in codes or ())


def _show_session(value: Any) -> str:
    return session_text(*value) if value else ""


def _unit_field(code: str, label: Any, *aliases: str, example: str = "") -> Field:
    return Field(code, label, unit_list, aliases=aliases, show=_show_units, width=24, example=example)


class ProposalImport(ImportKind):
    code = "proposals"
    label = _("建议提案")
    hint = _("交办机关或承办单位的建议提案清单；有承办单位的，导入时一并交办并计算期限。")
    fields = (
        Field("number", _("编号"), cells.code, required=True, example="W163号", width=12,
              aliases=("提案编号", "建议编号", "提案号", "建议号", "案号", "件号")),
        Field("title", _("标题"), cells.line, required=True, width=44, example="关于壮大光电信息产业的建议",
              aliases=("题目", "案由", "提案标题", "提案名称", "建议标题", "建议名称", "名称")),
        Field("body", _("提出机构"), cells.choice(Body, BODY_WORDS), aliases=("人大/政协", "来源", "类型"),
              choices=cells.labels_of(Body), show=cells.label_of(Body), example="政协"),
        Field("session", _("届次"), session, required=True, aliases=("会议", "会次", "届次会议", "会议届次"), width=20,
              show=_show_session, example="十三届四次会议"),
        Field("kind", _("类别"), kind, aliases=("提案类别", "提案类型", "建议类别"), choices=_class_names,
              show=_show_class, example="委员提案", hint=_("编号里有字母（如 W、D）时可以不填。")),
        Field("signers", _("提出人"), cells.words, show=cells.listed, width=20, example="李明",
              aliases=("提案人", "第一提案人", "提案者", "领衔代表", "代表姓名", "委员姓名", "提案单位", "提出单位")),
        Field("co_signers", _("联名人"), cells.words, show=cells.listed, width=28,
              aliases=("附议人", "联名委员", "附议代表", "联名代表")),
        Field("received_date", _("收到日期"), cells.first_day, aliases=("收文日期", "登记日期", "提出日期"),
              example="2026-09-01"),
        Field("assigned_date", _("交办日期"), cells.first_day, aliases=("交办时间",), example="2026-09-07"),
        _unit_field("lead", _("主办单位"), "主办", "承办单位", example="省科技厅"),
        _unit_field("separate", _("分办单位"), "分办"),
        _unit_field("co", _("协办单位"), "协办", "会办单位", "会办", example="省财政厅"),
        _unit_field("reference", _("参阅单位"), "参阅"),
        bodies.field_field(),
        Field("is_key", _("重点督办"), cells.flag, aliases=("重点提案", "重点建议", "是否重点"), example="否"),
        Field("supervisor", _("督办领导"), cells.line, aliases=("领衔督办", "督办人")),
        Field("abstract", _("摘要"), cells.text, aliases=("内容摘要", "主要内容"), width=40),
        Field("text", _("正文"), cells.text, aliases=("内容", "提案内容", "建议内容"), width=40),
    )  # fmt: skip

    def senders(self, actor: Any) -> list[str]:
        return [f"{PREFIX}{unit}" for unit in sorted(units.of(actor))]

    def may(self, actor: Any, sender: str) -> ledger.Verdict:
        if actor.is_product or sender in self.senders(actor):
            return parties.ALLOWED
        return parties.refused("not_sender" if actor.is_registered else "sign_in_first")

    def judge(self, items: Sequence[Item], context: Context) -> None:
        for item in items:
            if not item.problems:
                self._complete(item, context)
        good = [item for item in items if not item.problems]
        known = self._known(good)
        for item in good:
            row = known.get(item.found["key"])
            if row is not None:
                self._compare(item, row, context)
            elif not permissions.can_register_proposal(context.actor, handed_to=self._units(item)).allowed:
                item.wrong(_("交办清单由交办机关导入；本单位只能导入由本单位承办的。"))

    def _complete(self, item: Item, context: Context) -> None:
        """Body and class from the number and what else the row says; the key to find it by."""
        values = item.values
        region = places.region().code
        found = rulebook.read_number(values["number"], region=region, body=values.get("body", ""))
        if found is None:
            item.wrong(_("编号里没有数字，请写成 W163号 或 第163号。"), field="number")
            return
        code = values.get("kind") or found.kind
        classes = rulebook.proposal_classes(region)
        if code not in classes:
            item.wrong(_("从编号看不出类别，请填写这一列。"), field="kind")
            return
        if values.setdefault("body", classes[code].body) != classes[code].body:
            item.wrong(_("类别与提出机构不符。"), field="kind")
            return
        values["kind"] = code
        item.found["key"] = (values["body"], *values["session"], code, found.number)
        item.match = "proposal:" + "/".join(str(part) for part in item.found["key"])
        self._check_days(item, context.on)
        self._check_units(item)

    def _check_days(self, item: Item, on: date) -> None:
        received, assigned = item.values.get("received_date"), item.values.get("assigned_date")
        for name, day in (("received_date", received), ("assigned_date", assigned)):
            if day is not None and day > on:
                item.wrong(_("日期不能晚于今天。"), field=name)
        if received and assigned and assigned < received:
            item.wrong(_("交办日期早于收到日期。"), field="assigned_date")

    def _check_units(self, item: Item) -> None:
        values = item.values
        if len(values.get("lead", ())) > 1:
            item.wrong(_("主办单位只能有一个；几个单位各自答复的，请填在分办单位。"), field="lead")
        if values.get("lead") and values.get("separate"):
            item.wrong(_("主办和分办不能并用：要么一个主办，要么各自分办。"), field="separate")
        named = self._units(item)
        if len(named) != len(set(named)):
            item.wrong(_("同一单位写了两次。"), field="co")
        if named and not (values.get("lead") or values.get("separate")):
            item.wrong(_("有协办或参阅单位，却没有主办或分办单位。"), field="lead")
        if values.get("is_key") and not values.get("supervisor"):
            item.wrong(_("重点督办的，请填写督办领导。"), field="supervisor")

    def _units(self, item: Item) -> list[str]:
        return [unit for name in ROLES for unit in item.values.get(name, ())]

    def _known(self, items: Sequence[Item]) -> dict[tuple[object, ...], Proposal]:
        numbers = {item.found["key"][-1] for item in items}
        rows = Proposal.objects.filter(number__in=numbers).prefetch_related("assignments")
        return {(row.body, row.term, row.session, row.kind, row.number): row for row in rows}

    def _compare(self, item: Item, row: Proposal, context: Context) -> None:
        item.found["row"], item.subject = row, f"proposal:{row.key}"
        now: dict[str, Any] = {name: getattr(row, name) for name in FACTS}
        if not row.assignments.all():
            now |= {name: [] for name in ROLES}
        self.compare(item, now)
        if item.changes and not permissions.can_keep_proposal(context.actor, row).allowed:
            item.wrong(_("这一件不由您所在的单位承办，不能改动。"))

    def write(self, item: Item, context: Context) -> str:
        who: Mapping[str, Any] = {"by": context.actor, "at": context.at}
        values = item.values
        facts = {name: values[name] for name in FACTS if name in values}
        given = [(unit, str(role)) for name, role in ROLES.items() for unit in values.get(name, ())]
        day = values.get("assigned_date") or values.get("received_date") or context.on
        row: Proposal | None = item.found.get("row")
        if row is None:
            term, number = values["session"]
            row = actions.register_proposal(
                body=values["body"], term=term, session=number, kind=values["kind"], number=values["number"],
                signers=self._signers(values), assign=given, assigned_date=day, **facts, **who,
            )  # fmt: skip
        else:
            actions.edit_proposal(row, **facts, **who)
            if given and not row.assignments.exists():
                actions.hand_over(row, units=given, assigned_date=day, **who)
        return f"proposal:{row.key}"

    def _signers(self, values: Mapping[str, Any]) -> list[SignerInput]:
        """Each name once, in the order of the row."""
        found: dict[str, SignerInput] = {}
        for field, role in (("signers", SignerRole.PROPOSER), ("co_signers", SignerRole.CO_SIGNER)):
            for name in values.get(field, ()):
                found.setdefault(name, SignerInput(name, str(role)))
        return list(found.values())


KINDS = (ProposalImport(),)
