"""E-mail addresses as people type them: one spelling of each, and the mailbox behind it."""

import re
from functools import lru_cache

import idna

from loyalty.base.errors import InvalidInput

_LONGEST = 254
_LONGEST_NAME = 64
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_NAME = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
# A domain behind at least one dot that is neither a number nor a single letter.
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?![0-9]+\Z)[a-z0-9-]{2,}")
# Dots mean nothing there, and both domains are one.
_DOTLESS = {"gmail.com", "googlemail.com"}


def cleaned(typed: str) -> str:
    """The one spelling of the address, in ASCII and small letters; raises InvalidInput.

    The name before the @ is written plainly: quoted it would be a second spelling of a mailbox,
    and mail servers do not agree about letters outside of ASCII. The domain is that of IDNA 2008.
    """
    name, _, domain = typed.strip().rpartition("@")
    # Before anything is folded: the Kelvin sign, made small, is somebody else's k.
    if not name.isascii() or len(name) > _LONGEST_NAME or not _NAME.fullmatch(name.lower()):
        raise _refused()
    address = f"{name.lower()}@{_domain(domain)}"
    if len(address) > _LONGEST:
        raise _refused()
    return address


def mailbox(address: str) -> str:
    """The mailbox behind an address: without a `+tag`, and Gmail's without its dots.

    Addresses of one mailbox are one person wherever something is counted or given once. Of an
    address that was kept when names could be quoted, it is what mails go to.
    """
    name, _, domain = address.rpartition("@")
    if name.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    name = name.partition("+")[0] or name
    if domain in _DOTLESS:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def spells(typed: str, address: str) -> bool:
    """Whether this is what somebody types who means the address that is kept."""
    try:
        return cleaned(typed) == address
    except InvalidInput:
        return spelled_before(typed) == address


def spelled_before(typed: str) -> str | None:
    """How an address that has no spelling now was kept by the rules before these.

    None for all others: nobody is found by what is, or folds onto, an address of today.
    """
    name, _, domain = typed.strip().rpartition("@")
    if not name or not name.isascii():
        # Mails never reached such a name, so nobody ever came in by it.
        return None
    try:
        host = domain.lower().encode("idna").decode()
    except UnicodeError:
        return None
    address = f"{name.lower()}@{host}"
    if not address.isprintable() or _has_spelling(address) or _has_spelling(typed):
        return None
    return address


def masked(address: str) -> str:
    """Enough for its owner to recognise it, too little for anybody else: `a…@e…`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host[:1]}…"


def _has_spelling(typed: str) -> bool:
    try:
        cleaned(typed)
    except InvalidInput:
        return False
    return True


@lru_cache(maxsize=1_000)
def _domain(typed: str) -> str:
    try:
        # Letters of full width and capitals are made plain; ß stays itself, and reaches another
        # domain than ss.
        found = idna.encode(typed, uts46=True, std3_rules=True).decode()
    except UnicodeError:
        raise _refused() from None
    if not _DOMAIN.fullmatch(found):
        raise _refused()
    return found


def _refused() -> InvalidInput:
    return InvalidInput(details={"field": "email", "reason": "form"})
