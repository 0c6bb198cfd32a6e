"""The forms of a promise's page. They check what was typed; the actions decide and write."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.proposals import merging
from keqiao.apps.proposals.models import Direction, Promise, Reply, Stance, Supports, VoiceRole
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.money_fields import DayField


class SpeakForm(forms.Form):
    """A view, in a role the reader has; a file may come with it as evidence where the unit speaks."""

    role = forms.ChoiceField(label=_("身份"))
    stance = forms.ChoiceField(label=_("看法"), choices=Stance.choices)
    text = forms.CharField(label=_("说明"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, roles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(VoiceRole.choices)
        self.fields["role"].choices = [(role, names[VoiceRole(role)]) for role in roles]  # type: ignore[attr-defined]


class FileForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_("PDF、Word、Excel、图片或文本，不超过 20 MB。"))
    supports = forms.ChoiceField(label=_("说明"), choices=Supports.choices)
    note = forms.CharField(label=_("备注"), max_length=500, required=False)


class SentenceForm(forms.Form):
    """A sentence of a later reply of the unit, by its words."""

    later = forms.ChoiceField(label=_("后来的答复"))
    quote = forms.CharField(
        label=_("原句"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("照答复里的字贴到这里。")
    )
    occurrence = forms.IntegerField(label=_("第几处"), min_value=1, initial=1, required=False)
    supports = forms.ChoiceField(label=_("说明"), choices=Supports.choices)
    note = forms.CharField(label=_("备注"), max_length=500, required=False)

    def __init__(self, *args: Any, replies: Sequence[Reply], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replies = {row.key: row for row in replies}
        choices = [(row.key, f"{row.doc_number} {row.title}"[:80]) for row in replies]
        self.fields["later"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        reply, quote = self.replies.get(given.get("later", "")), given.get("quote", "").strip()
        if reply is not None and quote:
            place = merging.place_of(reply.text, quote, (given.get("occurrence") or 1) - 1)
            if place is None:
                self.add_error("quote", gettext_now("这份答复里没有这段文字，请照原文填写。"))
            given["place"] = place
        return given


class FigureForm(forms.Form):
    """A published edition of the promise's own indicator."""

    figure_key = forms.ChoiceField(label=_("已发布的数据"))
    supports = forms.ChoiceField(label=_("说明"), choices=Supports.choices)
    note = forms.CharField(label=_("备注"), max_length=500, required=False)

    def __init__(self, *args: Any, figures: Sequence[PublishedFigure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.key, f"{row.year} · {row.value} {row.unit_zh} · {row.as_of}") for row in figures]
        self.fields["figure_key"].choices = choices  # type: ignore[attr-defined]


class RejectForm(forms.Form):
    reason = forms.CharField(label=_("不采用的理由"), max_length=500)


class EditForm(forms.Form):
    """What the unit sets by hand; a later reading of the text leaves it as it is."""

    indicator = forms.ChoiceField(
        label=_("指标"), required=False, help_text=_("用哪个已发布的数据来核对；以后各期的数据自动作为依据。")
    )
    due_date = DayField(label=_("到期日"))
    unit = forms.ChoiceField(label=_("责任单位"))
    direction = forms.ChoiceField(label=_("方向"), choices=Direction.choices)
    target_value = forms.DecimalField(label=_("目标值"), max_digits=30, decimal_places=6, required=False)
    target_unit = forms.CharField(label=_("单位"), max_length=40, required=False)
    next_look_date = DayField(label=_("下次查看"), required=False)
    NAMES = ("indicator", "due_date", "unit", "direction", "target_value", "target_unit", "next_look_date")

    def __init__(self, *args: Any, row: Promise, **kwargs: Any) -> None:
        shown = {name: getattr(row, name) for name in self.NAMES}
        if row.target_value is not None:
            shown["target_value"] = f"{row.target_value.normalize():f}"
        super().__init__(*args, **{"initial": shown} | kwargs)
        self.fields["unit"].choices = parts.unit_choices()  # type: ignore[attr-defined]
        self.fields["indicator"].choices = [("", "—"), *parts.indicator_names().items()]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.NAMES}
