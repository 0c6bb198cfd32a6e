"""The links of invitations: signed, so that a key alone, read in a table or a log, opens nothing; and their letters."""

from datetime import datetime

from django.contrib import messages
from django.core import mail, signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from keqiao.apps.parties import joining
from keqiao.apps.parties.models import Invitation
from keqiao.web.templatetags.keqiao import label, name_of

_signer = signing.Signer(salt="keqiao.invitation")


def address(request: HttpRequest, row: Invitation) -> str:
    return request.build_absolute_uri(reverse("public:invitation", args=[_signer.sign(row.key)]))


def by_token(token: str) -> Invitation:
    """The invitation behind a link; Invitation.DoesNotExist for one that was not made here."""
    try:
        return joining.invitation(_signer.unsign(token))
    except signing.BadSignature as error:
        raise Invitation.DoesNotExist from error


def closed(row: Invitation, *, at: datetime) -> str:
    """Why the invitation cannot be accepted any more, as a reason code; empty while it can."""
    if row.accepted_at is not None:
        return "invitation_used"
    if row.revoked_at is not None:
        return "invitation_revoked"
    return "invitation_expired" if row.expires_at <= at else ""


def place(row: Invitation) -> str:
    """Where the role holds, in words."""
    if row.organization is not None:
        return name_of(row.organization)
    if row.station is not None:
        return name_of(row.station)
    return label(row.area, "area") if row.area else ""


def send(request: HttpRequest, row: Invitation) -> bool:
    """Send the letter; False if the mail server would not take it, for the link can be handed over by hand."""
    words = {
        "who": str(row.invited_by),
        "role": label(row.role, "role"),
        "where": place(row) or _("科桥"),
        "link": address(request, row),
        "day": f"{row.expires_at:%Y-%m-%d}",
    }
    text = (
        _(
            "您好：\n\n%(who)s 邀请您加入“%(where)s”，角色是%(role)s。"
            "请在 %(day)s 前打开下面的链接，登录或注册后接受：\n\n"
            "%(link)s\n\n链接只能用一次，只对收到本信的邮箱有效。如与您无关，请忽略本信。"
        )
        % words
    )
    try:
        mail.send_mail(_("邀请您加入 %(where)s") % words, text, None, [row.email])
    except OSError:  # smtplib's errors are among these
        return False
    return True


def tell(request: HttpRequest, *, sent: bool) -> None:
    if sent:
        messages.success(request, _("邀请信已发出，七天内有效。"))
    else:
        messages.warning(request, _("邀请已建立，但邮件服务器没有接受邀请信。请把列表中的链接转给对方。"))
