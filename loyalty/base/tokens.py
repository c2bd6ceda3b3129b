"""Tokens, links, codes and ids, from a key and randomness that the caller passes in.

A one-time token is the HMAC of a random salt: the row holds salt and digest, the key lies outside
the database, so anybody who reads the database cannot show a live code, and we can show it again.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

SALT_BYTES = 16
_TOKEN_BYTES = 16
EPOCH_MS = 1_735_689_600_000  # 2025-01-01, so that 42 bits of milliseconds last until 2164
RANDOM_BITS = 21
# Crockford's: without I, L, O and U.
PAIRING_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def derive(key: str, salt: bytes, *, purpose: str) -> str:
    """A URL-safe token of 128 bits (22 characters) for one purpose of one row."""
    return urlsafe_b64encode(_mac(key, salt, purpose)[:_TOKEN_BYTES]).rstrip(b"=").decode()


def derive_code(key: str, salt: bytes) -> str:
    """The six digits that go with a sign-in link."""
    return f"{int.from_bytes(_mac(key, salt, 'code')[:8]) % 1_000_000:06d}"


def derive_pin(key: str, salt: bytes, *, turn: int) -> str:
    """The four digits of a redemption: the `turn`-th that its salt gives, counted from 0."""
    return f"{int.from_bytes(_mac(key, salt, f'pin {turn}')[:8]) % 10_000:04d}"


def pin_digest(key: str, pin: str, *, program_id: int) -> bytes:
    """What a PIN is looked up by in its program."""
    return keyed_digest(key, f"{program_id} {pin}", purpose="pin")


def derive_pairing_code(key: str, salt: bytes) -> str:
    """The eight letters and digits that pair one device; 40 bits, none of them easily confused."""
    bits = int.from_bytes(_mac(key, salt, "pairing")[:5])
    return "".join(PAIRING_SIGNS[bits >> shift & 31] for shift in range(35, -1, -5))


def keyed_digest(key: str, text: str, *, purpose: str) -> bytes:
    """What a secret is known by that is too short for a bare hash: 32 bytes, under the key."""
    return _mac(key, text.encode("utf-8", "surrogatepass"), purpose)


def digest(token: str) -> bytes:
    """What a token is looked up by; any text has one, also one that no token can be."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def ordered_id(now: datetime, *, random: int) -> int:
    """A 63-bit id that grows with time, so that appended rows lie together; `random` < 2**21."""
    return (int(now.timestamp() * 1000) - EPOCH_MS) << RANDOM_BITS | random


def ordered_ids(now: datetime, count: int, *, random: int) -> list[int]:
    """As many ids of one moment, all different; for rows of one table that are written together."""
    return [ordered_id(now, random=(random + n) % 2**RANDOM_BITS) for n in range(count)]


def id_distance(time: timedelta) -> int:
    """How far the ids of two moments lie apart."""
    return int(time.total_seconds() * 1000) << RANDOM_BITS


def _mac(key: str, salt: bytes, purpose: str) -> bytes:
    return hmac.digest(key.encode(), purpose.encode() + b"\0" + salt, "sha256")
