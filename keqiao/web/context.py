from typing import Any

from django.conf import settings
from django.http import HttpRequest

from keqiao.apps.parties import places


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows of the installation: its region and whether it is the demo."""
    return {"region": places.region(), "is_demo_site": settings.DEMO, "actor": getattr(request, "actor", None)}
