"""One matter from the need to whatever became of it, each link for those who may see it."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from keqiao.web.parts import threads
from keqiao.web.parts.request import Request


@require_safe
def thread(request: Request, kind: str, key: str) -> HttpResponse:
    """The thread that a thing lies on, at the address of what it began with; none for whoever may not see the thing."""
    on = timezone.localdate()
    try:
        root = threads.root_of(kind, key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    stages = threads.stages(root, actor=request.actor, on=on)
    asked = f"{kind}:{key}"
    if not any(link.subject == asked for stage in stages for link, _ in stage.links):
        raise Http404
    if asked != (start := threads.subject_of_root(root)):
        return redirect("public:thread", *start.split(":", 1))
    is_proposal = start.startswith("proposal:")
    section = "reply" if is_proposal else "need"
    context = {"section": section, "stages": stages, "first": stages[0], "is_proposal": is_proposal}
    return render(request, "public/thread.html", context)
