"""What callers send, before GraphQL sees it: whatever is wrong with it is theirs, never a crash."""

import json
import re
from collections.abc import Mapping
from typing import Any

from graphql_api import technical

# A document's length and the values of its variables cost time before any other limit counts them,
# and documents are kept in the parser's cache.
LONGEST_DOCUMENT = 20_000
MOST_VALUES = 2_000
MOST_KEYS, DEEPEST = 100, 20
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,254}")


class UnreadableError(ValueError):
    """The body or frame cannot be used; the text says why, without quoting it."""


def json_object(data: str | bytes) -> dict[str, Any]:
    """The JSON object in `data`; raises UnreadableError for anything else, however broken."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise UnreadableError(technical.NO_JSON) from None
    if not isinstance(found, dict):
        raise UnreadableError(technical.NO_OBJECT)
    return found


def check_operation(query: object, variables: object, operation_name: object) -> None:
    """Raise UnreadableError for parts of the wrong type or size."""
    if not isinstance(query, str | None):
        raise UnreadableError(technical.QUERY_IS_TEXT)
    if not isinstance(operation_name, str | None) or (
        operation_name and not _NAME.fullmatch(operation_name)
    ):
        # Strawberry quotes it in its answer, where a lone surrogate could not be encoded.
        raise UnreadableError(technical.NAME_IS_TEXT)
    if not isinstance(variables, dict | None):
        raise UnreadableError(technical.VARIABLES_ARE_OBJECT)
    if query is not None and len(query) > LONGEST_DOCUMENT:
        raise UnreadableError(technical.DOCUMENT_TOO_LONG)
    _check_values(variables or {})


def frame(data: str | bytes) -> dict[str, Any]:
    """One message of graphql-transport-ws; raises UnreadableError for a wrong shape.

    What an operation may be is asked by `check_operation`: it is one operation's mistake.
    """
    message = json_object(data)
    kind = message.get("type")
    if not isinstance(kind, str):
        raise UnreadableError(technical.TYPE_IS_TEXT)
    if kind in {"subscribe", "complete"} and not isinstance(message.get("id"), str):
        raise UnreadableError(technical.ID_IS_TEXT)
    if kind == "subscribe":
        payload = message.get("payload")
        query = payload.get("query") if isinstance(payload, Mapping) else None
        if not isinstance(query, str) or not query:
            raise UnreadableError(technical.PAYLOAD_HAS_QUERY)
    return message


def _check_values(variables: dict[str, Any]) -> None:
    waiting: list[tuple[Any, int]] = [(variables, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > MOST_VALUES or (isinstance(value, dict) and len(value) > MOST_KEYS):
            raise UnreadableError(technical.TOO_MANY_VALUES)
        if depth > DEEPEST:
            raise UnreadableError(technical.TOO_DEEP)
        if isinstance(value, dict):
            waiting.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            waiting.extend((each, depth + 1) for each in value)
