"""The one schema object; `manage.py export_schema graphql_api.schema:schema` writes it down."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from graphql_api.documents import MOST_ERRORS
from graphql_api.error_codes import give_code
from graphql_api.guard import Guard, is_internal, log_errors
from graphql_api.live.subscription import Subscription
from graphql_api.mutations.root import Mutation
from graphql_api.queries.root import Query
from graphql_api.reading import read_once
from graphql_api.scalars import UNIT_COUNT, UnitCount
from graphql_api.types.people import ApiClient


class Schema(strawberry.Schema):
    """Strawberry's schema, with logs that never quote a document."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Give each error of a caller's a code, and log it."""
        for error in errors:
            if not is_internal(error):
                give_code(error)
        log_errors(errors, execution_context.operation_name if execution_context else None)

    def _get_custom_context_kwargs(
        self, operation_extensions: dict[str, Any] | None = None, *, sync: bool = False
    ) -> dict[str, Any]:
        # Wrong variables are told like wrong literals: the first few, without guesses.
        found = super()._get_custom_context_kwargs(operation_extensions, sync=sync)
        return {**found, "max_coercion_errors": MOST_ERRORS, "hide_suggestions": True}


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[ApiClient],
    extensions=[Guard],
    config=StrawberryConfig(
        scalar_map={UnitCount: UNIT_COUNT},
        disable_field_suggestions=True,
        relay_max_results=100,
    ),
)
read_once(schema._schema)  # noqa: SLF001  the only way to all of its fields
