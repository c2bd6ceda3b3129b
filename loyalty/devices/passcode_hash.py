"""Passcodes at rest.

All passcodes of six digits are tried in a day against any slow hash. So what is hashed slowly
(Argon2) is an HMAC under the key that lies outside the database: who has read the rows alone
has nothing to try against.
"""

from django.contrib.auth.hashers import check_password, make_password

from loyalty.base import tokens


def passcode_hash(digits: str, *, staff_id: int, token_key: str) -> str:
    """What is stored for a staff member; takes about 50 ms."""
    return make_password(_keyed(digits, staff_id, token_key))


def fits(digits: str, stored: str | None, *, staff_id: int, token_key: str) -> bool:
    """True when these are the digits; takes as long when nothing is stored."""
    keyed = _keyed(digits, staff_id, token_key)
    if stored is None:
        make_password(keyed)
        return False
    return check_password(keyed, stored)


def _keyed(digits: str, staff_id: int, token_key: str) -> str:
    return tokens.keyed_digest(token_key, f"{staff_id}:{digits}", purpose="passcode").hex()
