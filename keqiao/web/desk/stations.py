"""The work-space of a branch market or station: its queue, its people, its figures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import OPEN_STATES
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import User
from keqiao.web.desk.introduction_forms import HandOverForm, person_label
from keqiao.web.desk.introductions import tabs
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.charts import Bar, bars
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label

MOST_PEOPLE = 300
SHOW = ("", "ownerless", "late")


@require_safe
@login_required
def stations(request: Request) -> HttpResponse:
    """Straight to the one station one works at; a choice where there are several."""
    rows = list(market.stations_of(request.actor))
    if len(rows) == 1:
        return redirect("desk:station", key=rows[0].key)
    return render(request, "desk/stations.html", {**tabs(request, "station"), "stations": rows})


@login_required
def station(request: Request, key: str) -> HttpResponse:
    at = timezone.now()
    mine = list(market.stations_of(request.actor))
    row = next((found for found in mine if found.key == key), None)
    if row is None:
        raise Http404
    brokers = list(parties.brokers(on=localdate(at))[:MOST_PEOPLE])
    people = [person for person in brokers if person.station_id == row.pk]
    form = HandOverForm(request.POST or None, people=brokers)
    may_lead = permissions.coordinates(request.actor, row)
    if request.method == "POST" and form.is_valid() and _hand_over(request, form):
        return redirect("desk:station", key=row.key)
    rows = market.of_station(row, actor=request.actor)
    show = request.GET.get("show", "")
    queue = {
        "ownerless": market.ownerless(rows, on=localdate(at)), "late": market.late(rows, at=at),
    }.get(show, rows.filter(state__in=OPEN_STATES))  # fmt: skip
    page = lists.page_of(request, market.by_urgency(queue))
    figures = market.station_figures(rows, at=at)
    context = {
        **tabs(request, "station"),
        "station": row,
        "below": [found for found in mine if found.parent_id == row.pk],
        "show": show if show in SHOW else "",
        "page": page,
        "faces": market.introduction_faces(page.object_list, request.actor, at=at),
        "figures": figures,
        "agreed": dict(figures.by_state)["agreed"],
        "open": sum(n for state, n in figures.by_state if state in OPEN_STATES),
        "reasons_chart": bars(
            [Bar(label(reason, "decline_reason"), n, str(n)) for reason, n in figures.by_reason], title=_("未成的原因")
        ),
        "people": [(person_label(person), person.user.key, person.role) for person in people],
        "may_lead": may_lead,
        "form": form,
    }
    return render(request, "desk/station.html", context, status=422 if form.errors else 200)


def _hand_over(request: Request, form: HandOverForm) -> bool:
    """Give all open matters of one person to another."""
    owner = _user(request.POST.get("owner", ""))
    if owner is None:
        form.add_error(None, _("请选择移交谁的对接。"))
        return False
    try:
        done = actions.contacts.hand_over_all(
            owner=owner, to=parties.user(form.cleaned_data["to"]), reason=form.cleaned_data["reason"],
            by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, ngettext("已移交 %(n)d 项对接。", "已移交 %(n)d 项对接。", done) % {"n": done})
    return True


def _user(key: str) -> User | None:
    try:
        return parties.user(key)
    except (ObjectDoesNotExist, ValidationError):
        return None
