"""Uses up the bonuses of the hot card, as its owner would."""

import contextlib
import threading
from collections.abc import Iterator

from local.bench.shop import owner

_USE = "UPDATE loyalty_bonus SET status = 'used' WHERE card_id = %s AND status = 'waiting'"
_EVERY = 0.1


@contextlib.contextmanager
def redeemed(card: int) -> Iterator[None]:
    """Inside, hardly any bonus waits on the card; one with hundreds is not what is measured."""
    over = threading.Event()

    def use() -> None:
        with owner() as connection:
            while not over.wait(_EVERY):
                connection.execute(_USE, [card])

    thread = threading.Thread(target=use, name="redeem")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
