"""Whether the books are right: the ledger counted again, and the hash chain over it."""
