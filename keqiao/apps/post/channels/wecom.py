"""企业微信 group robots: one address with a key."""

from django.utils.translation import gettext_lazy as _

from ._contract import DestinationField
from ._templates import JsonChannel

CHANNEL = JsonChannel(
    slug="wecom",
    name=_("企业微信机器人"),
    about=_("在企业微信群里添加机器人，把它的 Webhook 地址中 key= 后面的一段填在这里。群里的人都会看到。"),
    url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={robot}",
    body={"msgtype": "text", "text": {"content": "{subject}\n{text}"}},
    fields=(DestinationField("robot", _("机器人 key"), pattern=r"[0-9A-Za-z-]{10,80}", is_secret=True),),
    accepted=("errcode", 0),
    busy=frozenset({-1, 45009}),
    most_letters=600,
)
