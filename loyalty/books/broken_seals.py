"""Is the hash chain of the active business whole?"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from loyalty.books import chain
from loyalty.books.chain import ChainPosition
from loyalty.books.seals import all_seals, digest_of, rows_of
from loyalty.books.unsealed import TABLES, left_out


class SealFault(NamedTuple):
    """What is wrong, and the seal that shows it (None: rows that no seal covers)."""

    seal: int | None
    what: str


class ChainWalk:
    """One walk along the chain; afterwards it knows the last seal and how many rows are covered."""

    def __init__(self) -> None:
        self.last = ChainPosition()
        self.rows = 0

    def broken(self, *, progress: Callable[[int], None]) -> Iterator[SealFault]:
        """What is wrong, in the order of the seals; `progress` hears how many rows are done."""
        for page in all_seals():
            rows = rows_of([kept.link for kept in page])
            for link, proof in page:
                if what := chain.fault(link, rows, kept=proof, after=self.last):
                    yield SealFault(link.number, what)
                self.last = ChainPosition(link.number, proof.digest)
                self.rows += len(link.rows)
            progress(self.rows)
        for kind in TABLES:
            for number in left_out(kind):
                yield SealFault(None, f"row unsealed for long: {kind} {number}")


def unexpected(wanted: ChainPosition) -> SealFault | None:
    """What is wrong when the seal noted elsewhere is gone or has another digest now."""
    found = digest_of(wanted.number)
    if found == wanted.digest:
        return None
    what = "has another digest than the one noted" if found else "was noted and is gone"
    return SealFault(wanted.number, f"chain broken: it {what}")
