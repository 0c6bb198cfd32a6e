"""The forms of the page on which a reply is corrected and published. They check what was typed; the actions decide."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from keqiao.apps.proposals import merging
from keqiao.apps.proposals.models import ContactForm, Feedback, Publication, ReplyFigure, Specificity
from keqiao.apps.proposals.models import Promise as Pledge
from keqiao.web.parts import proposals as parts
from keqiao.web.parts import reply_words
from keqiao.web.parts.money_fields import DayField

Values = dict[str, Any]
BLANK = [("", "—")]
COMPARED = _("与原文核对")


class ReasonField(forms.CharField):
    """Why something is corrected; "compared with the text" unless somebody says more."""

    def __init__(self) -> None:
        super().__init__(label=_("更正理由"), max_length=500, initial=COMPARED)


class CorrectionForm(forms.Form):
    """Fields of one thing in the text. Only those that were changed are corrected, each with its own trace."""

    NAMES: tuple[str, ...] = ()
    NULLABLE: frozenset[str] = frozenset()

    def changes(self) -> Values:
        """What is to be put where: the values that differ from what stands there."""
        found = {}
        for name in self.NAMES:
            given, before = self.cleaned_data.get(name), self.initial.get(name)
            if _plain(given) != _plain(before):
                found[name] = self.stored(name, given)
        return found

    def stored(self, name: str, value: Any) -> Any:
        """A value as corrections keep it: numbers as they are written, nothing as None where nothing may stand."""
        if value in ("", None):
            return None if name in self.NULLABLE else ""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value in (None, False) else str(value)


class FigureForm(CorrectionForm):
    """A number: what it counts, in which unit, of which time, whether it is done or planned."""

    value = forms.DecimalField(label=_("数值"), max_digits=30, decimal_places=6)
    value_max = forms.DecimalField(label=_("到（区间）"), max_digits=30, decimal_places=6, required=False)
    unit = forms.CharField(
        label=_("单位"),
        max_length=40,
        required=False,
        help_text=_("金额写 CNY（元），比例写 percent，数量写 count:家。"),
    )
    quantity_kind = forms.ChoiceField(label=_("性质"), required=False)
    modality = forms.ChoiceField(label=_("语气"), required=False)
    year_or_period = forms.CharField(label=_("时间"), max_length=40, required=False)
    indicator = forms.CharField(label=_("指标"), max_length=300, required=False)
    programme = forms.CharField(label=_("计划或项目"), max_length=200, required=False)
    department = forms.CharField(label=_("单位名称"), max_length=60, required=False)
    approx = forms.CharField(label=_("约数用语"), max_length=10, required=False)
    suggestion = forms.IntegerField(label=_("第几条建议"), min_value=1, required=False)
    subset = forms.BooleanField(label=_("“其中”项"), required=False)
    reason = ReasonField()
    NAMES = (
        "value", "value_max", "unit", "quantity_kind", "modality", "year_or_period", "indicator", "programme",
        "department", "approx", "suggestion", "subset",
    )  # fmt: skip
    NULLABLE = frozenset({"value_max", "year_or_period", "programme", "department", "approx", "suggestion"})

    def __init__(self, *args: Any, row: ReplyFigure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": self.shown(row) if row else {"modality": "done"}} | kwargs)
        self.fields["quantity_kind"].choices = BLANK + parts.named(reply_words.KINDS.items())  # type: ignore[attr-defined]
        self.fields["modality"].choices = BLANK + parts.named(reply_words.MODALITIES.items())  # type: ignore[attr-defined]
        self.fields["unit"].widget.attrs["list"] = "units-known"

    @staticmethod
    def shown(row: ReplyFigure) -> Values:
        names = {name: "period" if name == "year_or_period" else name for name in FigureForm.NAMES}
        found = {name: getattr(row, attribute) for name, attribute in names.items()}
        shown = {name: _plain(value) if isinstance(value, Decimal) else value for name, value in found.items()}
        return shown | {"reason": COMPARED}


class NewFigureForm(FigureForm):
    """A number that was not read: its words are chosen in the text, its value may be read from them."""

    value = forms.DecimalField(label=_("数值"), max_digits=30, decimal_places=6, required=False)


class PromiseForm(CorrectionForm):
    """A promise: whose, until when, how definite."""

    department = forms.CharField(label=_("承诺单位"), max_length=60, required=False)
    horizon = forms.CharField(
        label=_("期限"),
        max_length=10,
        required=False,
        help_text=_("写 2026、2026-06 或 2026-06-30；每年的写 every_year。"),
    )
    specificity = forms.ChoiceField(label=_("表述"), choices=Specificity.choices)
    anchor = forms.CharField(label=_("核对用词"), max_length=200, required=False)
    action = forms.CharField(label=_("动作"), max_length=60, required=False)
    suggestion = forms.IntegerField(label=_("第几条建议"), min_value=1, required=False)
    reason = ReasonField()
    NAMES = ("department", "horizon", "specificity", "anchor", "action", "suggestion")
    NULLABLE = frozenset({"department", "horizon", "suggestion"})

    def __init__(self, *args: Any, row: Pledge | None = None, **kwargs: Any) -> None:
        shown = {name: getattr(row, name) for name in self.NAMES} if row else {"specificity": "concrete"}
        super().__init__(*args, **{"initial": shown | {"reason": COMPARED}} | kwargs)


class MetaForm(CorrectionForm):
    """What the heading of the document says."""

    title = forms.CharField(label=_("标题"), max_length=300, required=False)
    doc_number = forms.CharField(label=_("文号"), max_length=40, required=False)
    date = DayField(label=_("成文日期"), required=False)
    signed_by = forms.CharField(label=_("署名单位"), max_length=100, required=False)
    lead_department = forms.CharField(label=_("主办单位"), max_length=100, required=False)
    category = forms.CharField(label=_("办复类别"), max_length=20, required=False)
    reason = ReasonField()
    NAMES = ("title", "doc_number", "date", "signed_by", "lead_department", "category")
    NULLABLE = frozenset({"category"})

    def __init__(self, *args: Any, meta: Mapping[str, Any], **kwargs: Any) -> None:
        shown = {name: meta.get(name) or "" for name in self.NAMES} | {"reason": COMPARED}
        super().__init__(*args, **{"initial": shown} | kwargs)

    def changes(self) -> Values:
        found = super().changes()
        return {name: str(value) if name == "date" else value for name, value in found.items() if value != ""}


class AnswerForm(CorrectionForm):
    """How one part of the reply answers one suggestion."""

    disposition = forms.ChoiceField(label=_("答复情况"), required=False)
    department = forms.CharField(label=_("答复单位"), max_length=60, required=False)
    NAMES = ("disposition", "department")
    NULLABLE = frozenset({"disposition", "department"})

    def __init__(self, *args: Any, answer: Mapping[str, Any], **kwargs: Any) -> None:
        shown = {name: answer.get(name) or "" for name in self.NAMES}
        super().__init__(*args, **{"initial": shown} | kwargs)
        choices = parts.named([("", _("已答复")), *reply_words.DISPOSITIONS.items()])
        self.fields["disposition"].choices = choices  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """A passage of the text: by its place, which a script fills in, or by its words and which of them is meant."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    quote = forms.CharField(
        label=_("原文片段"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("在正文里选中后按 m 自动填写；也可以把原文贴到这里。"),
    )  # fmt: skip
    occurrence = forms.IntegerField(label=_("第几处"), min_value=1, initial=1, required=False)

    def __init__(self, *args: Any, text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def clean(self) -> Values:
        given = super().clean() or self.cleaned_data
        start, end, quote = given.get("start"), given.get("end"), (given.get("quote") or "").strip()
        if start is not None and end is not None and (not quote or self.text[start:end].strip() == quote):
            given["place"] = (start, end)
        elif quote:
            given["place"] = self._find(quote, (given.get("occurrence") or 1) - 1)
        else:
            self.add_error("quote", gettext_now("请先选取原文中的一段。"))
        return given

    def _find(self, quote: str, occurrence: int) -> tuple[int, int] | None:
        found = merging.place_of(self.text, quote, occurrence)
        if found is None:
            times = self.text.count(quote)
            text = gettext_now("原文中没有这段文字，请照原文填写。") if not times else gettext_now(
                "这段文字在原文中只出现 %(times)s 次。"
            ) % {"times": times}  # fmt: skip
            self.add_error("quote" if not times else "occurrence", text)
        return found


class MarkForm(PlaceForm):
    """What the chosen words are."""

    kind = forms.ChoiceField(label=_("标为"), choices=[("figure", _("数字")), ("promise", _("承诺"))])
    field_order = ("kind", "quote", "occurrence")


class SplitForm(forms.Form):
    words = forms.CharField(
        label=_("拆成几部分"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行写一部分，照原文的字，按出现的先后。"),
    )  # fmt: skip
    reason = ReasonField()

    def pieces(self, quote: str) -> list[dict[str, int]]:
        """The parts by their places within the quote; a line that does not stand there is a problem of the field."""
        found, last = [], 0
        for line in self.cleaned_data["words"].splitlines():
            if not line.strip():
                continue
            start = quote.find(line.strip(), last)
            if start < 0:
                self.add_error("words", gettext_now("“%(line)s”不在这段原文里。") % {"line": line.strip()})
                return []
            last = start + len(line.strip())
            found.append({"start": start, "end": last})
        return found


class FactsForm(forms.Form):
    """What is known of the reply beside its text."""

    answered_date = DayField(label=_("答复日期"), required=False)
    result_class = forms.ChoiceField(label=_("办理结果"), required=False)
    contact_form = forms.ChoiceField(label=_("沟通方式"), choices=[("", "—"), *ContactForm.choices], required=False)
    abstract = forms.CharField(label=_("摘要"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result_class"].choices = BLANK + parts.result_choices()  # type: ignore[attr-defined]


class ReplyPublicationForm(forms.Form):
    publication = forms.ChoiceField(label=_("公开方式"), choices=Publication.choices[1:])
    withheld_reason = forms.ChoiceField(label=_("不公开的理由"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withheld_reason"].choices = BLANK + parts.withheld_choices()  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """Publishing with open remarks needs somebody to have read them."""

    published_date = DayField(
        label=_("发布日期"), required=False, help_text=_("以前已在别处发布的，填当时的日期；不填为今天。")
    )
    seen = forms.BooleanField(label=_("已看过核对提醒，仍要发布"), required=False)

    def ask(self, remarks: int) -> None:
        """Whether somebody has to say that they have read the remarks: where there are any."""
        if remarks:
            self.fields["seen"].required = True
        else:
            del self.fields["seen"]


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class FeedbackForm(forms.Form):
    process = forms.ChoiceField(label=_("对办理过程"), choices=Feedback.choices)
    result = forms.ChoiceField(label=_("对办理结果"), choices=Feedback.choices)
    date = DayField(label=_("反馈日期"))
    contact_form = forms.ChoiceField(label=_("沟通方式"), choices=[("", "—"), *ContactForm.choices], required=False)


class LinkForm(forms.Form):
    """Which proposal the reply answers, by the number of its page or as printed."""

    proposal = forms.CharField(
        label=_("建议提案"), max_length=40, widget=forms.TextInput(attrs={"placeholder": _("例如 W163")})
    )
