"""How I want to be told: what, by which channel, when, in which language, and where my own channels lead."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.post import actions, channels
from keqiao.apps.post.models import Language, Mode, Weekday
from keqiao.apps.post.notices import topics
from keqiao.apps.post.readers import Reader, reader
from keqiao.web.desk.notifications import topics_for
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors

MAIL = {"stop": actions.stop_mail, "resume": actions.resume_mail}
HOURS = [(hour, f"{hour}:00") for hour in range(24)]


def _hour(value: str) -> int | None:
    return int(value) if value != "" else None


class PreferenceForm(forms.Form):
    """When and in which language."""

    language = forms.ChoiceField(label=gettext_lazy("通知语言"), choices=Language.choices)
    digest_hour = forms.TypedChoiceField(label=gettext_lazy("汇总时间"), choices=HOURS, coerce=int)
    digest_weekday = forms.TypedChoiceField(label=gettext_lazy("每周汇总在"), choices=Weekday.choices, coerce=int)
    quiet_from = forms.TypedChoiceField(
        label=gettext_lazy("免打扰从"), choices=[("", "—"), *HOURS], coerce=_hour, empty_value=None, required=False
    )
    quiet_to = forms.TypedChoiceField(
        label=gettext_lazy("免打扰到"),
        choices=[("", "—"), *HOURS],
        coerce=_hour,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("这段时间内不向外发送，结束后补发。"),
    )


class DestinationForm(forms.Form):
    """What one channel has to know; a secret that stands already is not shown again."""

    def __init__(self, data: QueryDict | None, *, channel: channels.Channel) -> None:
        super().__init__(data, prefix=channel.slug)
        for one in channel.fields:
            widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            self.fields[one.name] = forms.CharField(
                label=str(one.label), help_text=str(one.help), max_length=300, required=one.is_required, widget=widget
            )


@login_required
def settings_page(request: Request) -> HttpResponse:
    mine = reader(person(request))
    preference = PreferenceForm(
        request.POST if request.POST.get("do") == "preference" else None, initial=vars(mine.preference)
    )
    forms_by_channel = _destination_forms(request)
    if request.method == "POST" and _do(request, preference, forms_by_channel):
        return redirect("desk:notification-settings")
    context = {
        "section": "notifications",
        "mail_stopped": mine.preference.is_mail_stopped,
        "columns": [(slug, channels.channels()[slug].name) for slug in _columns(mine)],
        "no_mail": mine.address("email") is None,
        "rows": _matrix(request, mine),
        "preference": preference,
        "places": _places(mine, forms_by_channel),
        "no_telephone": channels.channels()["sms"].is_offered() and mine.address("sms") is None,
    }
    return render(request, "desk/notification_settings.html", context, status=422 if request.method == "POST" else 200)


def _destination_forms(request: Request) -> dict[str, DestinationForm]:
    sent = request.POST.get("channel") if request.POST.get("do") == "destination" else None
    return {
        slug: DestinationForm(request.POST if slug == sent else None, channel=one)
        for slug, one in channels.channels().items()
        if one.fields and one.is_offered()
    }


def _places(mine: Reader, by_channel: dict[str, DestinationForm]) -> list[dict[str, Any]]:
    """Each channel that leads where the person says, with its form."""
    return [
        {"channel": channels.channels()[slug], "form": form, "is_set": slug in mine.destinations}
        for slug, form in by_channel.items()
    ]


def _columns(mine: Reader) -> list[str]:
    """E-mail always, so that one sees what could be chosen; the others as far as they reach this person."""
    return [slug for slug in channels.channels() if slug == "email" or mine.address(slug) is not None]


def _matrix(request: Request, mine: Reader) -> list[dict[str, Any]]:
    return [
        {
            "slug": slug,
            "name": name,
            "about": about,
            "cells": [
                {"name": f"{slug} {channel}", "channel": channels.channels()[channel].name, "modes": Mode.choices,
                 "mode": mine.modes.get((slug, channel), _default(slug, channel))}
                for channel in _columns(mine)
            ],
        }
        for slug, name, about in topics_for(request)
    ]  # fmt: skip


def _default(topic: str, channel: str) -> str:
    return topics()[topic].default(channel)


def _do(request: Request, preference: PreferenceForm, by_channel: dict[str, DestinationForm]) -> bool:
    """Carry out one of the page's buttons; False if the page has to be shown again with what is wrong."""
    user, at, what = person(request), timezone.now(), request.POST.get("do")
    channel = request.POST.get("channel", "")
    try:
        if what == "modes":
            actions.choose_modes(user, _chosen(request), by=request.actor, at=at)
        elif what == "preference":
            if not preference.is_valid():
                return False
            actions.set_preference(user, by=request.actor, at=at, **preference.cleaned_data)
        elif what == "destination" and channel in by_channel:
            if not by_channel[channel].is_valid():
                return False
            actions.set_destination(user, channel, by_channel[channel].cleaned_data, by=request.actor, at=at)
        elif what == "remove":
            actions.remove_destination(user, channel, by=request.actor, at=at)
        elif what in MAIL:
            MAIL[what](user, by=request.actor, at=at)
    except ValidationError as error:
        form = by_channel.get(channel) if what == "destination" else preference
        if form is not None and form.is_bound:
            add_errors(form, error)
        else:
            messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, _("已保存。"))
    return True


def _chosen(request: Request) -> dict[tuple[str, str], str]:
    """The modes that were sent: fields named by topic and channel."""
    pairs = ((name.partition(" "), value) for name, value in request.POST.items() if " " in name)
    return {(topic, channel): str(mode) for (topic, _space, channel), mode in pairs}
