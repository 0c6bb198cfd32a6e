"""The form of an event, and what a new one holds before anybody has typed."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.market.actions.events import FIELDS
from keqiao.apps.market.models import Event, Listing
from keqiao.apps.parties.models import Station
from keqiao.web.parts import lists
from keqiao.web.parts.choices import NamedChoiceField

DAYS_AHEAD, DAYS_TO_CLOSE = 14, 1
MORNING, NOON, EVENING = time(9), time(12), time(18)
MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """Day and time in one field that browsers know."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class EventForm(forms.ModelForm):
    """What an event is, when and where, and how its meetings are cut."""

    station = NamedChoiceField(
        label=gettext_lazy("分市场或工作站"), queryset=Station.objects.none(), required=False,
        empty_label=gettext_lazy("不指定"),
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("所在地"), required=False)
    starts_at = MomentField(label=gettext_lazy("开始时间"))
    ends_at = MomentField(label=gettext_lazy("结束时间"))
    closes_at = MomentField(label=gettext_lazy("报名截止"))
    online_link = forms.URLField(
        label=gettext_lazy("线上会议链接"), required=False, max_length=300, assume_scheme="https",
        help_text=gettext_lazy("只给报上名的人看。"),
    )  # fmt: skip

    class Meta:
        model = Event
        fields = (
            "kind", "title", "title_en", "summary", "summary_en", "theme", "organizer", "organizer_en", "starts_at",
            "ends_at", "closes_at", "station", "area", "place", "online_link", "capacity", "slot_minutes", "tables",
            "has_audience", "drops_extremes", "shows_scores",
        )  # fmt: skip

    def __init__(self, *args: Any, stations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("summary", "summary_en"):
            self.fields[name].widget.attrs["rows"] = 4
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("不指定")), *lists.area_choices(localdate())]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The action checks the whole; the form only reads."""

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in FIELDS}


def defaults(*, at: datetime, listings: list[Listing], theme: str = "") -> dict[str, Any]:
    """A morning in two weeks, named after what is shown."""
    day = localdate(at) + timedelta(days=DAYS_AHEAD)
    about = theme or (listings[0].title if listings else "")
    values: dict[str, Any] = {
        "kind": "matchmaking",
        "title": (_("%(about)s 供需对接会") % {"about": about}).strip()[:120],
        "theme": theme[:200],
        "starts_at": make_aware(datetime.combine(day, MORNING)),
        "ends_at": make_aware(datetime.combine(day, NOON)),
        "closes_at": make_aware(datetime.combine(day - timedelta(days=DAYS_TO_CLOSE), EVENING)),
        "area": listings[0].area if listings else "",
    }
    return values
