"""Request, preview and confirmation over HTTP: the whole handshake, batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import psycopg
from django.conf import settings

from graphql_api.ids import global_id
from local.bench import calls
from local.bench.cell import Cell
from local.bench.http import Http
from local.bench.shop import Customer, Shop
from loyalty.base import tokens

# As many redemptions as may well be alive at once: drawing a PIN looks at all of them.
BATCH = 200
_A_SECOND = 300
_LIVE = "SELECT id, token_salt FROM loyalty_redemption WHERE status = 'open' ORDER BY id"
# Each batch finds the program as if the one before had been ten minutes ago, its PINs free again.
_AGE = """
UPDATE loyalty_redemption
   SET created_at = created_at - interval '10 min', expires_at = expires_at - interval '10 min',
       resume_until = resume_until - interval '10 min', decided_at = decided_at - interval '10 min'
 WHERE status = 'confirmed' AND expires_at > public.plusone_clock() - interval '5 min'
"""


def diners(seconds: float) -> int:
    """How many customers, with a bonus each, measurements of about so many seconds need."""
    # One batch more: the first is a warm-up.
    return BATCH * (1 + max(2, round(seconds * _A_SECOND / BATCH)))


@dataclass
class Handshake:
    """Redemptions of these customers, one each; `confirmed` counts all answers."""

    http: Http
    shop: Shop
    connection: psycopg.Connection[tuple[object, ...]]
    customers: Sequence[Customer]
    confirmed: int = 0

    def measure(self, clients: int) -> list[Cell]:
        """Request, preview and confirmation."""
        starts = range(0, len(self.customers), BATCH)
        parts = [self._batch(self.customers[at : at + BATCH], clients) for at in starts]
        by_name = zip(*parts[1:], strict=True)
        return [reduce(Cell.joined, cells) for cells in by_name]

    def _batch(self, customers: Sequence[Customer], clients: int) -> tuple[Cell, Cell, Cell]:
        shop, http = self.shop, self.http
        queries = calls.requests(customers)
        requested = http.all_of("request", queries, clients, calls.REQUESTED)
        live = self._live()
        looks = calls.by_staff(shop, [calls.preview_body(shop, token) for _, token in live])
        previewed = http.all_of("preview", looks, clients, calls.PREVIEWED)
        gives = calls.by_staff(shop, [calls.confirm_body(shop, number) for number, _ in live])
        confirmed = http.all_of("confirm", gives, clients, calls.CONFIRMED)
        self.confirmed += confirmed.done
        self.connection.execute(_AGE)
        return requested, previewed, confirmed

    def _live(self) -> list[tuple[str, str]]:
        """Global id and token of each redemption, as the customers' phones show them."""
        rows = self.connection.execute(_LIVE).fetchall()
        return [
            (
                global_id("Redemption", int(str(number))),
                tokens.derive(settings.TOKEN_KEY, _bytes(salt), purpose="redemption"),
            )
            for number, salt in rows
        ]


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(value)
    return value
