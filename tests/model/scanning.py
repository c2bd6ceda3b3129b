"""Rules of the machine: scans that come late, again, or of somebody who is not signed in."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from loyalty.base.errors import AlreadyCollected, QueueFull, SessionExpired, SessionVoided
from loyalty.cards.view import CollectOutcome
from loyalty.models import SignInLink
from tests.model import draws
from tests.model.machine import Slip
from tests.model.selling import Selling, sales

WEEK = timedelta(days=7)
QUEUE_LIMIT = 5


class Scanning(Selling):
    """What happens on phones."""

    @precondition(lambda self: self.slips)
    @rule(pick=draws.picks, customer=st.integers(0, 1))
    def scan(self, pick: int, customer: int) -> None:
        """Somebody scans some code, maybe an old one, maybe not the first."""
        slip = self.slips[-1 - pick % len(self.slips)]
        self.tick()
        who = self.shop.customers[customer].id

        def again() -> CollectOutcome:
            return self.shop.collect(slip.token, who)

        if slip.status == "collected" and slip.customer == who:
            with self.nothing_changes():
                assert again() == slip.outcome
        elif slip.status == "voided":
            self.refused(SessionVoided, again)
        elif slip.status == "collected" or self.is_for_another(slip, who):
            self.refused(AlreadyCollected, again)
        elif self.now >= slip.expires_at:
            self.refused(SessionExpired, again)
        else:
            self.collected(slip, who)

    @precondition(lambda self: any(slip.status == "open" for slip in self.slips))
    @rule(pick=draws.picks, email=st.sampled_from(["ann", "bob", "carl", "carl"]))
    def type_address(self, pick: int, email: str) -> None:
        """A stranger scans, and types an address."""
        fresh = [slip for slip in self.slips if slip.status == "open"]
        slip = fresh[-1 - pick % len(fresh)]
        address = f"{email}@alpha.example"

        def type_it() -> object:
            return self.shop.queue(slip.token, address)

        waiting = [each for each in self.queued(address) if self.now < each.expires_at]
        if self.now >= slip.expires_at:
            self.refused(SessionExpired, type_it)
        elif len(waiting) >= QUEUE_LIMIT:
            self.refused(QueueFull, type_it)
        else:
            type_it()
            slip.status, slip.email, slip.scanned_at = "queued", address, self.now
            slip.expires_at = self.now + WEEK

    @rule(email=st.sampled_from(["ann", "bob", "carl", "carl"]))
    def sign_in(self, email: str) -> None:
        """The link in the mail is followed: what waited is granted, in the order of the scans."""
        address = f"{email}@alpha.example"
        links = SignInLink.objects.filter(email=address, used_at=None, is_void=False)
        if not links.filter(link_expires_at__gt=self.now).exists():
            return
        self.tick()
        found = self.shop.sign_in(address)
        self.emails[address] = found.customer_id
        granted = iter(found.granted)
        for slip in self.queued(address):
            # A refused one waits on: it counts when another visit of its day is taken back.
            if self.now < slip.expires_at and not self.is_capped(slip, found.customer_id):
                outcome = next(granted)
                assert outcome.session_id == slip.id
                self.book(slip, found.customer_id, outcome)
        assert next(granted, None) is None

    @rule(
        sale=sales,
        email=st.sampled_from(["ann", "bob", "carl"]),
        how_long=draws.pauses,
        meanwhile=st.lists(sales, max_size=2),
    )
    def come_back(
        self, sale: dict[str, Any], email: str, how_long: timedelta, meanwhile: list[dict[str, Any]]
    ) -> None:
        """Somebody scans and types an address; others of their scans may come before the mail."""
        if slip := self.minted(sale):
            self.type_address(0, email)
            if not self.is_frozen and slip.status == "queued":
                self.set_clock(self.now + min(how_long, timedelta(hours=23)))
            customer = self.emails[f"{email}@alpha.example"]
            for other in meanwhile if customer else ():
                if found := self.minted(other):
                    self.collected(found, customer)
            self.sign_in(email)

    def is_for_another(self, slip: Slip, customer: int) -> bool:
        """Whether it waits for another one's address."""
        return slip.status == "queued" and self.emails[slip.email] != customer

    def queued(self, address: str) -> list[Slip]:
        """What waits for an address, the oldest scan first."""
        found = [slip for slip in self.slips if slip.status == "queued" and slip.email == address]
        return sorted(found, key=lambda slip: (slip.scanned_at, slip.id))
