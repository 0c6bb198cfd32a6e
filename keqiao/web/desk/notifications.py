"""What I am told: the list behind the bell."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.post import actions, queries
from keqiao.apps.post.notices import topics
from keqiao.web.parts import lists
from keqiao.web.parts.request import Request, person


@require_safe
@login_required
def notifications(request: Request) -> HttpResponse:
    user = person(request)
    topic = request.GET.get("topic", "")
    unread = request.GET.get("show") == "unread"
    rows = queries.notifications(user, topic=topic if topic in topics() else "", unread=unread)
    context = {
        "section": "notifications",
        "page": lists.page_of(request, rows),
        "topics": topics_for(request),
        "topic": topic,
        "unread_only": unread,
        "is_filtered": bool(topic or unread),
    }
    return render(request, "desk/notifications.html", context)


def topics_for(request: Request) -> list[tuple[str, str, str]]:
    """Slug, name and explanation of what can concern this person."""
    return [
        (topic.slug, str(topic.name), str(topic.about))
        for topic in topics().values()
        if not topic.roles or request.actor.has(*topic.roles)
    ]


@require_POST
@login_required
def read(request: Request, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    row = get_object_or_404(queries.notifications(person(request)), pk=pk)
    actions.mark_read(row, by=request.actor, at=timezone.now())
    return redirect(row.link or "desk:notifications")


@require_POST
@login_required
def read_all(request: Request) -> HttpResponse:
    topic = request.POST.get("topic", "")
    count = actions.mark_all_read(
        person(request), topic=topic if topic in topics() else "", by=request.actor, at=timezone.now()
    )
    told = _("已全部标为已读：%(count)d 条。") % {"count": count} if count else _("没有未读的通知。")
    messages.success(request, told)
    return redirect("desk:notifications")
