"""Keys for programs, and writes that are done once however often they are sent."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import ApiToken, KeptAnswer, Scope, User

LONGEST_DAYS = 366
MOST_TOKENS = 20
PREFIX = 8
KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 80


def digest_of(secret: str) -> str:
    """A random secret of 256 bits needs no slow hash: nobody can try them all."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(
    user: User, *, name: str, scopes: list[str], days: int, by: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """A new key for a person and its secret, which is shown this once and never again."""
    secret = f"kq_{secrets.token_urlsafe(32)}"
    row = ApiToken(
        user=user, name=name.strip(), prefix=secret[: PREFIX + 3], digest=digest_of(secret), scopes=sorted(set(scopes)),
        created_at=at, expires_at=at + timedelta(days=max(1, min(days, LONGEST_DAYS))),
    )  # fmt: skip
    with ledger.action("token.create", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_act_for(by, user))
        if not row.scopes or set(row.scopes) - set(Scope.values):
            raise ValidationError({"scopes": _("请至少选择一项权限范围。")})
        if ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=at).count() >= MOST_TOKENS:
            raise ValidationError(_("最多同时使用 %(most)d 个密钥，请先停用不用的。") % {"most": MOST_TOKENS})
        row.full_clean(exclude=["user"])
        row.save(force_insert=True)
        entry.change(token=row.prefix, scopes=row.scopes, expires_at=row.expires_at.isoformat())
    return row, secret


def revoke_token(token: ApiToken, *, by: Actor, at: datetime) -> None:
    with ledger.action("token.revoke", by=by, at=at, subject=f"user:{token.user.key}") as entry:
        entry.require(permissions.can_act_for(by, token.user))
        if token.revoked_at is None:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
        entry.change(token=token.prefix)


def note_use(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """When a key was last used: at most one entry an hour, which tells its owner what nobody else uses."""
    with ledger.action("token.use", by=by, at=at, subject=f"user:{token.user.key}") as entry:
        entry.require(permissions.can_act_for(by, token.user))
        token.last_used_at = at
        token.save(update_fields=["last_used_at"])
        entry.change(token=token.prefix)


def once(
    token: ApiToken,
    *,
    key: str,
    request_digest: str,
    do: Callable[[], tuple[int, dict[str, Any]]],
    by: Actor,
    at: datetime,
) -> tuple[int, dict[str, Any], bool]:
    """Do a write and keep its answer under the sender's key, both or neither; sent again, give the kept answer.

    Returns status, body and whether it was kept from before. Of two at once the second waits and gets the first's
    answer. Without a key it is done each time. Refused with `key_used_otherwise` when the same key comes with another
    request. A write that is refused keeps nothing, so that it can be sent again.
    """
    if len(key) > LONGEST_KEY:
        raise ValidationError({"Idempotency-Key": _("标识过长：最多 %(most)d 个字符。") % {"most": LONGEST_KEY}})
    with ledger.action("token.write", by=by, at=at, subject=f"user:{token.user.key}") as entry:
        entry.require(permissions.can_act_for(by, token.user))
        entry.change(token=token.prefix)
        if not key:
            return (*do(), False)
        # Whoever comes second waits here until the first is done.
        ApiToken.objects.select_for_update().get(pk=token.pk)
        kept = KeptAnswer.objects.filter(token=token, key=key).first()
        if kept is not None and kept.at > at - KEPT_FOR:
            if kept.request_digest != request_digest:
                raise ledger.Refused("key_used_otherwise")
            entry.reason = "repeated"
            return kept.status, kept.body, True
        status, body = do()
        values = {"request_digest": request_digest, "status": status, "body": body, "at": at}
        KeptAnswer.objects.update_or_create(token=token, key=key, defaults=values)
    return status, body, False


def forget_answers(*, by: Actor, at: datetime) -> int:
    """Delete kept answers that are too old to be asked for again; run by the worker."""
    old = KeptAnswer.objects.filter(at__lte=at - KEPT_FOR)
    if not old.exists():
        return 0
    with ledger.action("token.forget", by=by, at=at) as entry:
        entry.require(permissions.can_forget(by))
        entry.count = old.delete()[0]
    return entry.count or 0
