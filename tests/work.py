"""Jobs for tests."""

from loyalty.models import Location
from tenants import context
from tenants.accounts.models import User


def where() -> str:
    """The business that the job runs for, as its tables say."""
    return f"{context.required_schema()}: {Location.objects.get().name}"


def people_here() -> int:
    """Reads a table that exists in `public` too."""
    return User.objects.count()


def fail() -> None:
    """Ends by an error."""
    raise LookupError("on purpose")
