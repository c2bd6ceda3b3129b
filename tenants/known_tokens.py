"""Tokens that were good lately, so that the front knows its callers without the database.

It decides who keeps a place where many want one, and never what anybody may read or do.
"""

import hashlib
import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import NamedTuple

# So long after its last use; anybody who opens in the morning was here yesterday.
STAFF_SECONDS, CUSTOMER_SECONDS = 36 * 3600.0, 2 * 3600.0
OF_A_PERSON, OF_AN_ADDRESS, OF_A_BUSINESS = 8, 256, 2_048
# A token that is used again is written down so often.
_FRESH = 60.0


class Holder(NamedTuple):
    """Whose a good token is: a person of one business, or a device of its counter."""

    business: str
    person: str
    is_staff: bool


class _Entry(NamedTuple):
    holder: Holder
    address: str
    noted_at: float


class _Shelf:
    """The staff's tokens of one business, or its customers', the longest unused first.

    Room is made among the same person's, then among those of the same address: nobody's tokens
    push out those of people elsewhere.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._of_person: Counter[Holder] = Counter()
        self._of_address: Counter[str] = Counter()

    def note(self, mark: bytes, new: _Entry) -> None:
        old = self._entries.get(mark)
        if old and old[:2] == new[:2] and new.noted_at - old.noted_at < _FRESH:
            return
        self.forget(mark)
        self._forget_old(new.noted_at)
        if self._of_person[new.holder] >= OF_A_PERSON:
            self._forget_first(lambda each: each.holder == new.holder)
        if self._of_address[new.address] >= OF_AN_ADDRESS:
            self._forget_first(lambda each: each.address == new.address)
        if len(self._entries) >= OF_A_BUSINESS:
            ((fullest, _),) = self._of_address.most_common(1)
            self._forget_first(lambda each: each.address == fullest)
        self._entries[mark] = new
        self._of_person[new.holder] += 1
        self._of_address[new.address] += 1

    def forget(self, mark: bytes) -> None:
        gone = self._entries.pop(mark, None)
        if gone is None:
            return
        self._of_person[gone.holder] -= 1
        self._of_address[gone.address] -= 1
        if not self._of_person[gone.holder]:
            del self._of_person[gone.holder]
        if not self._of_address[gone.address]:
            del self._of_address[gone.address]

    def holder(self, mark: bytes, *, now: float) -> Holder | None:
        found = self._entries.get(mark)
        return found.holder if found and now - found.noted_at < self._seconds else None

    def _forget_old(self, now: float) -> None:
        while self._entries:
            first = next(iter(self._entries))
            if now - self._entries[first].noted_at < self._seconds:
                return
            self.forget(first)

    def _forget_first(self, is_mate: Callable[[_Entry], bool]) -> None:
        self.forget(next(mark for mark, each in self._entries.items() if is_mate(each)))


class KnownTokens:
    """What one process remembers; a token is known at the business that it was good at alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._key = os.urandom(32)
        # Customers come by the hundred, and push out no counter.
        self._shelves: dict[tuple[str, bool], _Shelf] = {}

    def note(self, token: str, holder: Holder, *, address: str) -> None:
        """Remember that this token is good."""
        seconds = STAFF_SECONDS if holder.is_staff else CUSTOMER_SECONDS
        entry = _Entry(holder, address, self._clock())
        with self._lock:
            shelf = self._shelves.setdefault((holder.business, holder.is_staff), _Shelf(seconds))
            shelf.note(self._mark(holder.business, token), entry)

    def forget(self, business: str, token: str) -> None:
        """Remember nothing of a token that is good no more."""
        mark = self._mark(business, token)
        with self._lock:
            for is_staff in (True, False):
                if shelf := self._shelves.get((business, is_staff)):
                    shelf.forget(mark)

    def holder(self, business: str, token: str) -> Holder | None:
        """Whose this token is at this business; None for one that was not good there lately."""
        mark = self._mark(business, token)
        with self._lock:
            for is_staff in (True, False):
                shelf = self._shelves.get((business, is_staff))
                if shelf and (found := shelf.holder(mark, now=self._clock())):
                    return found
        return None

    def _mark(self, business: str, token: str) -> bytes:
        # A process's memory shows no tokens.
        text = f"{business}\0{token}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._key, digest_size=16).digest()


known_tokens = KnownTokens()
