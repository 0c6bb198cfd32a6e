"""Achievements, patents, services … from tables; what only their kind asks for comes in one column, line by line."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, Item
from keqiao.apps.market import actions, kinds
from keqiao.apps.market.models import Listing, Offer, Secrecy
from keqiao.apps.market.names import subject_of
from keqiao.apps.parties.imports import bodies
from keqiao.apps.parties.models import Person
from keqiao.catalogue.offers import OfferKind
from keqiao.engines.tables import as_choice, as_choices, as_code, as_date, as_text, as_words

from . import listings

KIND_WORDS = {"成果": "achievement", "科技成果": "achievement", "技术成果": "achievement", "仪器": "instrument_service",
              "专家": "expert_service", "中试": "pilot_line", "金融": "finance_product",
              "发明专利": "patent"}  # fmt: skip

DETAIL_PROBLEMS = {"required": _("缺少“%(name)s”。"), "": _("“%(name)s”填写有误，请按说明填写。")}


def kind(cell: Cell) -> str:
    names = {found.name: slug for slug, found in kinds.offer_kinds().items()}
    return as_choice(cell.value, names | {slug: slug for slug in names.values()} | KIND_WORDS)


def _kind_name(value: Any) -> str:
    found = kinds.offer_kinds().get(value)
    return found.label(get_language() or "zh-hans") if found else as_text(value)


class OfferImport(listings.ListingKind):
    code = "offers"
    label = _("供给")
    hint = _("成果、专利、服务等。各类型的专有内容写成“名称：值”，一行一项，放在“专有信息”列。")
    listing = "offer"
    facts = ("title", "text", "abstract", "keywords", "field", "area", "secrecy", "expires_date", "trl", "kind")
    fields = (
        bodies.number_field("成果编号", "供给编号", "项目编号"),
        bodies.name_field("持有单位", "专利权人", "成果持有单位", "完成单位", "权利人"),
        bodies.code_field(),
        Field("kind", _("供给类型"), kind, example="科技成果", show=_kind_name,
              choices=lambda: [found.name for found in kinds.offer_kinds().values()],
              aliases=("类型", "成果类型", "类别"), hint=_("不填则为科技成果。")),
        Field("title", _("标题"), cells.line, required=True, width=36, example="千瓦级光纤激光器功率稳定技术",
              aliases=("成果名称", "名称", "项目名称", "专利名称", "技术名称", "科技成果名称", "仪器名称", "服务名称")),
        Field("abstract", _("摘要"), cells.text, width=40, aliases=("成果简介", "简介", "概述", "成果摘要")),
        Field("text", _("详细说明"), cells.text, width=60,
              aliases=("成果介绍", "成果描述", "技术内容", "内容", "技术特点", "描述", "成果内容", "创新点")),
        Field("indicators", _("核心指标"), cells.text, width=40, show=listings.counted,
              example="输出功率 3 kW；功率波动 ≤ 1%",
              aliases=("指标", "技术指标", "主要技术指标", "性能指标", "技术参数")),
        Field("keywords", _("关键词"), cells.words, aliases=("关键字",), show=cells.listed),
        bodies.field_field(),
        bodies.area_field(),
        Field("trl", _("技术就绪度"), cells.number, aliases=("技术成熟度", "TRL", "成熟度", "就绪度"), example="7"),
        Field("person", _("联系专家"), cells.line, aliases=("负责人", "成果负责人", "专家", "发明人", "完成人"),
              hint=_("本单位专家名录里的姓名。")),
        Field("details", _("专有信息"), cells.text, width=40, example="产业化阶段：中试",
              hint=_("“名称：值”，一行一项；名称见该类型的填写页面。")),
        Field("secrecy", _("保密要求"), cells.choice(Secrecy), show=cells.label_of(Secrecy),
              choices=cells.labels_of(Secrecy), aliases=("公开方式", "是否公开"), example="全文公开"),
        Field("expires_date", _("有效期至"), cells.last_day, aliases=("有效期",)),
    )  # fmt: skip

    def judge(self, items: Sequence[Item], context: Context) -> None:
        for item in items:
            item.values.setdefault("kind", "achievement")
        super().judge(items, context)
        good = [item for item in items if not item.problems]
        self._find_people(good)
        for item in good:
            self._details(item)

    def _find_people(self, items: Sequence[Item]) -> None:
        wanted = [item for item in items if item.values.get("person") and "body" in item.found]
        pks = {item.found["body"].pk for item in wanted}
        rows = Person.objects.filter(organization__in=pks, merged_into=None).order_by("pk")
        for item in wanted:
            name, body = item.values["person"], item.found["body"].pk
            found = [row for row in rows if row.organization_id == body and row.name == name]
            if len(found) == 1:
                item.found["person"] = found[0]
            elif found:
                item.wrong(_("本单位有几位同名的专家，请在导入后到页面上选择，并把这一格留空。"), field="person")
            else:
                item.wrong(_("本单位的专家名录里没有这个人：请先导入专家，或把这一格留空。"), field="person")

    def _details(self, item: Item) -> None:
        found = kinds.offer_kinds()[item.values["kind"]]
        given, unknown = read_details(found, item.values.get("details", ""))
        for name in unknown:
            item.wrong(gettext("“%(name)s”不是这个类型的内容。") % {"name": name}, field="details")
        row = item.found.get("row")
        clean, problems = found.clean(given or (row.details if row and row.kind == found.slug else {}))
        for problem in problems:
            one = next((one for one in found.fields if one.id == problem.field), None)
            name = one.label(get_language() or "zh-hans") if one else problem.field
            what = DETAIL_PROBLEMS["required" if problem.code == "required" else ""]
            item.wrong(str(what) % {"name": name}, field="details")
        item.found["details"] = given
        if row is not None and given and clean != row.details and not item.problems:
            item.changes["details"] = ["", as_text(item.values["details"])]

    def draft(self, item: Item) -> Listing:
        return Offer(**self.given(item))

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        values, lines = self.given(item), self.indicators(item)
        values |= {name: item.found[name] for name in ("person", "details") if item.found.get(name)}
        if "row" in item.found:
            row = actions.edit_offer(item.found["row"], indicators=lines or None, **values, **who)
        else:
            row = actions.create_offer(
                organization=self.body_of(item, context), author=listings.author_of(context), indicators=lines,
                **values, **who,
            )  # fmt: skip
        self.hand_in(row, context)
        return subject_of(row)


def read_details(found: OfferKind, text: str) -> tuple[dict[str, Any], list[str]]:
    """Lines “name: value” as the details of a kind, and the names that the kind does not know."""
    given: dict[str, Any] = {}
    unknown = []
    names = {name: field for field in found.fields for name in (field.id, field.name, field.name_en)}
    for line in text.replace("；", "\n").replace(";", "\n").splitlines():
        name, _sep, value = line.replace("：", ":").partition(":")
        field = names.get(name.strip())
        if field is None:
            unknown.append(name.strip()[:30])
        else:
            given[field.id] = _detail(field, value.strip())
    return given, [name for name in unknown if name]


def _detail(field: Any, value: str) -> Any:
    choices = {name: one.code for one in field.choices for name in (one.code, one.name, one.name_en, *one.also)}
    match field.type:
        case "choice":
            return as_choice(value, choices)
        case "multi_choice":
            return as_choices("、".join(as_words(value)), choices)
        case "date":
            return as_date(value)
        case _:
            return as_code(value) if field.type == "identifier" else value
