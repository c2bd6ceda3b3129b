"""Logs: one JSON object a line, each with the business's schema, never with a secret."""

import logging
from typing import Any

from tenants import context


class SchemaFilter(logging.Filter):
    """Adds `schema`, the business a line belongs to, and cuts a line's text at 2,000 characters."""

    LONGEST = 2_000

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through."""
        record.schema = context.current_schema()
        text = record.getMessage()
        if len(text) > self.LONGEST:
            record.msg, record.args = text[: self.LONGEST] + " …", None
        return True


def configuration(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error as JSON."""
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"schema": {"()": SchemaFilter}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(schema)s",
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["schema"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Strawberry logs whole documents and their errors; graphql_api/errors.py logs codes.
            "strawberry.execution": {"handlers": [], "propagate": False},
            "django.request": {"level": "ERROR"},
            "django-q": quiet,
            "django_tenants": quiet,
            "asyncio": quiet,
        },
    }
