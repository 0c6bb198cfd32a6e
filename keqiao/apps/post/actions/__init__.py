from .choices import (
    choose_modes,
    remove_destination,
    resume_mail,
    set_destination,
    set_preference,
    stop_mail,
    stop_topics,
)
from .deliveries import claim, drop, finish, recover, resend
from .outbox import take_up
from .reading import mark_all_read, mark_read, tidy

__all__ = [
    "choose_modes",
    "claim",
    "drop",
    "finish",
    "mark_all_read",
    "mark_read",
    "recover",
    "remove_destination",
    "resend",
    "resume_mail",
    "set_destination",
    "set_preference",
    "stop_mail",
    "stop_topics",
    "take_up",
    "tidy",
]
