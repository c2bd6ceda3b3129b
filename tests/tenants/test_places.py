"""Anybody who is known keeps a share of their own, whatever guests and other people hold."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tenants.known_tokens import Holder
from tenants.places import A_PERSON, Place, Places

AN_ADDRESS = 16
SHOP = "203.0.113.7"
ADDRESSES = st.sampled_from([SHOP, "198.51.100.9"])
BUSINESSES = st.sampled_from(["alpha", "beta"])
CUSTOMERS = st.builds(
    lambda business, n: Holder(business, f"customer:{n}", is_staff=False),
    BUSINESSES,
    st.integers(1, 40),
)
CLERK = Holder("alpha", "staff:1", is_staff=True)


class Crowd(RuleBasedStateMachine):
    """Guests, customers, sockets and the staff of another business: everybody but the counter."""

    def __init__(self) -> None:
        super().__init__()
        self.places = Places(of_address=AN_ADDRESS)
        self.held: list[Place] = []

    def _hold(self, place: Place | None) -> None:
        if place:
            self.held.append(place)

    @rule(address=ADDRESSES, times=st.integers(1, 2 * AN_ADDRESS))
    def guests(self, address: str, times: int) -> None:
        for _ in range(times):
            self._hold(self.places.take(address, None))

    @rule(address=ADDRESSES, who=CUSTOMERS, times=st.integers(1, 2 * AN_ADDRESS))
    def customer(self, address: str, who: Holder, times: int) -> None:
        for _ in range(times):
            self._hold(self.places.take(address, who))

    @rule(times=st.integers(1, 2 * AN_ADDRESS), n=st.integers(1, 9))
    def staff_elsewhere(self, times: int, n: int) -> None:
        for _ in range(times):
            self._hold(self.places.take(SHOP, Holder("beta", f"staff:{n}", is_staff=True)))

    @rule(address=ADDRESSES, who=CUSTOMERS)
    def socket(self, address: str, who: Holder) -> None:
        place = self.places.unsettled(address)
        if place.move(who):
            self.held.append(place)
        else:
            place.give_back()

    @rule(who=CUSTOMERS, data=st.data())
    def show_who(self, who: Holder, data: st.DataObject) -> None:
        if self.held:
            assert data.draw(st.sampled_from(self.held)).move(who)

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        if self.held:
            place = data.draw(st.sampled_from(self.held))
            self.held.remove(place)
            place.give_back()

    @invariant()
    def the_counter_has_its_share(self) -> None:
        mine = [self.places.take(SHOP, CLERK) for _ in range(AN_ADDRESS // 4)]
        assert all(place and place.is_own for place in mine)
        for place in filter(None, mine):
            place.give_back()

    @invariant()
    def guests_are_bounded(self) -> None:
        for address in (SHOP, "198.51.100.9"):
            here = [place for place in self.held if place.address == address]
            guests = [place for place in here if not place.is_own]
            customers = [place for place in here if ("customers", address) in place.pools]
            assert len(guests) <= AN_ADDRESS
            assert len(customers) <= AN_ADDRESS

    def teardown(self) -> None:
        for place in self.held:
            place.give_back()
        assert self.places.is_empty()


TestCrowd = Crowd.TestCase
TestCrowd.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_a_person_has_one_share_at_all_addresses() -> None:
    places = Places(of_address=512)
    ann = Holder("alpha", "customer:1", is_staff=False)
    mine = [places.take(f"203.0.113.{n}", ann) for n in range(A_PERSON + 1)]
    assert [place.is_own for place in mine if place] == [True] * A_PERSON + [False]
