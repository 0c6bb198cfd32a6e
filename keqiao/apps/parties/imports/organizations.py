"""Bodies from tables: new ones under their code, changed facts of those that stand."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, Item
from keqiao.apps.parties import actions, places
from keqiao.apps.parties.models import Organization, OrganizationKind, OrganizationName
from keqiao.apps.parties.models.organization import NameKind, Scale
from keqiao.catalogue import codes
from keqiao.engines.tables import CellError, as_code

from . import bodies

FACTS = ("name", "name_en", "kind", "scale", "area", "industry", "summary", "summary_en")
KIND_WORDS = {
    "公司": "enterprise", "有限公司": "enterprise", "民营企业": "enterprise", "国有企业": "enterprise",
    "大学": "university", "高校": "university", "学院": "university", "研究所": "institute", "研究院": "institute",
    "科研机构": "institute", "事业单位": "institute", "医院": "hospital", "实验室": "platform", "银行": "finance",
    "协会": "association", "社会组织": "association", "机关": "government",
}  # fmt: skip
# What the first two characters of a code say of a body that does not say it itself.
KIND_BY_CODE = {"11": "government", "12": "institute", "13": "association", "51": "association", "52": "association"}


def industry(cell: Cell) -> str:
    """A code of GB/T 4754-2017, with or without its section letter."""
    given = as_code(cell.value).split()[0]
    if given not in codes.codes("industry"):
        raise CellError("choice", given)
    return codes.codes("industry").full(given)


class OrganizationImport(bodies.RegisterKind):
    code = "organizations"
    label = _("单位")
    hint = _("按统一社会信用代码认同一个单位；没有代码的内设机构，凭上级单位和名称。")
    fields = (
        Field("name", _("名称"), cells.line, required=True, width=30, example="示范精密机械有限公司",
              aliases=("单位名称", "企业名称", "机构名称", "公司名称", "企业", "单位", "单位全称", "企业全称")),
        bodies.code_field(),
        Field("kind", _("类型"), cells.choice(OrganizationKind, KIND_WORDS), example="企业",
              aliases=("单位类型", "机构类型", "单位性质", "企业类型", "性质"),
              choices=cells.labels_of(OrganizationKind), show=cells.label_of(OrganizationKind)),
        Field("scale", _("规模"), cells.choice(Scale), aliases=("企业规模",), example="中型",
              choices=cells.labels_of(Scale), show=cells.label_of(Scale)),
        bodies.area_field(),
        Field("industry", _("行业"), industry, aliases=("行业代码", "所属行业", "国民经济行业"), example="C4040",
              hint=_("GB/T 4754-2017 代码，例如 C4040。")),
        Field("parent", _("上级单位"), cells.line, width=24, aliases=("依托单位", "所属单位", "主管单位"),
              hint=_("没有代码的内设机构必填：上级单位的代码或名称。")),
        Field("former", _("曾用名"), cells.words, aliases=("原名", "原名称", "更名前名称"), show=cells.listed),
        Field("short", _("简称"), cells.words, aliases=("单位简称", "企业简称"), show=cells.listed),
        Field("name_en", _("英文名称"), cells.line, width=24, aliases=("英文名",)),
        Field("summary", _("简介"), cells.text, width=40, aliases=("单位简介", "企业简介", "公司简介", "主营业务",
              "主要产品", "经营范围")),
        Field("summary_en", _("英文简介"), cells.text, width=40),
    )  # fmt: skip

    def judge(self, items: Sequence[Item], context: Context) -> None:
        given = [(item, bodies.clean_code(item)) for item in items]
        parents = [(item.values.get("parent", ""), item.values.get("parent", "")) for item in items]
        register = bodies.Register([*((code, item.values["name"]) for item, code in given), *parents])
        for item, code in given:
            if not item.problems:
                self._one(item, code, register, context)
        _compare_names([item for item in items if item.found.get("body") and not item.problems])

    def _one(self, item: Item, code: str, register: bodies.Register, context: Context) -> None:
        name, above = item.values["name"], item.values.get("parent", "")
        if not code and above:
            parents = [register.by_code[above]] if above in register.by_code else register.named(above)
            if len(parents) != 1:
                item.wrong(_("名录里没有唯一的这个上级单位：请写它的统一社会信用代码。"), field="parent")
                return
            item.found["parent"] = parents[0]
        body = register.by_code.get(code) if code else _below(register.named(name), item.found.get("parent"))
        if body is None and not code and not above:
            item.wrong(_("没有统一社会信用代码的内设机构，请写上级单位；其他单位请补上代码。"), field="uscc")
            return
        parent = item.found.get("parent")
        item.match = f"organization:{code}" if code else f"organization:{parent.key if parent else ''}:{name}"
        if body is None:
            self._new(item, code, context)
        elif bodies.is_own(item, body, context):
            self._known(item, body)

    def _new(self, item: Item, code: str, context: Context) -> None:
        kind, _sep, area = context.sender.partition(":")
        if kind != "area":
            item.wrong(_("名录里没有这个单位：新单位由主管部门导入，或由本单位自己登记。"), field="uscc")
            return
        parent = item.found.get("parent")
        root = places.region().root.code
        item.values.setdefault("area", parent.area if parent else "" if area == root else area)
        item.values.setdefault("kind", "platform" if parent else KIND_BY_CODE.get(code[:2], "enterprise"))
        if not bodies.serves(area, item.values["area"]):
            item.wrong(_("所在地不在您负责的地区。"), field="area")
        _check(item, Organization(key="x", **{name: item.values[name] for name in FACTS if name in item.values}))

    def _known(self, item: Item, body: Organization) -> None:
        item.found["body"], item.subject = body, f"organization:{body.key}"
        if bodies.same_name(item.values["name"], body.name):
            item.values["name"] = body.name
        self.compare(item, {name: getattr(body, name) for name in FACTS})
        for name in FACTS:
            setattr(body, name, item.values.get(name, getattr(body, name)))
        _check(item, body)

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        facts = {name: item.values[name] for name in FACTS if name in item.values}
        if item.subject:
            body = Organization.objects.get(key=item.subject.partition(":")[2])
            actions.edit_organization(body, **facts, **who)
        else:
            body = actions.register_organization(
                uscc=item.values.get("uscc", ""), parent=item.found.get("parent"), **facts, **who
            )
        for kind in (NameKind.FORMER, NameKind.SHORT):
            for name in item.values.get(kind.value, ()):
                if not body.names.filter(name=name, kind=kind).exists():
                    actions.add_name(body, name=name, kind=kind, **who)
        return f"organization:{body.key}"


def _below(found: list[Organization], parent: Organization | None) -> Organization | None:
    """The only body of a name, below a parent where one is given."""
    rows = [row for row in found if parent is None or row.parent_id == parent.pk]
    return rows[0] if len(rows) == 1 else None


def _compare_names(items: Sequence[Item]) -> None:
    """Other names that a known body does not have yet are changes, too."""
    rows = OrganizationName.objects.filter(organization__in=[item.found["body"].pk for item in items])
    known = set(rows.values_list("organization_id", "name", "kind"))
    for item in items:
        for kind in (NameKind.FORMER, NameKind.SHORT):
            fresh = [
                name for name in item.values.get(kind.value, ()) if (item.found["body"].pk, name, kind) not in known
            ]
            if fresh:
                item.changes[kind.value] = ["", "、".join(fresh)]


def _check(item: Item, row: Organization) -> None:
    """What the fields cannot hold, told before anything is written."""
    try:
        row.clean_fields(exclude=["uscc", "parent", "merged_into", "created_at"])
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            for text in texts:
                item.wrong(text, field=name)
