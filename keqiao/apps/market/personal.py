"""What this app keeps about a person beside their work for a body: searches they keep, judgements they gave."""

from typing import Any

from keqiao.apps.parties.models import User

from .models import Judgement, SavedSearch


def data(user: User) -> dict[str, Any]:
    kept = SavedSearch.objects.filter(user=user).order_by("pk")
    judged = Judgement.objects.filter(judge=user).order_by("pk")
    return {
        "searches": list(kept.values("key", "listing", "name", "values", "alert")),
        "judgements": [
            {"need": need, "offer": offer, "grade": grade, "at": at.isoformat()}
            for need, offer, grade, at in judged.values_list("need__key", "offer__key", "grade", "at")
        ],
    }


def erase(user: User) -> None:
    SavedSearch.objects.filter(user=user).delete()
    # A grade tells of two listings, not of the person: it stays, without the name.
    Judgement.objects.filter(judge=user).update(judge=None)
