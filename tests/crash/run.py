"""Runs the clients of a shop until their operations are done, and says how it goes."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from tests.crash.handshakes import Handshakes
from tests.crash.sales import Sales
from tests.crash.shop import Hands, Shop

CLIENTS = 8
AGAIN = 40
_SAYS_EVERY = 10.0


def customers_for(operations: int) -> int:
    """So few that cards get full, so many that nobody asks for a redemption every second."""
    return 8 + operations // 200


def play(shop: Shop, *, seed: str, goes_on: Callable[[], bool]) -> None:
    """All clients, each at its own random pace, until none may go on."""
    over = threading.Event()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        telling = pool.submit(_tell, shop, seed, over)
        clients = [pool.submit(_visit, shop, f"{seed} {n}", goes_on, over) for n in range(CLIENTS)]
        try:
            for client in as_completed(clients):
                client.result()
        finally:
            over.set()
        telling.result()
    _repeat(Hands(shop, seed=f"{seed} again"))


def _visit(shop: Shop, seed: str, goes_on: Callable[[], bool], over: threading.Event) -> None:
    hands = Hands(shop, seed=seed)
    sales, handshakes = Sales(hands), Handshakes(hands)
    deeds = {
        sales.sell: 55,
        handshakes.redeem: 25,
        sales.repeat: 8,
        sales.take_back: 4,
        handshakes.refund: 4,
        sales.guess: 1,
    }
    try:
        while goes_on() and not over.is_set():
            hands.random.choices(list(deeds), list(deeds.values()))[0]()
    finally:
        hands.close()


def _repeat(hands: Hands) -> None:
    """Ask again for many things of the whole run: the answers must be the first ones."""
    sales, handshakes, shop = Sales(hands), Handshakes(hands), hands.shop
    for sale in hands.random.sample(shop.sales, min(AGAIN, len(shop.sales))):
        sales.collect_again(sale)
    for which in hands.random.sample(shop.given, min(AGAIN, len(shop.given))):
        handshakes.confirm_again(which)
    hands.close()


def _tell(shop: Shop, seed: str, over: threading.Event) -> None:
    began = time.monotonic()
    while not over.wait(_SAYS_EVERY):
        notes, seconds = shop.notes, time.monotonic() - began
        print(  # noqa: T201  it takes minutes
            f"{seed}: {seconds:.0f} s, {notes.operations} operations, {notes.ambiguous} unsure",
            flush=True,
        )
