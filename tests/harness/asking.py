"""GraphQL without a server: the schema answers in this process, in this test's transaction."""

from dataclasses import dataclass, field
from typing import Any

from graphql_api.context import Context
from graphql_api.schema import schema
from tenants import context
from tenants.hosts import business_on


@dataclass
class Told:
    """The one root field's data, and the codes of top-level errors."""

    data: Any
    codes: set[str] = field(default_factory=set)
    # The first top-level error in words, and its reason.
    said: tuple[str, str] = ("", "")


def told(query: str, /, *, token: str | None, **variables: Any) -> Told:
    """What somebody with this token reads at the active business."""
    business = business_on(f"{context.required_schema()}.localhost")
    assert business
    who = Context(business=business, bearer=token, ip="192.0.2.1", language="en")
    answer = schema.execute_sync(query, variable_values=variables, context_value=who)
    codes = {str((error.extensions or {}).get("code", error)) for error in answer.errors or []}
    first = next(iter(answer.errors or []), None)
    said = (first.message, str((first.extensions or {}).get("reason", ""))) if first else ("", "")
    return Told(next(iter(answer.data.values())) if answer.data else None, codes, said)
