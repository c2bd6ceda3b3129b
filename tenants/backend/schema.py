"""How migrations change tables, such that Citus takes it too."""

from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field, Model


class NamingSchemaEditor(DatabaseSchemaEditor):
    """Names the CHECK of a column that is added to a table: Citus refuses one without a name."""

    _added: str | None = None

    def add_field(self, model: type[Model], field: "Field[Any, Any]") -> None:
        """Add the column, and its CHECK under the name that Postgres would have given it."""
        if not field.many_to_many:
            self._added = f"{model._meta.db_table}_{field.column}_check"  # noqa: SLF001  Django's documented meta API
        try:
            super().add_field(model, field)
        finally:
            self._added = None

    @property
    def sql_check_constraint(self) -> str:  # type: ignore[override]  # the base class has a text here
        """A CHECK, under its name where a column is being added."""
        name = f"CONSTRAINT {self.quote_name(self._added)} " if self._added else ""
        return name + "CHECK (%(check)s)"
