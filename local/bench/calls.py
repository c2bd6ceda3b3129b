"""The requests as a counter's and a customer's app send them, ready to be written to a socket."""

import json
from collections.abc import Iterator, Mapping, Sequence
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
REQUEST = """mutation Request($input: RequestBonusInput!) {
  requestBonus(input: $input) {
    __typename
    ... on Redemption { id token pin secondsLeft status bonus { id title } product { name } }
    ... on Refusal { code message retryAt }
  }
}"""
VALIDATE = """mutation Validate($input: ValidateRedemptionInput!) {
  validateRedemption(input: $input) {
    __typename
    ... on RedemptionView {
      id status secondsLeft bonus { id title } product { name }
      progress { open threshold missing debt }
    }
    ... on Refusal { code message retryAt }
  }
}"""
# What a good answer says: its type, or the state that staff see.
MINTED, COLLECTED, REQUESTED = b'"EarnSession"', b'"Collected"', b'"Redemption"'
PREVIEWED, CONFIRMED = b'"OPEN"', b'"CONFIRMED"'
# The receipt of every sale of the guarded program, in minor units.
_RECEIPT = 1_250


def mint_body(shop: Shop) -> bytes:
    """A mint by the business's preset."""
    wanted = {
        "programId": global_id("Program", shop.program),
        "locationId": global_id("Location", shop.location),
        "presetId": global_id("Preset", shop.preset),
    }
    return _body("Mint", MINT, wanted)


def guarded_mint_body(shop: Shop) -> bytes:
    """A mint of the program with all policies."""
    wanted: dict[str, str | int] = {
        "programId": global_id("Program", shop.guarded_program),
        "locationId": global_id("Location", shop.location),
        "amount": _RECEIPT,
    }
    return _body("Mint", MINT, wanted)


def request_body(customer: Customer) -> bytes:
    """A request for the oldest bonus of the customer's card, which has the customer's number."""
    return _body("Request", REQUEST, {"cardId": global_id("Card", customer.id)})


def preview_body(shop: Shop, token: str) -> bytes:
    """A look at the redemption with this token."""
    return _validation(shop, {"decision": "PREVIEW", "token": token})


def confirm_body(shop: Shop, redemption: str) -> bytes:
    """The confirmation of the redemption with this global id, which was looked at."""
    return _validation(shop, {"decision": "CONFIRM", "redemptionId": redemption})


def _validation(shop: Shop, wanted: Mapping[str, str]) -> bytes:
    place = {"locationId": global_id("Location", shop.location)}
    return _body("Validate", VALIDATE, {**place, **wanted})


def collect_body(token: str) -> bytes:
    """A collect of the session with this token."""
    return _body("Collect", COLLECT, {"token": token})


def mints(shop: Shop) -> Iterator[bytes]:
    """Mints without end, by all staff in turn."""
    body = mint_body(shop)
    return cycle([_request(token, body) for token in shop.staff_tokens[1:]])


def collects(first: int, count: int, customers: list[Customer]) -> list[bytes]:
    """One collect of each of these sessions, by the customers in turn."""
    return [
        _request(customer.token, collect_body(str(number)))
        for number, customer in zip(range(first, first + count), cycle(customers), strict=False)
    ]


def requests(customers: Sequence[Customer]) -> list[bytes]:
    """One request of each of these customers."""
    return [_request(customer.token, request_body(customer)) for customer in customers]


def by_staff(shop: Shop, bodies: Sequence[bytes]) -> list[bytes]:
    """These bodies, sent by all staff in turn."""
    return [
        _request(token, body)
        for token, body in zip(cycle(shop.staff_tokens[1:]), bodies, strict=False)
    ]


def _body(operation: str, document: str, given: Mapping[str, str | int]) -> bytes:
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
