"""What this app keeps about a person beside their work for a body: the searches they keep."""

from typing import Any

from keqiao.apps.parties.models import User

from .models import SavedSearch


def data(user: User) -> dict[str, Any]:
    kept = SavedSearch.objects.filter(user=user).order_by("pk")
    return {"searches": list(kept.values("key", "listing", "name", "values", "alert"))}


def erase(user: User) -> None:
    SavedSearch.objects.filter(user=user).delete()
