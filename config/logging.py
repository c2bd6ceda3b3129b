"""Logs: one JSON object a line, each with the business's schema, never with a secret."""

import logging
import logging.config
import re
import traceback
from types import TracebackType
from typing import Any, TypeAlias

from pythonjsonlogger.json import JsonFormatter

from tenants import context

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LONGEST = 2_000
# The one-time tokens and codes that stand in addresses of pages.
_TOKEN_IN_PATH = re.compile(r"/(c|l|pair)/[^\s/'\"?]+")
# What django-q says of a job that failed ends with the whole traceback, texts of errors included.
_FRAME = re.compile(r'^  File "[^"\n]+", line \d+, in \S+$', re.MULTILINE)
_KIND = re.compile(r"^(?:\w+\.)*(\w+Error)\b", re.MULTILINE)
_ExceptionInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class SecretFilter(logging.Filter):
    """Adds `schema`, the business a line belongs to, and takes out what nobody should read."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through."""
        record.schema = context.current_schema()
        text = _TOKEN_IN_PATH.sub(r"/\1/…", _quiet(record))
        record.msg, record.args = text[:_LONGEST], None
        # Django hangs the whole request on its lines; its repr shows the path.
        vars(record).pop("request", None)
        return True


class QuietFormatter(JsonFormatter):
    """Shows where an exception came from, not its text: that may quote a row or an input."""

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802  logging's name
        """The frames and the kinds of the exception and of what caused it."""
        error = ei[1]
        frames = "".join(traceback.format_tb(error.__traceback__)) if error else ""
        kinds = []
        while error is not None:
            kinds.append(type(error).__name__)
            error = error.__cause__
        return f"{frames}{' from '.join(kinds)}"[-_LONGEST:]


def _quiet(record: logging.LogRecord) -> str:
    text = record.getMessage()
    said, dash, failure = text.partition(") - ")
    if record.name != "django-q" or not dash:
        return text
    kinds = " from ".join(reversed(_KIND.findall(failure)))
    frames = "\n".join(_FRAME.findall(failure))
    return f"{said}): {kinds}\n{frames[-_LONGEST // 2 :]}"


def configure(chosen: dict[str, Any]) -> None:
    """Set logging up as Django's LOGGING says, and have Python's warnings take the same way."""
    logging.config.dictConfig(chosen)
    logging.captureWarnings(capture=True)


def configuration(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error as JSON."""
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"secrets": {"()": SecretFilter}},
        "formatters": {
            "json": {
                "()": QuietFormatter,
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(schema)s",
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["secrets"],
            },
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Strawberry logs whole documents and their errors; graphql_api/guard.py logs codes.
            # Without a handler Python would write its warnings as raw text.
            "strawberry": {"handlers": ["nowhere"], "propagate": False},
            "django": {"level": "INFO"},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
            "django-q": quiet,
            "django_tenants": quiet,
            "asyncio": quiet,
            # The server writes through these; without them here it brings handlers of its own.
            "_granian": {"level": "INFO", "handlers": [], "propagate": True},
            "granian.access": {"level": "INFO", "handlers": [], "propagate": True},
            # It reports what happened to a lost connection a second time.
            "psycopg": {"level": "ERROR"},
        },
    }
