"""Which business a host name belongs to."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import OperationalError, connection

from tenants import context
from tenants.models import Domain
from tenants.origins import readable

REMEMBERED_SECONDS = 30.0
_LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class BusinessOnHost:
    """What a request needs of its business, without another query."""

    id: int
    schema: str
    name: str
    host: str
    language: str
    plan: str
    has_api: bool
    is_suspended: bool
    origins: frozenset[str] = frozenset()

    @property
    def site_url(self) -> str:
        """Where links to this business lead: its primary host, never the request's own."""
        return site_url(self.host)


def site_url(host: str) -> str:
    """The address of a host, without a slash at the end."""
    port = f":{settings.EXTERNAL_PORT}" if settings.EXTERNAL_PORT else ""
    return f"{settings.SCHEME}://{host}{port}"


_remembered: dict[str, tuple[float, BusinessOnHost]] = {}


def clean(host: str) -> str:
    """The host in lower case, without port and trailing dot."""
    name = host.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0].lstrip("[")
    return name.rpartition(":")[0].rstrip(".") if ":" in name else name.rstrip(".")


def is_public(host: str) -> bool:
    """True for the hosts of the platform itself."""
    return clean(host) in settings.PUBLIC_HOSTS


def is_for_operators(host: str) -> bool:
    """True for the hosts of the platform that somebody named on purpose."""
    return clean(host) in settings.OPERATOR_HOSTS


def business_on(host: str) -> BusinessOnHost | None:
    """The business whose host this is, remembered for 30 seconds; None for an unknown host."""
    name = clean(host)
    if kept := known(name):
        return kept
    found = _look_up(name)
    # Unknown hosts are not remembered: anybody can invent as many as fill the memory.
    if found:
        _remembered[name] = (time.monotonic() + REMEMBERED_SECONDS, found)
    else:
        _remembered.pop(name, None)
    return found


def known(host: str) -> BusinessOnHost | None:
    """The same without the database; None for a host that nobody asked for in that time."""
    kept = _remembered.get(clean(host))
    return kept[1] if kept and kept[0] > time.monotonic() else None


def remembered(host: str) -> BusinessOnHost | None:
    """The same without looking anything up: None also for a host that nobody asked for lately."""
    kept = _remembered.get(clean(host))
    return kept[1] if kept else None


def forget() -> None:
    """Drop what is remembered, for anybody who changed a business, its plan or its hosts."""
    _remembered.clear()


def _look_up(name: str) -> BusinessOnHost | None:
    if not name or len(name) > _LONGEST_HOST or not name.isascii() or "\0" in name:
        return None
    try:
        return _read(name)
    except OperationalError:
        # The server hung up on this thread's connection since its last use; nothing was begun.
        connection.close()
        return _read(name)


def _read(name: str) -> BusinessOnHost | None:
    with context.public():
        domain = Domain.objects.select_related("tenant__plan").filter(domain=name).first()
        if domain is None:
            return None
        business = domain.tenant
        primary = business.domains.filter(is_primary=True).first() or domain
    return BusinessOnHost(
        id=business.pk,
        schema=business.schema_name,
        name=business.name,
        host=primary.domain,
        language=business.language,
        plan=business.plan_id,
        has_api=business.plan.has_api,
        is_suspended=business.is_suspended,
        origins=readable(business.origins),
    )
