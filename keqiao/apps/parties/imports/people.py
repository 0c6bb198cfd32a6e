"""Experts from tables. A name in a body is not one person for sure: address, telephone or ORCID tell them apart."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, Item
from keqiao.apps.parties import actions
from keqiao.apps.parties.models import Person, TitleBand
from keqiao.catalogue import codes
from keqiao.engines.identifiers import IdentifierError, check_orcid
from keqiao.engines.tables import CellError, as_text, as_words

from . import bodies

FACTS = (
    "name",
    "title",
    "title_en",
    "title_band",
    "disciplines",
    "expertise",
    "expertise_en",
    "phone",
    "email",
    "orcid",
)
IDENTIFYING = ("orcid", "email", "phone")
BANDS = {
    "正高": "senior", "正高级": "senior", "高级": "associate", "副高": "associate", "副高级": "associate",
    "中级": "intermediate", "初级": "intermediate",
}  # fmt: skip
# The band that a title stands for; a longer title is looked for before a shorter one that it contains.
TITLES = (
    ("副教授", "associate"), ("副研究员", "associate"), ("副主任", "associate"), ("正高级", "senior"),
    ("研究员级", "senior"), ("助理研究员", "intermediate"), ("副", "associate"), ("高级", "associate"),
    ("教授", "senior"), ("研究员", "senior"), ("主任医师", "senior"), ("主任药师", "senior"),
    ("讲师", "intermediate"), ("工程师", "intermediate"), ("实验师", "intermediate"), ("博士", "intermediate"),
)  # fmt: skip


def orcid(cell: Cell) -> str:
    try:
        return check_orcid(as_text(cell.value))
    except IdentifierError as error:
        raise CellError("choice", as_text(cell.value)) from error


def disciplines(cell: Cell) -> list[str]:
    """Codes or names of GB/T 13745."""
    table = codes.codes("disciplines")
    names = {row.name: row.code for row in table.entries.values()}
    found = []
    for word in as_words(cell.value):
        code = word if word in table else names.get(word) or names.get(word.split()[-1])
        if code is None:
            raise CellError("choice", word)
        found.append(code)
    return found


class PersonImport(bodies.RegisterKind):
    code = "people"
    label = _("专家")
    hint = _("先凭 ORCID、邮箱、电话认人，再看同一单位里的姓名；电话和邮箱不公开。")
    number = "number"
    consent = _("表中的人员本人已同意公开姓名、职称和专长。")
    fields = (
        bodies.number_field("工号", "专家编号", "人员编号"),
        Field("name", _("姓名"), cells.line, required=True, example="王宁", aliases=("专家姓名", "名字")),
        bodies.name_field(),
        bodies.code_field(),
        Field("title", _("职称"), cells.line, example="研究员",
              aliases=("专业技术职称", "技术职称", "专业职称", "职称职务")),
        Field("title_band", _("职称级别"), cells.choice(TitleBand, BANDS), example="正高级",
              aliases=("级别", "职称等级"), hint=_("不填则按职称判断。"),
              choices=cells.labels_of(TitleBand), show=cells.label_of(TitleBand)),
        Field("disciplines", _("学科"), disciplines, show=cells.listed, example="光学",
              aliases=("学科代码", "所属学科", "专业", "学科专业"),
              hint=_("GB/T 13745 的代码或名称，多个用顿号隔开。")),
        Field("expertise", _("专长"), cells.text, width=36, example="高精度光栅制造与检测",
              aliases=("研究方向", "专业方向", "专业特长", "擅长领域", "技术专长", "研究领域")),
        Field("phone", _("电话"), cells.code, width=18, aliases=("手机", "联系电话", "手机号", "联系方式", "手机号码")),
        Field("email", _("电子邮箱"), cells.line, width=24, aliases=("邮箱", "电子邮件", "Email", "E-mail")),
        Field("orcid", _("ORCID"), orcid, width=22, aliases=("ORCID号",)),
        Field("title_en", _("英文职称"), cells.line),
        Field("expertise_en", _("英文专长"), cells.text, width=30),
    )  # fmt: skip

    def judge(self, items: Sequence[Item], context: Context) -> None:
        bodies.find(items, context)
        good = [item for item in items if not item.problems]
        known = _Known({item.found["body"].pk for item in good}, context.numbers.values())
        for item in good:
            values, body = item.values, item.found["body"]
            values.setdefault("title_band", _band(values.get("title", "")))
            if not values["title_band"]:
                item.wrong(_("看不出职称级别：请填写正高级、副高级或中级。"), field="title_band")
                continue
            values["email"] = values.get("email", "").lower()
            mark = next((values[name] for name in IDENTIFYING if values.get(name)), values["name"])
            item.match = f"person:{body.key}:{mark}"
            self._one(item, known, context)

    def _one(self, item: Item, known: "_Known", context: Context) -> None:
        values, body = item.values, item.found["body"]
        row, problem = known.person(item, body.pk, context.numbers.get(values.get("number", ""), ""))
        if problem:
            item.wrong(problem, field="name")
        if row is not None:
            item.found["row"], item.subject = row, f"person:{row.key}"
            item.match = item.subject
            self.compare(item, {name: getattr(row, name) for name in FACTS if values.get(name)})
        draft = Person(key="x", **{name: values[name] for name in FACTS if name in values})
        try:
            draft.clean_fields(exclude=["organization", "merged_into", "created_at"])
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                for text in texts:
                    item.wrong(text, field=name)

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        facts = {name: item.values[name] for name in FACTS if item.values.get(name)}
        if "row" in item.found:
            row = actions.edit_person(item.found["row"], **facts, **who)
        else:
            key = f"P{secrets.token_hex(5).upper()}"
            row = actions.add_person(key=key, organization=item.found["body"], **facts, **who)
        return f"person:{row.key}"


class _Known:
    """The people of the bodies in a batch."""

    def __init__(self, bodies: set[int], subjects: Any) -> None:
        keys = {subject.partition(":")[2] for subject in subjects}
        self.rows = list(
            Person.objects.filter(organization__in=bodies, merged_into=None).select_related("organization")
        )
        numbered = Person.objects.filter(key__in=keys).select_related("merged_into")
        self.by_key = {f"person:{row.key}": row.merged_into or row for row in numbered}
        self.by_name: dict[tuple[int, str], list[Person]] = {}
        for row in self.rows:
            self.by_name.setdefault((row.organization_id, row.name), []).append(row)

    def person(self, item: Item, body: int, numbered: str) -> tuple[Person | None, Any]:
        """The one person a row means, or what stands in the way of knowing."""
        if numbered in self.by_key:
            return self.by_key[numbered], None
        for name in IDENTIFYING:
            given = item.values.get(name)
            same = [row for row in self.rows if given and row.organization_id == body and getattr(row, name) == given]
            if len(same) == 1:
                return same[0], None
        rows = [row for row in self.by_name.get((body, item.values["name"]), []) if not _differs(row, item)]
        if len(rows) > 1:
            return None, _("本单位有几位同名的专家：请补上邮箱、电话或 ORCID。")
        return (rows[0] if rows else None), None


def _differs(row: Person, item: Item) -> bool:
    """Whether something that tells people apart says that this is somebody else."""
    return any(item.values.get(name) and getattr(row, name) and item.values[name] != getattr(row, name)
               for name in IDENTIFYING)  # fmt: skip


def _band(title: str) -> str:
    return next((band for words, band in TITLES if words in title), "") if title else ""
