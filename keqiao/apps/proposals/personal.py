"""What this app keeps about a person: what they signed, follow and said.

Names on proposals and views on promises are part of a public record and stay; the account behind them does not.
"""

from typing import Any

from keqiao.apps.parties.models import User

from .models import Follow, Signer, Voice


def data(user: User) -> dict[str, Any]:
    signed = Signer.objects.filter(user=user).order_by("pk")
    follows = Follow.objects.filter(user=user).order_by("pk")
    said = Voice.objects.filter(author=user).order_by("pk")
    return {
        "signed": list(signed.values("proposal__key", "name", "role")),
        "follows": list(follows.values("proposal__key", "promise__key", "is_on")),
        "voices": [
            {"promise": key, "role": role, "stance": stance, "text": text, "at": at.isoformat()}
            for key, role, stance, text, at in said.values_list("promise__key", "role", "stance", "text", "at")
        ],
    }


def erase(user: User) -> None:
    Follow.objects.filter(user=user).delete()
    Signer.objects.filter(user=user).update(user=None)
    # The role and, for a department, the unit still say from where a view came.
    Voice.objects.filter(author=user).update(author=None, author_name="")
