"""Whether the books are right: the ledger counted again, and the hash chain over it."""

from loyalty.books.books import BookFault, wrong_books
from loyalty.books.broken_seals import ChainWalk, SealFault, unexpected
from loyalty.books.chain import ChainPosition
from loyalty.books.seal import BATCH, seal
from loyalty.books.whole_books import wrong_in_all

__all__ = [
    "BATCH",
    "BookFault",
    "ChainPosition",
    "ChainWalk",
    "SealFault",
    "seal",
    "unexpected",
    "wrong_books",
    "wrong_in_all",
]
