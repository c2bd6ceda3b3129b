"""Somebody asks for a mail to sign in, without a live session behind it."""

import secrets
from datetime import timedelta

from django.db import transaction

from loyalty import tokens
from loyalty.actions.lock_address import lock_addresses
from loyalty.actions.send_link import send_link
from loyalty.actions.tally import tally
from loyalty.email_address import mailbox
from loyalty.errors import RateLimited
from loyalty.queries.address_on_file import address_on_file
from loyalty.trip import clock, trip

HOUR = timedelta(hours=1)
MAILS_PER_ADDRESS = 3
REQUESTS_PER_IP = 10


def request_link(typed: str, *, ip: str, language: str, token_key: str) -> str:
    """Send a link and a code; a new claim, by which this client alone may use the code.

    The answer is the same whether the address
    is known or not. Raises InvalidInput or RateLimited (10 an hour from one IP, 3 an hour to one
    mailbox).
    """
    email = address_on_file(typed)
    now = clock()
    trip(now)
    to = mailbox(email)
    for what, limit in ((f"mail-ip:{ip}", REQUESTS_PER_IP), (f"mail:{to}", MAILS_PER_ADDRESS)):
        count, ends = tally(what, every=HOUR, now=now.only)
        if count > limit:
            raise RateLimited(retry_at=ends)
    claim = secrets.token_urlsafe(24)
    with transaction.atomic():
        lock_addresses(email)
        send_link(
            email,
            claim_digest=tokens.digest(claim),
            language=language,
            token_key=token_key,
            now=now.only,
        )
    return claim
