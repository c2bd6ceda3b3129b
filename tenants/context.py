"""The business that the running code works for.

It lives in a ContextVar, not on a thread's connection: asyncio tasks and asgiref's threads copy
their context, so each piece of work sees its own business whatever thread it runs on. Nothing
chosen means no query: a plain thread that copied no context fails closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass

PUBLIC = "public"


class NoBusinessError(RuntimeError):
    """A query was about to run for no business at all."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """What django-tenants asks of `connection.tenant`, without a row behind it."""

    schema_name: str
    domain_url: str | None = None
    domain_subfolder: str | None = None

    def get_tenant_type(self) -> None:
        """Businesses are all of one type."""


_active: ContextVar[Tenant | None] = ContextVar("business", default=None)


def current_schema() -> str | None:
    """The active business's schema, None when none was chosen."""
    active = _active.get()
    return active.schema_name if active else None


def required_schema() -> str:
    """The active business's schema; raises NoBusinessError when none was chosen."""
    active = _active.get()
    if active is None:
        raise NoBusinessError("A query needs a business: wrap it in `with context.business(...)`.")
    return active.schema_name


def activate(schema: str) -> Token[Tenant | None]:
    """Choose a business for the rest of this context; for entry points that own their context."""
    return _active.set(Tenant(schema))


def choose_none() -> None:
    """Work for nobody from now on: every query of the rest of this context fails."""
    _active.set(None)


def deactivate(token: Token[Tenant | None]) -> None:
    """Undo `activate`."""
    _active.reset(token)


@contextmanager
def business(schema: str) -> Iterator[None]:
    """Run the block for the business with this schema."""
    token = activate(schema)
    try:
        yield
    finally:
        deactivate(token)


@contextmanager
def public() -> Iterator[None]:
    """Run the block on the tables that all businesses share."""
    with business(PUBLIC):
        yield
