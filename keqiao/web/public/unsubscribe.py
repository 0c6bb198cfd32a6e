"""The way out at the foot of a letter: one page, one press, no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from keqiao.apps.parties.actors import Actor
from keqiao.apps.post import actions, unsubscribing
from keqiao.apps.post.notices import topics


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The signed token is the authority: mail programs post here by themselves when their user asks them to, and have
    no cookie to prove anything else by (RFC 8058)."""
    try:
        way = unsubscribing.read(token)
    except unsubscribing.TokenUnreadable:
        return render(request, "public/unsubscribe.html", {"state": "unreadable"}, status=404)
    is_all, is_done = request.POST.get("what") == "all", request.method == "POST"
    if is_done:
        # Whoever holds the letter acts for the person it was sent to, in this one thing.
        by, at = Actor(key=f"user:{way.user.key}", is_registered=True), timezone.now()
        if is_all:
            actions.stop_mail(way.user, by=by, at=at)
        else:
            actions.stop_topics(way.user, way.topics, by=by, at=at)
    context = {
        "topics": [topics()[slug].name for slug in way.topics if slug in topics()],
        "state": "done" if is_done else "ask",
        "stopped_all": is_all,
    }
    return render(request, "public/unsubscribe.html", context)
