"""`make bench`: what minting, collecting and redeeming cost over HTTP, and the database's least."""
