"""The requests as a counter's and a customer's app send them, ready to be written to a socket."""

import json
from collections.abc import Iterator, Mapping
from itertools import cycle

from graphql_api.ids import global_id
from local.bench.shop import HOST, Customer, Shop

# What these clients show; a counter draws the QR code of `url` itself.
MINT = """mutation Mint($input: GenerateQRInput!) {
  generateQR(input: $input) {
    __typename
    ... on EarnSession { id token url expiresAt secondsLeft status preview { units } }
    ... on Refusal { code message }
  }
}"""
COLLECT = """mutation Collect($input: CollectInput!) {
  collect(input: $input) {
    __typename
    ... on Collected {
      sessionId unitsAdded points at
      card { id version url points progress { open threshold missing debt } bonuses { id title } }
      bonusesEarned { id title }
    }
    ... on CollectQueued { emailShown units claim }
    ... on Refusal { code message retryAt }
  }
}"""
# The type that a good answer names.
MINTED, COLLECTED = b'"EarnSession"', b'"Collected"'


def mint_body(shop: Shop) -> bytes:
    """A mint by the business's preset."""
    wanted = {
        "programId": global_id("Program", shop.program),
        "locationId": global_id("Location", shop.location),
        "presetId": global_id("Preset", shop.preset),
    }
    return _body("Mint", MINT, wanted)


def collect_body(token: str) -> bytes:
    """A collect of the session with this token."""
    return _body("Collect", COLLECT, {"token": token})


def mints(shop: Shop) -> Iterator[bytes]:
    """Mints without end, by all staff in turn."""
    body = mint_body(shop)
    return cycle([_request(token, body) for token in shop.staff_tokens])


def collects(first: int, count: int, customers: list[Customer]) -> list[bytes]:
    """One collect of each of these sessions, by the customers in turn."""
    return [
        _request(customer.token, collect_body(str(number)))
        for number, customer in zip(range(first, first + count), cycle(customers), strict=False)
    ]


def _body(operation: str, document: str, given: Mapping[str, str]) -> bytes:
    content = {
        "operationName": operation,
        "query": document,
        "variables": {"input": given},
    }
    return json.dumps(content, separators=(",", ":")).encode()


def _request(token: str, body: bytes) -> bytes:
    head = (
        "POST /graphql HTTP/1.1\r\n"
        f"Host: {HOST}\r\n"
        f"Authorization: Bearer {token}\r\n"
        "Accept: application/graphql-response+json, application/json\r\n"
        "Accept-Language: en\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
