"""Uses up the bonuses of the hot card, as its owner would; the books are right afterwards."""

import contextlib
import threading
from collections.abc import Iterator

from local.bench.shop import owner

_USE = "UPDATE loyalty_bonus SET status = 'used' WHERE card_id = %s AND status = 'waiting'"
# Written afterwards, so that nothing but the collects locks the card meanwhile.
_REDEEMED = """
INSERT INTO loyalty_redemption
       (id, bonus_id, card_id, program_id, product_id, token_salt, token_digest, status,
        created_at, expires_at, resume_until, decided_at)
SELECT b.id, b.id, b.card_id, v.program_id, b.product_id, '',
       sha256(convert_to(b.id::text, 'UTF8')), 'confirmed', b.earned_at, b.earned_at,
       b.earned_at, b.earned_at
  FROM loyalty_bonus b JOIN loyalty_programversion v ON v.id = b.version_id
 WHERE b.card_id = %s AND b.status = 'used'
"""
_EVERY = 0.1


@contextlib.contextmanager
def redeemed(card: int) -> Iterator[None]:
    """Inside, hardly any bonus waits on the card; one with hundreds is not what is measured."""
    over = threading.Event()

    def use() -> None:
        with owner() as connection:
            while not over.wait(_EVERY):
                connection.execute(_USE, [card])
            connection.execute(_REDEEMED, [card])

    thread = threading.Thread(target=use, name="redeem")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
