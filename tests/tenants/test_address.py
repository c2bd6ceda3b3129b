"""What limits count callers by."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tenants.address import address_of, caller_address, limit_key

V4 = st.ip_addresses(v=4)
V6 = st.ip_addresses(v=6)


@given(V6, st.integers(0, 2**64 - 1))
def test_a_home_is_one_caller_with_all_its_addresses(address: IPv6Address, host: int) -> None:
    neighbour = IPv6Address(int(address) >> 64 << 64 | host)
    if not address.ipv4_mapped and not neighbour.ipv4_mapped:
        assert limit_key(str(neighbour)) == limit_key(str(address))
        assert address in ip_network(limit_key(str(address)))


@given(V6, V6)
def test_two_homes_are_two_callers(one: IPv6Address, other: IPv6Address) -> None:
    if int(one) >> 64 != int(other) >> 64:
        assert limit_key(str(one)) != limit_key(str(other))


@given(V4)
def test_an_ipv4_address_is_itself_however_it_is_written(address: IPv4Address) -> None:
    for text in (f"{address}", f" {address} ", f"{address}:4711", f"::ffff:{address}"):
        assert limit_key(text) == str(address)


@given(V6)
def test_an_ipv6_address_is_the_same_however_it_is_written(address: IPv6Address) -> None:
    for text in (
        address.exploded,
        str(address).upper(),
        f"[{address}]",
        f"[{address}]:4711",
        f"{address}%eth0",
    ):
        assert limit_key(text) == limit_key(str(address))


@given(st.text(max_size=500))
def test_any_text_is_a_short_key(text: str) -> None:
    assert len(limit_key(text)) <= 64


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "x, 2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_the_outermost_trusted_proxy_says_who_calls(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert caller_address(forwarded, "127.0.0.1") == expected
    meta = {"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": "127.0.0.1"}
    assert address_of(meta) == expected
