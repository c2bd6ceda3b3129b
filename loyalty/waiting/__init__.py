"""Sessions that wait for an address, and how its owner signs in."""
