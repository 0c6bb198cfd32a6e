"""What a browser calls itself, in a few words: enough to recognise one's own devices."""

from django.utils.translation import gettext as _

# The first that fits; later ones are in the names of earlier ones.
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("UOS", "UOS"), ("Linux", "Linux"),
)  # fmt: skip


def name(agent: str) -> str:
    """Chrome · Windows; an agent nobody knows is called so."""
    found = [next((word for mark, word in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or _("其他客户端")
