"""Who may see and do what on the market. Reason codes are turned into sentences by the web."""

from .listings import (
    can_create,
    can_edit,
    can_expire,
    can_know_organization,
    can_read_full,
    can_reopen,
    can_screen,
    can_see,
    can_sign,
    can_submit,
    can_withdraw,
    is_insider,
)

__all__ = [
    "can_create",
    "can_edit",
    "can_expire",
    "can_know_organization",
    "can_read_full",
    "can_reopen",
    "can_screen",
    "can_see",
    "can_sign",
    "can_submit",
    "can_withdraw",
    "is_insider",
]
