"""Typed readers of the environment; each fails loudly, naming the variable that is wrong.

What is set but empty is wrong too: it is what a forgotten value in a file of variables looks like.
Each variable `NAME` may be a file's content instead: `NAME_FILE` is its path, as container secrets
are handed over.
"""

import os
import re
from collections.abc import Sequence
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_LONGEST = 4_096
_SHORTEST_KEY = 16
_HOST = re.compile(r"(?!.*\.\.)(?=.{1,253}\Z)[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_ROLE = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
# Words of SQL that no role can have as its name: `SET ROLE none` would take all roles away.
_NO_ROLES = {"none", "public", "current_role", "current_user", "session_user"}
_MOST_PORTS = 65_535


def wrong(name: str, wanted: str) -> ImproperlyConfigured:
    """The error that says what the variable must be, without what it is: it may be a secret."""
    return ImproperlyConfigured(f"{name} must be {wanted}.")


def is_set(name: str) -> bool:
    """Whether somebody chose a value."""
    return name in os.environ or f"{name}_FILE" in os.environ


def _chosen(name: str) -> str | None:
    place = os.environ.get(f"{name}_FILE")
    if place is None:
        return os.environ.get(name)
    if name in os.environ:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        # Editors and `echo` end a file with a line break, which belongs to no secret.
        return Path(place).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError):
        raise wrong(f"{name}_FILE", "the path of a text file that this process may read") from None


def text(name: str, default: str | None = None) -> str:
    """The variable's text, never empty; without a default, a missing one is an error."""
    value = _chosen(name)
    if value is None:
        if default is None:
            raise ImproperlyConfigured(f"Set the environment variable {name}.")
        return default
    if not value.strip():
        raise ImproperlyConfigured(f"{name} is empty: give it a value, or do not set it at all.")
    if len(value) > _LONGEST or not value.isprintable():
        raise wrong(name, f"one line of at most {_LONGEST:,} characters")
    return value


def secret(name: str) -> str:
    """A key; it has no default."""
    value = text(name)
    if len(value) < _SHORTEST_KEY or value != value.strip():
        raise wrong(name, f"at least {_SHORTEST_KEY} characters at random, without blanks around")
    return value


def one_of(name: str, words: tuple[str, ...], default: str) -> str:
    """One of these words, written as here."""
    value = text(name, default)
    if value not in words:
        raise wrong(name, f"{' or '.join(words)}, written like this")
    return value


def whole_number(name: str, default: int, *, at_least: int, at_most: int) -> int:
    """The variable as a whole number within bounds."""
    value = text(name, str(default))
    # Not int() alone, which takes blanks, underscores and digits of other scripts.
    if not re.fullmatch(r"[0-9]{1,9}", value) or not at_least <= int(value) <= at_most:
        raise wrong(name, f"a whole number from {at_least} to {at_most}")
    return int(value)


def port(name: str, default: str) -> str:
    """A port, as text; empty for none."""
    if not (_chosen(name) if is_set(name) else default):
        return ""
    return str(whole_number(name, int(default or 0), at_least=1, at_most=_MOST_PORTS))


def words(name: str, default: str) -> list[str]:
    """The variable split at commas, each word once."""
    found = [word.strip() for word in text(name, default).split(",")]
    if "" in found or len(set(found)) < len(found):
        raise wrong(name, "words with commas between them, none empty and none twice")
    return found


def hosts(name: str, default: str) -> list[str]:
    """Names of hosts or addresses, without scheme and port."""
    found = [word.lower() for word in words(name, default)]
    if not all(_HOST.fullmatch(word) or _is_address(word) for word in found):
        raise wrong(name, "hosts with commas between them, without scheme, port or *")
    return found


def languages(name: str, translated: Sequence[str]) -> list[tuple[str, str]]:
    """Codes of languages that texts exist in, all by default, with their names in English.

    English is always one.
    """
    names, codes = dict(global_settings.LANGUAGES), words(name, ",".join(translated))
    known = {code: names[code] for code in translated}
    if "en" not in codes or not set(codes) <= set(known):
        raise wrong(name, "codes of languages that are translated, such as en,de; en is one")
    return [(code, known[code]) for code in codes]


def folder(name: str) -> Path | None:
    """The variable as a folder that is there, None when it is not set or empty."""
    if not _chosen(name):
        return None
    found = Path(text(name))
    if not found.is_dir():
        raise wrong(name, "a folder that is there")
    return found


def role(name: str, default: str) -> str:
    """The name of a role of the database."""
    value = text(name, default)
    if not _ROLE.fullmatch(value) or value in _NO_ROLES:
        raise wrong(name, "the name of a role: a to z, 0 to 9 and _, at most 63")
    return value


def database(name: str, default: str | None = None, *, role: str | None) -> dict[str, Any]:
    """Django's settings for a libpq URL; with `role`, each connection acts as that role."""
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(text(name, default)))
    except (ProgrammingError, UnicodeError):
        # Not libpq's own words: they quote the URL, and so the password.
        raise wrong(name, "a libpq URL or key/value text") from None
    if not all(_is_port(each) for each in str(parts.get("port", "")).split(",") if each):
        raise wrong(name, f"a libpq URL whose port is a number from 1 to {_MOST_PORTS}")
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    found = {key: str(parts.pop(part, "")) for key, part in names.items()}
    return {
        **found,
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, **({"assume_role": role} if role else {})},
    }


def mail(name: str, default: str) -> dict[str, Any]:
    """Django's mail settings for `smtp://user:password@host:port?security=tls|ssl|none`."""
    try:
        parts = urlsplit(text(name, default))
        security = parse_qs(parts.query).get("security", ["tls"])[0]
        chosen = parts.port or {"tls": 587, "ssl": 465, "none": 25}.get(security, 0)
        is_right = parts.scheme == "smtp" and bool(parts.hostname) and chosen > 0
    except ValueError:
        is_right = False
    if not is_right or parts.path not in {"", "/"}:
        raise wrong(name, "smtp://user:password@host:port?security=tls, ssl or none")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": chosen,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": security == "tls",
        "EMAIL_USE_SSL": security == "ssl",
    }


def sender(name: str, default: str) -> str:
    """Somebody who sends mails, as `Name <name@host>`."""
    value = text(name, default)
    before, at, host = parseaddr(value)[1].rpartition("@")
    if not at or not before or " " in before or not _HOST.fullmatch(host.lower()):
        raise wrong(name, "an address such as Plusone <no-reply@plusone.example>")
    return value


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


def _is_port(word: str) -> bool:
    return word.isdecimal() and 1 <= int(word) <= _MOST_PORTS
