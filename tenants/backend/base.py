"""django-tenants' backend, with the tenant read from the context instead of the connection."""

from typing import Any

from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper

from tenants import context


class DatabaseWrapper(TenantsWrapper):  # type: ignore[misc]  # django-tenants ships no types
    """Sends `SET search_path` only when this connection last served another business."""

    _built = False

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
    def tenant(self, tenant: Any) -> None:
        # set_tenant() and schema_context() of django-tenants end here (its own migrations).
        if self._built and tenant is not None:
            context.activate(tenant.schema_name)

    @property
    def schema_name(self) -> str:
        """The active business's schema; raises NoBusinessError when none was chosen."""
        return context.required_schema()

    @schema_name.setter
    def schema_name(self, name: str | None) -> None:
        """Ignored: the context alone decides."""

    def set_settings_schema(self, schema_name: str) -> None:
        """Nothing: `settings_dict` is shared by all threads and must not name a business."""

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.search_path_set_schemas != self._get_cursor_search_paths():
            self.search_path_set_schemas = None
        super()._handle_search_path(cursor)
