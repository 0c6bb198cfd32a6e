"""Dated qualifications of bodies from tables, such as the yearly lists of high-tech enterprises."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.files import cells
from keqiao.apps.files.kinds import Cell, Context, Field, Item
from keqiao.apps.parties import actions, permissions
from keqiao.apps.parties.models import Certificate
from keqiao.catalogue import codes
from keqiao.engines.tables import as_choice, as_text

from . import bodies

WORDS = {
    "高企": "hte", "高新技术企业证书": "hte", "专精特新": "srdi", "小巨人": "little_giant",
    "专精特新小巨人": "little_giant",
    "专精特新“小巨人”": "little_giant", "单项冠军": "champion", "科小": "tech_sme", "科技型中小企业": "tech_sme",
    "创新型中小企业": "innovative_sme", "CMA": "cma", "知识产权优势": "ip_advantage",
    "知识产权示范": "ip_demo", "技术创新示范": "national_innovation_demo", "CNAS": "cnas", "GMP": "gmp", "GLP": "glp",
}  # fmt: skip


def certificate(cell: Cell) -> str:
    names = {row.name: row.code for row in _kinds()} | {row.code: row.code for row in _kinds()} | WORDS
    return as_choice(cell.value, names)


def _kinds() -> tuple[codes.Code, ...]:
    return codes.codes("certificates").children()


def _label(value: Any) -> str:
    table = codes.codes("certificates")
    return table.label(value, get_language() or "zh-hans") if value in table else as_text(value)


class CertificateImport(bodies.RegisterKind):
    code = "certificates"
    label = _("资质")
    hint = _("同一单位、同一资质、同一发证日期算同一条。")
    fields = (
        bodies.name_field(),
        bodies.code_field(),
        Field("kind", _("资质"), certificate, required=True, width=24, example="高新技术企业",
              aliases=("资质名称", "资质类型", "证书名称", "认定类型", "称号", "荣誉名称"),
              choices=lambda: [row.name for row in _kinds()], show=_label),
        Field("certificate_no", _("证书编号"), cells.code, width=20, aliases=("证书号", "编号", "文号"),
              example="GR202322000001"),
        Field("issued_date", _("发证日期"), cells.first_day, required=True, example="2023-10-16",
              aliases=("发证时间", "认定日期", "认定时间", "批准日期", "认定年度", "有效期起")),
        Field("expires_date", _("有效期至"), cells.last_day, example="2026-10-16",
              aliases=("有效期", "有效期止", "到期日期", "截止日期", "失效日期")),
        Field("revoked_date", _("撤销日期"), cells.last_day,
              aliases=("取消日期", "撤销时间", "取消资格日期", "注销日期"), hint=_("没有被撤销的，空着。")),
    )  # fmt: skip

    def judge(self, items: Sequence[Item], context: Context) -> None:
        bodies.find(items, context)
        good = [item for item in items if not item.problems]
        rows = Certificate.objects.filter(organization__in={item.found["body"].pk for item in good})
        rows = rows.select_related("organization")
        known = {(row.organization_id, row.kind, row.issued_date): row for row in rows}
        for item in good:
            body, values = item.found["body"], item.values
            item.match = f"certificate:{body.key}:{values['kind']}:{values['issued_date']}"
            if values["issued_date"] > context.on:
                item.wrong(_("发证日期不能晚于今天。"), field="issued_date")
            row = known.get((body.pk, values["kind"], values["issued_date"]))
            if row is not None:
                item.found["row"], item.subject = row, f"organization:{body.key}"
                self.compare(item, self._standing(row))
                self._check_right(item, row, context)
                self._note_confirmation(item, row, context)
            self._check(item, on=context.on)

    def _standing(self, row: Certificate) -> dict[str, Any]:
        return {"certificate_no": row.number, "expires_date": row.expires_date, "revoked_date": row.revoked_date}

    def _note_confirmation(self, item: Item, row: Certificate, context: Context) -> None:
        """An office's list says that what the body has entered itself is right."""
        if not row.is_confirmed and permissions.can_confirm_certificate(context.actor, row).allowed:
            item.found["confirms"] = True
            item.changes.setdefault("kind", [gettext("企业自报"), gettext("已核实")])

    def _check_right(self, item: Item, row: Certificate, context: Context) -> None:
        if item.changes and not permissions.can_edit_certificate(context.actor, row).allowed:
            item.wrong(_("主管部门已经核实这项资质，更正请联系所在地主管部门。"))

    def _check(self, item: Item, *, on: date) -> None:
        values = item.values
        expires = values.get("expires_date")
        if expires is not None and expires <= values["issued_date"]:
            item.wrong(_("有效期止应晚于发证日期。"), field="expires_date")
        revoked = values.get("revoked_date")
        if revoked is not None and not values["issued_date"] <= revoked <= on:
            item.wrong(_("撤销日期应在发证日期和今天之间。"), field="revoked_date")
        try:
            Certificate(number=values.get("certificate_no", "")).clean_fields(
                exclude=["organization", "kind", "issued_date", "expires_date", "revoked_date"]
            )
        except ValidationError as error:
            for text in error.messages:
                item.wrong(text, field="certificate_no")

    def write(self, item: Item, context: Context) -> str:
        who: dict[str, Any] = {"by": context.actor, "at": context.at}
        body, values = item.found["body"], item.values
        if "row" in item.found:
            given = {"number": values.get("certificate_no"), "expires_date": values.get("expires_date"),
                     "revoked_date": values.get("revoked_date")}  # fmt: skip
            actions.edit_certificate(
                item.found["row"], **{name: value for name, value in given.items() if value is not None}, **who
            )
            if item.found.get("confirms"):
                actions.confirm_certificate(item.found["row"], **who)
        else:
            actions.add_certificate(
                body, kind=values["kind"], issued_date=values["issued_date"], number=values.get("certificate_no", ""),
                expires_date=values.get("expires_date"), revoked_date=values.get("revoked_date"), **who,
            )  # fmt: skip
        return f"organization:{body.key}"
