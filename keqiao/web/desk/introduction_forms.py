"""The forms of an introduction. They check what was typed; the actions decide and write."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market.actions.contacts import LOGGED, LONGEST_TEXT
from keqiao.apps.market.models import HandOverReason, IntroductionState, Side
from keqiao.apps.parties.models import Membership, Station
from keqiao.web.templatetags.keqiao import label, name_of

SIDES = [(Side.SEEKER, Side.SEEKER.label), (Side.PROVIDER, Side.PROVIDER.label)]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """What is to be done next, and by which day."""

    next_action = forms.CharField(label=_("要做什么"), max_length=200, required=False)
    next_action_date = forms.DateField(label=_("哪一天"), required=False, widget=day_input())


class LogForm(PlanForm):
    """A contact, and what follows from it."""

    kind = forms.ChoiceField(label=_("方式"), choices=[(kind.value, kind.label) for kind in LOGGED])
    side = forms.ChoiceField(label=_("和哪一方"), choices=[("", "—"), *SIDES], required=False)
    person = forms.CharField(label=_("联系人"), max_length=60, required=False)
    held_date = forms.DateField(label=_("日期"), widget=day_input())
    text = forms.CharField(
        label=_("说了什么"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("双方看不到联系记录。"),
    )  # fmt: skip
    field_order = ("kind", "side", "person", "held_date", "text", "next_action", "next_action_date")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["held_date"] = on


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("写留言"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("选择文件"), help_text=_("PDF、Word、Excel、PowerPoint、图片或文本，最大 20 MB。双方和负责人都能下载。")
    )


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("接手人"))
    reason = forms.ChoiceField(
        label=_("移交原因"),
        choices=[(reason.value, reason.label) for reason in HandOverReason if reason != HandOverReason.TAKEN],
    )

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {str(row.user.key): person_label(row) for row in people}
        self.fields["to"] = forms.ChoiceField(label=_("接手人"), choices=[("", "—"), *names.items()])


def person_label(row: Membership) -> str:
    return f"{row.user} · {name_of(row.station)}" if row.station else f"{row.user} · {label(row.role, 'role')}"


OPEN = "open"
SHOW = [
    ("", _("全部")), ("mine", _("我负责的")), ("side", _("我单位的")), ("late", _("逾期的")),
    ("ownerless", _("无人负责的")),
]  # fmt: skip


class FilterForm(forms.Form):
    """What a list of introductions shows. A value that is no choice is left out, as nothing given."""

    q = forms.CharField(label=_("标题、单位或编号"), max_length=100, required=False)
    show = forms.ChoiceField(label=_("范围"), choices=SHOW, required=False)
    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("不限")), (OPEN, _("未办结")), *IntroductionState.choices], required=False
    )
    station = forms.ChoiceField(label=_("分市场或工作站"), required=False)

    def __init__(self, *args: Any, stations: Sequence[Station], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.key, name_of(row)) for row in stations]
        self.fields["station"] = forms.ChoiceField(
            label=_("分市场或工作站"), choices=[("", _("全部")), *choices], required=False
        )
        if not choices:
            del self.fields["station"]

    def given(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
