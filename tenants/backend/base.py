"""django-tenants' backend, with the tenant read from the context instead of the connection."""

from typing import Any

from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.utils import quote_schema_name

from tenants import context
from tenants.backend.schema import NamingSchemaEditor


class DatabaseWrapper(TenantsWrapper):  # type: ignore[misc]  # django-tenants ships no types
    """Sends `SET search_path` only when this connection last served another business."""

    SchemaEditorClass = NamingSchemaEditor
    _built = False
    search_path_set_schemas: list[str] | None
    # The plans that the current connection has, by their SQL (loyalty/db/pipeline.py).
    plans: set[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wrappers are made lazily inside a request: before this line the base class's own
        # "start in public" must not overwrite the request's business.
        self._built = True

    @property
    def tenant(self) -> context.Tenant:
        """The active business."""
        return context.Tenant(context.required_schema())

    @tenant.setter
    def tenant(self, tenant: object) -> None:
        """Ignored: the context alone decides."""

    @property
    def schema_name(self) -> str:
        """The active business's schema; raises NoBusinessError when none was chosen."""
        return context.required_schema()

    @schema_name.setter
    def schema_name(self, name: str | None) -> None:
        """Ignored: the context alone decides."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002  django-tenants' signature
        """What set_schema() and schema_context() of django-tenants end in: its own commands."""
        self.include_public_schema = include_public
        if self._built:
            context.activate(tenant.schema_name)

    def get_new_connection(self, conn_params: Any) -> Any:
        """A new connection, which has no plans yet."""
        self.plans = set()
        return super().get_new_connection(conn_params)

    def pending_search_path(self) -> list[str]:
        """The SET that must go out before raw statements, if any; counts as sent from now on."""
        wanted = self._get_cursor_search_paths()
        if self.search_path_set_schemas == wanted:
            return []
        self.search_path_set_schemas = wanted
        return [f"SET search_path = {','.join(map(quote_schema_name, wanted))}"]

    def forget_search_path(self) -> None:
        """Send the SET again next time; for anybody who saw raw statements fail."""
        self.search_path_set_schemas = None

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.search_path_set_schemas != self._get_cursor_search_paths():
            self.search_path_set_schemas = None
        super()._handle_search_path(cursor)
