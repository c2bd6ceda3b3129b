"""The caller's address, as limits count it."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings

# A provider gives each home or phone at least so much of IPv6: one caller has all of it.
_ONE_HOME = 64
_LONGEST = 64
# Each request asks for its address several times.
_REMEMBERED = 4_096


def caller_address(forwarded: str, direct: str) -> str:
    """The address that the outermost trusted proxy saw, or the direct one without proxies.

    `forwarded` is the X-Forwarded-For header, all its lines joined: everything left of what our
    own proxies wrote is whatever the caller liked to send. What comes back is a key for limits:
    an IPv4 address, or the network of 64 bits that an IPv6 address lies in.
    """
    if not settings.TRUSTED_PROXIES:
        return limit_key(direct)
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    is_told = len(hops) >= settings.TRUSTED_PROXIES
    return limit_key(hops[-settings.TRUSTED_PROXIES] if is_told else direct)


def address_of(meta: Mapping[str, str]) -> str:
    """The caller's address of a WSGI environment, as `caller_address` says it."""
    return caller_address(meta.get("HTTP_X_FORWARDED_FOR", ""), meta.get("REMOTE_ADDR", ""))


def limit_key(address: str) -> str:
    """The one text under which limits count all addresses that one caller may have."""
    # What is longer than any address is not remembered: strangers would fill the memory with it.
    return _remembered_key(address) if len(address) <= _LONGEST else _key(address)


def _key(address: str) -> str:
    found = _parsed(address)
    if found is None:
        return address[:_LONGEST]
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(IPv6Network((int(found), _ONE_HOME), strict=False))
    return str(found if isinstance(found, IPv4Address) else found.ipv4_mapped)


_remembered_key = lru_cache(_REMEMBERED)(_key)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    # Some proxies write the port too: 192.0.2.1:4711, [2001:db8::1]:4711.
    name = address.strip()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        return ip_address(name.partition("%")[0])
    except ValueError:
        return None
