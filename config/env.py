"""Typed readers of the environment; each fails loudly, naming the variable that is wrong."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable's text; without a default, a missing one raises ImproperlyConfigured."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def whole_number(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def switch(name: str, *, default: bool) -> bool:
    """The variable as on (1, true, yes, on) or off (0, false, no, off)."""
    value = text(name, "1" if default else "0").strip().lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")
    return value in _TRUE


def words(name: str, default: str = "") -> list[str]:
    """The variable split at commas, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def languages(name: str, default: str) -> list[tuple[str, str]]:
    """Codes of languages that Django knows, with their names."""
    known = dict(global_settings.LANGUAGES)
    unknown = [code for code in words(name, default) if code not in known]
    if unknown:
        raise ImproperlyConfigured(f"{name} names languages that nobody knows: {unknown}")
    return [(code, known[code]) for code in words(name, default)]


def folder(name: str) -> Path | None:
    """The variable as a folder, None when it is not set."""
    value = os.environ.get(name)
    return Path(value) if value else None


def database(url: str, *, role: str | None) -> dict[str, Any]:
    """Django's settings for a libpq URL; with `role`, each connection acts as that role."""
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except (ProgrammingError, UnicodeError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from None
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    found = {key: str(parts.pop(part, "")) for key, part in names.items()}
    return {
        **found,
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, **({"assume_role": role} if role else {})},
    }


def mail(url: str) -> dict[str, Any]:
    """Django's mail settings for `smtp://user:password@host:port?security=tls|ssl|none`."""
    parts = urlsplit(url)
    security = parse_qs(parts.query).get("security", ["tls"])[0]
    if parts.scheme != "smtp" or not parts.hostname or security not in {"tls", "ssl", "none"}:
        raise ImproperlyConfigured("EMAIL_URL must be smtp://user:password@host:port?security=tls")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"tls": 587, "ssl": 465, "none": 25}[security],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": security == "tls",
        "EMAIL_USE_SSL": security == "ssl",
    }
