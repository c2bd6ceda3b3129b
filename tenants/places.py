"""How much may be open at the same moment: guests' by their address, known callers' by person.

Anybody who is known has a share of their own first. Only beyond it do they count as a guest, and no
guest ever counts in somebody's share.
"""

from collections import Counter
from collections.abc import Iterator

from tenants.known_tokens import Holder

# Twenty sockets and streams, and a dozen calls beside them; but at most a quarter of what guests of
# an address have.
A_PERSON, _QUARTER = 32, 4
_Pool = tuple[str, ...]


class Place:
    """One place that is taken."""

    def __init__(self, places: "Places", address: str, holder: Holder | None) -> None:
        self._places = places
        self.address, self.holder = address, holder
        self.pools: tuple[_Pool, ...] = ()

    @property
    def is_own(self) -> bool:
        """True where it is one of the holder's own share, and no guest's."""
        return self.holder is not None and len(self.pools) > 1

    def move(self, holder: Holder) -> bool:
        """Be this person's from now on, who has just shown who they are; False if none is left."""
        if self.is_own:
            return True
        self._places.leave(self.pools)
        found = self._places.pools_for(self.address, holder)
        self.holder, self.pools = holder, found or ()
        self._places.enter(self.pools)
        return found is not None

    def give_back(self) -> None:
        """Leave it to others."""
        self._places.leave(self.pools)
        self.pools = ()


class Places:
    """The places of one process; to be used on its event loop alone."""

    def __init__(self, *, of_address: int) -> None:
        self._of_address = of_address
        self._of_person = max(1, min(A_PERSON, of_address // _QUARTER))
        # What a business's staff open at one address, or customers of all businesses there, is
        # bounded as well: otherwise anybody who has many accounts has no bound.
        self._of_staff = max(1, of_address // _QUARTER)
        self._taken: Counter[_Pool] = Counter()

    def take(self, address: str, holder: Holder | None) -> Place | None:
        """A place, the holder's own if there is one; None when none is left."""
        place = Place(self, address, holder)
        found = self.pools_for(address, holder)
        if found is None:
            return None
        place.pools = found
        self.enter(found)
        return place

    def unsettled(self, address: str) -> Place:
        """The place of a socket that will say whose it is, and counts nowhere until then.

        tenants/unfinished.py bounds those.
        """
        return Place(self, address, None)

    def pools_for(self, address: str, holder: Holder | None) -> tuple[_Pool, ...] | None:
        """Where a place would count; None when there is none."""
        for pools in self._ways(address, holder):
            if all(self._taken[pool] < most for pool, most in pools.items()):
                return tuple(pools)
        return None

    def enter(self, pools: tuple[_Pool, ...]) -> None:
        """Count one more in each of them."""
        self._taken.update(pools)

    def leave(self, pools: tuple[_Pool, ...]) -> None:
        """Count one less in each of them."""
        for pool in pools:
            self._taken[pool] -= 1
            if not self._taken[pool]:
                del self._taken[pool]

    def is_empty(self) -> bool:
        """True while nothing is open."""
        return not self._taken

    def _ways(self, address: str, holder: Holder | None) -> Iterator[dict[_Pool, int]]:
        if holder:
            person: _Pool = ("person", holder.business, holder.person)
            if holder.is_staff:
                staff = ("staff", holder.business, address)
                yield {person: self._of_person, staff: self._of_staff}
            else:
                yield {person: self._of_person, ("customers", address): self._of_address}
        yield {("guests", address): self._of_address}
