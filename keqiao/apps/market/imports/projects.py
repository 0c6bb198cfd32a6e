"""Past contracts and projects from the files of offices, universities and firms."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, Item
from keqiao.apps.market import actions
from keqiao.apps.market.models import LegacyProject, ProjectKind
from keqiao.apps.parties.imports import bodies
from keqiao.engines.tables import as_date

KIND_WORDS = {"合同": "contract", "技术开发": "contract", "技术转让": "contract", "技术服务": "contract",
    "课题": "project",
              "项目": "project", "转化": "transfer"}  # fmt: skip
EARLIEST = 1949
FACTS = ("title", "kind", "year", "signed_date", "amount_fen", "field", "area", "note", "partner_name")


def year(cell: Cell) -> int | None:
    """A year, or the year of a day."""
    day = as_date(cell.value, whole="first")
    return day.year if day else None


class ProjectImport(bodies.RegisterKind):
    code = "projects"
    label = _("历史合同与项目")
    hint = _("系统启用以前的技术合同和项目，注明来源；只供统计和查询，不公开。")
    number = "number"
    fields = (
        bodies.number_field("项目编号", "合同编号", "合同登记编号", "立项编号", "课题编号"),
        Field("title", _("项目名称"), cells.line, required=True, width=36, example="高精度光栅刻划机研制",
              aliases=("合同名称", "名称", "课题名称", "标题", "成果名称")),
        bodies.name_field("承担单位", "卖方", "卖方名称", "牵头单位", "完成单位"),
        bodies.code_field(),
        Field("kind", _("类别"), cells.choice(ProjectKind, KIND_WORDS), aliases=("项目类别", "类型", "合同类型",
                      "项目类型"),
              choices=cells.labels_of(ProjectKind), show=cells.label_of(ProjectKind), example="技术合同"),
        Field("year", _("年度"), year, aliases=("年份", "立项年度", "年", "签订年度", "立项年份"), example="2023",
              hint=_("没有年度就填写日期。")),
        Field("signed_date", _("签订或立项日期"), cells.first_day, aliases=("签订日期", "立项日期", "立项时间",
                      "签订时间",
              "合同签订日期", "开始时间", "登记日期", "起始日期"), example="2023-05-18"),
        Field("amount_fen", _("金额（万元）"), cells.money, show=cells.wan, example="120",
              aliases=("金额", "合同金额", "经费", "项目经费", "成交额", "合同成交额", "总经费", "资助金额",
                       "转化金额")),
        Field("partner_name", _("合作单位名称"), cells.line, width=28,
              aliases=("合作单位", "买方", "买方名称", "委托方", "委托单位", "受让方", "企业名称（买方）")),
        bodies.field_field(),
        bodies.area_field(),
        Field("source", _("来源"), cells.line, aliases=("资料来源", "数据来源", "计划名称", "项目来源", "计划类别"),
              example="2023年技术合同登记台账"),
        Field("note", _("备注"), cells.line, aliases=("说明",)),
    )  # fmt: skip

    def judge(self, items: Sequence[Item], context: Context) -> None:
        bodies.find(items, context)
        for item in items:
            if not item.problems:
                self._complete(item, context)
        good = [item for item in items if not item.problems]
        self._find_partners(good)
        known = self._known(good, context)
        for item in good:
            row = known.get(context.numbers.get(item.values.get("number", ""), "")) or known.get(item.match)
            if row is not None:
                item.found["row"], item.subject, item.match = row, f"project:{row.key}", f"project:{row.key}"
                self.compare(item, {name: getattr(row, name) for name in FACTS})
            self._check(item)

    def _complete(self, item: Item, context: Context) -> None:
        values, body = item.values, item.found["body"]
        if "year" not in values and "signed_date" in values:
            values["year"] = values["signed_date"].year
        if "year" not in values:
            item.wrong(_("没有年度也没有日期：请至少填写一项。"), field="year")
        elif not EARLIEST <= values["year"] <= context.on.year:
            item.wrong(_("年度不对，请核对。"), field="year")
        values.setdefault("source", str(context.options.get("source") or ""))
        if not values["source"]:
            item.wrong(_("没有写来源：请填写这一列，或在对应列时统一填写。"), field="source")
        values.setdefault("area", body.area)
        number = values.get("number")
        item.match = f"project:{values['source']}#{number}" if number else (
            f"project:{body.key}:{values['title']}:{values.get('year')}"
        )  # fmt: skip

    def _find_partners(self, items: Sequence[Item]) -> None:
        register = bodies.Register(("", item.values.get("partner_name", "")) for item in items)
        for item in items:
            found = register.named(item.values.get("partner_name", ""))
            item.found["partner"] = found[0] if len(found) == 1 and found[0] != item.found["body"] else None

    def _known(self, items: Sequence[Item], context: Context) -> dict[str, LegacyProject]:
        rows = LegacyProject.objects.select_related("organization", "partner")
        pks = {item.found["body"].pk for item in items}
        found = {}
        for row in rows.filter(organization__in=pks, title__in={item.values["title"] for item in items}):
            found[f"project:{row.organization.key}:{row.title}:{row.year}"] = row
        numbers = {item.values["number"] for item in items if item.values.get("number")}
        for row in rows.filter(number__in=numbers, source__in={item.values["source"] for item in items}):
            found[f"project:{row.source}#{row.number}"] = row
        keys = {subject.partition(":")[2] for subject in context.numbers.values()}
        for row in rows.filter(key__in=keys):
            found[f"project:{row.key}"] = row
        return found

    def _check(self, item: Item) -> None:
        names = {name: item.values[name] for name in (*FACTS, "source", "number") if name in item.values}
        row = LegacyProject(**names)
        try:
            row.clean_fields(exclude=["organization", "partner", "key", "created_at", "updated_at"])
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                for text in texts:
                    item.wrong(text, field=name)

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        values = {name: item.values[name] for name in FACTS if name in item.values}
        values["partner"] = item.found["partner"]
        if "row" in item.found:
            row = actions.edit_project(item.found["row"], **values, **who)
        else:
            row = actions.add_project(
                organization=item.found["body"], source=item.values["source"], number=item.values.get("number", ""),
                **values, **who,
            )  # fmt: skip
        return f"project:{row.key}"
