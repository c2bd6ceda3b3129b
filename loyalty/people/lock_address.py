"""Lets one person do one thing at a time, under whichever of their addresses."""

from loyalty.base.email_address import mailbox
from loyalty.guards.locks import wait_in_line


def lock_addresses(*addresses: str) -> None:
    """Wait for other transactions of these addresses' mailboxes; held until this one ends.

    Closes the races between queueing (session, then links) and signing in (link, then sessions),
    between two sessions that both want the last place in a mailbox's queue, and between two
    addresses of one mailbox that become customers: the second sees the first one's person.
    """
    wait_in_line(*map(mailbox, addresses))
