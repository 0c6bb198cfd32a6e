"""What left the house and what did not: counts and troubles, never what a letter says."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.post import actions, channels, permissions, queries
from keqiao.apps.post.models import IN_TROUBLE, Delivery, DeliveryState
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request

PROBLEMS: dict[str, Promise] = {
    "worker_lost": gettext_lazy("发送时后台进程中断，可能已经发出"),
    "channel_failed": gettext_lazy("渠道程序出错，可能已经发出"),
    "mail_no_answer": gettext_lazy("邮件服务器中途断开，可能已经发出"),
    "mail_server": gettext_lazy("连不上邮件服务器，或账号密码不对"),
    "mail_recipient": gettext_lazy("邮件服务器不接受收件地址"),
    "no_answer": gettext_lazy("对方中途断开，可能已经收到"),
    "no_connection": gettext_lazy("连不上对方服务器"),
    "host_unknown": gettext_lazy("找不到对方的域名"),
    "certificate_wrong": gettext_lazy("对方的证书不对"),
    "redirected": gettext_lazy("对方要求转到别的地址，没有跟随"),
    "address_inside": gettext_lazy("地址在内网，未获允许"),
    "address_not_https": gettext_lazy("地址不是 https"),
    "address_unreadable": gettext_lazy("地址写错了"),
    "answer_unreadable": gettext_lazy("对方的回答看不懂，可能已经收到"),
    "letter_too_long": gettext_lazy("内容太长"),
    "no_address": gettext_lazy("收件人已没有这个渠道"),
    "nothing_to_say": gettext_lazy("内容已不适用或已被收件人关闭"),
}


def problem(code: str) -> str:
    """A problem in words; what a server said stands by its number."""
    if code in PROBLEMS:
        return str(PROBLEMS[code])
    kind, _line, number = code.partition("_")
    if kind == "http":
        return _("对方服务器回答 %(number)s") % {"number": number}
    if kind == "answer":
        return _("对方平台回答错误码 %(number)s") % {"number": number}
    return _("邮件服务器回答 %(number)s") % {"number": number} if kind == "mail" else code


@require_safe
@login_required
def deliveries(request: Request) -> HttpResponse:
    if not permissions.can_manage_deliveries(request.actor).allowed:
        raise PermissionDenied
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    known = state in DeliveryState.values
    rows = queries.deliveries(state=state, channel=channel) if known else queries.in_trouble()
    page = lists.page_of(request, rows)
    context = {
        "section": "office",
        "tab": "deliveries",
        "page": page,
        "rows": [_row(row) for row in page.object_list],
        "counts": queries.delivery_counts(),
        "state": state if known else "",
    }
    return render(request, "office/deliveries.html", context)


def _row(row: Delivery) -> dict[str, object]:
    channel = channels.channel(row.channel)
    return {
        "delivery": row,
        "channel": channel.name if channel else row.channel,
        "problem": problem(row.problem) if row.problem else "",
        "can_act": row.state in IN_TROUBLE,
    }


@require_POST
@login_required
def decide(request: Request, key: str, step: str) -> HttpResponse:
    """Send once more, or let it be."""
    if not permissions.can_manage_deliveries(request.actor).allowed:
        raise PermissionDenied
    try:
        row = queries.delivery(key)
        if step == "resend":
            actions.resend(row, by=request.actor, at=timezone.now())
            messages.success(request, _("将再次发送。"))
        else:
            actions.drop(row, by=request.actor, at=timezone.now())
            messages.success(request, _("不再发送。"))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("office:deliveries")
