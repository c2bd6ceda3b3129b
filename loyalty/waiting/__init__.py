"""Sessions that wait for an address, and how its owner signs in."""

from loyalty.waiting.queue_session import QueueAsker, QueuedClaim, queue_session
from loyalty.waiting.request_link import LinkAsker, request_link
from loyalty.waiting.sign_in_customer import SignedInCustomer, SignInProof, sign_in_customer
from loyalty.waiting.sign_in_links import awaited_address, opened_by, shown_link

__all__ = [
    "LinkAsker",
    "QueueAsker",
    "QueuedClaim",
    "SignInProof",
    "SignedInCustomer",
    "awaited_address",
    "opened_by",
    "queue_session",
    "request_link",
    "shown_link",
    "sign_in_customer",
]
