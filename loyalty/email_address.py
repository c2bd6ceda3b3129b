"""E-mail addresses as people type them."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from loyalty.errors import InvalidInput

_LONGEST = 254
# Dots mean nothing there, and both domains are one.
_DOTLESS = {"gmail.com", "googlemail.com"}


def cleaned(typed: str) -> str:
    """The address in lower case without blanks around it; raises InvalidInput."""
    address = typed.strip().lower()
    try:
        validate_email(address)
    except (ValidationError, UnicodeError):
        raise InvalidInput(details={"field": "email", "reason": "form"}) from None
    name, _, domain = address.rpartition("@")
    try:
        # One spelling of a domain: full-width and accented letters reach the same mailbox.
        address = f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise InvalidInput(details={"field": "email", "reason": "form"}) from None
    if len(address) > _LONGEST or not address.isprintable():
        raise InvalidInput(details={"field": "email", "reason": "form"})
    return address


def mailbox(address: str) -> str:
    """The mailbox behind an address: without a `+tag`, and Gmail's without its dots.

    Addresses of one mailbox are one person where something is given once.
    """
    name, _, domain = address.rpartition("@")
    name = name.partition("+")[0] or name
    if domain in _DOTLESS:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def masked(address: str) -> str:
    """Enough for its owner to recognise it, too little for anybody else: `a…@e…`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host[:1]}…"
