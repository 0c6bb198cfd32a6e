"""The front page: one box for a problem, answers at once, without an account."""

from datetime import date
from functools import lru_cache

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market import answers, kinds
from keqiao.apps.market import queries as market
from keqiao.apps.parties import queries as parties
from keqiao.apps.proposals.queries import board, opened
from keqiao.engines.matching import Query
from keqiao.web.parts.request import Request

LONGEST_PROBLEM = 2000
FEWEST_CHARACTERS = 4
LATEST = 6


class ProblemForm(forms.Form):
    """The problem in the asker's words. It is matched and forgotten, never stored."""

    problem = forms.CharField(
        label=gettext_lazy("说说您的难题"),
        max_length=LONGEST_PROBLEM,
        min_length=FEWEST_CHARACTERS,
        error_messages={
            "required": gettext_lazy("请先写下您的难题，一句话也可以。"),
            "min_length": gettext_lazy("太短了，请多写几个字：什么东西、出了什么毛病、想达到什么效果。"),
            "max_length": gettext_lazy("请控制在 2000 字以内，先说最要紧的。"),
        },
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "placeholder": gettext_lazy(
                    "例如：切割机上的激光器老是掉功率，想找 2 千瓦以上、波动不超过 1% 的国产光源。"
                ),
            }
        ),
    )
    plain = forms.BooleanField(label=gettext_lazy("只按原话匹配，不联想专业术语"), required=False)


# Problems as people say them, to press and try. Shown in the reader's language, asked in the language of the offers.
EXAMPLES = (
    gettext_noop("主梁太厚，一固化芯子就焦黄"),
    gettext_noop("菌棒老长绿霉，一批坏掉三成"),
    gettext_noop("高速开着窗，喊三遍导航它还说没听清"),
    gettext_noop("要测 3 米长导轨的直线度，误差不超过 1 微米"),
    gettext_noop("玉米秸秆太多烧又不让烧，想变成能卖的东西"),
)


@lru_cache(maxsize=1)
def _counts(on: date, seq: int) -> dict[str, int]:
    """Counting 100,000 rows is kept until the ledger says that something has happened."""
    promised = sum(count for _unit, _state, count in board.promise_counts())
    answered = {"replies": board.published_replies().count(), "promises": promised}
    return market.listing_counts(on=on) | answered | {"proposals": opened.count_public()}


@require_safe
def home(request: Request) -> HttpResponse:
    on = timezone.localdate()
    context = {
        "form": ProblemForm(),
        "examples": EXAMPLES,
        "offer_kinds": kinds.offer_kinds(),
        "counts": _counts(on, ledger.last_seq()),
        "needs": market.faces(market.newest("need", on=on, most=LATEST), request.actor),
        "offers": market.faces(market.newest("offer", on=on, most=LATEST), request.actor),
    }
    return render(request, "public/home.html", context)


@require_POST
def ask(request: Request) -> HttpResponse:
    """POST keeps the problem out of addresses, histories and logs."""
    form = ProblemForm(request.POST)
    context = {"form": form, "examples": EXAMPLES, "problem": request.POST.get("problem", "")}
    status = 422
    if form.is_valid():
        query = Query(text=form.cleaned_data["problem"], expand=not form.cleaned_data["plain"])
        context["answers"] = answers.answer("offer", query, actor=request.actor, on=timezone.localdate())
        status = 200
    template = "public/_answers.html" if request.htmx else "public/ask.html"
    # htmx swaps nothing on an error status unless told to; the message is part of the answer.
    return render(request, template, context, status=200 if request.htmx else status)


@require_safe
def demo(request: Request) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    return render(request, "public/demo.html", {"people": parties.demo_users()})


@require_POST
def demo_sign_in(request: Request) -> HttpResponse:
    """Sign in as one of the demo's people; exists only in the demo and only for its own accounts."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(parties.demo_users(), key=request.POST.get("user", ""))
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("desk:home")
