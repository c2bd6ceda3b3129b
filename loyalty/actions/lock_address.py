"""Lets one e-mail address do one thing at a time."""

from loyalty.actions.wait_in_line import wait_in_line


def lock_addresses(*addresses: str) -> None:
    """Wait for these addresses' other transactions; held until this one ends.

    Closes the races between queueing (session, then links) and signing in (link, then sessions),
    and between two sessions that both want the last place in an address's queue.
    """
    wait_in_line(*addresses)
