"""Which body a row speaks of: by its code, by any of its names; and whether the sender may speak of it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, ImportKind, Item
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions, places
from keqiao.apps.parties.models import Organization, OrganizationName
from keqiao.apps.parties.senders import may_send, senders_of
from keqiao.catalogue import codes
from keqiao.catalogue.regions import AmbiguousAreaError, UnknownAreaError
from keqiao.engines.identifiers import IdentifierError, check_uscc
from keqiao.engines.tables import CellError, as_choice, as_code, as_text
from keqiao.engines.text import normalise

USCC_PROBLEMS = {
    "length": _("统一社会信用代码应为 18 位，请数一数是否多了或少了。"),
    "alphabet": _("统一社会信用代码里不会出现字母 I、O、S、V、Z 和其他符号，请核对。"),
    "authority": _("第 1 位登记管理部门代码不对，请核对。"),
    "category": _("第 2 位机构类别代码与登记管理部门不符，请核对。"),
    "area": _("第 3–8 位应为登记机关的行政区划数字，请核对。"),
    "organization_check": _("第 9–17 位组织机构代码的校验位不对，请核对这一段。"),
    "check": _("最后一位校验码不对，请对照营业执照逐位核对。"),
}


def name_field(*aliases: str, required: bool = False) -> Field:
    return Field(
        "organization", _("单位名称"), cells.line, required=required, width=28, example="示范精密机械有限公司",
        aliases=("企业名称", "单位", "企业", "公司名称", "需求单位", "需求企业", "申报单位", "所属单位", "工作单位",
                 "依托单位", "完成单位", "成果单位", "所在单位", *aliases),
    )  # fmt: skip


def code_field(*, required: bool = False) -> Field:
    return Field(
        "uscc", _("统一社会信用代码"), cells.code, required=required, width=24, example="912299990000000017",
        hint=_("18 位，单元格请设为文本格式。"),
        aliases=("信用代码", "社会信用代码", "机构代码", "单位代码", "企业代码", "统一信用代码"),
    )  # fmt: skip


def number_field(*aliases: str) -> Field:
    return Field(
        "number", _("编号"), cells.code, example="XQ-001", hint=_("您自己的编号，再次导入时凭它找到同一条。"),
        aliases=("内部编号", "外部编号", *aliases),
    )  # fmt: skip


def area_field() -> Field:
    return Field(
        "area", _("所在地"), area, width=14, show=_area_name, choices=_area_names,
        aliases=("地区", "所在地区", "市州", "市县", "区域", "所属地区", "行政区划", "注册地", "所在市州"),
    )  # fmt: skip


def field_field() -> Field:
    return Field(
        "field", _("技术领域"), technical_field, show=_field_name, choices=_field_names,
        aliases=("领域", "所属领域", "所属技术领域", "行业领域", "技术方向", "所属行业领域"),
    )  # fmt: skip


def area(cell: Cell) -> str:
    return _area(as_text(cell.value), cell.on)


@lru_cache(maxsize=2000)
def _area(name: str, on: date) -> str:
    region = places.region()
    if name in region.areas:
        return name
    plain = name.replace("/", "").replace("-", "").replace(" ", "")
    try:
        return region.resolve(plain, on=on).code
    except (UnknownAreaError, AmbiguousAreaError):
        pass
    try:
        return region.area(as_code(name)).code
    except UnknownAreaError as error:
        raise CellError("choice", name) from error


def technical_field(cell: Cell) -> str:
    return as_choice(cell.value, {name: code for code, name in _fields()} | {code: code for code, _name in _fields()})


@lru_cache(maxsize=1)
def _fields() -> tuple[tuple[str, str], ...]:
    return tuple((code.code, code.name) for code in codes.codes("fields").children())


def _field_names() -> list[str]:
    return [name for _code, name in _fields()]


def _field_name(value: Any) -> str:
    return codes.codes("fields").label(value, get_language() or "zh-hans") if value in codes.codes("fields") else value


def _area_names() -> list[str]:
    return [row.name for row in places.region().areas.values() if row.valid_to is None]


def _area_name(value: Any) -> str:
    return places.label(value, language=get_language() or "zh-hans") if value else ""


def clean_code(item: Item, *, field: str = "uscc") -> str:
    """The row's code in its plain form; a wrong one is a problem that says which part of it to look at."""
    given = item.values.get(field, "")
    if not given:
        return ""
    try:
        return check_uscc(given)
    except IdentifierError as error:
        item.wrong(USCC_PROBLEMS.get(error.code, USCC_PROBLEMS["check"]), field=field)
        return ""


def spellings(name: str) -> list[str]:
    """A name as it may stand in the register: brackets of either width, with and without spaces."""
    bare = "".join(name.split())
    narrow = bare.replace("（", "(").replace("）", ")")
    return list(dict.fromkeys([name, bare, narrow, narrow.replace("(", "（").replace(")", "）")]))


def same_name(one: str, other: str) -> bool:
    return "".join(normalise(one).split()) == "".join(normalise(other).split())


class Register:
    """The bodies that the rows of a batch speak of, found by two queries."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        pairs = list(rows)
        self.by_code: dict[str, Organization] = {}
        self.by_name: dict[str, dict[str, Organization]] = {}
        self.names: dict[int, set[str]] = {}
        wanted = {spelling for _code, name in pairs if name for spelling in spellings(name)}
        bodies = Organization.objects.select_related("merged_into", "parent", "merged_into__parent")
        for row in bodies.filter(uscc__in={code for code, _name in pairs if code}):
            self.by_code[row.uscc or ""] = row.merged_into or row
        for row in bodies.filter(name__in=wanted):
            self._name(row.name, row.merged_into or row)
        named = OrganizationName.objects.filter(name__in=wanted).select_related("organization__merged_into")
        for other in named:
            self._name(other.name, other.organization.merged_into or other.organization)

    def _name(self, name: str, row: Organization) -> None:
        self.by_name.setdefault(_plain(name), {})[row.key] = row

    def named(self, name: str) -> list[Organization]:
        return list(self.by_name.get(_plain(name), {}).values())

    def is_called(self, row: Organization, name: str) -> bool:
        return same_name(row.name, name) or any(found.pk == row.pk for found in self.named(name))


def _plain(name: str) -> str:
    return "".join(normalise(name).split())


def find(items: Sequence[Item], context: Context, *, unknown: Callable[[Item, str], None] | None = None) -> None:
    """Put the body of each row into `found["body"]`; a row without one that may be spoken of becomes wrong.

    A row that names no body means the sender's own. `unknown` takes rows with a good code that no body has yet.
    """
    given = [(item, clean_code(item), item.values.get("organization", "")) for item in items]
    register = Register((code, name) for _item, code, name in given)
    own = own_body(context)
    for item, code, name in given:
        if item.problems:
            continue
        if not code and not name:
            if own is None:
                item.wrong(_("没有写是哪个单位：请填写统一社会信用代码或单位名称。"), field="uscc")
            else:
                item.found["body"] = own
            continue
        body = _one(item, code, name, register, unknown)
        if body is not None and is_own(item, body, context):
            item.found["body"] = body


def _one(
    item: Item, code: str, name: str, register: Register, unknown: Callable[[Item, str], None] | None
) -> Organization | None:
    if code:
        body = register.by_code.get(code)
        if body is None and unknown is not None and name:
            unknown(item, code)
        elif body is None:
            item.wrong(_("没有登记这个代码的单位：请先导入或登记该单位。"), field="uscc")
        elif name and not register.is_called(body, name):
            what = gettext("这个代码登记的是“%(known)s”，与表中的名称不一致：请核对代码，或先登记曾用名。")
            item.wrong(what % {"known": body.name}, field="organization")
            return None
        return body
    found = register.named(name)
    if len(found) == 1:
        return found[0]
    if found:
        item.wrong(_("有几个单位叫这个名称：请补上统一社会信用代码。"), field="organization")
    else:
        item.wrong(_("名录里没有这个单位：请核对名称，或补上统一社会信用代码并先导入该单位。"), field="organization")
    return None


def own_body(context: Context) -> Organization | None:
    kind, _, key = context.sender.partition(":")
    return Organization.objects.filter(key=key).first() if kind == "organization" else None


def is_own(item: Item, body: Organization, context: Context) -> bool:
    """Whether the sender may speak of a body; if not, the row is wrong and says why."""
    kind, _sep, key = context.sender.partition(":")
    if kind == "organization" and body.key != key:
        item.wrong(_("只能导入本单位的内容，这一行写的是别的单位。"), field="organization")
        return False
    if kind == "area" and not serves(key, body.area):
        item.wrong(_("这个单位不在您负责的地区。"), field="organization")
        return False
    return True


def serves(area: str, place: str) -> bool:
    """Whether an office of an area answers for a place; the office of the whole region for everything."""
    return area in {places.region().root.code, *places.lineage(place)} or area == places.region().root.code


class RegisterKind(ImportKind):
    """Kinds that officers bring for their place and editors for their own body."""

    collects = False

    def senders(self, actor: Any) -> list[str]:
        return senders_of(actor, collects=self.collects)

    def may(self, actor: Any, sender: str) -> ledger.Verdict:
        if may_send(actor, sender, collects=self.collects):
            return permissions.ALLOWED
        return permissions.refused("not_sender" if actor.is_registered else "sign_in_first")
