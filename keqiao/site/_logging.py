"""The log: one line an event, as JSON or as text, without personal data.

Three rules keep people out of it. Of a library's message only the template is kept, never its arguments. Of an
exception only its kind and where it happened, never its text or the values of variables: texts quote what people
typed. What is left is searched for addresses, phone and identity numbers, and those are struck out.
"""

import logging
import re
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).resolve().parent.parent.parent
STRUCK = "[…]"
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses
    r"|(?<![\w-])\d{17}[\dXx](?![\w-])"  # identity numbers; a credit code has letters or begins with 9
    r"|(?<![\w-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\w-])"  # mobile phones
    r"|(?<![\w-])0\d{2,3}[- ]\d{7,8}(?![\w-])"  # fixed lines
    r"|\?[^\s\"']*=[^\s\"']*"  # query strings
)
_HOLES = re.compile(r"%\(?\w*\)?[-#0 +]*[\d.]*[sdrifxa]")
Event = MutableMapping[str, Any]


def scrub(value: Any) -> Any:
    """The value with everything struck out that looks like a person's address or number."""
    if isinstance(value, str):
        return _PERSONAL.sub(STRUCK, value)
    if isinstance(value, Mapping):
        return {name: scrub(one) for name, one in value.items()}
    return [scrub(one) for one in value] if isinstance(value, list | tuple) else value


def strike_personal(logger: Any, method: str, event: Event) -> Event:
    for name, value in event.items():
        if not name.startswith("_"):
            event[name] = scrub(value)
    return event


def keep_template_only(logger: Any, method: str, event: Event) -> Event:
    """Our own modules log keys and counts; what others put into their messages is not ours to judge."""
    arguments = event.pop("positional_args", None)
    if arguments:
        template = str(event["event"])
        is_ours = str(event.get("logger", "")).startswith("keqiao")
        event["event"] = template % arguments if is_ours else _HOLES.sub("…", template)
    return event


def place_of_error(logger: Any, method: str, event: Event) -> Event:
    """Kind of the exception and the lines it passed through."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if error is not None:
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = [_line(frame) for frame in traceback.extract_tb(error.__traceback__)][-12:]
        causes = [cause for cause in (error.__cause__, error.__context__) if cause is not None]
        if causes:
            event["after"] = f"{type(causes[0]).__module__}.{type(causes[0]).__qualname__}"
        if code := getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None):
            event["sqlstate"] = code
    return event


def _line(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:])
    return f"{shown}:{frame.lineno} {frame.name}"


def as_line(logger: Any, method: str, event: Event) -> str:
    """A line for people."""
    event = {name: value for name, value in event.items() if name not in ("timestamp", "exc_info")}
    head = f"{event.pop('level', '')} {event.pop('logger', '')} {event.pop('event', '')}"
    return f"{head} {' '.join(f'{name}={value}' for name, value in event.items())}".rstrip()


def logging_settings(*, as_json: bool, level: str, is_frank: bool) -> dict[str, Any]:
    """The value of Django's LOGGING; structlog's loggers go the same way.

    A frank log keeps everything and the whole traceback: for the demo, where all people are invented.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )  # fmt: skip
    finish = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False, default=str) if as_json else as_line
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [*([] if is_frank else [keep_template_only, place_of_error, strike_personal]), finish, renderer],
        "use_get_message": is_frank,
        "pass_foreign_args": not is_frank,
        "keep_exc_info": is_frank,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True, "level": level},
            "django.request": {"level": logging.ERROR},  # the line of the request says the same of a refused one
        },
    }
